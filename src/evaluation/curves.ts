/**
 * ROC and precision–recall curves of one class against the rest, and the areas under them, by the
 * definitions of scikit-learn (roc_curve, roc_auc_score, precision_recall_curve,
 * average_precision_score).
 */

/** One threshold: everything with at least this score counts as found. */
export interface CurvePoint {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

export interface Curve {
  readonly positives: number;
  readonly negatives: number;
  /** From the highest score down, one point for each different score. */
  readonly points: readonly CurvePoint[];
}

/** Pictures from the highest score down: sorted once, counted as often as a bootstrap asks. */
export interface Ranking {
  readonly order: Uint32Array;
  readonly positive: readonly boolean[];
  readonly scores: ArrayLike<number>;
}

/**
 * @param positive whether each picture truly is of the class
 * @param scores as many numbers, larger is more likely of the class
 * @throws RangeError if the lists differ in length or a score is not a number
 */
export function rank(positive: readonly boolean[], scores: ArrayLike<number>): Ranking {
  if (positive.length !== scores.length) {
    throw new RangeError(`${positive.length} truths do not belong to ${scores.length} scores.`);
  }
  const at = (place: number): number => scores[place] ?? Number.NaN;
  const order = Uint32Array.from(positive.keys());
  if (order.some((place) => Number.isNaN(at(place)))) {
    throw new RangeError('A score is not a number.');
  }
  return { order: order.sort((a, b) => at(b) - at(a)), positive, scores };
}

/** @param times how often each picture counts; once if left out */
export function curveOf(ranking: Ranking, times?: ArrayLike<number>): Curve {
  const { order, positive, scores } = ranking;
  const points: CurvePoint[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  for (const [place, at] of order.entries()) {
    const count = times ? (times[at] ?? 0) : 1;
    if (positive[at]) truePositives += count;
    else falsePositives += count;
    const threshold = scores[at] ?? Number.NaN;
    const next = order[place + 1];
    if (next === undefined || scores[next] !== threshold) {
      points.push({ threshold, truePositives, falsePositives });
    }
  }
  return { positives: truePositives, negatives: falsePositives, points };
}

/**
 * Area under the ROC curve; ties count half.
 * @returns 0 … 1, or null where one of the two kinds is missing: there is no such area
 */
export function rocArea({ positives, negatives, points }: Curve): number | null {
  if (positives === 0 || negatives === 0) return null;
  let area = 0;
  let hits = 0;
  let alarms = 0;
  for (const { truePositives, falsePositives } of points) {
    area += ((falsePositives - alarms) * (truePositives + hits)) / 2;
    hits = truePositives;
    alarms = falsePositives;
  }
  return area / (positives * negatives);
}

/**
 * Average precision: precision at each threshold weighted by the recall it adds. No interpolation,
 * which would flatter (Davis & Goadrich 2006).
 * @returns 0 … 1, or null without a positive picture
 */
export function averagePrecision({ positives, points }: Curve): number | null {
  if (positives === 0) return null;
  let sum = 0;
  let found = 0;
  for (const { truePositives, falsePositives } of points) {
    if (truePositives === found) continue;
    sum += (truePositives - found) * (truePositives / (truePositives + falsePositives));
    found = truePositives;
  }
  return sum / positives;
}
