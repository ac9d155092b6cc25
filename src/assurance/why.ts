/** Where the evidence for a class lies, from the maps of the one run that gave the answer. */
import type { Evidence } from '../inference/types.ts';
import type { PictureRect } from '../preprocess/types.ts';
import { between, placesOf } from './activation.ts';
import type { Lungs, Why } from './types.ts';

const SIDE = 7;
const PLACES = SIDE * SIDE;

/** @param rect the part of the picture that the classifier saw */
export function whyOf(evidence: Evidence, lungs: Lungs, rect: PictureRect): Why {
  const maps = evidence.activation;
  return {
    side: SIDE,
    rect,
    maps,
    biases: Array.from(evidence.biases),
    insideLungs: Array.from(evidence.biases, (_, k) =>
      lungs.state === 'found' ? insideShare(mapOf(maps, k), rect, lungs) : null,
    ),
  };
}

function mapOf(maps: Float32Array, k: number): Float32Array {
  return maps.subarray(k * PLACES, (k + 1) * PLACES);
}

/** Share of the positive evidence inside the lungs; null where there is none. */
function insideShare(map: Float32Array, rect: PictureRect, { whole, side }: Lungs): number | null {
  const columns = placesOf(side, SIDE, rect.x, rect.width);
  const rows = placesOf(side, SIDE, rect.y, rect.height);
  let inside = 0;
  let all = 0;
  for (const [y, row] of rows.entries()) {
    if (!row) continue;
    for (const [x, column] of columns.entries()) {
      if (!column) continue;
      const value = Math.max(0, between(map, SIDE, column, row));
      all += value;
      if (whole[y * side + x]) inside += value;
    }
  }
  return all > 0 ? inside / all : null;
}
