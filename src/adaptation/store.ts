/**
 * Trainings under way and adapted models, on this device. Embeddings lie in parts of a few dozen, the
 * training's state is written after every epoch: a closed tab costs at most that. No picture is kept.
 */
import type { DBSchema, StoreNames } from 'idb';
import * as v from 'valibot';
import { Database, isDiskFull, type Migration, type Transaction } from '../base/database.ts';
import type { FaultData } from '../base/fault.ts';
import { AdaptationNotKept, AdaptationsUnreadable } from './errors.ts';
import { AdaptedManifestSchema, type AdaptedModel } from './model.ts';
import type { Plan } from './plan.ts';
import { TrainingSettingsSchema } from './settings.ts';
import type { TrainingState } from './train-head.ts';
import { TuningStore } from './tuning-store.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const TrainingRecordSchema = v.object({
  schema: v.literal(1),
  id: v.string(),
  name: v.string(),
  startedAt: count,
  folder: v.object({ name: v.string(), key: v.string() }),
  base: v.object({ id: v.string(), version: v.string() }),
  settings: TrainingSettingsSchema,
  labels: v.array(v.string()),
  total: count,
  /** Pictures read so far, unreadable ones counted. */
  done: count,
  epochs: count,
  backend: v.string(),
});
/** A training that has not come to its end. */
export type TrainingRecord = v.InferOutput<typeof TrainingRecordSchema>;

/** What came of one picture. */
export interface EmbeddedPicture {
  readonly place: number;
  /** [1 + copies, 1280]; null: it could not be read. */
  readonly embeddings: Float32Array | null;
  /** What the delivered head makes of the picture itself. */
  readonly logits: Float32Array | null;
  readonly failure: FaultData | null;
}

interface Schema extends DBSchema {
  trainings: { key: string; value: TrainingRecord };
  plans: { key: string; value: Plan };
  parts: { key: [string, number]; value: readonly EmbeddedPicture[] };
  states: { key: string; value: TrainingState };
  models: { key: string; value: AdaptedModel };
}

const KEPT_BY_RUN: StoreNames<Schema>[] = ['trainings', 'plans', 'parts', 'states'];

const MIGRATIONS: readonly Migration<Schema>[] = [
  (db) => {
    db.createObjectStore('trainings', { keyPath: 'id' });
    for (const store of ['plans', 'parts', 'states', 'models'] as const) {
      db.createObjectStore(store);
    }
  },
];

export class AdaptationStore {
  readonly #db: Database<Schema>;
  /** What a second stage keeps while it lasts. */
  readonly tuning: TuningStore;

  constructor(name = 'fieldray-adaptations') {
    this.tuning = new TuningStore(`${name}-tuning`);
    this.#db = new Database({ name, migrations: MIGRATIONS });
  }

  /** Adapted models, newest first; those that this version cannot read are left out. */
  async models(): Promise<AdaptedModel[]> {
    const all: unknown[] = await this.#read(['models'], (tx) => tx.objectStore('models').getAll());
    return all
      .flatMap((value) => modelOf(value) ?? [])
      .sort((a, b) => b.manifest.created - a.manifest.created);
  }

  async model(id: string): Promise<AdaptedModel | null> {
    return modelOf(await this.#read(['models'], (tx) => tx.objectStore('models').get(id)));
  }

  /** @throws AdaptationNotKept */
  async saveModel(model: AdaptedModel): Promise<void> {
    await this.#write(['models'], async (tx) => {
      await tx.objectStore('models').put(model, model.manifest.id);
    });
  }

  async removeModel(id: string): Promise<void> {
    await this.#write(['models'], (tx) => tx.objectStore('models').delete(id));
  }

  /** Trainings that wait to be continued, newest first. */
  async trainings(): Promise<TrainingRecord[]> {
    const all: unknown[] = await this.#read(['trainings'], (tx) =>
      tx.objectStore('trainings').getAll(),
    );
    return all
      .flatMap((value) => {
        const parsed = v.safeParse(TrainingRecordSchema, value);
        return parsed.success ? [parsed.output] : [];
      })
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  /** The plan and everything read so far; null if it is not there any more. */
  async training(
    id: string,
  ): Promise<{ plan: Plan; pictures: EmbeddedPicture[]; state: TrainingState | null } | null> {
    return this.#read(KEPT_BY_RUN, async (tx) => {
      const [plan, parts, state] = await Promise.all([
        tx.objectStore('plans').get(id),
        tx.objectStore('parts').getAll(partsOf(id)),
        tx.objectStore('states').get(id),
      ]);
      return plan ? { plan, pictures: parts.flat(), state: state ?? null } : null;
    });
  }

  /** @throws AdaptationNotKept */
  async begin(record: TrainingRecord, plan: Plan): Promise<void> {
    await this.#write(['trainings', 'plans'], async (tx) => {
      await tx.objectStore('plans').put(plan, record.id);
      await tx.objectStore('trainings').put(record);
    });
  }

  /** The record with one more part, or another state, or neither: all of it or nothing. */
  async save(
    record: TrainingRecord,
    more: { readonly pictures?: readonly EmbeddedPicture[]; readonly state?: TrainingState } = {},
  ): Promise<void> {
    await this.#write(['trainings', 'parts', 'states'], async (tx) => {
      if (more.pictures && more.pictures.length > 0) {
        const parts = tx.objectStore('parts');
        const last = await parts.openKeyCursor(partsOf(record.id), 'prev');
        await parts.put(more.pictures, [record.id, last ? last.key[1] + 1 : 0]);
      }
      if (more.state) await tx.objectStore('states').put(more.state, record.id);
      await tx.objectStore('trainings').put(record);
    });
  }

  async removeTraining(id: string): Promise<void> {
    await this.tuning.remove(id);
    await this.#write(KEPT_BY_RUN, async (tx) => {
      await tx.objectStore('trainings').delete(id);
      await tx.objectStore('plans').delete(id);
      await tx.objectStore('parts').delete(partsOf(id));
      await tx.objectStore('states').delete(id);
    });
  }

  close(): void {
    this.tuning.close();
    this.#db.release();
  }

  async #read<T>(
    stores: StoreNames<Schema>[],
    body: (tx: Transaction<Schema, 'readonly'>) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#db.read(stores, body);
    } catch (cause) {
      throw new AdaptationsUnreadable({ cause });
    }
  }

  async #write(
    stores: StoreNames<Schema>[],
    body: (tx: Transaction<Schema, 'readwrite'>) => Promise<void>,
  ): Promise<void> {
    try {
      await this.#db.write(stores, body);
    } catch (cause) {
      throw new AdaptationNotKept(isDiskFull(cause), { cause });
    }
  }
}

function modelOf(value: unknown): AdaptedModel | null {
  const { manifest, head, gateCenters, overlay } = (value ?? {}) as Partial<AdaptedModel>;
  const parsed = v.safeParse(AdaptedManifestSchema, manifest);
  if (!parsed.success || !(head instanceof Float32Array)) return null;
  if (!(gateCenters instanceof Float32Array) || typeof overlay !== 'object') return null;
  return { manifest: parsed.output, head, gateCenters, overlay };
}

function partsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
}
