/** `ScreeningService` for the page: picks the backend, keeps it alive, hands pictures to it. */
import { Fault } from '../../fault.ts';
import {
  BackendRejected,
  CarriedFault,
  EngineFailed,
  ReadingFailed,
  ServiceClosed,
} from '../errors.ts';
import type { TrialPlan } from '../engine/known-answer.ts';
import type { ModelSource, ReadRequest } from '../protocol.ts';
import type {
  BackendId,
  BatchHandlers,
  EngineReport,
  EngineState,
  Reading,
  ScreeningService,
  ScreenOptions,
} from '../types.ts';
import { runBatch } from './batch.ts';
import type { StoredChoice } from './choice.ts';
import { CrashGuard } from './crash-guard.ts';
import { poolSize, recycleAfter } from './device.ts';
import { Helpers } from './helpers.ts';
import { FULL_PLAN, Lane, QUICK_PLAN, type LaneSetup } from './lane.ts';
import { Ledger } from './ledger.ts';
import { MainLane } from './main-lane.ts';
import { browserMemory, type Memory } from './memory.ts';
import { Exclusive } from './exclusive.ts';
import { backendName, GPU_BACKENDS, isGpu } from './verdict.ts';
import { DEFAULT_LIMITS, WorkerBroken, WorkerClient, type StepLimits } from './worker-client.ts';

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

/** Fewer pictures than this a worker are not worth another worker's start. */
const PICTURES_PER_HELPER = 4;
/** Plain JavaScript takes seconds a run. */
const SLOW_PLAN: TrialPlan = { golden: 'all', timedRuns: 1, budgetMs: 0 };

const planFor = (backend: BackendId): TrialPlan => (backend === 'cpu' ? SLOW_PLAN : FULL_PLAN);

function defaultWorker(): Worker {
  return new Worker(new URL('../worker.ts', import.meta.url), {
    type: 'module',
    name: 'fieldray-inference',
  });
}

export class BrowserScreeningService implements MeasuredScreeningService {
  readonly #setup: LaneSetup;
  readonly #guard: CrashGuard;
  readonly #ledger: Ledger;
  readonly #main: MainLane;
  readonly #helpers: Helpers;
  readonly #poolSize: number;
  readonly #recycleAfter: number;
  readonly #listeners = new Set<(state: EngineState) => void>();
  readonly #jobs = new Exclusive();
  readonly #repeats = new Exclusive();
  #state: EngineState = { phase: 'idle' };
  #starting: Promise<void> | null = null;
  #identity = '';
  #recycling = false;
  #closed = false;
  #change = newSignal();

  constructor(options: ServiceOptions) {
    const memory = options.memory ?? browserMemory('fieldray.');
    this.#setup = {
      source: options.source ?? { kind: 'store' },
      createWorker: options.createWorker ?? defaultWorker,
      limits: options.limits ?? {},
    };
    this.#guard = new CrashGuard(memory);
    this.#ledger = new Ledger(memory, {
      browser: navigator.userAgent,
      app: options.appVersion ?? __APP_VERSION__,
    });
    this.#poolSize = options.poolSize ?? poolSize(navigator);
    this.#recycleAfter = options.recycleAfter ?? recycleAfter(navigator);
    this.#helpers = new Helpers(
      () => this.#openHelper(),
      options.helperIdleMs ?? 60_000,
      () => this.#changed(),
    );
    this.#main = new MainLane(this.#setup, this.#guard, this.#ledger, {
      changed: () => this.#changed(),
      restarting: () => this.#setState({ phase: 'starting', step: 'Starting again after a fault' }),
      recovered: (lane, from, fault) => {
        this.#afterRecovery(lane, from, fault);
      },
      failed: (error) => this.#setFailed(error),
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

  async screen(source: Blob, options: ScreenOptions = {}): Promise<Reading> {
    const { signal } = options;
    const endCase = this.#main.beginCase();
    try {
      await abortable(this.start(), signal);
      const lane = await abortable(this.#main.healthy(), signal);
      return await this.#read(lane, toRequest(source, options), signal);
    } finally {
      endCase();
    }
  }

  async screenMany(sources: readonly Blob[], handlers: BatchHandlers): Promise<void> {
    const total = sources.length;
    if (total === 0) return;
    const endCase = this.#main.beginCase();
    let done = 0;
    try {
      await abortable(this.start(), handlers.signal);
      await runBatch({
        total,
        signal: handlers.signal,
        lanes: () => this.#lanesFor(total - done),
        changed: () => this.#change.promise,
        read: async (index, lane, signal) => {
          const outcome = await this.#attempt(sources[index], lane, handlers, signal);
          signal.throwIfAborted();
          if ('reading' in outcome) handlers.onReading(index, outcome.reading);
          else handlers.onFailure(index, outcome.failure.toData());
          done++;
          handlers.onProgress?.(done, total);
        },
      });
    } finally {
      endCase();
      this.#helpers.rest();
    }
  }

  report(): EngineReport {
    return this.#ledger.report(this.#workers(), this.#guard.crashes);
  }

  async retest(signal?: AbortSignal): Promise<EngineReport> {
    await abortable(this.start(), signal);
    await this.#jobs.interrupt(async (stop) => {
      const forward = (): void => stop.abort(signal?.reason);
      signal?.addEventListener('abort', forward, { once: true });
      signal?.throwIfAborted();
      this.#guard.clear();
      this.#ledger.forget();
      try {
        await this.#measure(['wasm', ...GPU_BACKENDS, 'cpu'], stop.signal);
      } finally {
        signal?.removeEventListener('abort', forward);
      }
    });
    return this.report();
  }

  async chooseBackend(backend: BackendId | 'auto'): Promise<EngineReport> {
    if (backend === 'auto') return this.retest();
    await this.start();
    await this.#jobs.interrupt(async (stop) => {
      this.#guard.clear();
      const opened = await this.#main.open(backend, {
        plan: planFor(backend),
        allowSoftware: true,
        signal: stop.signal,
      });
      if (!opened.lane) throw new BackendRejected(backendName(backend), opened.trial.detail);
      if (!(await this.#main.adoptBetweenCases(opened.lane))) {
        throw new BackendRejected(backendName(backend), 'It stopped right after its test.');
      }
      await this.#settle(opened.lane, 'by-hand');
    });
    return this.report();
  }

  tensors(): Promise<number> {
    return this.#main.healthy().then((lane) => lane.tensors());
  }

  settled(): Promise<void> {
    return this.#jobs.idle();
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#jobs.stop(new ServiceClosed());
    this.#main.close();
    this.#helpers.close();
    this.#setState({ phase: 'idle' });
    this.#listeners.clear();
  }

  async #start(signal: AbortSignal | undefined): Promise<void> {
    this.#setState({ phase: 'starting', step: 'Loading the network' });
    const crashes = await this.#guard.check();
    const stored = this.#ledger.recall();
    // WASM first: everywhere, right, and ready at once. A GPU is tried behind its back.
    const order: BackendId[] = crashes > 0 ? ['wasm', 'cpu'] : ['wasm', ...GPU_BACKENDS, 'cpu'];
    const plan = stored ? QUICK_PLAN : FULL_PLAN;
    const lane = await this.#main.openFirst(order, { plan, ...(signal ? { signal } : {}) });
    const known =
      stored?.modelId === lane.modelId && stored.modelVersion === lane.modelVersion ? stored : null;
    this.#main.adopt(lane);
    if (known) this.#ledger.resume(known);
    if (crashes > 0) {
      this.#ledger.decide(lane.backend, 'safe-start', lane.adapter);
      return;
    }
    this.#ledger.decide(lane.backend, known?.choice ?? 'automatic', lane.adapter);
    void this.#jobs.background((stop) =>
      known ? this.#confirm(known, stop.signal) : this.#measure(GPU_BACKENDS, stop.signal),
    );
  }

  /** The choice of an earlier start, if the device is still the same one. */
  async #confirm(stored: StoredChoice, signal: AbortSignal): Promise<void> {
    this.#identity = await this.#identify(signal);
    if (stored.choice === 'automatic' && stored.identity !== this.#identity) {
      return this.#measure(GPU_BACKENDS, signal);
    }
    let lane = this.#main.lane;
    if (lane && lane.backend !== stored.chosen) {
      const opened = await this.#main.open(stored.chosen, {
        plan: QUICK_PLAN,
        allowSoftware: stored.choice === 'by-hand',
        signal,
      });
      if (opened.lane && (await this.#main.adoptBetweenCases(opened.lane))) lane = opened.lane;
    }
    const kept = lane?.backend === stored.chosen;
    if (lane) await this.#settle(lane, kept ? stored.choice : 'automatic');
  }

  /** Tries backends one after the other, each in a worker of its own, and changes to the fastest. */
  async #measure(backends: readonly BackendId[], signal: AbortSignal): Promise<void> {
    this.#identity ||= await this.#identify(signal);
    let best: Lane | null = null;
    try {
      for (const backend of backends) {
        signal.throwIfAborted();
        const { lane } = await this.#main.open(backend, { plan: planFor(backend), signal });
        if (!lane) continue;
        if (this.#ledger.fastest() === backend && backend !== this.#main.lane?.backend) {
          best?.close();
          best = lane;
        } else {
          lane.close();
        }
      }
      // A later trial may have shown that the lane at work is the fastest after all.
      if (best && best.backend === this.#ledger.fastest()) {
        const lane = best;
        best = null;
        await this.#main.adoptBetweenCases(lane);
      }
    } finally {
      best?.close();
    }
    const lane = this.#main.lane;
    if (lane) await this.#settle(lane, 'automatic');
  }

  async #settle(lane: Lane, choice: EngineReport['choice']): Promise<void> {
    if (this.#closed) return;
    this.#identity ||= await this.#identify();
    this.#ledger.decide(lane.backend, choice, lane.adapter);
    this.#ledger.remember(lane, this.#identity);
    this.#changed();
  }

  /** Asked in a worker, because workers may have other graphics than the page (tfjs#8267). */
  async #identify(signal?: AbortSignal): Promise<string> {
    const limits = { ...DEFAULT_LIMITS, ...this.#setup.limits };
    let client: WorkerClient | null = null;
    try {
      client = new WorkerClient(this.#setup.createWorker(), limits);
      return await client.call('identify', null, signal);
    } catch {
      signal?.throwIfAborted();
      return 'unknown';
    } finally {
      client?.close();
    }
  }

  async #read(lane: Lane, request: ReadRequest, signal?: AbortSignal): Promise<Reading> {
    try {
      const reply = await lane.read(request, signal);
      this.#recycleIfDue(lane);
      return { ...reply, recovery: null };
    } catch (error) {
      if (!(error instanceof WorkerBroken)) throw error;
      if (this.#closed) throw new ServiceClosed();
      // One repeat at a time: a picture that breaks its worker must not take its neighbors along.
      return this.#repeats.run(() => this.#repeat(lane, error.fault, request, signal));
    }
  }

  async #repeat(
    broken: Lane,
    fault: Fault,
    request: ReadRequest,
    signal: AbortSignal | undefined,
  ): Promise<Reading> {
    const lane = await abortable(this.#main.after(broken, fault), signal);
    try {
      const reply = await lane.read(request, signal);
      const from = broken.backend;
      const to = lane.backend;
      return { ...reply, recovery: { from, to, message: recoveryLine(from, to) } };
    } catch (error) {
      if (!(error instanceof WorkerBroken)) throw error;
      if (this.#closed) throw new ServiceClosed();
      throw new ReadingFailed(error.fault.message, { cause: error });
    }
  }

  async #attempt(
    source: Blob,
    lane: Lane | null,
    handlers: BatchHandlers,
    signal: AbortSignal,
  ): Promise<{ reading: Reading } | { failure: Fault }> {
    try {
      const where = lane ?? (await abortable(this.#main.healthy(), signal));
      return { reading: await this.#read(where, toRequest(source, handlers), signal) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return { failure: asFault(error) };
    }
  }

  #lanesFor(left: number): readonly Lane[] {
    const lane = this.#main.lane;
    if (!lane) return this.#helpers.lanes;
    if (lane.backend !== 'wasm') return [lane];
    const worth = Math.floor(left / PICTURES_PER_HELPER);
    const helpers = Math.min(this.#poolSize - 1, worth);
    if (helpers > 0) this.#helpers.want(helpers);
    return [lane, ...this.#helpers.lanes];
  }

  async #openHelper(): Promise<Lane | null> {
    const { lane } = await Lane.open('wasm', this.#setup, { plan: QUICK_PLAN });
    const main = this.#main.lane;
    // A model updated in another tab must not answer beside the older one.
    const same = main?.modelId === lane?.modelId && main?.modelVersion === lane?.modelVersion;
    if (lane && (!same || this.#closed)) lane.close();
    return same ? lane : null;
  }

  #recycleIfDue(lane: Lane): void {
    if (!isGpu(lane.backend) || lane.runs < this.#recycleAfter || this.#recycling) return;
    this.#recycling = true;
    void this.#jobs
      .background(async (stop) => {
        if (this.#main.lane !== lane) return;
        const opened = await this.#main.open(lane.backend, {
          plan: QUICK_PLAN,
          allowSoftware: true,
          signal: stop.signal,
        });
        // The same backend: even in the middle of a batch nothing changes for the reader.
        if (opened.lane && this.#main.lane === lane) this.#main.adopt(opened.lane);
        else opened.lane?.close();
      })
      .finally(() => (this.#recycling = false));
  }

  #afterRecovery(lane: Lane, from: BackendId, fault: Fault): void {
    const choice = this.#ledger.choice;
    const note = `${backendName(from)} failed while it worked (${fault.message}) ${backendName(lane.backend)} took over.`;
    this.#ledger.decide(
      lane.backend,
      choice === 'by-hand' ? 'automatic' : choice,
      lane.adapter,
      note,
    );
    // The next start begins with what is left, and a browser or app update measures again.
    if (from !== lane.backend && choice === 'automatic') {
      this.#ledger.remember(lane, this.#identity || 'unknown');
    }
    this.#changed();
  }

  #workers(): number {
    return (this.#main.lane ? 1 : 0) + this.#helpers.lanes.length;
  }

  #changed(): void {
    const lane = this.#main.lane;
    if (lane?.backend !== 'wasm') this.#helpers.dismiss();
    if (lane && !this.#closed) {
      this.#setState({ phase: 'ready', backend: lane.backend, workers: this.#workers() });
    }
    this.#change.resolve();
    this.#change = newSignal();
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

function toRequest(source: Blob, options: { readonly withFeatures?: boolean }): ReadRequest {
  return { source, withFeatures: options.withFeatures ?? false };
}

function recoveryLine(from: BackendId, to: BackendId): string {
  return from === to
    ? `${backendName(from)} stopped while it read this picture; it was started again and the picture read once more.`
    : `${backendName(from)} failed while it read this picture; it was read again with ${backendName(to)}.`;
}

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof WorkerBroken) return new CarriedFault(error.fault.toData());
  return new EngineFailed(error instanceof Error ? error.message : String(error), { cause: error });
}

/** Waits for `promise` no longer than until the signal; the work itself goes on for others. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function newSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
