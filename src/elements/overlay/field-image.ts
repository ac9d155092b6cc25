/** A map of shares over the picture (an activation map) → pixels to lay over it. */
import { viridisTable } from './color-map.ts';

/**
 * @param shares row-major, 0 = no evidence … 1 = the most of this picture; values outside are clamped
 * @returns RGBA, not premultiplied, at full strength. The color is chosen for each of the up-sampled
 *   shares: colors that were mixed instead would belong to no share of the legend.
 */
export function sharePixels(shares: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
  const table = viridisTable();
  const pixels = new Uint8ClampedArray(4 * shares.length);
  for (let index = 0; index < shares.length; index += 1) {
    const step = 4 * Math.round(255 * Math.min(1, Math.max(0, shares[index])));
    pixels.set(table.subarray(step, step + 4), 4 * index);
  }
  return pixels;
}
