/** A long list without a copy of it: a row is made when it comes into sight. */
export interface Rows<T> {
  readonly length: number;
  at(index: number): T | undefined;
  indexOf(id: string): number;
}

export function mapRows<S extends { readonly id: string }, T>(
  source: readonly S[],
  show: (entry: S) => T,
): Rows<T> {
  return {
    length: source.length,
    at: (index) => {
      const entry = source[index];
      return entry && show(entry);
    },
    indexOf: (id) => source.findIndex((entry) => entry.id === id),
  };
}

/** Row numbers from `first` up to but not including `end`, inside the list. */
export function rowsBetween<T>(rows: Rows<T>, first: number, end: number): [number, T][] {
  const found: [number, T][] = [];
  for (let index = Math.max(0, first); index < Math.min(end, rows.length); index += 1) {
    const row = rows.at(index);
    if (row) found.push([index, row]);
  }
  return found;
}
