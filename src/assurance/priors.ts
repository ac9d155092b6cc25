import type { Priors, PriorCorrection } from './types.ts';

/**
 * Probabilities for another mix of classes: p_k · stated_k / assumed_k, made to sum to 1
 * (M. Saerens et al., Adjusting the Outputs of a Classifier to New a Priori Probabilities, Neural
 * Computation 14, 2002, eq. 4).
 * @param probabilities calibrated, sum 1, @param assumed what they stand for, each above 0
 * @param stated how common the classes are where the app is used; 0 rules a class out
 */
export function correctPriors(
  probabilities: readonly number[],
  assumed: Priors,
  stated: Priors,
): number[] {
  const weighted = probabilities.map((p, k) => (p * stated[k]) / assumed[k]);
  const sum = weighted.reduce((total, value) => total + value, 0);
  // Every class the network thinks possible was ruled out: the clinic's statement is all there is.
  return sum > 0 ? weighted.map((value) => value / sum) : [...stated];
}

export function priorCorrection(assumed: Priors, stated: Priors | null): PriorCorrection {
  return { assumed, stated: stated ?? assumed, applied: stated !== null };
}
