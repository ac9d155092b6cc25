/** A part of a large folder that still shows every class and origin. */
import { Random } from '../../base/random.ts';
import type { LabelledItem } from '../types.ts';

/** More points than this are waited for too long, and hide each other. */
export const MOST_MAPPED = 2400;
/** Below this the neighbors of a point would be everybody. */
export const LEAST_POINTS = 12;

/**
 * Item numbers in order: all of them, or `most` with every class × origin in the square root of its
 * number, so that small ones are seen and large ones stay larger.
 */
export function sampleItems(items: readonly LabelledItem[], most: number, seed = 1): number[] {
  if (items.length <= most) return items.map((_, at) => at);
  const random = new Random(seed);
  const cells = new Map<string, number[]>();
  items.forEach(({ label, origin }, at) => {
    const key = JSON.stringify([label, origin]);
    const cell = cells.get(key) ?? [];
    cells.set(key, cell);
    cell.push(at);
  });
  let left = most;
  // The smallest first: what a cell cannot fill goes to the larger ones.
  const sorted = [...cells.values()].sort((a, b) => a.length - b.length);
  let roots = sorted.reduce((sum, { length }) => sum + Math.sqrt(length), 0);
  const chosen: number[] = [];
  for (const cell of sorted) {
    const root = Math.sqrt(cell.length);
    const share = Math.min(cell.length, Math.round((left * root) / roots));
    roots -= root;
    left -= share;
    chosen.push(...random.shuffle(cell).slice(0, share));
  }
  return chosen.sort((a, b) => a - b);
}
