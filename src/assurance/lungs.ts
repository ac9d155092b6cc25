/** The lung map, judged: masks, outline, and the numbers the gate looks at (src/model/manifest/lungs.ts). */
import type { LungMap } from '../inference/types.ts';
import type { GateFeature, Lungs as LungContract } from '../model/index.ts';
import { outlinesOf } from './outline.ts';
import type { Lungs } from './types.ts';

export type LungFeatures = Readonly<
  Record<Exclude<GateFeature, 'distance' | 'residual' | 'probe'> | 'border', number>
>;

const NONE = {
  side: 0,
  visible: new Uint8Array(0),
  whole: new Uint8Array(0),
  outlines: [],
  area: 0,
  border: 0,
};

/** @param contract the manifest's; null where it has no lung network */
export function lungsOf(
  map: LungMap | null,
  contract: LungContract | null,
): { lungs: Lungs; features: LungFeatures | null } {
  if (!map) return { lungs: { state: 'off', detail: null, ...NONE }, features: null };
  if (map.state !== 'done' || !contract) {
    const state = map.state === 'done' ? 'none-in-model' : map.state;
    const detail = map.state === 'failed' ? map.detail : null;
    return { lungs: { state, detail, ...NONE }, features: null };
  }
  const { side } = map;
  const features = lungFeatures(map.visible, side, contract.threshold);
  const found = features.area >= contract.limits.area;
  return {
    features,
    lungs: {
      state: found ? 'found' : 'not-found',
      detail: null,
      side,
      visible: maskOf(map.visible, contract.threshold),
      whole: maskOf(map.whole, contract.threshold),
      outlines: found ? outlinesOf(map.visible, side, contract.threshold) : [],
      area: features.area,
      border: features.border,
    },
  };
}

function maskOf(map: Float32Array, threshold: number): Uint8Array {
  return Uint8Array.from(map, (p) => (p >= threshold ? 1 : 0));
}

/** @param map side × side, row-major, probability 0 … 1 */
export function lungFeatures(map: Float32Array, side: number, threshold: number): LungFeatures {
  let count = 0;
  let left = 0;
  let edge = 0;
  let sum = 0;
  const columns = new Float64Array(side);
  const rows = new Float64Array(side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const p = map[y * side + x];
      if (p < threshold) continue;
      count++;
      sum += p;
      columns[x]++;
      rows[y]++;
      if (x < side / 2) left++;
      if (x === 0 || y === 0 || x === side - 1 || y === side - 1) edge++;
    }
  }
  if (count === 0) {
    return {
      area: 0,
      balance: 0,
      middle: 0,
      centerX: 0,
      centerY: 0,
      spreadX: 0,
      spreadY: 0,
      certainty: 0,
      border: 0,
    };
  }
  const area = count / (side * side);
  const from = Math.floor(0.45 * side);
  const to = Math.ceil(0.55 * side);
  let middle = 0;
  for (let x = from; x < to; x++) middle += columns[x];
  const across = momentsOf(columns, count);
  const down = momentsOf(rows, count);
  return {
    area,
    balance: Math.min(left, count - left) / Math.max(left, count - left),
    middle: middle / ((to - from) * side) / area,
    centerX: across.mean,
    centerY: down.mean,
    spreadX: across.spread,
    spreadY: down.spread,
    certainty: sum / count,
    border: edge / count,
  };
}

/** Mean and standard deviation of 2(i + 0.5)/n − 1 with the given counts. */
function momentsOf(counts: Float64Array, total: number): { mean: number; spread: number } {
  const place = (i: number): number => (2 * (i + 0.5)) / counts.length - 1;
  const mean = counts.reduce((sum, n, i) => sum + n * place(i), 0) / total;
  const variance = counts.reduce((sum, n, i) => sum + n * (place(i) - mean) ** 2, 0) / total;
  return { mean, spread: Math.sqrt(variance) };
}
