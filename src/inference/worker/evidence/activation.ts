import { FEATURE_DEPTH, FEATURE_SIDE } from '../engine/engine.ts';
import type { DenseHead } from './head.ts';

/**
 * Class activation maps (Zhou 2016), exact for global average pooling and one dense layer:
 * map[c][place] = Σ features[place] · weights[c] / 49, so that Σ map[c] + bias[c] is logit c.
 * Summed in float64, so that every backend's map is the same for the same features.
 * @param features [7,7,1280] row-major
 * @returns class × 7 × 7, row-major
 */
export function activationMaps(features: Float32Array, head: DenseHead): Float32Array {
  const places = FEATURE_SIDE * FEATURE_SIDE;
  const classes = head.biases.length;
  const maps = new Float32Array(classes * places);
  for (let k = 0; k < classes; k += 4) addFour(features, head, k, maps);
  return maps;
}

/** Four classes from `first` on (those beyond the last one are left out). */
function addFour(
  features: Float32Array,
  { weights, biases }: DenseHead,
  first: number,
  maps: Float32Array,
): void {
  const places = FEATURE_SIDE * FEATURE_SIDE;
  const classes = biases.length;
  const end = FEATURE_DEPTH * classes;
  for (let place = 0, at = 0; place < places; place++) {
    // Four sums by name: an inner loop over the classes takes three times as long.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let row = first; row < end; row += classes) {
      const value = features[at++];
      if (value === 0) continue;
      a += value * weights[row];
      b += value * weights[row + 1];
      c += value * weights[row + 2];
      d += value * weights[row + 3];
    }
    const sums = [a, b, c, d];
    for (let k = 0; k < Math.min(4, classes - first); k++) {
      maps[(first + k) * places + place] = sums[k] / places;
    }
  }
}
