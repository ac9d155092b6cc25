import { FEATURE_DEPTH, FEATURE_SIDE } from './engine/engine.ts';

/**
 * Global average pooling, summed in float64 so that every backend's embedding is the same for the
 * same features.
 * @param features [7,7,1280] row-major
 * @returns 1280 numbers
 */
export function pooledEmbedding(features: Float32Array): Float32Array {
  const places = FEATURE_SIDE * FEATURE_SIDE;
  const sums = new Float64Array(FEATURE_DEPTH);
  for (let place = 0, at = 0; place < places; place++) {
    for (let channel = 0; channel < FEATURE_DEPTH; channel++, at++) {
      sums[channel] = (sums[channel] ?? 0) + (features[at] ?? 0);
    }
  }
  return Float32Array.from(sums, (sum) => sum / places);
}
