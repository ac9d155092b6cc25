/** A flat map of many-dimensional points: neighbors there are neighbors here, as far as that can be. */
import { UMAP } from 'umap-js';
import { Random } from '../../base/random.ts';

const NEIGHBORS = 15;
const MIN_DISTANCE = 0.15;
/**
 * UMAP (L. McInnes, J. Healy, J. Melville, 2018), the same for the same points and seed.
 * @param scores rows × columns, row-major
 * @param step called after each epoch with the share done, 0 … 1
 * @returns x, y, x, y … in 0 … 1
 */
export function layOutMap(
  scores: Float32Array,
  columns: number,
  step: (share: number) => void,
  seed = 1,
): Float32Array<ArrayBuffer> {
  const rows = scores.length / columns;
  const random = new Random(seed);
  const points = Array.from({ length: rows }, (_, row) =>
    Array.from(scores.subarray(row * columns, (row + 1) * columns)),
  );
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(NEIGHBORS, rows - 1),
    minDist: MIN_DISTANCE,
    random: () => random.next(),
  });
  const epochs = umap.initializeFit(points);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    step((epoch + 1) / epochs);
  }
  return intoSquare(umap.getEmbedding());
}

/** Into the unit square, both axes on one scale. */
function intoSquare(points: readonly (readonly number[])[]): Float32Array<ArrayBuffer> {
  const x = points.map(([value = 0]) => value);
  const y = points.map(([, value = 0]) => value);
  const [lowX, highX, lowY, highY] = [least(x), -least(x, -1), least(y), -least(y, -1)];
  const scale = 1 / (Math.max(highX - lowX, highY - lowY) || 1);
  const flat = new Float32Array(2 * points.length);
  for (let at = 0; at < points.length; at++) {
    flat[2 * at] = 0.5 + (x[at] - (lowX + highX) / 2) * scale;
    flat[2 * at + 1] = 0.5 + (y[at] - (lowY + highY) / 2) * scale;
  }
  return flat;
}

function least(values: readonly number[], sign = 1): number {
  return values.reduce((low, value) => Math.min(low, sign * value), Number.POSITIVE_INFINITY);
}
