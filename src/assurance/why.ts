/** Where the evidence for a class lies, from the maps of the one run that gave the answer. */
import type { Evidence } from '../inference/types.ts';
import { resample } from '../radiograph/index.ts';
import type { Lungs, Why } from './types.ts';

const SIDE = 7;
const PLACES = SIDE * SIDE;

export function whyOf(evidence: Evidence, lungs: Lungs): Why {
  const maps = evidence.activation;
  return {
    side: SIDE,
    maps,
    biases: Array.from(evidence.biases),
    insideLungs: Array.from(evidence.biases, (_, k) =>
      lungs.state === 'found' ? insideShare(mapOf(maps, k), lungs.whole, lungs.side) : null,
    ),
  };
}

function mapOf(maps: Float32Array, k: number): Float32Array {
  return maps.subarray(k * PLACES, (k + 1) * PLACES);
}

/** Share of the positive evidence inside the mask; null where there is none. */
function insideShare(map: Float32Array, mask: Uint8Array, side: number): number | null {
  const fine = resample({ layout: 'float', data: map, width: SIDE, height: SIDE }, side, side);
  let inside = 0;
  let all = 0;
  for (let at = 0; at < fine.length; at++) {
    const value = Math.max(0, fine[at]);
    all += value;
    if (mask[at]) inside += value;
  }
  return all > 0 ? inside / all : null;
}
