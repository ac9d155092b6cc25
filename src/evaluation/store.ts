/**
 * Runs on this device: what was answered, never a picture. A run's answers lie in parts of a few
 * dozen, so that a closed tab costs a second of work and a run of 50,000 is never written whole.
 */
import type { DBSchema } from 'idb';
import * as v from 'valibot';
import { Database, isDiskFull, type Migration } from '../base/database.ts';
import { EvaluationNotKept, EvaluationsUnreadable } from './errors.ts';
import type { EvaluatedPicture } from './pictures.ts';
import { PictureSchema, RunSchema, type EvaluationRun } from './records.ts';

interface PartRecord {
  readonly run: string;
  readonly part: number;
  readonly pictures: readonly EvaluatedPicture[];
}

interface Schema extends DBSchema {
  runs: { key: string; value: EvaluationRun };
  answers: { key: [string, number]; value: PartRecord };
}

const MIGRATIONS: readonly Migration<Schema>[] = [
  (db) => {
    db.createObjectStore('runs', { keyPath: 'id' });
    db.createObjectStore('answers');
  },
];

export class RunStore {
  readonly #db: Database<Schema>;

  constructor(name = 'fieldray-evaluations') {
    this.#db = new Database({ name, migrations: MIGRATIONS });
  }

  /** Newest first; records that this version cannot read are left out. */
  async list(): Promise<EvaluationRun[]> {
    try {
      const all: unknown[] = await this.#db.read(['runs'], (tx) => tx.objectStore('runs').getAll());
      return all
        .flatMap((value) => {
          const parsed = v.safeParse(RunSchema, value);
          return parsed.success ? [parsed.output] : [];
        })
        .sort((a, b) => b.startedAt - a.startedAt);
    } catch (cause) {
      throw new EvaluationsUnreadable({ cause });
    }
  }

  /** In the order they were answered; each picture once. */
  async pictures(run: string): Promise<EvaluatedPicture[]> {
    try {
      const parts: unknown[] = await this.#db.read(['answers'], (tx) =>
        tx.objectStore('answers').getAll(partsOf(run)),
      );
      const byPath = new Map<string, EvaluatedPicture>();
      for (const part of parts) {
        const list = (part as Partial<PartRecord>).pictures;
        for (const value of Array.isArray(list) ? list : []) {
          const parsed = v.safeParse(PictureSchema, value);
          if (parsed.success) byPath.set(parsed.output.path, parsed.output);
        }
      }
      return [...byPath.values()];
    } catch (cause) {
      throw new EvaluationsUnreadable({ cause });
    }
  }

  /**
   * The run's record and, with it, one more part of its answers: both or neither.
   * @throws EvaluationNotKept
   */
  async save(run: EvaluationRun, pictures: readonly EvaluatedPicture[] = []): Promise<void> {
    try {
      await this.#db.write(['runs', 'answers'], async (tx) => {
        if (pictures.length > 0) {
          const answers = tx.objectStore('answers');
          const last = await answers.openKeyCursor(partsOf(run.id), 'prev');
          const part = last ? last.key[1] + 1 : 0;
          await answers.put({ run: run.id, part, pictures }, [run.id, part]);
        }
        await tx.objectStore('runs').put(run);
      });
    } catch (cause) {
      throw new EvaluationNotKept(isDiskFull(cause), { cause });
    }
  }

  /** @throws EvaluationsUnreadable */
  async remove(run: string): Promise<void> {
    try {
      await this.#db.write(['runs', 'answers'], async (tx) => {
        await tx.objectStore('answers').delete(partsOf(run));
        await tx.objectStore('runs').delete(run);
      });
    } catch (cause) {
      throw new EvaluationsUnreadable({ cause });
    }
  }

  close(): void {
    this.#db.release();
  }
}

function partsOf(run: string): IDBKeyRange {
  return IDBKeyRange.bound([run, 0], [run, Number.MAX_SAFE_INTEGER]);
}
