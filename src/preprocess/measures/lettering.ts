/**
 * Places that look like lettering burned into the picture: thin bright strokes, across and upright,
 * close together in a line. A wire or a rib runs one way only; a clip or an electrode stands alone.
 */
import type { PictureRect } from '../types.ts';

/** A stroke is brighter than what lies this far on both sides of it … */
const REACH = 3;
/** … by at least this much (white letters on a lung are far more, on bone a little less). */
const CONTRAST = 0.16;
/** Strokes are counted in tiles of so many places a side. */
const TILE = 7;
/** Strokes of either direction that a tile of lettering has. */
const STROKES = 4;
/** A line of letters is at least this many tiles long, and not a block much higher than long. */
const LEAST_TILES = 3;

/** @param values side × side, row-major, 0 … 1. @returns the places, in no order */
export function letteringIn(values: Float32Array, side: number): PictureRect[] {
  const tiles = Math.floor(side / TILE);
  const upright = new Uint8Array(tiles * tiles);
  const across = new Uint8Array(tiles * tiles);
  const end = Math.min(tiles * TILE, side - REACH);
  for (let y = REACH; y < end; y++) {
    const row = Math.floor(y / TILE) * tiles;
    for (let x = REACH; x < end; x++) {
      const at = y * side + x;
      const floor = values[at] - CONTRAST;
      // Most pixels fail the first question.
      if (values[at - REACH] < floor && values[at + REACH] < floor) {
        upright[row + Math.floor(x / TILE)]++;
      }
      if (values[at - REACH * side] < floor && values[at + REACH * side] < floor) {
        across[row + Math.floor(x / TILE)]++;
      }
    }
  }
  const marked = upright.map((count, at) => (count >= STROKES && across[at] >= STROKES ? 1 : 0));
  return groups(marked, tiles)
    .filter(
      ({ count, width, height }) =>
        count >= LEAST_TILES && width >= LEAST_TILES && width >= 1.5 * height,
    )
    .map(({ x, y, width, height }) => ({
      x: (x * TILE) / side,
      y: (y * TILE) / side,
      width: (width * TILE) / side,
      height: (height * TILE) / side,
    }));
}

interface Group extends PictureRect {
  /** Marked tiles in it. */
  readonly count: number;
}

/** Marked tiles that touch, corners included, with the box around them. */
function groups(marked: Uint8Array, tiles: number): Group[] {
  const found: Group[] = [];
  const open = Uint8Array.from(marked);
  for (let start = 0; start < open.length; start++) {
    if (!open[start]) continue;
    open[start] = 0;
    const list = [start];
    let [left, right, top, bottom] = [tiles, 0, tiles, 0];
    for (const tile of list) {
      const x = tile % tiles;
      const y = Math.floor(tile / tiles);
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(tiles - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(tiles - 1, x + 1); nx++) {
          const next = ny * tiles + nx;
          if (!open[next]) continue;
          open[next] = 0;
          list.push(next);
        }
      }
    }
    found.push({
      x: left,
      y: top,
      width: right - left + 1,
      height: bottom - top + 1,
      count: list.length,
    });
  }
  return found;
}
