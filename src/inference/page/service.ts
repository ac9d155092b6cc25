/** `ScreeningService` for the page: one door to the lanes, to what reads in them and to what picks them. */
import type { ModelSource } from '../protocol.ts';
import { ServiceClosed } from '../errors.ts';
import type {
  BackendId,
  BatchHandlers,
  EmbedHandlers,
  EngineReport,
  EngineState,
  PictureInput,
  Reading,
  ScreeningService,
  ScreenOptions,
} from '../types.ts';
import { asFault } from './as-fault.ts';
import { CrashGuard } from './crash-guard.ts';
import { poolSize, recycleAfter } from './device.ts';
import type { LaneSetup } from './lane.ts';
import { Ledger } from './ledger.ts';
import { MainLane } from './main-lane.ts';
import { browserMemory, type Memory } from '../../base/key-value.ts';
import { Pool } from './pool.ts';
import { Screening } from './screening.ts';
import { Selection } from './selection.ts';
import { abortable } from '../../base/waiting.ts';
import type { StepLimits } from './worker-client.ts';

export interface ServiceOptions {
  /** Default: the active model of this origin's store. */
  readonly source?: ModelSource;
  /** A new version measures the backends again. */
  readonly appVersion?: string;
  /** Where choice and crash marker are kept. */
  readonly memory?: Memory;
  /** Default: the worker beside this folder. */
  readonly createWorker?: () => Worker;
  readonly limits?: Partial<StepLimits>;
  /**
   * Whether pictures are going to be asked for with their lungs: each worker then builds that
   * network right after its start instead of with its first picture. Default: it does not.
   */
  readonly lungs?: () => boolean;
  /** Workers that share a batch on WASM, the main one counted. Default: by cores and memory. */
  readonly poolSize?: number;
  /** Helpers end after so many milliseconds without a batch. */
  readonly helperIdleMs?: number;
  /** A GPU worker is replaced after so many readings. */
  readonly recycleAfter?: number;
}

/** The service, and one thing more for status pages, benchmarks and tests. */
export interface MeasuredScreeningService extends ScreeningService {
  /** Resolves when no backend is being tried in the background. Never rejects. */
  settled(): Promise<void>;
}

function defaultWorker(): Worker {
  return new Worker(new URL('../worker/worker.ts', import.meta.url), {
    type: 'module',
    name: 'fieldray-inference',
  });
}

export class BrowserScreeningService implements MeasuredScreeningService {
  readonly #guard: CrashGuard;
  readonly #ledger: Ledger;
  readonly #main: MainLane;
  readonly #pool: Pool;
  readonly #selection: Selection;
  readonly #screening: Screening;
  readonly #listeners = new Set<(state: EngineState) => void>();
  #state: EngineState = { phase: 'idle' };
  #starting: Promise<void> | null = null;
  #closed = false;

  constructor(options: ServiceOptions) {
    const memory = options.memory ?? browserMemory('fieldray.');
    const setup: LaneSetup = {
      source: options.source ?? { kind: 'store' },
      createWorker: options.createWorker ?? defaultWorker,
      limits: options.limits ?? {},
      ...(options.lungs && { lungs: options.lungs }),
    };
    const changed = (): void => this.#changed();
    this.#guard = new CrashGuard(memory);
    this.#ledger = new Ledger(memory, {
      browser: navigator.userAgent,
      app: options.appVersion ?? __APP_VERSION__,
    });
    this.#main = new MainLane(setup, this.#guard, this.#ledger, {
      changed,
      restarting: () => this.#setState({ phase: 'starting', step: 'Starting again after a fault' }),
      recovered: (lane, from, fault) => this.#selection.recovered(lane, from, fault),
      failed: (error) => this.#setFailed(error),
    });
    this.#pool = new Pool(setup, this.#main, {
      size: options.poolSize ?? poolSize(navigator),
      helperIdleMs: options.helperIdleMs ?? 60_000,
      changed,
    });
    this.#selection = new Selection({
      setup,
      main: this.#main,
      guard: this.#guard,
      ledger: this.#ledger,
      recycleAfter: options.recycleAfter ?? recycleAfter(navigator),
      changed,
    });
    this.#screening = new Screening({
      main: this.#main,
      pool: this.#pool,
      start: () => this.start(),
      onRead: (lane) => this.#selection.recycleIfDue(lane),
    });
  }

  get state(): EngineState {
    return this.#state;
  }

  onState(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(signal?: AbortSignal): Promise<void> {
    if (this.#closed) return Promise.reject(new ServiceClosed());
    this.#starting ??= this.#start(signal).catch((error: unknown) => {
      this.#starting = null;
      if (signal?.aborted) this.#setState({ phase: 'idle' });
      else this.#setFailed(error);
      throw error;
    });
    return this.#starting;
  }

  screen(source: Blob, options: ScreenOptions = {}): Promise<Reading> {
    return this.#screening.one(source, options);
  }

  screenMany(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void> {
    return this.#screening.many(sources, handlers);
  }

  embedMany(sources: readonly PictureInput[], handlers: EmbedHandlers): Promise<void> {
    return this.#screening.embed(sources, handlers);
  }

  report(): EngineReport {
    return this.#ledger.report(this.#pool.workers, this.#guard.crashes);
  }

  async retest(signal?: AbortSignal): Promise<EngineReport> {
    await abortable(this.start(), signal);
    await this.#selection.retest(signal);
    return this.report();
  }

  async chooseBackend(backend: BackendId | 'auto'): Promise<EngineReport> {
    if (backend === 'auto') return this.retest();
    await this.start();
    await this.#selection.choose(backend);
    return this.report();
  }

  tensors(): Promise<number> {
    return this.#main.healthy().then((lane) => lane.tensors());
  }

  settled(): Promise<void> {
    return this.#selection.idle();
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#selection.stop(new ServiceClosed());
    this.#main.close();
    this.#pool.close();
    this.#setState({ phase: 'idle' });
    this.#listeners.clear();
  }

  async #start(signal: AbortSignal | undefined): Promise<void> {
    this.#setState({ phase: 'starting', step: 'Loading the network' });
    await this.#selection.start(signal);
  }

  #changed(): void {
    this.#pool.fitToMain();
    const lane = this.#main.lane;
    if (lane && !this.#closed) {
      this.#setState({ phase: 'ready', backend: lane.backend, workers: this.#pool.workers });
    }
    this.#pool.announce();
  }

  #setFailed(error: unknown): void {
    const { code, message, remedy } = asFault(error);
    this.#setState({ phase: 'failed', code, message, remedy });
  }

  #setState(state: EngineState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}
