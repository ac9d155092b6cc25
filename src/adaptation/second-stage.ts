/**
 * The second stage of a training, seen from the page: which graphics processor does it, where its
 * pictures' activations lie, how far it is, and what came of it. What a device cannot do costs the second
 * stage and never the head: `fault` says why, and the best epoch so far is kept.
 */
import { Fault, type FaultData } from '../base/fault.ts';
import {
  activationLength,
  cutPointOf,
  probeTuning,
  startTailWorker,
  TailClient,
  type ProbeOptions,
  type TuningBackend,
  type TuningLimits,
} from '../inference/tuning.ts';
import { ActivationKeeper } from './activations.ts';
import { SecondStageImpossible, TrainingStopped } from './errors.ts';
import type { Note } from './refit.ts';
import type { TrainingSettings, TuningSettings } from './settings.ts';
import { isOver, type EpochFigures, type TrainingData } from './train-head.ts';
import { runTuner } from './trainer.ts';
import type { Trained } from './trainer-protocol.ts';
import type { TuningStore } from './tuning-store.ts';
import type { TunedBest, TuningPart, TuningState } from './tuning-protocol.ts';
import { whyNot } from './why-not.ts';

export interface SecondStageParts {
  /** Default: the active model of this origin's store. */
  readonly source?: NonNullable<ProbeOptions['source']>;
  /** Tests let a slow device pass. */
  readonly limits?: Partial<TuningLimits>;
  readonly backends?: readonly TuningBackend[];
  /** Milliseconds that one call of the graphics processor may take. */
  readonly callMs?: number;
  readonly createTail?: () => Worker;
  readonly createTrainer?: () => Worker;
}

/** What the second stage gave; `best` null: the head's best epoch stays. */
export interface Tuned {
  readonly from: number;
  readonly log: readonly EpochFigures[];
  readonly best: (TunedBest & { readonly golden: readonly (readonly number[])[] }) | null;
  readonly note: Note | null;
}

interface Wish {
  readonly trained: Trained;
  readonly data: TrainingData;
  readonly places: { readonly training: readonly number[]; readonly validation: readonly number[] };
  readonly signal: AbortSignal;
  /** After every epoch. */
  keep(state: TuningState): void;
  /** How far it is has changed. */
  changed(): void;
}

const CALL_MS = 120_000;

export class SecondStage {
  readonly keeper: ActivationKeeper;
  readonly #store: TuningStore;
  readonly #training: string;
  readonly #settings: TrainingSettings;
  readonly #tuning: TuningSettings;
  readonly #parts: SecondStageParts;
  #state: TuningState | null;
  #share = 0;
  #fault: FaultData | null = null;
  #doing: 'waiting' | 'measuring' | 'training' = 'waiting';

  constructor(
    training: string,
    settings: TrainingSettings & { readonly tuning: TuningSettings },
    store: TuningStore,
    parts: SecondStageParts,
    state: TuningState | null,
  ) {
    this.#training = training;
    this.#settings = settings;
    this.#tuning = settings.tuning;
    this.#store = store;
    this.#parts = parts;
    this.#state = state;
    this.keeper = new ActivationKeeper(store, training);
  }

  /** The node of the graph whose output is kept for every picture. */
  get entry(): string {
    return cutPointOf(this.#tuning.from).entry;
  }

  get log(): readonly EpochFigures[] {
    return this.#state?.log ?? [];
  }

  /** Of this stage; 0: none was better than the head's. */
  get keptEpoch(): number {
    return this.#state?.best?.epoch ?? 0;
  }

  /** Of the epoch under way. */
  get share(): number {
    return this.#share;
  }

  get doing(): 'waiting' | 'measuring' | 'training' {
    return this.#doing;
  }

  /** Why it was left out or ended early. */
  get fault(): FaultData | null {
    return this.#fault;
  }

  /** @throws the signal's reason; whatever else happens is told in `fault` and by a note */
  async run(wish: Wish): Promise<Tuned> {
    const { signal } = wish;
    this.#fault = null;
    const failed = (reason: unknown): null => {
      signal.throwIfAborted();
      this.#fault = (reason instanceof Fault ? reason : new TrainingStopped(reason)).toData();
      return null;
    };
    await this.#go(wish).catch(failed);
    const best = await this.#result(signal).catch(failed);
    this.#doing = 'waiting';
    const { log } = this;
    const cut = best ? 'tuning-cut' : 'tuning-left-out';
    const note = this.#fault ? cut : best ? null : 'tuning-no-gain';
    return { from: this.#tuning.from, log, best, note };
  }

  /** On the first backend that passes its probe; one that is lost on the way gives over to the next. */
  async #go(wish: Wish): Promise<void> {
    await this.keeper.settle();
    let left = this.#parts.backends ?? (['webgpu', 'webgl'] as const);
    let lost: unknown = null;
    while (!this.#over) {
      this.#doing = 'measuring';
      wish.changed();
      const { source, limits, createTail } = this.#parts;
      const verdict = await probeTuning({
        ...(source ? { source } : {}),
        ...(limits ? { limits } : {}),
        ...(createTail ? { createWorker: createTail } : {}),
        block: this.#tuning.from,
        backends: left,
        signal: wish.signal,
      });
      if (!verdict.possible) {
        throw (lost as Error | null) ?? this.#impossible(verdict.refused, wish);
      }
      try {
        await this.#onBackend(verdict.backend, wish);
        return;
      } catch (reason) {
        wish.signal.throwIfAborted();
        if (!(reason instanceof Fault) || !LOSSES.has(reason.code)) throw reason;
        lost = reason;
        left = left.slice(left.indexOf(verdict.backend) + 1);
      }
    }
  }

  get #over(): boolean {
    return isOver(this.log.length, this.keptEpoch, this.#tuning.epochs, this.#settings.patience);
  }

  #impossible(refused: Parameters<typeof whyNot>[0], { data }: Wish): SecondStageImpossible {
    return new SecondStageImpossible(whyNot(refused, data.training.classOf.length));
  }

  async #onBackend(backend: TuningBackend, wish: Wish): Promise<void> {
    const { trained, data, places, signal } = wish;
    const { source = { kind: 'store' as const }, callMs = CALL_MS } = this.#parts;
    const block = this.#tuning.from;
    const worker = startTailWorker(this.#parts.createTail);
    try {
      const client = new TailClient(worker.port, callMs);
      await Promise.race([client.call('open', { backend, source, block }), worker.broken]);
      this.#doing = 'training';
      wish.changed();
      const kept = trained.log[trained.keptEpoch - 1];
      const tuning = runTuner(
        {
          kind: 'tune',
          tail: worker.port,
          training: this.#training,
          store: this.#store.name,
          held: this.keeper.held,
          data: {
            classes: data.classes,
            length: activationLength(cutPointOf(block)),
            training: partOf(data.training, places.training),
            validation: partOf(data.validation, places.validation),
          },
          settings: this.#settings,
          head: trained.head,
          lossToBeat: kept?.val_loss ?? Number.POSITIVE_INFINITY,
          state: this.#state,
          callMs,
        },
        {
          signal,
          onBatch: (share) => {
            this.#share = share;
            wish.changed();
          },
          onEpoch: (state) => {
            this.#state = state;
            this.#share = 0;
            wish.keep(state);
            wish.changed();
          },
        },
        this.#parts.createTrainer,
      );
      await Promise.race([tuning, worker.broken]);
    } finally {
      worker.end();
    }
  }

  /** The known answers of what was trained, by which every device will hold it to account. */
  async #result(signal: AbortSignal): Promise<Tuned['best']> {
    const best = this.#state?.best ?? null;
    if (!best) return null;
    const worker = startTailWorker(this.#parts.createTail);
    try {
      const client = new TailClient(worker.port, this.#parts.callMs ?? CALL_MS);
      const { source = { kind: 'store' as const } } = this.#parts;
      const asking = client.call('golden', { source, weights: best.weights });
      const golden = await Promise.race([asking, worker.broken]);
      signal.throwIfAborted();
      return { ...best, golden };
    } finally {
      worker.end();
    }
  }
}

/** The embeddings themselves are the first stage's. */
function partOf(
  { classOf, variants }: TrainingData['training'],
  places: readonly number[],
): TuningPart {
  return { classOf, variants, places };
}

/** After these another backend may do better. */
const LOSSES = new Set([
  'tail-lost',
  'tail-silent',
  'worker-stopped',
  'out-of-memory',
  'device-lost',
]);
