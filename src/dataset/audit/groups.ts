/** Groups of near-duplicates: pairs by hash, held against each other pixel by pixel, then joined. */
import { eachNeighbor } from './neighbors.ts';

/** Pixels a side of the small copies that pairs are compared by. */
export const SMALL_SIDE = 24;
const SMALL = SMALL_SIDE * SMALL_SIDE;
/** A copy cropped by a hair lies a pixel aside. */
const SHIFT = 1;

export interface AuditLimits {
  /** Bits of 64 in which two hashes may differ. */
  readonly bits: number;
  /** Correlation that the small copies must reach, −1 … 1. */
  readonly correlation: number;
}

/** Measured on a collection with known near-duplicates (docs/insights.md). */
export const AUDIT_LIMITS: AuditLimits = { bits: 11, correlation: 0.985 };

export interface Audit {
  /** Members of each group of two or more, in order; the largest group first. */
  readonly groups: readonly (readonly number[])[];
}

/**
 * @param hashes two words a picture
 * @param smalls 24 × 24 bytes a picture
 */
export function findNearDuplicates(
  hashes: Uint32Array,
  smalls: Uint8Array,
  limits: AuditLimits = AUDIT_LIMITS,
): Audit {
  const count = hashes.length / 2;
  const centered = centerAll(smalls, count);
  const parent = Int32Array.from({ length: count }, (_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  };
  eachNeighbor(hashes, limits.bits, (a, b) => {
    const [one, other] = [rootOf(a), rootOf(b)];
    // Thousands of the same picture are millions of pairs: each is held against the group once.
    if (one === other) return;
    const correlation = bestCorrelation(centered, smalls, a, b, limits.correlation);
    if (correlation >= limits.correlation) parent[one] = other;
  });
  const members = new Map<number, number[]>();
  for (let at = 0; at < count; at++) {
    const root = rootOf(at);
    const list = members.get(root);
    if (list) list.push(at);
    else members.set(root, [at]);
  }
  const groups = [...members.values()].filter(({ length }) => length > 1);
  groups.sort((x, y) => y.length - x.length || (x[0] ?? 0) - (y[0] ?? 0));
  return { groups };
}

/** Each small copy less its mean, of length one; all zeros for a blank one, which is like nothing. */
function centerAll(smalls: Uint8Array, count: number): Float32Array {
  const centered = new Float32Array(count * SMALL);
  for (let at = 0; at < count; at++) {
    const from = at * SMALL;
    let sum = 0;
    for (let i = 0; i < SMALL; i++) sum += smalls[from + i];
    const mean = sum / SMALL;
    let square = 0;
    for (let i = 0; i < SMALL; i++) square += (smalls[from + i] - mean) ** 2;
    const scale = square > SMALL ? 1 / Math.sqrt(square) : 0;
    for (let i = 0; i < SMALL; i++) centered[from + i] = (smalls[from + i] - mean) * scale;
  }
  return centered;
}

function bestCorrelation(
  centered: Float32Array,
  smalls: Uint8Array,
  a: number,
  b: number,
  enough: number,
): number {
  let best = 0;
  for (let i = 0, x = a * SMALL, y = b * SMALL; i < SMALL; i++)
    best += centered[x + i] * centered[y + i];
  // Far from alike does not become so by a pixel.
  if (best >= enough || best < enough - 0.12) return best;
  for (let dy = -SHIFT; dy <= SHIFT; dy++) {
    for (let dx = -SHIFT; dx <= SHIFT; dx++) {
      if (dx !== 0 || dy !== 0) best = Math.max(best, shifted(smalls, a, b, dx, dy));
    }
  }
  return best;
}

/** Correlation over what both show when one lies (dx, dy) aside. */
function shifted(smalls: Uint8Array, a: number, b: number, dx: number, dy: number): number {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let squareA = 0;
  let squareB = 0;
  let product = 0;
  for (let y = Math.max(0, -dy); y < SMALL_SIDE - Math.max(0, dy); y++) {
    for (let x = Math.max(0, -dx); x < SMALL_SIDE - Math.max(0, dx); x++) {
      const one = smalls[a * SMALL + y * SMALL_SIDE + x];
      const two = smalls[b * SMALL + (y + dy) * SMALL_SIDE + x + dx];
      n += 1;
      sumA += one;
      sumB += two;
      squareA += one * one;
      squareB += two * two;
      product += one * two;
    }
  }
  const spread = (squareA - (sumA * sumA) / n) * (squareB - (sumB * sumB) / n);
  return spread > 0 ? (product - (sumA * sumB) / n) / Math.sqrt(spread) : 0;
}
