/**
 * How well a straight line through the embedding tells one thing from another (the origin, most of
 * all): what can be read off so easily, a model can lean on instead of the disease. A multinomial
 * logistic regression with balanced classes, judged on folds that took no part in its fitting.
 */
import { Random } from '../../base/random.ts';
import { splitByGroup } from '../split.ts';

export const FOLDS = 5;
/** A kind with fewer pictures is left out: its share of a fold would say nothing. */
export const LEAST_PICTURES = 20;
const STEPS = 250;
const RATE = 0.4;
const MOMENTUM = 0.9;
const DECAY = 1e-3;

export interface ProbeInput {
  /** rows × columns, row-major. */
  readonly values: Float32Array;
  readonly columns: number;
  /** What is to be told, by row; null: the row is left out. */
  readonly kinds: readonly (string | null)[];
  /** Near-duplicates stay in one fold, by row. */
  readonly groups: readonly (string | null)[];
  readonly seed?: number;
}

export interface ProbeResult {
  readonly kinds: readonly {
    readonly name: string;
    readonly images: number;
    readonly recall: number;
  }[];
  /** Mean of the recalls: 1 is every one told, `chance` none. */
  readonly balancedAccuracy: number;
  /** Lowest and highest among the folds. */
  readonly folds: readonly number[];
  readonly chance: number;
}

/** Null where fewer than two kinds have enough pictures. */
export function probe(input: ProbeInput): ProbeResult | null {
  const { values, columns, kinds, groups, seed = 1 } = input;
  const counts = new Map<string, number>();
  for (const kind of kinds) if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const names = [...counts]
    .filter(([, n]) => n >= LEAST_PICTURES)
    .map(([name]) => name)
    .sort();
  if (names.length < 2) return null;
  const rows: number[] = [];
  kinds.forEach((kind, row) => {
    if (kind !== null && names.includes(kind)) rows.push(row);
  });
  const classes = Int32Array.from(rows, (row) => names.indexOf(kinds[row] ?? ''));
  const folds = splitByGroup(
    rows.map((row, at) => ({ label: String(classes[at]), group: groups[row] ?? null })),
    Array.from({ length: FOLDS }, (_, at) => ({ name: String(at), share: 1 })),
    seed,
  );
  const right = new Float64Array(names.length);
  const foldAccuracy: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const fitting = rows.flatMap((_, at) => (folds[at] === fold ? [] : [at]));
    const judged = rows.flatMap((_, at) => (folds[at] === fold ? [at] : []));
    const model = fit(values, columns, rows, classes, fitting, names.length, seed + fold);
    const hits = new Float64Array(names.length);
    const seen = new Float64Array(names.length);
    for (const at of judged) {
      const kind = classes[at];
      seen[kind] += 1;
      if (model(rows[at] ?? 0) === kind) hits[kind] += 1;
    }
    names.forEach((_, kind) => (right[kind] += hits[kind]));
    foldAccuracy.push(meanRecall(hits, seen));
  }
  const result = names.map((name, kind) => {
    const images = counts.get(name) ?? 0;
    return { name, images, recall: right[kind] / images };
  });
  return {
    kinds: result,
    balancedAccuracy: result.reduce((sum, { recall }) => sum + recall, 0) / names.length,
    folds: foldAccuracy,
    chance: 1 / names.length,
  };
}

function meanRecall(hits: Float64Array, seen: Float64Array): number {
  const recalls = [...seen].flatMap((n, kind) => (n > 0 ? [hits[kind] / n] : []));
  return recalls.reduce((sum, each) => sum + each, 0) / Math.max(1, recalls.length);
}

/** Fitted on standardized columns by Nesterov's steps; answers with the likeliest kind of a row. */
function fit(
  values: Float32Array,
  columns: number,
  rows: readonly number[],
  classes: Int32Array,
  fitting: readonly number[],
  kinds: number,
  seed: number,
): (row: number) => number {
  const { means, scales } = moments(values, columns, rows, fitting);
  const standard = new Float64Array(fitting.length * columns);
  fitting.forEach((at, place) => {
    const from = (rows[at] ?? 0) * columns;
    for (let column = 0; column < columns; column++) {
      standard[place * columns + column] = (values[from + column] - means[column]) * scales[column];
    }
  });
  const perKind = new Float64Array(kinds);
  for (const at of fitting) perKind[classes[at]] += 1;
  const size = columns + 1;
  const random = new Random(seed);
  const weights = Float64Array.from({ length: kinds * size }, () => random.between(-0.01, 0.01));
  const speed = new Float64Array(kinds * size);
  const ahead = new Float64Array(kinds * size);
  const slope = new Float64Array(kinds * size);
  const scores = new Float64Array(kinds);
  // The largest curvature grows with the number of columns.
  const rate = RATE / Math.sqrt(columns);
  for (let step = 0; step < STEPS; step++) {
    for (let at = 0; at < ahead.length; at++) ahead[at] = weights[at] + MOMENTUM * speed[at];
    slope.fill(0);
    fitting.forEach((at, place) => {
      const from = place * columns;
      softmaxOf(scores, ahead, standard, from, columns, kinds);
      const own = classes[at];
      const share = 1 / (kinds * perKind[own]);
      for (let kind = 0; kind < kinds; kind++) {
        const error = (scores[kind] - (kind === own ? 1 : 0)) * share;
        const to = kind * size;
        for (let column = 0; column < columns; column++) {
          slope[to + column] += error * standard[from + column];
        }
        slope[to + columns] += error;
      }
    });
    for (let at = 0; at < weights.length; at++) {
      speed[at] = MOMENTUM * speed[at] - rate * (slope[at] + DECAY * ahead[at]);
      weights[at] += speed[at];
    }
  }
  const one = new Float64Array(columns);
  return (row) => {
    for (let column = 0; column < columns; column++) {
      one[column] = (values[row * columns + column] - means[column]) * scales[column];
    }
    softmaxOf(scores, weights, one, 0, columns, kinds);
    return scores.indexOf(Math.max(...scores));
  };
}

function softmaxOf(
  scores: Float64Array,
  weights: Float64Array,
  standard: Float64Array,
  from: number,
  columns: number,
  kinds: number,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let kind = 0; kind < kinds; kind++) {
    const to = kind * (columns + 1);
    let score = weights[to + columns];
    for (let column = 0; column < columns; column++) {
      score += weights[to + column] * standard[from + column];
    }
    scores[kind] = score;
    largest = Math.max(largest, score);
  }
  let sum = 0;
  for (let kind = 0; kind < kinds; kind++) sum += scores[kind] = Math.exp(scores[kind] - largest);
  for (let kind = 0; kind < kinds; kind++) scores[kind] /= sum;
}

function moments(
  values: Float32Array,
  columns: number,
  rows: readonly number[],
  fitting: readonly number[],
): { readonly means: Float64Array; readonly scales: Float64Array } {
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (const at of fitting) {
    const from = (rows[at] ?? 0) * columns;
    for (let column = 0; column < columns; column++) {
      means[column] += values[from + column];
      squares[column] += values[from + column] ** 2;
    }
  }
  const scales = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    means[column] /= fitting.length;
    const variance = squares[column] / fitting.length - means[column] ** 2;
    scales[column] = variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
  }
  return { means, scales };
}
