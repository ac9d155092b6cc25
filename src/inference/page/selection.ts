/**
 * Which backend works: the one of an earlier start if the device is still the same, else the fastest
 * that answers right. WASM works from the first moment; the others are tried behind its back.
 */
import type { Fault } from '../../base/fault.ts';
import { BackendRejected } from '../errors.ts';
import type { TrialPlan } from '../protocol.ts';
import type { BackendId, EngineReport } from '../types.ts';
import type { StoredChoice } from './choice.ts';
import type { CrashGuard } from './crash-guard.ts';
import { Exclusive } from '../../base/task-queue.ts';
import { FULL_PLAN, QUICK_PLAN, type Lane, type LaneSetup } from './lane.ts';
import type { Ledger } from './ledger.ts';
import type { MainLane } from './main-lane.ts';
import { backendName, GPU_BACKENDS, isGpu } from './verdict.ts';
import { DEFAULT_LIMITS, WorkerClient } from './worker-client.ts';

/** Plain JavaScript takes seconds a run. */
const SLOW_PLAN: TrialPlan = { golden: 'all', timedRuns: 1, budgetMs: 0 };

const planFor = (backend: BackendId): TrialPlan => (backend === 'cpu' ? SLOW_PLAN : FULL_PLAN);

export interface SelectionParts {
  readonly setup: LaneSetup;
  readonly main: MainLane;
  readonly guard: CrashGuard;
  readonly ledger: Ledger;
  /** A GPU worker is replaced after so many readings. */
  readonly recycleAfter: number;
  /** Another backend, or another reason for it. */
  readonly changed: () => void;
}

export class Selection {
  readonly #setup: LaneSetup;
  readonly #main: MainLane;
  readonly #guard: CrashGuard;
  readonly #ledger: Ledger;
  readonly #recycleAfter: number;
  readonly #changed: () => void;
  readonly #jobs = new Exclusive();
  #identity = '';
  #recycling = false;

  constructor(parts: SelectionParts) {
    this.#setup = parts.setup;
    this.#main = parts.main;
    this.#guard = parts.guard;
    this.#ledger = parts.ledger;
    this.#recycleAfter = parts.recycleAfter;
    this.#changed = parts.changed;
  }

  /** Resolves with the first lane at work; the choice goes on in the background. */
  async start(signal: AbortSignal | undefined): Promise<void> {
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

  /**
   * Measures every backend again.
   * @throws the signal's reason
   */
  async retest(signal: AbortSignal | undefined): Promise<void> {
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
  }

  /** @throws BackendRejected if it fails its trial; the present one stays */
  async choose(backend: BackendId): Promise<void> {
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
  }

  /** iOS loses a GPU after some hundred readings: a fresh worker takes over before that. */
  recycleIfDue(lane: Lane): void {
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

  /** Another lane took the place of one that broke while it worked. */
  recovered(lane: Lane, from: BackendId, fault: Fault): void {
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

  /** Resolves when no backend is being tried. */
  idle(): Promise<void> {
    return this.#jobs.idle();
  }

  /** Stops what is being tried and what would be. */
  stop(reason: unknown): void {
    this.#jobs.stop(reason);
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
    if (this.#main.closed) return;
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
}
