/** Which rows of a list are marked: single ones, ranges, all. */
export class Selection {
  #ids = new Set<string>();
  /** Where a range begins: the row that was marked last by itself. */
  #anchor: string | null = null;

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  toggle(id: string): void {
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.#anchor = id;
  }

  /**
   * Marks everything from the anchor to `id`, in the order of `list`, and keeps what was marked.
   * Without an anchor in the list it marks `id` alone.
   */
  extend(list: readonly { readonly id: string }[], id: string): void {
    const to = list.findIndex((entry) => entry.id === id);
    const from = list.findIndex((entry) => entry.id === this.#anchor);
    if (to < 0) return;
    if (from < 0) {
      this.#ids.add(id);
      this.#anchor = id;
      return;
    }
    const [first, last] = from < to ? [from, to] : [to, from];
    for (const entry of list.slice(first, last + 1)) this.#ids.add(entry.id);
  }

  all(list: readonly { readonly id: string }[]): void {
    this.#ids = new Set(list.map((entry) => entry.id));
  }

  clear(): void {
    this.#ids.clear();
    this.#anchor = null;
  }

  /** Forgets rows that are gone or hidden by a filter: nothing unseen may be removed. */
  keep(list: readonly { readonly id: string }[]): void {
    if (this.#ids.size === 0) return;
    const there = new Set(list.map((entry) => entry.id));
    for (const id of this.#ids) if (!there.has(id)) this.#ids.delete(id);
  }
}
