/** Counting what an opened folder holds, from its names and sheets alone. */
import type { LabelledFolder, LabelledItem } from '../types.ts';

/** Pictures by class, in the order of the folder's labels. */
export function countByClass({ labels, items }: LabelledFolder): Map<string, number> {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { label } of items) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Pictures with a mask by class. */
export function countMasks({ labels, items }: LabelledFolder): Map<string, number> {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { label, mask } of items) if (mask) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Pictures of one class (all for null) by origin, the most first; those of no known origin under null. */
export function countOrigins(
  items: readonly LabelledItem[],
  label: string | null,
): [origin: string | null, count: number][] {
  return countEach(
    items.filter((item) => label === null || item.label === label),
    ({ origin }) => origin,
  );
}

/** How often each value occurs, the most frequent first. */
export function countEach<T, V>(list: Iterable<T>, valueOf: (entry: T) => V): [V, number][] {
  const counts = new Map<V, number>();
  for (const entry of list) {
    const value = valueOf(entry);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
