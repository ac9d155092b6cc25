/** What a collection's numbers mean for training: shares, ratios, weights, augmentation. Pure. */

/** Of the whole, held out for the test: the study's share. */
export const TEST_SHARE = 0.15;

export interface ClassBalance {
  readonly label: string;
  readonly count: number;
  /** Of all pictures, 0 … 1. */
  readonly share: number;
  /** Pictures of the largest class for each of this one, 1 or more. */
  readonly imbalance: number;
  /** Weight in a loss that lets every class count the same: n / (k · count), as scikit-learn's `balanced`. */
  readonly weight: number;
  /** Copies of each picture, itself included, that bring the class to the largest one's size. */
  readonly augmentation: number;
  /** Pictures expected in a stratified test of 15 %. */
  readonly testSupport: number;
}

export type Counts = ReadonlyMap<string, number>;

export function totalOf(counts: Counts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

/** One entry a class, in the order of `counts`; classes of none are left out. */
export function balanceOf(counts: Counts): ClassBalance[] {
  const used = [...counts].filter(([, count]) => count > 0);
  const total = totalOf(counts);
  const largest = Math.max(...used.map(([, count]) => count));
  return used.map(([label, count]) => ({
    label,
    count,
    share: count / total,
    imbalance: largest / count,
    weight: total / (used.length * count),
    augmentation: largest / count,
    testSupport: Math.round(count * TEST_SHARE),
  }));
}

/** The largest and the smallest class; null without any. */
export function extremesOf(
  counts: Counts,
): { readonly largest: ClassBalance; readonly smallest: ClassBalance } | null {
  const balance = balanceOf(counts).sort((a, b) => b.count - a.count);
  const [largest] = balance;
  const smallest = balance[balance.length - 1];
  return largest && smallest ? { largest, smallest } : null;
}

/**
 * What augmentation of one class does to the balance.
 * @param factor 1 or more: pictures for each original one, itself included
 */
export function augmented(counts: Counts, label: string, factor: number): Map<string, number> {
  return new Map(
    [...counts].map(([each, count]) => [
      each,
      each === label ? Math.round(count * Math.max(1, factor)) : count,
    ]),
  );
}
