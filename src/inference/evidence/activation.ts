import { CLASS_COUNT, FEATURE_DEPTH, FEATURE_SIDE } from '../engine/engine.ts';
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
  const maps = new Float32Array(CLASS_COUNT * places);
  const { weights } = head;
  for (let place = 0, at = 0; place < places; place++) {
    // Four sums by name: an inner loop over the classes takes three times as long.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let row = 0; row < FEATURE_DEPTH * CLASS_COUNT; row += CLASS_COUNT) {
      const value = features[at++];
      if (value === 0) continue;
      a += value * weights[row];
      b += value * weights[row + 1];
      c += value * weights[row + 2];
      d += value * weights[row + 3];
    }
    maps[place] = a / places;
    maps[places + place] = b / places;
    maps[2 * places + place] = c / places;
    maps[3 * places + place] = d / places;
  }
  return maps;
}
