/** Where a picture stands against the lines that the site drew (operating.ts draws them). */
import type { OperatingCurve } from '../model/index.ts';
import { limitsOf } from './operating.ts';
import type { Decision, DecisionState, OperatingChoice } from './types.ts';

/** Where a site has chosen nothing: finds nearly all and refers few for nothing. */
export const START: OperatingChoice = { sensitivity: 0.95, specificity: 0.95 };

/** @param probabilities calibrated, before any change of priors: the curves were made of these */
export function decide(
  probabilities: readonly number[],
  curves: readonly OperatingCurve[],
  choices: Readonly<Record<string, OperatingChoice | undefined>>,
  labels: readonly string[],
): Decision[] {
  return labels.flatMap((label, k) => {
    const curve = curves.find((each) => each.label === label);
    if (!curve || curve.positives === 0 || curve.negatives === 0) return [];
    const score = probabilities[k];
    const { low, high } = limitsOf(curve, choices[label] ?? START);
    const state: DecisionState =
      score >= high ? 'refer' : score < low ? 'not-flagged' : 'uncertain';
    return [{ label, state, score, low, high }];
  });
}

/**
 * Normal is nothing to refer for; of the others the most serious state counts. Null where no class
 * is called Normal: which of a site's own classes is nothing to refer for, nobody has said.
 */
export function triageOf(
  decisions: readonly Decision[],
  labels: readonly string[],
): DecisionState | null {
  if (!labels.includes('Normal')) return null;
  const states = decisions.filter(({ label }) => label !== 'Normal').map(({ state }) => state);
  if (states.length === 0) return null;
  if (states.includes('refer')) return 'refer';
  return states.includes('uncertain') ? 'uncertain' : 'not-flagged';
}
