/** What an operating point is worth at a site: from counts on held-out pictures, with intervals. */
import type { OperatingCurve } from '../model/index.ts';
import type { Estimate, OperatingChoice, OperatingFigures, OperatingTarget } from './types.ts';

const Z95 = 1.959963984540054;

/**
 * Wilson's score interval at 95 %: E. B. Wilson, J. Am. Stat. Assoc. 22:209 (1927). Right for few
 * pictures and for shares near 0 and 1, where the usual formula is not.
 * @param found 0 … total; 0 of 0 says nothing: 0 … 1 around NaN
 */
export function wilson(found: number, total: number): Estimate {
  if (total <= 0) return { value: Number.NaN, low: 0, high: 1 };
  const share = found / total;
  const square = Z95 ** 2;
  const middle = (share + square / (2 * total)) / (1 + square / total);
  const half =
    (Z95 * Math.sqrt((share * (1 - share)) / total + square / (4 * total ** 2))) /
    (1 + square / total);
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * `sensitivity`: the highest threshold that still finds that share of the class. `specificity`: the
 * lowest that still spares that share of the others.
 */
export function thresholdFor(curve: OperatingCurve, target: OperatingTarget): number {
  const { thresholds, truePositives, falsePositives, positives, negatives } = curve;
  if (target.kind === 'sensitivity') {
    const at = thresholds.findLastIndex((_, i) => truePositives[i] >= target.value * positives);
    return thresholds[Math.max(0, at)];
  }
  const at = thresholds.findIndex(
    (_, i) => negatives - falsePositives[i] >= target.value * negatives,
  );
  return thresholds[at < 0 ? thresholds.length - 1 : at];
}

/** Below `low` not flagged, from `high` on refer, in between uncertain; `low` ≤ `high`. */
export function limitsOf(
  curve: OperatingCurve,
  choice: OperatingChoice,
): { readonly low: number; readonly high: number } {
  const low = thresholdFor(curve, { kind: 'sensitivity', value: choice.sensitivity });
  const high = thresholdFor(curve, { kind: 'specificity', value: choice.specificity });
  return { low, high: Math.max(low, high) };
}

/**
 * @param threshold flagged at or above, 0 … 1
 * @param prevalence share of the class where the site works, 0 … 1
 */
export function operatingFigures(
  curve: OperatingCurve,
  threshold: number,
  prevalence: number,
): OperatingFigures {
  const { thresholds, truePositives, falsePositives, positives, negatives } = curve;
  const found = thresholds.findIndex((value) => value >= threshold);
  const at = found < 0 ? thresholds.length - 1 : found;
  const sensitivity = wilson(truePositives[at], positives);
  const specificity = wilson(negatives - falsePositives[at], negatives);
  const right = (hit: number, alarm: number): number => ratio(hit, hit + alarm);
  const positive = (sens: number, spec: number): number =>
    right(sens * prevalence, (1 - spec) * (1 - prevalence));
  const negative = (sens: number, spec: number): number =>
    right(spec * (1 - prevalence), (1 - sens) * prevalence);
  const through = (rule: (sens: number, spec: number) => number): Estimate => ({
    value: rule(sensitivity.value, specificity.value),
    low: rule(sensitivity.low, specificity.low),
    high: rule(sensitivity.high, specificity.high),
  });
  return {
    threshold,
    sensitivity,
    specificity,
    positivePredictive: through(positive),
    negativePredictive: through(negative),
  };
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : Number.NaN;
}
