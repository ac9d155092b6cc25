import type { DecodedPicture } from '../../radiograph/types.ts';

/** Enough to meet every level of eight bits that is used at all; a tenth of a millisecond. */
const LOOKS = 65_536;

/**
 * Different values among the stored samples, at most LOOKS of them looked at; null where they are not
 * in memory (a bitmap on its way through the graphics processor).
 */
export function grayLevelsOf(picture: DecodedPicture): number | null {
  if (picture.kind === 'bitmap') return null;
  if (picture.kind === 'pixels') return count(picture.radiograph.pixels, 0, 1, 65_535);
  const { data, layout } = picture.samples;
  // Of a color picture the green channel: it makes most of what is seen.
  return layout === 'grey' ? count(data, 0, 1, 1) : count(data, 1, 4, 1);
}

function count(
  cells: Uint8Array | Uint16Array | Float32Array,
  first: number,
  step: number,
  factor: number,
): number {
  const pixels = Math.floor(cells.length / step);
  // An odd stride: an even one may meet only every other level of a dithered picture.
  const stride = step * (Math.floor(pixels / LOOKS) | 1);
  const seen = new Uint8Array(65_536);
  for (let at = first; at < cells.length; at += stride) {
    seen[Math.min(65_535, Math.max(0, Math.round(cells[at] * factor)))] = 1;
  }
  return seen.reduce((sum, one) => sum + one, 0);
}
