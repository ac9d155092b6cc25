/** Percentile bootstrap intervals (Efron 1979), stratified so that no class is ever missing. */
import { Random } from '../dataset/index.ts';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly samples?: number;
  readonly seed?: number;
  /** Share of resamples inside the interval. */
  readonly level?: number;
}

/** How often each picture counts in a draw → figures, null where there is none. */
export type Measure = (times: Uint32Array) => readonly (number | null)[];

/**
 * Draws as many pictures of every class as there are, with replacement, and measures each draw.
 * All figures share the draws.
 * @param classes class of each picture, 0, 1, …
 * @returns one interval for each figure; null where the figure of the pictures themselves is null
 */
export function bootstrap(
  classes: readonly number[],
  measure: Measure,
  { samples = 1000, seed = 2026, level = 0.95 }: BootstrapOptions = {},
): (Interval | null)[] {
  const strata = new Map<number, number[]>();
  for (const [at, label] of classes.entries()) {
    const stratum = strata.get(label);
    if (stratum) stratum.push(at);
    else strata.set(label, [at]);
  }
  const random = new Random(seed);
  const times = new Uint32Array(classes.length).fill(1);
  const values = measure(times);
  const drawn = values.map((): number[] => []);
  for (let sample = 0; sample < samples; sample++) {
    times.fill(0);
    for (const stratum of strata.values()) {
      for (let pick = 0; pick < stratum.length; pick++) {
        const at = stratum[random.below(stratum.length)] ?? 0;
        times[at] = (times[at] ?? 0) + 1;
      }
    }
    for (const [which, figure] of measure(times).entries()) {
      if (figure !== null) drawn[which]?.push(figure);
    }
  }
  const tail = (1 - level) / 2;
  return values.map((value, which) => {
    const sorted = (drawn[which] ?? []).sort((a, b) => a - b);
    if (value === null || sorted.length === 0) return null;
    return { value, low: percentile(sorted, tail), high: percentile(sorted, 1 - tail) };
  });
}

/**
 * Linear between the two nearest ranks, as numpy's default.
 * @param sorted ascending, not empty
 * @param share 0 … 1
 */
export function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const left = Math.floor(place);
  const a = sorted[left] ?? Number.NaN;
  const b = sorted[Math.min(left + 1, sorted.length - 1)] ?? Number.NaN;
  return a + (b - a) * (place - left);
}
