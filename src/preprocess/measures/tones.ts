import type { PictureRect } from '../types.ts';

export interface Tones {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly clippedDark: number;
  readonly clippedBright: number;
}

const BINS = 512;
/** What counts as the very bottom and top: one level of eight bits. */
const EDGE = 1 / 255;

/** Brightness inside `content`. @param values side × side, row-major, 0 … 1 */
export function tonesOf(values: Float32Array, side: number, content: PictureRect): Tones {
  const left = Math.round(content.x * side);
  const right = Math.round((content.x + content.width) * side);
  const top = Math.round(content.y * side);
  const bottom = Math.round((content.y + content.height) * side);
  const histogram = new Uint32Array(BINS);
  let dark = 0;
  let bright = 0;
  for (let y = top; y < bottom; y++) {
    for (let at = y * side + left; at < y * side + right; at++) {
      const value = values[at];
      histogram[Math.min(BINS - 1, Math.max(0, Math.floor(value * BINS)))]++;
      if (value <= EDGE) dark++;
      else if (value >= 1 - EDGE) bright++;
    }
  }
  const total = Math.max(1, (right - left) * (bottom - top));
  const quantile = (share: number): number => {
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      sum += histogram[bin];
      if (sum > share * total) return (bin + 0.5) / BINS;
    }
    return 1;
  };
  return {
    low: quantile(0.01),
    middle: quantile(0.5),
    high: quantile(0.99),
    clippedDark: dark / total,
    clippedBright: bright / total,
  };
}
