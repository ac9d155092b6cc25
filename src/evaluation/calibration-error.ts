/** How far stated probabilities are from the share of right answers. */

/** One answer: the probability of its class, and whether the class was right. */
export interface Stated {
  /** 0 … 1 */
  readonly confidence: number;
  readonly right: boolean;
}

/**
 * Expected calibration error of the top class: C. Guo et al., On Calibration of Modern Neural
 * Networks, ICML 2017 (arXiv:1706.04599). Bins of equal width, each with its upper but not its lower
 * edge (the first with both); training/fieldray_training/metrics.py uses the same ones.
 * @returns 0 (as stated) … 1; 0 if there is no answer
 */
export function calibrationError(answers: readonly Stated[], bins = 15): number {
  const gaps = new Array<number>(bins).fill(0);
  for (const { confidence, right } of answers) {
    const bin = binOf(confidence, bins);
    gaps[bin] = (gaps[bin] ?? 0) + (right ? 1 : 0) - confidence;
  }
  // |mean right − mean confidence| × count is |sum of differences|.
  const sum = gaps.reduce((total, gap) => total + Math.abs(gap), 0);
  return answers.length > 0 ? sum / answers.length : 0;
}

/** The bin of a probability: each has its upper but not its lower edge, the first has both. */
export function binOf(confidence: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
}
