/**
 * What the second stage needs on the device while it lasts: activations of the frozen front, one entry
 * a picture, read a batch at a time so that never all are in memory; and where the stage stands after
 * its last epoch. A database of its own beside the trainings': both go when the training is over.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { AdaptationNotKept, AdaptationsUnreadable } from './errors.ts';
import type { TuningState } from './tuning-protocol.ts';

interface Schema extends DBSchema {
  /** [training, place of the picture] → [1 + copies, …] halves. */
  activations: { key: [string, number]; value: Uint16Array };
  states: { key: string; value: TuningState };
}

const OPEN_MS = 10_000;

export class TuningStore {
  readonly name: string;
  #connection: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(name: string) {
    this.name = name;
  }

  /** @throws AdaptationNotKept */
  async keep(training: string, place: number, halves: Uint16Array): Promise<void> {
    await this.#write((db) => db.put('activations', halves, [training, place]));
  }

  /** @returns null where there is none. @throws AdaptationsUnreadable */
  async read(training: string, places: readonly number[]): Promise<(Uint16Array | null)[]> {
    try {
      const { store } = (await this.#open()).transaction('activations');
      const found = await Promise.all(places.map((place) => store.get([training, place])));
      return found.map((each) => (each instanceof Uint16Array ? each : null));
    } catch (cause) {
      throw new AdaptationsUnreadable({ cause });
    }
  }

  /** Places that have activations; none where they cannot be read. */
  async places(training: string): Promise<ReadonlySet<number>> {
    try {
      const keys = await (await this.#open()).getAllKeys('activations', allOf(training));
      return new Set(keys.map(([, place]) => place));
    } catch {
      return new Set();
    }
  }

  async state(training: string): Promise<TuningState | null> {
    try {
      return (await (await this.#open()).get('states', training)) ?? null;
    } catch {
      return null;
    }
  }

  /** @throws AdaptationNotKept */
  async saveState(training: string, state: TuningState): Promise<void> {
    await this.#write((db) => db.put('states', state, training));
  }

  /** Never rejects: what cannot be removed only takes space. */
  async remove(training: string): Promise<void> {
    try {
      const tx = (await this.#open()).transaction(['activations', 'states'], 'readwrite');
      await Promise.all([
        tx.objectStore('activations').delete(allOf(training)),
        tx.objectStore('states').delete(training),
        tx.done,
      ]);
    } catch {
      // The next training of this device may have more luck.
    }
  }

  close(): void {
    void this.#connection?.then(
      (db) => db.close(),
      () => undefined,
    );
    this.#connection = null;
  }

  async #write(work: (db: IDBPDatabase<Schema>) => Promise<unknown>): Promise<void> {
    try {
      await work(await this.#open());
    } catch (cause) {
      const full = cause instanceof Error && cause.name === 'QuotaExceededError';
      throw new AdaptationNotKept(full, { cause });
    }
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#connection ??= this.#connect().catch((reason: unknown) => {
      this.#connection = null;
      throw reason;
    });
    return this.#connection;
  }

  async #connect(): Promise<IDBPDatabase<Schema>> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Some browsers never answer an open request (WebKit bug 226547).
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DOMException('no answer', 'TimeoutError')), OPEN_MS);
    });
    try {
      return await Promise.race([
        openDB<Schema>(this.name, 1, {
          upgrade(db) {
            db.createObjectStore('activations');
            db.createObjectStore('states');
          },
          blocking: () => this.close(),
          terminated: () => (this.#connection = null),
        }),
        late,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** IndexedDB's own order: a list is greater than every number. */
function allOf(training: string): IDBKeyRange {
  return IDBKeyRange.bound([training], [training, []]);
}
