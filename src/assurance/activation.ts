/** One class's activation map at the size it is to be shown in. */
import type { Why } from './types.ts';

/**
 * Bilinear with half-pixel centers: the figure of a place stands in that place's middle, and beyond
 * the outermost middles it stays as it is; so the map lies edge on edge over the part of the picture
 * that the classifier saw. Outside of that part there is no evidence.
 * Only what speaks for a class is shown, on one scale for all of them: the place that adds most to any
 * class of this picture is 1. A class of which hardly anything is seen has hardly any evidence.
 * @param index position of the class
 * @param width, height of the map of the whole picture, at least 1
 * @returns row-major, 0 … 1
 */
export function activationOf(why: Why, index: number, width: number, height: number): Float32Array {
  const { side, maps, rect } = why;
  const top = maps.reduce((most, value) => Math.max(most, value), 0);
  const result = new Float32Array(width * height);
  if (top <= 0) return result;
  const map = maps.subarray(index * side * side, (index + 1) * side * side);
  const columns = placesOf(width, side, rect.x, rect.width);
  const rows = placesOf(height, side, rect.y, rect.height);
  for (const [y, row] of rows.entries()) {
    if (!row) continue;
    for (const [x, column] of columns.entries()) {
      if (column) result[y * width + x] = Math.max(0, between(map, side, column, row) / top);
    }
  }
  return result;
}

/** Between which two places of an axis a pixel's middle lies, and how far it is to the second. */
export interface Between {
  readonly before: number;
  readonly after: number;
  readonly share: number;
}

/** @returns the map's value there. `map`: side × side, row-major */
export function between(map: Float32Array, side: number, column: Between, row: Between): number {
  const along = (line: number): number =>
    map[line * side + column.before] * (1 - column.share) +
    map[line * side + column.after] * column.share;
  return along(row.before) * (1 - row.share) + along(row.after) * row.share;
}

/**
 * For each of `count` pixels along the whole picture: where its middle lies on a map of `side` places
 * that covers only `length` of it from `start` on (0 … 1); null outside of that.
 */
export function placesOf(
  count: number,
  side: number,
  start: number,
  length: number,
): (Between | null)[] {
  return Array.from({ length: count }, (_, index) => {
    const place = ((index + 0.5) / count - start) / length;
    if (place < 0 || place > 1) return null;
    const held = Math.min(side - 1, Math.max(0, place * side - 0.5));
    const before = Math.floor(held);
    return { before, after: Math.min(side - 1, before + 1), share: held - before };
  });
}
