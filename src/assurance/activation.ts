/** One class's activation map at the size it is to be shown in. */
import type { Why } from './types.ts';

/**
 * Bilinear with half-pixel centers: the figure of a place stands in that place's middle, and beyond
 * the outermost middles it stays as it is; so the map lies over the picture edge on edge.
 * Only what speaks for a class is shown, on one scale for all of them: the place that adds most to any
 * class of this picture is 1. A class of which hardly anything is seen has hardly any evidence.
 * @param index position of the class
 * @param width, height of the map wanted, at least 1
 * @returns row-major, 0 … 1
 */
export function activationOf(why: Why, index: number, width: number, height: number): Float32Array {
  const { side, maps } = why;
  const top = maps.reduce((most, value) => Math.max(most, value), 0);
  const result = new Float32Array(width * height);
  if (top <= 0) return result;
  const first = index * side * side;
  const columns = neighbors(width, side);
  const rows = neighbors(height, side);
  rows.forEach(([above, below, down], y) => {
    const upper = first + above * side;
    const lower = first + below * side;
    columns.forEach(([left, right, across], x) => {
      const one = maps[upper + left] * (1 - across) + maps[upper + right] * across;
      const other = maps[lower + left] * (1 - across) + maps[lower + right] * across;
      const value = (one * (1 - down) + other * down) / top;
      result[y * width + x] = Math.max(0, value);
    });
  });
  return result;
}

/** For each of `count` pixels: the places before and after its middle, and how far it is between. */
function neighbors(count: number, side: number): [number, number, number][] {
  return Array.from({ length: count }, (_, index) => {
    const place = ((index + 0.5) / count) * side - 0.5;
    const held = Math.min(side - 1, Math.max(0, place));
    const before = Math.floor(held);
    return [before, Math.min(side - 1, before + 1), held - before];
  });
}
