/** From calibrated probabilities to what a person reads first. Pure figures; the words are the screens'. */
import { CLASS_LABELS } from '../model/manifest.ts';
import type { Certainty, Impression } from './types.ts';

/**
 * Lower bounds of the steps of certainty. A calibrated 0.95 is wrong once in twenty, 0.8 once in
 * five, 0.6 two times in five; below that a single word would say more than the figures do.
 */
export const CERTAINTY_STEPS = { high: 0.95, fair: 0.8, low: 0.6 } as const;

export function certaintyOf(probability: number): Certainty {
  if (probability >= CERTAINTY_STEPS.high) return 'high';
  if (probability >= CERTAINTY_STEPS.fair) return 'fair';
  if (probability >= CERTAINTY_STEPS.low) return 'low';
  return 'none';
}

/**
 * @param probabilities calibrated, one per class in the order of CLASS_LABELS, summing to 1
 * @throws RangeError if there are not as many as classes, or one is not a number
 */
export function impressionOf(probabilities: ArrayLike<number>): Impression {
  const values = Array.from(probabilities);
  if (values.length !== CLASS_LABELS.length || values.some((value) => !Number.isFinite(value))) {
    throw new RangeError('An impression needs one finite probability per class.');
  }
  const ranking = CLASS_LABELS.map((label, index) => ({ label, value: values[index] ?? 0 }))
    .sort((a, b) => b.value - a.value)
    .map((entry) => entry.label);
  const top = ranking[0] ?? CLASS_LABELS[0];
  const topProbability = values[CLASS_LABELS.indexOf(top)] ?? 0;
  return {
    probabilities: values,
    ranking,
    top,
    topProbability,
    certainty: certaintyOf(topProbability),
  };
}
