/**
 * The one resampling of this app: exact area average where an axis shrinks, bilinear with
 * half-pixel centers (clamped) where it grows or stays, each axis on its own. Used for the model
 * input, for thumbnails and for scaling while decoding.
 */
import { horizontalPass, type RowPass } from './row-pass.ts';
import type { Axis, ResampleSource } from './types.ts';

export type { FloatPixels, ResampleSource } from './types.ts';

/** Both lengths in pixels, at least 1. */
export function planAxis(sourceLength: number, targetLength: number): Axis {
  const shrinks = sourceLength > targetLength;
  const first = new Int32Array(targetLength);
  const last = new Int32Array(targetLength);
  const firstShare = new Float64Array(targetLength);
  const lastShare = new Float64Array(targetLength);
  for (let j = 0; j < targetLength; j++) {
    if (shrinks) {
      // Multiplied before divided: whole borders come out whole, so floor and ceil are exact.
      const from = (j * sourceLength) / targetLength;
      const to = ((j + 1) * sourceLength) / targetLength;
      first[j] = Math.floor(from);
      last[j] = Math.ceil(to) - 1;
      firstShare[j] = first[j] + 1 - from;
      lastShare[j] = to - last[j];
    } else {
      const center = ((j + 0.5) * sourceLength) / targetLength - 0.5;
      const left = Math.floor(center);
      first[j] = Math.max(left, 0);
      last[j] = Math.min(left + 1, sourceLength - 1);
      firstShare[j] = left + 1 - center;
      lastShare[j] = center - left;
    }
  }
  return { shrinks, first, last, firstShare, lastShare };
}

/**
 * Row-major targetHeight × targetWidth, 0 … 1 (luminance, transparency flattened over black).
 * Sums run in float64; the result is rounded to float32 once.
 */
export function resample(
  source: ResampleSource,
  targetWidth: number,
  targetHeight: number,
): Float32Array {
  const rowPass = horizontalPass(source, planAxis(source.width, targetWidth), targetWidth);
  const white = source.layout === 'float' ? 1 : source.white;
  const columnGain = source.width > targetWidth ? targetWidth / source.width : 1;
  const rowGain = source.height > targetHeight ? targetHeight / source.height : 1;
  const gain = (columnGain * rowGain) / white;
  const rows = planAxis(source.height, targetHeight);
  const rowOf = cachedRows(rowPass, targetWidth);
  const sums = new Float64Array(targetWidth);
  const output = new Float32Array(targetWidth * targetHeight);
  for (let ty = 0; ty < targetHeight; ty++) {
    const first = rows.first[ty];
    const last = rows.last[ty];
    sums.fill(0);
    addWeighted(sums, rowOf(first), rows.firstShare[ty]);
    if (rows.shrinks) {
      for (let y = first + 1; y < last; y++) addWeighted(sums, rowOf(y), 1);
    }
    if (rows.lastShare[ty] > 0) addWeighted(sums, rowOf(last), rows.lastShare[ty]);
    const offset = ty * targetWidth;
    for (let x = 0; x < targetWidth; x++) output[offset + x] = sums[x] * gain;
  }
  return output;
}

function addWeighted(sums: Float64Array, row: Float64Array, weight: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] += row[x] * weight;
}

/** Neighboring target rows share at most two source rows: none is summed twice. */
function cachedRows(rowPass: RowPass, width: number): (y: number) => Float64Array {
  const even = { y: -1, row: new Float64Array(width) };
  const odd = { y: -1, row: new Float64Array(width) };
  return (y) => {
    const slot = y % 2 === 0 ? even : odd;
    if (slot.y !== y) {
      rowPass(y, slot.row);
      slot.y = y;
    }
    return slot.row;
  };
}
