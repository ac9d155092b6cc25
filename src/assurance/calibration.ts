/**
 * Logits → probabilities a person may read as such. Temperature scaling: C. Guo et al., On
 * Calibration of Modern Neural Networks, ICML 2017 (arXiv:1706.04599). All in float64; the network's
 * own float32 ends at the logits.
 */
import { CLASS_LABELS } from '../model/index.ts';
import { Fault } from '../base/fault.ts';

/**
 * How far the answer can be leaned on, without words (those are the screens' business):
 * - `clear`: the most resembled class has at least 0.90. With three others sharing at most 0.10,
 *   the margin is at least 0.80.
 * - `likely`: at least 0.60, so more than all the others together by 0.20.
 * - `unsure`: less; another class may be as good an answer.
 * After calibration a probability is the share of right answers among answers given with it, so the
 * bands say: wrong at most about once in ten, at most about four times in ten, or more often.
 */
export type Certainty = 'clear' | 'likely' | 'unsure';

export const CLEAR_FROM = 0.9;
export const LIKELY_FROM = 0.6;

/** Probabilities from which an answer is called sure, and likely: a model may bring its own. */
export interface WordLimits {
  readonly sure: number;
  readonly likely: number;
}

const WORDS: WordLimits = { sure: CLEAR_FROM, likely: LIKELY_FROM };

export interface Assessment {
  /** Sum 1, order of the model's labels. */
  readonly probabilities: readonly number[];
  /** Position of the most resembled class; the first one of equals. */
  readonly top: number;
  readonly label: string;
  readonly certainty: Certainty;
  /** Largest minus second largest probability, 0 … 1. */
  readonly margin: number;
  /** Shannon entropy over its largest possible value: 0 = one class only, 1 = all alike. */
  readonly entropy: number;
}

/** The network gave something that is no answer. */
export class LogitsUnusable extends Fault {
  readonly code = 'logits-unusable';
  constructor(detail: string) {
    super(
      `The network's answer cannot be used: ${detail}.`,
      'Read the picture again. If it comes back, test the backends on the status page.',
    );
  }
}

/**
 * Softmax of logits / temperature, by the largest logit so that nothing overflows.
 * @param temperature above 0; 1 leaves the network's own confidence
 * @throws LogitsUnusable for NaN, infinite values, an empty list or a temperature that is none
 */
export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  if (!(temperature > 0) || !Number.isFinite(temperature)) {
    throw new LogitsUnusable(`a temperature of ${temperature}`);
  }
  const scaled = Array.from(logits, (logit) => logit / temperature);
  if (scaled.length === 0 || !scaled.every(Number.isFinite)) {
    throw new LogitsUnusable('it is not a list of numbers');
  }
  const largest = Math.max(...scaled);
  const powers = scaled.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * @param logits one a class, in the order of `labels`
 * @param temperature the manifest's, fitted on the calibration split
 * @throws LogitsUnusable
 */
export function assess(
  logits: ArrayLike<number>,
  temperature: number,
  labels: readonly string[] = CLASS_LABELS,
  words: WordLimits = WORDS,
): Assessment {
  if (logits.length !== labels.length) {
    throw new LogitsUnusable(`${logits.length} numbers instead of ${labels.length}`);
  }
  return assessmentOf(softmax(logits, temperature), labels, words);
}

/** @param probabilities sum 1, in the order of `labels` */
export function assessmentOf(
  probabilities: readonly number[],
  labels: readonly string[] = CLASS_LABELS,
  words: WordLimits = WORDS,
): Assessment {
  let top = 0;
  let second = -1;
  for (let index = 1; index < probabilities.length; index++) {
    const value = probabilities[index];
    if (value > probabilities[top]) {
      second = top;
      top = index;
    } else if (second < 0 || value > probabilities[second]) {
      second = index;
    }
  }
  const largest = probabilities[top];
  return {
    probabilities,
    top,
    label: labels[top],
    certainty: certaintyOf(largest, words),
    margin: largest - probabilities[second],
    entropy: normalizedEntropy(probabilities),
  };
}

/** The band of a top probability. */
export function certaintyOf(topProbability: number, words: WordLimits = WORDS): Certainty {
  if (topProbability >= words.sure) return 'clear';
  return topProbability >= words.likely ? 'likely' : 'unsure';
}

function normalizedEntropy(probabilities: readonly number[]): number {
  const sum = probabilities.reduce((total, p) => (p > 0 ? total - p * Math.log(p) : total), 0);
  // Rounding may leave a hair outside of 0 … 1.
  return Math.min(1, Math.max(0, sum / Math.log(probabilities.length)));
}
