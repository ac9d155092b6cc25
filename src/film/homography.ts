/**
 * The projective map between two planes from four pairs of points: the direct linear transform on
 * normalized points (Hartley & Zisserman, Multiple View Geometry, alg. 4.2), exact for four.
 */
import type { Point, Quad } from './types.ts';

/** Row-major 3 × 3, scaled so that the last number is 1. */
export type Homography = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

type Matrix = readonly number[];

/**
 * The map that takes `from[i]` to `to[i]`.
 * @throws RangeError when three of the points lie on one line
 */
export function homographyOf(from: Quad, to: Quad): Homography {
  const source = normalizer(from);
  const target = normalizer(to);
  const rows: number[][] = [];
  for (let i = 0; i < 4; i++) {
    const { x, y } = apply(source, from[i]);
    const { x: u, y: v } = apply(target, to[i]);
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u]);
    rows.push([0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  }
  const h = [...solve(rows), 1];
  return scaled(multiply(inverse(target), multiply(h, source)));
}

export function applyHomography(h: Homography, { x, y }: Point): Point {
  return apply(h, { x, y });
}

/** @throws RangeError when it cannot be inverted */
export function invertHomography(h: Homography): Homography {
  return scaled(inverse(h));
}

function apply(h: Matrix, { x, y }: Point): Point {
  const w = h[6] * x + h[7] * y + h[8];
  return { x: (h[0] * x + h[1] * y + h[2]) / w, y: (h[3] * x + h[4] * y + h[5]) / w };
}

/** Brings the middle of the points to 0 and their mean distance from it to √2. */
function normalizer(quad: Quad): Matrix {
  const cx = quad.reduce((sum, p) => sum + p.x, 0) / 4;
  const cy = quad.reduce((sum, p) => sum + p.y, 0) / 4;
  const mean = quad.reduce((sum, p) => sum + Math.hypot(p.x - cx, p.y - cy), 0) / 4;
  if (!(mean > 0)) throw new RangeError('The four corners are one point.');
  const s = Math.SQRT2 / mean;
  return [s, 0, -s * cx, 0, s, -s * cy, 0, 0, 1];
}

/** Gauss with row pivoting on an n × (n + 1) system. */
export function solve(rows: readonly (readonly number[])[]): number[] {
  const a = rows.map((row) => [...row]);
  const n = a.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) pivot = row;
    }
    if (Math.abs(a[pivot][column]) < 1e-10) {
      throw new RangeError('Three of the four corners lie on one line.');
    }
    [a[column], a[pivot]] = [a[pivot], a[column]];
    for (let row = column + 1; row < n; row++) {
      const factor = a[row][column] / a[column][column];
      for (let k = column; k <= n; k++) a[row][k] -= factor * a[column][k];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let sum = a[row][n];
    for (let k = row + 1; k < n; k++) sum -= a[row][k] * x[k];
    x[row] = sum / a[row][row];
  }
  return x;
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const product = new Array<number>(9).fill(0);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      for (let k = 0; k < 3; k++) product[row * 3 + column] += a[row * 3 + k] * b[k * 3 + column];
    }
  }
  return product;
}

function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  const A = e * i - f * h;
  const B = f * g - d * i;
  const C = d * h - e * g;
  const det = a * A + b * B + c * C;
  if (Math.abs(det) < 1e-14) throw new RangeError('This map cannot be inverted.');
  return [
    A,
    c * h - b * i,
    b * f - c * e,
    B,
    a * i - c * g,
    c * d - a * f,
    C,
    b * g - a * h,
    a * e - b * d,
  ].map((value) => value / det);
}

function scaled(h: Matrix): Homography {
  const [a, b, c, d, e, f, g, i, last] = h.map((value) => value / h[8]);
  return [a, b, c, d, e, f, g, i, last];
}
