/**
 * Rows that come one after another → a smaller picture, by exact area average, with only the small
 * picture in memory: how a picture of 100 megapixels is opened on a tablet.
 */
import { planAxis } from './resample.ts';
import { horizontalPass } from './row-pass.ts';

export interface AreaReducer {
  /** The next row: `width` floats. Exactly `height` of them. */
  push(row: Float32Array): void;
  /** Row-major, targetHeight × targetWidth. */
  readonly pixels: Float32Array;
}

export function createAreaReducer(
  width: number,
  height: number,
  targetWidth: number,
  targetHeight: number,
): AreaReducer {
  const pixels = new Float32Array(targetWidth * targetHeight);
  const columns = planAxis(width, targetWidth);
  const columnGain = width > targetWidth ? targetWidth / width : 1;
  const sums = new Float64Array(targetWidth);
  const total = new Float64Array(targetWidth);
  let y = 0;
  let target = 0;
  return {
    pixels,
    push(row) {
      horizontalPass(
        { layout: 'float', data: row, width, height: 1 },
        columns,
        targetWidth,
      )(0, sums);
      // This row covers [y, y + 1) of the height; a target row ends where its share of it ends.
      for (let from = y; from < y + 1 && target < targetHeight;) {
        const border = ((target + 1) * height) / targetHeight;
        const share = Math.min(border, y + 1) - from;
        for (let x = 0; x < targetWidth; x++) total[x] += sums[x] * share;
        from += share;
        if (border > y + 1) break;
        const gain = (columnGain * targetHeight) / height;
        for (let x = 0; x < targetWidth; x++) pixels[target * targetWidth + x] = total[x] * gain;
        total.fill(0);
        target++;
        from = border;
      }
      y++;
    },
  };
}
