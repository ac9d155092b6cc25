/** The reliability diagram: how often answers stated with a probability were right. */
import type { Stated } from './calibration-error.ts';
import { binOf } from './calibration-error.ts';

export interface ReliabilityBin {
  /** low < confidence ≤ high (the first bin holds 0 as well). */
  readonly low: number;
  readonly high: number;
  readonly answers: number;
  /** Means over the bin's answers; null in an empty one. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** Bins of equal width, the same ones the calibration error is taken over. */
export function reliability(answers: readonly Stated[], bins = 15): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ answers: 0, stated: 0, right: 0 }));
  for (const { confidence, right } of answers) {
    const bin = sums[binOf(confidence, bins)];
    if (!bin) continue;
    bin.answers++;
    bin.stated += confidence;
    if (right) bin.right++;
  }
  return sums.map((bin, at) => ({
    low: at / bins,
    high: (at + 1) / bins,
    answers: bin.answers,
    confidence: bin.answers > 0 ? bin.stated / bin.answers : null,
    accuracy: bin.answers > 0 ? bin.right / bin.answers : null,
  }));
}
