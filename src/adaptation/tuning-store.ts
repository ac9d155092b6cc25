/**
 * What the second stage needs on the device while it lasts: activations of the frozen front, one entry
 * a picture, read a batch at a time so that never all are in memory; and where the stage stands after
 * its last epoch. A database of its own beside the trainings': both go when the training is over.
 */
import type { DBSchema } from 'idb';
import { Database, isDiskFull, type Migration, type Transaction } from '../base/database.ts';
import { AdaptationNotKept, AdaptationsUnreadable } from './errors.ts';
import type { TuningState } from './tuning-protocol.ts';

interface Schema extends DBSchema {
  /** [training, place of the picture] → [1 + copies, …] halves. */
  activations: { key: [string, number]; value: Uint16Array };
  states: { key: string; value: TuningState };
}

const MIGRATIONS: readonly Migration<Schema>[] = [
  (db) => {
    db.createObjectStore('activations');
    db.createObjectStore('states');
  },
];

export class TuningStore {
  readonly name: string;
  readonly #db: Database<Schema>;

  constructor(name: string) {
    this.name = name;
    this.#db = new Database({ name, migrations: MIGRATIONS });
  }

  /** @throws AdaptationNotKept */
  async keep(training: string, place: number, halves: Uint16Array): Promise<void> {
    await this.#write(async (tx) => {
      await tx.objectStore('activations').put(halves, [training, place]);
    });
  }

  /** @returns null where there is none. @throws AdaptationsUnreadable */
  async read(training: string, places: readonly number[]): Promise<(Uint16Array | null)[]> {
    try {
      const found = await this.#db.read(['activations'], (tx) => {
        const store = tx.objectStore('activations');
        return Promise.all(places.map((place) => store.get([training, place])));
      });
      return found.map((each) => (each instanceof Uint16Array ? each : null));
    } catch (cause) {
      throw new AdaptationsUnreadable({ cause });
    }
  }

  /** Places that have activations; none where they cannot be read. */
  async places(training: string): Promise<ReadonlySet<number>> {
    try {
      const keys = await this.#db.read(['activations'], (tx) =>
        tx.objectStore('activations').getAllKeys(allOf(training)),
      );
      return new Set(keys.map(([, place]) => place));
    } catch {
      return new Set();
    }
  }

  async state(training: string): Promise<TuningState | null> {
    try {
      const state = await this.#db.read(['states'], (tx) => tx.objectStore('states').get(training));
      return state ?? null;
    } catch {
      return null;
    }
  }

  /** @throws AdaptationNotKept */
  async saveState(training: string, state: TuningState): Promise<void> {
    await this.#write(async (tx) => {
      await tx.objectStore('states').put(state, training);
    });
  }

  /** Never rejects: what cannot be removed only takes space. */
  async remove(training: string): Promise<void> {
    try {
      await this.#write(async (tx) => {
        await tx.objectStore('activations').delete(allOf(training));
        await tx.objectStore('states').delete(training);
      });
    } catch {
      // The next training of this device may have more luck.
    }
  }

  close(): void {
    this.#db.release();
  }

  async #write(work: (tx: Transaction<Schema, 'readwrite'>) => Promise<void>): Promise<void> {
    try {
      await this.#db.write(['activations', 'states'], work);
    } catch (cause) {
      throw new AdaptationNotKept(isDiskFull(cause), { cause });
    }
  }
}

/** IndexedDB's own order: a list is greater than every number. */
function allOf(training: string): IDBKeyRange {
  return IDBKeyRange.bound([training], [training, []]);
}
