/**
 * Numbers that describe a lung network's map: where the lungs lie, how large and how even they are.
 * The manifest's rules look at them (src/model/manifest/lungs.ts has the formulas).
 */
export interface LungFeatures {
  readonly area: number;
  readonly balance: number;
  readonly middle: number;
  readonly centerX: number;
  readonly centerY: number;
  readonly spreadX: number;
  readonly spreadY: number;
  readonly certainty: number;
  readonly border: number;
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
