/**
 * What the second stage needs on the device while it lasts: activations of the frozen front, one entry
 * a picture, read a batch at a time so that never all are in memory; and where the stage stands after
 * its last epoch. A database of its own beside the trainings': both go when the training is over.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { Connection, isDiskFull } from '../session/index.ts';
import { AdaptationNotKept, AdaptationsUnreadable } from './errors.ts';
import type { TuningState } from './tuning-protocol.ts';

interface Schema extends DBSchema {
  /** [training, place of the picture] → [1 + copies, …] halves. */
  activations: { key: [string, number]; value: Uint16Array };
  states: { key: string; value: TuningState };
}

export class TuningStore {
  readonly name: string;
  readonly #connection: Connection<IDBPDatabase<Schema>>;

  constructor(name: string) {
    this.name = name;
    this.#connection = new Connection((ends) =>
      openDB<Schema>(name, 1, {
        upgrade(db) {
          db.createObjectStore('activations');
          db.createObjectStore('states');
        },
        ...ends,
      }),
    );
  }

  /** @throws AdaptationNotKept */
  async keep(training: string, place: number, halves: Uint16Array): Promise<void> {
    await this.#write((db) => db.put('activations', halves, [training, place]));
  }

  /** @returns null where there is none. @throws AdaptationsUnreadable */
  async read(training: string, places: readonly number[]): Promise<(Uint16Array | null)[]> {
    try {
      const { store } = (await this.#connection.open()).transaction('activations');
      const found = await Promise.all(places.map((place) => store.get([training, place])));
      return found.map((each) => (each instanceof Uint16Array ? each : null));
    } catch (cause) {
      throw new AdaptationsUnreadable({ cause });
    }
  }

  /** Places that have activations; none where they cannot be read. */
  async places(training: string): Promise<ReadonlySet<number>> {
    try {
      const keys = await (await this.#connection.open()).getAllKeys('activations', allOf(training));
      return new Set(keys.map(([, place]) => place));
    } catch {
      return new Set();
    }
  }

  async state(training: string): Promise<TuningState | null> {
    try {
      return (await (await this.#connection.open()).get('states', training)) ?? null;
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
      const tx = (await this.#connection.open()).transaction(
        ['activations', 'states'],
        'readwrite',
      );
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
    this.#connection.close();
  }

  async #write(work: (db: IDBPDatabase<Schema>) => Promise<unknown>): Promise<void> {
    try {
      await work(await this.#connection.open());
    } catch (cause) {
      throw new AdaptationNotKept(isDiskFull(cause), { cause });
    }
  }
}

/** IndexedDB's own order: a list is greater than every number. */
function allOf(training: string): IDBKeyRange {
  return IDBKeyRange.bound([training], [training, []]);
}
