/** Sums over each class while pictures come in, so that no picture has to be kept for its mean. */
import { HISTOGRAM_BINS, MASK_SIDE, MEAN_SIDE, type ClassSums, type Scanned } from './types.ts';

export function emptySums(label: string): ClassSums {
  return {
    label,
    pictures: 0,
    masks: 0,
    histogram: new Float64Array(HISTOGRAM_BINS),
    picture: new Float64Array(MEAN_SIDE * MEAN_SIDE),
    mask: new Float64Array(MASK_SIDE * MASK_SIDE),
  };
}

/** Adds one picture; the arrays are added to in place. */
export function addTo(sums: ClassSums, { histogram, picture, mask }: Scanned): ClassSums {
  add(sums.histogram, histogram);
  add(sums.picture, picture);
  if (mask) add(sums.mask, mask);
  return { ...sums, pictures: sums.pictures + 1, masks: sums.masks + (mask ? 1 : 0) };
}

function add(sum: Float64Array, values: ArrayLike<number>): void {
  for (let at = 0; at < sum.length; at++) sum[at] += values[at];
}

/** Mean of `count` summed byte pictures as 0 … 1. */
export function meanOf(sum: Float64Array, count: number): Float32Array {
  return Float32Array.from(sum, (value) => (count > 0 ? value / (255 * count) : 0));
}
