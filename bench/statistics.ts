/** Order statistics: timings have outliers on one side only, so means are of no use. */

/** @throws RangeError for an empty list */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('There is no quantile of nothing.');
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
