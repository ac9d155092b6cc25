/** Temperature and prediction sets, fitted on labelled pictures that the network was not trained on. */
import { softmax } from './calibration.ts';

const LEVELS = [0.9, 0.95];

/**
 * The temperature with the smallest mean negative log-likelihood: golden-section search over its
 * logarithm, in which that is a smooth valley (C. Guo et al., ICML 2017).
 * @param logits one list a picture
 * @param truth position of the true class, picture by picture
 */
export function fitTemperature(
  logits: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
): number {
  const cost = (logT: number): number => {
    let sum = 0;
    for (const [at, row] of logits.entries()) {
      sum -= Math.log(Math.max(1e-12, softmax(row, Math.exp(logT))[truth[at]]));
    }
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.05);
  let high = Math.log(20);
  let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [costA, costB] = [cost(a), cost(b)];
  for (let turn = 0; turn < 40; turn++) {
    if (costA < costB) {
      [high, b, costB] = [b, a, costA];
      a = high - ratio * (high - low);
      costA = cost(a);
    } else {
      [low, a, costA] = [a, b, costB];
      b = low + ratio * (high - low);
      costB = cost(b);
    }
  }
  return Math.exp((low + high) / 2);
}

/**
 * Class-conditional split conformal thresholds on the margin score (src/model/manifest/assurance.ts).
 * A level is left out where a class has too few pictures for it: ⌈(n + 1) · level⌉ > n.
 * @param probabilities calibrated
 */
export function fitSets(
  probabilities: readonly (readonly number[])[],
  truth: ArrayLike<number>,
  classes: number,
): { readonly level: number; readonly thresholds: number[] }[] {
  const scores = Array.from({ length: classes }, () => [] as number[]);
  for (const [at, shares] of probabilities.entries()) {
    const own = truth[at];
    const other = Math.max(...shares.filter((_, k) => k !== own));
    scores[own].push(other - shares[own]);
  }
  for (const list of scores) list.sort((x, y) => x - y);
  return LEVELS.flatMap((level) => {
    const thresholds = scores.map((list) => list[Math.ceil((list.length + 1) * level) - 1]);
    return thresholds.every((value) => value !== undefined) ? [{ level, thresholds }] : [];
  });
}
