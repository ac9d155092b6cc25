/**
 * The directions in which embeddings spread most, by subspace iteration (N. Halko, P. Martinsson,
 * J. Tropp, SIAM Review 53, 2011): a few passes over the data instead of a covariance of 1280².
 */
import { Random } from '../../base/random.ts';

/** Directions carried beside those wanted, so that the last of these are right as well. */
const SPARE = 8;
const PASSES = 5;

export interface Components {
  /** rows × count, row-major: each row along the directions, the strongest first. */
  readonly scores: Float32Array<ArrayBuffer>;
  readonly count: number;
  /** Share of the whole variance that each direction has. */
  readonly explained: readonly number[];
}

/**
 * @param values rows × columns, row-major
 * @param wanted number of directions; fewer come where the data has fewer
 */
export function principalComponents(
  values: Float32Array,
  rows: number,
  columns: number,
  wanted: number,
  seed = 1,
): Components {
  const centered = center(values, rows, columns);
  let whole = 0;
  for (const value of centered) whole += value * value;
  const count = Math.min(wanted, columns, Math.max(1, rows - 1));
  const width = Math.min(count + SPARE, columns, rows);
  const random = new Random(seed);
  let basis = Float64Array.from({ length: columns * width }, () => random.between(-1, 1));
  orthonormalize(basis, columns, width);
  for (let pass = 0; pass < PASSES; pass++) {
    basis = transposedProduct(
      centered,
      rows,
      columns,
      product(centered, rows, columns, basis, width),
      width,
    );
    orthonormalize(basis, columns, width);
  }
  const projected = product(centered, rows, columns, basis, width);
  const { vectors, values: spread } = symmetricEigen(gram(projected, rows, width), width);
  const scores = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let to = 0; to < count; to++) {
      let sum = 0;
      for (let from = 0; from < width; from++) {
        sum += projected[row * width + from] * vectors[from * width + to];
      }
      scores[row * count + to] = sum;
    }
  }
  return {
    scores,
    count,
    explained: spread.slice(0, count).map((value) => (whole > 0 ? Math.max(0, value) / whole : 0)),
  };
}

function center(values: Float32Array, rows: number, columns: number): Float32Array {
  const means = new Float64Array(columns);
  for (let at = 0; at < rows * columns; at++) means[at % columns] += values[at] / rows;
  return Float32Array.from({ length: rows * columns }, (_, at) => values[at] - means[at % columns]);
}

/** rows × width: values · basis. */
function product(
  values: Float32Array,
  rows: number,
  columns: number,
  basis: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const to = row * width;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      if (value === 0) continue;
      for (let at = 0; at < width; at++) result[to + at] += value * basis[column * width + at];
    }
  }
  return result;
}

/** columns × width: valuesᵀ · right. */
function transposedProduct(
  values: Float32Array,
  rows: number,
  columns: number,
  right: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(columns * width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      if (value === 0) continue;
      const to = column * width;
      for (let at = 0; at < width; at++) result[to + at] += value * right[row * width + at];
    }
  }
  return result;
}

function gram(values: Float64Array, rows: number, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) {
    for (let a = 0; a < width; a++) {
      const value = values[row * width + a];
      for (let b = 0; b < width; b++) result[a * width + b] += value * values[row * width + b];
    }
  }
  return result;
}

/** Modified Gram–Schmidt, column by column, in place; a column that vanishes becomes zero. */
function orthonormalize(basis: Float64Array, rows: number, width: number): void {
  for (let column = 0; column < width; column++) {
    for (let before = 0; before < column; before++) {
      let dot = 0;
      for (let at = 0; at < rows; at++)
        dot += basis[at * width + column] * basis[at * width + before];
      for (let at = 0; at < rows; at++)
        basis[at * width + column] -= dot * basis[at * width + before];
    }
    let length = 0;
    for (let at = 0; at < rows; at++) length += basis[at * width + column] ** 2;
    const scale = length > 1e-24 ? 1 / Math.sqrt(length) : 0;
    for (let at = 0; at < rows; at++) basis[at * width + column] *= scale;
  }
}

/** Jacobi's rotations (1846) for a small symmetric matrix; eigenvalues fall. */
function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { readonly values: number[]; readonly vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let at = 0; at < size; at++) v[at * size + at] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let on = 0;
    for (let p = 0; p < size; p++) {
      on += a[p * size + p] ** 2;
      for (let q = p + 1; q < size; q++) off += a[p * size + q] ** 2;
    }
    if (off <= 1e-22 * on || off === 0) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, at) => at).sort(
    (x, y) => a[y * size + y] - a[x * size + x],
  );
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    for (let row = 0; row < size; row++) vectors[row * size + to] = v[row * size + from];
  });
  return { values: order.map((at) => a[at * size + at]), vectors };
}

function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const kp = a[k * size + p];
    const kq = a[k * size + q];
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (let k = 0; k < size; k++) {
    const pk = a[p * size + k];
    const qk = a[q * size + k];
    a[p * size + k] = c * pk - s * qk;
    a[q * size + k] = s * pk + c * qk;
    const vp = v[k * size + p];
    const vq = v[k * size + q];
    v[k * size + p] = c * vp - s * vq;
    v[k * size + q] = s * vp + c * vq;
  }
}
