/**
 * Which model is in use: the delivered one's manifest, the site's model laid over it, and the engine
 * that reads with both. They change together, and follow what this tab or another one installs,
 * removes, or takes into use. This is the only place that asks the store for its active model.
 */
import type { JudgingModel } from '../assurance/types.ts';
import { Fault } from '../base/fault.ts';
import { Observable } from '../base/observable.ts';
import type { MeasuredScreeningService, Reading } from '../inference/index.ts';
import type { ScreeningService, SiteModel } from '../inference/types.ts';
import type { InstalledModel, Manifest, ModelStore } from '../model/index.ts';

/** A model as the app reads with it. */
export interface ModelInUse {
  /** Of the delivered model. */
  readonly manifest: Manifest;
  /** Laid over it; null: the delivered model alone. */
  readonly site: SiteModel | null;
  /** What its readings are judged by. */
  readonly judging: JudgingModel;
  /** Another one whenever anything above is another. */
  readonly revision: string;
}

/** What a site lays over the delivered model. */
export interface Overlay {
  /** Another one whenever `over` may give another answer; the empty string: nothing is laid over. */
  readonly stamp: string;
  /** Null: the delivered model alone. Never rejects. */
  over(delivered: Manifest): Promise<ModelInUse | null>;
}

export type CreateEngine = (model: ModelInUse | null) => MeasuredScreeningService;

export interface ActiveModelParts {
  openStore(): Promise<ModelStore<Manifest>>;
  /** The code of the engines; an engine opens this very model and no other. */
  engines(): Promise<CreateEngine>;
  readonly overlay: Overlay;
}

/** Reads a batch with one model from its first picture to its last. */
export type BatchReader = Pick<ScreeningService, 'screenMany' | 'embedMany'>;

/** An engine with its model. It ends when another pair took its place and nobody reads with it. */
interface Pair {
  readonly model: ModelInUse | null;
  readonly engine: MeasuredScreeningService;
  users: number;
  retired: boolean;
}

/** Another tab may install one version after the other while an engine starts. */
const TRIES = 3;

export class ActiveModel {
  /** The model in use; null: none is installed, or nobody has looked yet. */
  readonly model = new Observable<ModelInUse | null>(null);
  readonly #parts: ActiveModelParts;
  /** Every model used in this sitting, by id and version: a reading is judged by the one that made it. */
  readonly #known = new Map<string, JudgingModel>();
  #looking: Promise<unknown> = Promise.resolve();
  /** What the store and the overlay said when `model` was made. */
  #seen: string | null = null;
  #pair: Pair | null = null;
  /** One more engine, for an evaluation of a model that is not in use. */
  #beside: Pair | null = null;
  #unlisten: (() => void) | null = null;

  constructor(parts: ActiveModelParts) {
    this.#parts = parts;
  }

  /**
   * Looks at what is installed and in use now, and changes over to it.
   * @returns the delivered model as the store has it; null: none is installed
   * @throws faults of the store
   */
  refresh(): Promise<InstalledModel<Manifest> | null> {
    const look = this.#looking.then(() => this.#look());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  /** The delivered model alone, whatever is laid over it. @throws faults of the store */
  async delivered(): Promise<ModelInUse | null> {
    const installed = await this.refresh();
    return installed && deliveredModel(installed.manifest);
  }

  /** The engine of the model in use, not necessarily started. @throws faults of the store */
  async engine(): Promise<MeasuredScreeningService> {
    return (await this.#current()).engine;
  }

  /** Starts the engine so that the first picture need not wait for it. Never rejects. */
  async warmUp(): Promise<void> {
    await this.#hold()
      .then((pair) => this.#release(pair))
      .catch(() => undefined);
  }

  /**
   * Work with a started engine and its model, which stay together until it is done.
   * @throws faults of store and engine, the signal's reason
   */
  async use<T>(
    signal: AbortSignal | undefined,
    work: (engine: ScreeningService, model: ModelInUse) => Promise<T>,
  ): Promise<T> {
    const pair = await this.#hold(signal);
    try {
      return await work(pair.engine, await mustBe(pair.model));
    } finally {
      this.#release(pair);
    }
  }

  /** Reads with whatever model is in use when a batch begins. */
  readonly reader: BatchReader = {
    screenMany: (sources, handlers) =>
      this.use(handlers.signal, (engine) => engine.screenMany(sources, handlers)),
    embedMany: (sources, handlers) =>
      this.use(handlers.signal, (engine) => engine.embedMany(sources, handlers)),
  };

  /**
   * Reads with this very model, with an engine beside the one in use where that reads with another.
   * Its batches reject with `model-replaced` once another delivered model is installed.
   */
  readerOf(model: ModelInUse): BatchReader {
    const using = async <T>(
      signal: AbortSignal | undefined,
      work: (engine: ScreeningService) => Promise<T>,
    ): Promise<T> => {
      const pair = await this.#holdOf(model, signal);
      try {
        return await work(pair.engine);
      } finally {
        this.#release(pair);
      }
    };
    return {
      screenMany: (sources, handlers) =>
        using(handlers.signal, (engine) => engine.screenMany(sources, handlers)),
      embedMany: (sources, handlers) =>
        using(handlers.signal, (engine) => engine.embedMany(sources, handlers)),
    };
  }

  /** An engine of one's own with this model, not started; whoever asked disposes of it. */
  async createEngine(model: ModelInUse): Promise<MeasuredScreeningService> {
    return (await this.#parts.engines())(model);
  }

  /** The model that made a reading. @throws RangeError for one that was never in use here */
  judgingOf({ modelId, modelVersion }: Pick<Reading, 'modelId' | 'modelVersion'>): JudgingModel {
    const model = this.#known.get(`${modelId}@${modelVersion}`);
    if (!model) throw new RangeError(`No model ${modelId} ${modelVersion} was in use here.`);
    return model;
  }

  /** Ends the engines and stops following other tabs. */
  dispose(): void {
    this.#unlisten?.();
    for (const pair of [this.#pair, this.#beside]) pair?.engine.dispose();
    this.#pair = null;
    this.#beside = null;
  }

  async #look(): Promise<InstalledModel<Manifest> | null> {
    const store = await this.#parts.openStore();
    // A store that cannot be read is told to whoever asks next.
    this.#unlisten ??= store.onChanged(() => void this.refresh().catch(() => undefined));
    const installed = await store.active();
    const { overlay } = this.#parts;
    const seen = installed && `${keyOf(installed.manifest)}|${overlay.stamp}`;
    if (seen === this.#seen && (installed === null) === (this.model.value === null)) {
      return installed;
    }
    const over = installed && overlay.stamp !== '' ? await overlay.over(installed.manifest) : null;
    const model = over ?? (installed && deliveredModel(installed.manifest));
    this.#seen = seen;
    if (model) this.#known.set(keyOf(model.judging), model.judging);
    if (model?.revision === this.model.value?.revision) return installed;
    this.#retire(this.#pair);
    this.#pair = null;
    this.#retire(this.#beside);
    this.#beside = null;
    this.model.set(model);
    return installed;
  }

  async #current(): Promise<Pair> {
    // Fetching the code and reading the store take their time side by side.
    const [create] = await Promise.all([this.#parts.engines(), this.refresh()]);
    return (this.#pair ??= pairOf(this.model.value, create));
  }

  /** The pair in use, started; call `#release` after it. */
  async #hold(signal?: AbortSignal): Promise<Pair> {
    for (let tries = 1; ; tries += 1) {
      const pair = await this.#current();
      try {
        return await this.#start(pair, signal);
      } catch (reason) {
        // Between the look at the store and the engine's own, another tab installed another version.
        if (tries >= TRIES || !isReplaced(reason)) throw reason;
        this.#retire(pair);
        if (this.#pair === pair) this.#pair = null;
      }
    }
  }

  async #holdOf(model: ModelInUse, signal?: AbortSignal): Promise<Pair> {
    const current = await this.#current();
    if (current.model?.revision === model.revision) return this.#start(current, signal);
    if (this.#beside?.model?.revision !== model.revision) {
      this.#retire(this.#beside);
      this.#beside = pairOf(model, await this.#parts.engines());
      this.#known.set(keyOf(model.judging), model.judging);
    }
    return this.#start(this.#beside, signal);
  }

  async #start(pair: Pair, signal?: AbortSignal): Promise<Pair> {
    pair.users += 1;
    try {
      await pair.engine.start(signal);
      return pair;
    } catch (reason) {
      this.#release(pair);
      throw reason;
    }
  }

  #release(pair: Pair): void {
    pair.users -= 1;
    if (pair.retired && pair.users === 0) pair.engine.dispose();
  }

  #retire(pair: Pair | null): void {
    if (!pair || pair.retired) return;
    pair.retired = true;
    if (pair.users === 0) pair.engine.dispose();
  }
}

/** The delivered model with nothing laid over it. */
export function deliveredModel(manifest: Manifest): ModelInUse {
  return { manifest, site: null, judging: manifest, revision: `${keyOf(manifest)}|` };
}

export function keyOf({ id, version }: Pick<JudgingModel, 'id' | 'version'>): string {
  return `${id}@${version}`;
}

function pairOf(model: ModelInUse | null, create: CreateEngine): Pair {
  return { model, engine: create(model), users: 0, retired: false };
}

async function mustBe(model: ModelInUse | null): Promise<ModelInUse> {
  if (model) return model;
  const { NoModelStored } = await import('../model/index.ts');
  throw new NoModelStored();
}

function isReplaced(reason: unknown): boolean {
  return reason instanceof Fault && ['model-replaced', 'service-closed'].includes(reason.code);
}
