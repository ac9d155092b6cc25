/** The kept studies that a search finds, fetched in parts as they come into sight. */
import { Observable } from '../../base/observable.ts';
import type { StudyEntry, StudyQuery } from '../../records/types.ts';
import type { RecordsStore } from './records-store.ts';

/** Entries that are fetched at once. */
export const PART = 100;

export interface Found {
  /** How many the query finds, of how many that are kept. */
  readonly found: number;
  readonly kept: number;
}

export class History {
  /** Null until the first answer. */
  readonly state = new Observable<Found | null>(null);
  readonly #records: Pick<RecordsStore, 'call'>;
  readonly #failed: (reason: unknown) => void;
  #query: StudyQuery = {};
  /** Replies to an earlier search are not listened to. */
  #turn = 0;
  #parts = new Map<number, readonly StudyEntry[]>();
  readonly #asked = new Set<number>();

  constructor(records: Pick<RecordsStore, 'call'>, failed: (reason: unknown) => void) {
    this.#records = records;
    this.#failed = failed;
  }

  get query(): StudyQuery {
    return this.#query;
  }

  get length(): number {
    return this.state.value?.found ?? 0;
  }

  /** Undefined until it was fetched: asking for it fetches it. */
  at(index: number): StudyEntry | undefined {
    const part = Math.floor(index / PART);
    const entries = this.#parts.get(part);
    if (!entries) void this.#fetch(part);
    return entries?.[index % PART];
  }

  indexOf(id: string): number {
    for (const [part, entries] of this.#parts) {
      const at = entries.findIndex((entry) => entry.id === id);
      if (at >= 0) return part * PART + at;
    }
    return -1;
  }

  /** Resolves with the first part of what is found; never rejects. */
  async search(query: StudyQuery): Promise<void> {
    this.#query = query;
    await this.again();
  }

  /** Something kept has changed. */
  async again(): Promise<void> {
    this.#turn += 1;
    this.#asked.clear();
    // What is shown stays until the new answer is there.
    await this.#fetch(0, true);
  }

  async #fetch(part: number, fresh = false): Promise<void> {
    if (this.#asked.has(part)) return;
    this.#asked.add(part);
    const turn = this.#turn;
    try {
      const { found, kept, entries } = await this.#records.call('list', {
        ...this.#query,
        skip: part * PART,
        limit: PART,
      });
      if (turn !== this.#turn) return;
      if (fresh) this.#parts = new Map();
      this.#parts.set(part, entries);
      this.state.set({ found, kept });
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.#asked.delete(part);
      this.#failed(reason);
    }
  }
}
