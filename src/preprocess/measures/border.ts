import type { PictureRect } from '../types.ts';

/** A line of the picture this near to black or white, and this even, belongs to a border. */
const DARK = 0.06;
const BRIGHT = 0.94;
/** Share of a line's pixels that may be otherwise: a side marker, a speck of dust. */
const ODD = 0.02;

/**
 * What is left of the picture without even black or white bands at its edges, one side after the
 * other until nothing changes (a frame may have corners of another shade).
 * @param values side × side, row-major, 0 … 1
 */
export function contentRect(values: Float32Array, side: number): PictureRect {
  let top = 0;
  let bottom = side;
  let left = 0;
  let right = side;
  const row = (y: number): boolean => isBorder(values, y * side + left, 1, right - left);
  const column = (x: number): boolean => isBorder(values, top * side + x, side, bottom - top);
  for (let changed = true; changed;) {
    const before = bottom - top + right - left;
    while (top < bottom - 1 && row(top)) top++;
    while (bottom > top + 1 && row(bottom - 1)) bottom--;
    while (left < right - 1 && column(left)) left++;
    while (right > left + 1 && column(right - 1)) right--;
    changed = bottom - top + right - left !== before;
  }
  // Nothing but border is a blank picture, not a picture with a border.
  if (right - left <= 1 || bottom - top <= 1) return { x: 0, y: 0, width: 1, height: 1 };
  return {
    x: left / side,
    y: top / side,
    width: (right - left) / side,
    height: (bottom - top) / side,
  };
}

function isBorder(values: Float32Array, from: number, step: number, count: number): boolean {
  const most = Math.floor(count * ODD);
  let notDark = 0;
  let notBright = 0;
  for (let i = 0, at = from; i < count; i++, at += step) {
    if (values[at] > DARK) notDark++;
    if (values[at] < BRIGHT) notBright++;
    if (notDark > most && notBright > most) return false;
  }
  return true;
}
