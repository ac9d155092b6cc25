/**
 * The models adapted on this device as one observable: which there are, which one is in use, and the
 * training under way, which goes on while other screens are looked at. The code of adaptation comes
 * when it is first needed; without a model in use nothing of it is loaded.
 */
import { msg, str } from '@lit/localize';
import type * as AdaptationDoor from '../adaptation/index.ts';
import type {
  AdaptationRun,
  AdaptationStore,
  AdaptedManifest,
  AdaptedModel,
  TrainingRecord,
  TrainingSettings,
} from '../adaptation/index.ts';
import type { LabelledFolder } from '../dataset/types.ts';
import type { EvaluatedModel } from '../evaluation/index.ts';
import type { FaultData } from '../base/fault.ts';
import type { TabNews } from '../base/tab-news.ts';
import type { GateStatistics, Memory } from '../inference/index.ts';
import type { Manifest, ModelStore } from '../model/index.ts';
import { faultDataOf } from '../session/index.ts';
import {
  deliveredModel,
  keyOf,
  type ActiveModel,
  type ModelInUse,
  type Overlay,
} from './active-model.ts';

export interface AdaptedParts {
  openStore(): Promise<ModelStore<Manifest>>;
  readonly active: Pick<ActiveModel, 'refresh' | 'delivered' | 'readerOf' | 'createEngine'>;
  /** Tells the other tabs which adapted model was changed, and hears it from them. */
  readonly news: Pick<TabNews, 'tell' | 'listen'>;
  /** Which one is in use: a word in the browser's small storage, so that a start need not look further. */
  readonly memory: Memory;
  readonly appVersion: string;
  readonly door?: () => Promise<typeof AdaptationDoor>;
  /** Of the database; tests have their own. */
  readonly storeName?: string;
}

const KEY = 'adapted-model';

export class AdaptedModels implements Overlay {
  readonly #parts: AdaptedParts;
  readonly #listeners = new Set<() => void>();
  #store: AdaptationStore | null = null;
  #models: readonly AdaptedManifest[] = [];
  #trainings: readonly TrainingRecord[] = [];
  #run: AdaptationRun | null = null;
  #fault: FaultData | null = null;
  #endRun: (() => void) | null = null;
  /** How often each model was changed since the app started, here or in another tab. */
  readonly #changes = new Map<string, number>();
  #loaded = false;

  constructor(parts: AdaptedParts) {
    this.#parts = parts;
    parts.news.listen((id) => void this.#follow(id));
  }

  /** Newest first; empty before `load`. */
  get models(): readonly AdaptedManifest[] {
    return this.#models;
  }

  /** Trainings that can be continued. */
  get trainings(): readonly TrainingRecord[] {
    return this.#trainings;
  }

  get run(): AdaptationRun | null {
    return this.#run;
  }

  /** Why the one in use is not used, or what else went wrong last. */
  get fault(): FaultData | null {
    return this.#fault;
  }

  /** Null: the delivered model. */
  get activeId(): string | null {
    return this.#parts.memory.read(KEY);
  }

  /** The one in use; null before `load`. */
  get active(): AdaptedManifest | null {
    const id = this.activeId;
    return this.#models.find((each) => each.id === id) ?? null;
  }

  get stamp(): string {
    const id = this.activeId;
    return id === null ? '' : this.#stampOf(id);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what is kept. Never rejects. */
  async load(): Promise<void> {
    await this.#try(async () => {
      const store = await this.#opened();
      const [models, trainings] = await Promise.all([store.models(), store.trainings()]);
      this.#models = models.map(({ manifest }) => manifest);
      this.#trainings = trainings;
      this.#loaded = true;
    });
  }

  /**
   * The model in use over the delivered one; null: the delivered model alone. A model in use that
   * cannot be used here any more is told in `fault`, and its readings stop being called adapted.
   */
  async over(delivered: Manifest): Promise<ModelInUse | null> {
    const id = this.activeId;
    if (id === null) return null;
    try {
      const model = await this.#inUse(id, delivered);
      this.#fault = null;
      return model;
    } catch (reason) {
      this.#fault = await this.#dataOf(reason);
      return null;
    } finally {
      this.#tell();
    }
  }

  /** @param id null: the delivered model */
  async use(id: string | null): Promise<void> {
    await this.#anew(async () => {
      if (id !== null) await this.#inUse(id, await this.#base());
      this.#parts.memory.write(KEY, id);
      this.#parts.news.tell(id ?? '');
      await this.#parts.active.refresh();
    });
  }

  /** @returns the file to save, or null with `fault` */
  async pack(id: string): Promise<File | null> {
    let file: File | null = null;
    await this.#anew(async () => {
      const { packModel } = await this.#door();
      const model = await this.#model(id);
      const plain = model.manifest.name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
      file = new File([await packModel(model)], `${plain || id}.fieldray-model.zip`, {
        type: 'application/zip',
      });
    });
    return file;
  }

  /** @returns whether it was taken in */
  async import(file: Blob): Promise<boolean> {
    return this.#anew(async () => {
      const { unpackModel } = await this.#door();
      const model = await unpackModel(file, await this.#base());
      await (await this.#opened()).saveModel(model);
      await this.#changed(model.manifest.id);
    });
  }

  /** Readings from now on carry the new name; those before keep the one they were made under. */
  async rename(id: string, name: string): Promise<void> {
    await this.#anew(async () => {
      const { renamed } = await this.#door();
      await (await this.#opened()).saveModel(renamed(await this.#model(id), name));
      await this.#changed(id);
    });
  }

  async remove(id: string): Promise<void> {
    await this.#try(async () => {
      if (this.activeId === id) await this.use(null);
      await (await this.#opened()).removeModel(id);
      await this.#changed(id);
    });
  }

  /** Begins a training and goes on with it in the background. */
  async begin(folder: LabelledFolder, settings: TrainingSettings, name: string): Promise<void> {
    await this.#anew(async () => {
      const { AdaptationRun } = await this.#door();
      const parts = await this.#runParts();
      this.#watch(AdaptationRun.begin(folder, settings, name, parts), folder);
    });
  }

  /** @param folder needed while pictures are left to read */
  async continue(record: TrainingRecord, folder: LabelledFolder | null): Promise<void> {
    await this.#anew(async () => {
      const { AdaptationRun } = await this.#door();
      const parts = await this.#runParts();
      this.#watch(await AdaptationRun.continue(record, parts), folder);
    });
  }

  async discard(record: TrainingRecord): Promise<void> {
    await this.#try(async () => {
      const mine = this.#run?.record.id === record.id;
      if (mine) await this.#run?.discard();
      else await (await this.#opened()).removeTraining(record.id);
      await this.load();
      if (mine) this.leave();
    });
  }

  /** The training that is over is looked at no longer. */
  leave(): void {
    this.#endRun?.();
    this.#endRun = null;
    this.#run = null;
    this.#tell();
  }

  /** Every adapted model that fits the delivered one, as evaluation takes it. Rejects with a Fault. */
  async evaluated(): Promise<readonly EvaluatedModel[]> {
    await this.load();
    if (this.#models.length === 0) return [];
    const [base, { evaluatedModel }, { judgingModelOf }] = await Promise.all([
      this.#base(),
      import('../evaluation/index.ts'),
      this.#door(),
    ]);
    return this.#models
      .filter((model) => model.base.id === base.id && model.base.version === base.version)
      .map((model) => {
        // As on every result of it.
        const name = msg(str`Adapted at this site: “${model.name}”`);
        return evaluatedModel(judgingModelOf(model, base), base, name, async () =>
          this.#parts.active.readerOf(await this.#inUse(model.id, base)),
        );
      });
  }

  forgetFault(): void {
    this.#fault = null;
    this.#tell();
  }

  /** Another tab changed this model, or took another one into use. */
  async #follow(id: string): Promise<void> {
    this.#count(id);
    if (this.#loaded) await this.load();
    // A store that cannot be read is told to whoever reads next.
    await this.#parts.active.refresh().catch(() => undefined);
    this.#tell();
  }

  /** This tab changed what is kept of a model. */
  async #changed(id: string): Promise<void> {
    this.#count(id);
    this.#parts.news.tell(id);
    await this.#parts.active.refresh();
    await this.load();
  }

  #count(id: string): void {
    this.#changes.set(id, (this.#changes.get(id) ?? 0) + 1);
  }

  #stampOf(id: string): string {
    return `${id}#${this.#changes.get(id) ?? 0}`;
  }

  #watch(run: AdaptationRun, folder: LabelledFolder | null): void {
    this.#endRun?.();
    this.#run = run;
    this.#endRun = run.subscribe(() => {
      if (run.phase === 'done' && !this.#models.some(({ id }) => id === run.record.id)) {
        void this.load();
        this.#parts.news.tell(run.record.id);
      }
      this.#tell();
    });
    void run.resume(folder).then(() => this.load());
    this.#tell();
  }

  async #runParts(): Promise<AdaptationDoor.RunParts> {
    const base = await this.#base();
    const store = await this.#opened();
    return {
      store,
      base,
      // Its own: the one that reads may have a tuned network, and must not be kept waiting.
      engine: async (signal) => {
        const engine = await this.#parts.active.createEngine(deliveredModel(base));
        try {
          await engine.start(signal);
        } catch (reason) {
          engine.dispose();
          throw reason;
        }
        return engine;
      },
      gate: () => this.#gate(base),
      secondStage: { source: { kind: 'store', only: base } },
      appVersion: this.#parts.appVersion,
    };
  }

  async #gate(base: Manifest): Promise<GateStatistics | null> {
    const { assurance } = base;
    if (!assurance) return null;
    const [store, { readGateTables }] = await Promise.all([
      this.#parts.openStore(),
      import('../model/index.ts'),
    ]);
    const { gate, manifest } = await store.read();
    if (keyOf(manifest) !== keyOf(base)) {
      const { ModelReplaced } = await import('../inference/index.ts');
      throw new ModelReplaced(keyOf(base), keyOf(manifest));
    }
    return gate ? { gate: assurance.gate, tables: readGateTables(assurance.gate, gate) } : null;
  }

  /** @throws ImportForOtherModel, AdaptationsUnreadable */
  async #inUse(id: string, base: Manifest): Promise<ModelInUse> {
    const { ImportForOtherModel, judgingModelOf, siteModelOf } = await this.#door();
    const model = await this.#model(id);
    const { id: baseId, version } = model.manifest.base;
    if (baseId !== base.id || version !== base.version) {
      throw new ImportForOtherModel(`${baseId} ${version}`, `${base.id} ${base.version}`);
    }
    return {
      manifest: base,
      site: siteModelOf(model),
      judging: judgingModelOf(model.manifest, base),
      revision: `${keyOf(base)}|${this.#stampOf(id)}`,
    };
  }

  async #model(id: string): Promise<AdaptedModel> {
    const model = await (await this.#opened()).model(id);
    if (model) return model;
    const { AdaptationsUnreadable } = await this.#door();
    throw new AdaptationsUnreadable();
  }

  async #base(): Promise<Manifest> {
    const delivered = await this.#parts.active.delivered();
    if (delivered) return delivered.manifest;
    const { NoModelStored } = await import('../model/index.ts');
    throw new NoModelStored();
  }

  async #opened(): Promise<AdaptationStore> {
    const { AdaptationStore } = await this.#door();
    this.#store ??= new AdaptationStore(this.#parts.storeName);
    return this.#store;
  }

  #door(): Promise<typeof AdaptationDoor> {
    return (this.#parts.door ?? (() => import('../adaptation/index.ts')))();
  }

  /** A new try: what went wrong with an earlier one is said no longer. */
  #anew(work: () => Promise<void>): Promise<boolean> {
    this.#fault = null;
    return this.#try(work);
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (reason) {
      this.#fault = await this.#dataOf(reason);
      return false;
    } finally {
      this.#tell();
    }
  }

  async #dataOf(reason: unknown): Promise<FaultData> {
    const { TrainingStopped } = await this.#door();
    return faultDataOf(reason, () => new TrainingStopped(reason));
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
