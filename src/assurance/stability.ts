/** Test-time check: does the answer survive a mirror and a small shift? */
import { softmax } from './calibration.ts';
import type { Evidence } from '../inference/types.ts';
import type { StabilityResult } from './types.ts';

/**
 * “Unstable” is said where a copy's probabilities are this far away (total variation distance), or
 * where it resembles another class most and is at least FLIP away: a picture between two classes
 * flips at a breath, and is told as unsure already.
 */
export const UNSTABLE_FROM = 0.3;
export const FLIP = 0.15;

/**
 * @param probabilities of the picture, calibrated, before any change of priors
 * @param copies logits of its copies; null if none were asked for
 * @param asked whether the settings ask for copies
 */
export function stabilityOf(
  probabilities: readonly number[],
  copies: Evidence['copies'],
  temperature: number,
  asked: boolean,
): StabilityResult {
  if (!copies || copies === 'not-needed') {
    const state = asked ? (copies ?? 'unavailable') : 'off';
    return { state, difference: Number.NaN, copies: [] };
  }
  const answers = copies.map((logits) => softmax(logits, temperature));
  const top = indexOfLargest(probabilities);
  let difference = 0;
  let unstable = false;
  for (const answer of answers) {
    const away = answer.reduce((sum, p, k) => sum + Math.abs(p - probabilities[k]), 0) / 2;
    difference = Math.max(difference, away);
    const flips = indexOfLargest(answer) !== top;
    if (away >= UNSTABLE_FROM || (flips && away >= FLIP)) unstable = true;
  }
  return { state: unstable ? 'unstable' : 'stable', difference, copies: answers };
}

function indexOfLargest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
