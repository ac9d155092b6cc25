/**
 * The lane readings go to. Knows how to replace it: at once when it breaks, and only between cases
 * when a better one is ready.
 */
import type { Fault } from '../../base/fault.ts';
import { CarriedFault, NoBackendWorks, ServiceClosed } from '../errors.ts';
import type { BackendId } from '../types.ts';
import type { CrashGuard } from './crash-guard.ts';
import { Lane, QUICK_PLAN, type LaneSetup, type Opened, type OpenOptions } from './lane.ts';
import type { Ledger } from './ledger.ts';
import { backendName, isGpu } from './verdict.ts';

export interface MainLaneHooks {
  /** The lane, or its absence, has changed. */
  changed(): void;
  /** The lane broke; another one is being started. */
  restarting(fault: Fault): void;
  /** A lane took the place of the broken one. */
  recovered(lane: Lane, from: BackendId, fault: Fault): void;
  failed(error: unknown): void;
}

export class MainLane {
  readonly #setup: LaneSetup;
  readonly #guard: CrashGuard;
  readonly #ledger: Ledger;
  readonly #hooks: MainLaneHooks;
  #lane: Lane | null = null;
  #recovering: Promise<Lane> | null = null;
  #cases = 0;
  #waiting: (() => void)[] = [];
  #closed = false;
  /** GPU backends that failed in the middle of work since the app started. */
  readonly #failedHere = new Set<BackendId>();

  constructor(setup: LaneSetup, guard: CrashGuard, ledger: Ledger, hooks: MainLaneHooks) {
    this.#setup = setup;
    this.#guard = guard;
    this.#ledger = ledger;
    this.#hooks = hooks;
  }

  get lane(): Lane | null {
    return this.#lane?.broken ? null : this.#lane;
  }

  /** The service has been disposed of: nothing may be started or kept any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Tries a backend in a worker of its own and writes down how it did. */
  async open(backend: BackendId, options: OpenOptions): Promise<Opened> {
    if (isGpu(backend)) this.#guard.begin(backend);
    try {
      const opened = await Lane.open(backend, this.#setup, options);
      if (this.#closed) {
        opened.lane?.close();
        throw new ServiceClosed();
      }
      this.#ledger.record(opened.trial);
      if (opened.lane && isGpu(backend)) this.#failedHere.delete(backend);
      return opened;
    } finally {
      if (isGpu(backend)) this.#guard.end();
    }
  }

  /**
   * The first of `order` that passes.
   * @throws NoBackendWorks with every reason, or the model's own fault if that is the reason
   */
  async openFirst(order: readonly BackendId[], options: OpenOptions): Promise<Lane> {
    const reasons: string[] = [];
    for (const backend of order) {
      const opened = await this.open(backend, {
        ...options,
        // Better slow than not at all.
        allowSoftware: true,
      });
      if (opened.lane) return opened.lane;
      // No backend can run files that are no network: the person should hear just that.
      if (opened.reply?.fault?.code === 'model-unusable')
        throw new CarriedFault(opened.reply.fault);
      reasons.push(`${backendName(backend)}: ${opened.trial.detail}`);
    }
    throw new NoBackendWorks(reasons.join(' '));
  }

  /** Makes `lane` the main one now; the former one finishes its pictures. */
  adopt(lane: Lane): void {
    const former = this.#lane;
    this.#lane = lane;
    lane.whenBroken = (broken) => {
      if (this.#lane === lane && !this.#closed) {
        this.after(lane, broken.fault).catch(() => undefined);
      }
    };
    if (former && former !== lane) former.retire();
    this.#hooks.changed();
  }

  /** As `adopt`, but only when no case is under way. False if the lane broke while it waited. */
  async adoptBetweenCases(lane: Lane): Promise<boolean> {
    while (this.#cases > 0 && !this.#closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#closed || lane.broken) {
      lane.close();
      return false;
    }
    this.adopt(lane);
    return true;
  }

  /** A case is under way until the returned function is called. */
  beginCase(): () => void {
    this.#cases++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      if (--this.#cases > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resolve of waiting) resolve();
    };
  }

  /** A lane that works: the present one, or the one being started in its place. */
  async healthy(): Promise<Lane> {
    if (this.#closed) throw new ServiceClosed();
    const lane = this.#lane;
    if (lane && !lane.broken) return lane;
    if (this.#recovering) return this.#recovering;
    if (!lane) throw new NoBackendWorks('nothing has been started.');
    return this.after(lane, lane.broken?.fault ?? new ServiceClosed());
  }

  /** The lane to use after `broken` failed. Everyone who asks at the same time gets the same one. */
  after(broken: Lane, fault: Fault): Promise<Lane> {
    if (this.#closed) return Promise.reject(new ServiceClosed());
    if (this.#recovering) return this.#recovering;
    if (this.lane) return Promise.resolve(this.lane);
    this.#recovering = this.#recover(broken, fault).finally(() => (this.#recovering = null));
    return this.#recovering;
  }

  close(): void {
    this.#closed = true;
    this.#lane?.close();
    this.#guard.end();
    for (const resolve of this.#waiting) resolve();
  }

  async #recover(broken: Lane, fault: Fault): Promise<Lane> {
    const from = broken.backend;
    this.#hooks.restarting(fault);
    if (isGpu(from)) {
      this.#failedHere.add(from);
      this.#ledger.record({
        ...this.#ledger.trial(from),
        outcome: fault.code === 'step-timed-out' ? 'timed-out' : 'failed',
        detail: `Passed its test, but failed later: ${fault.message}`,
      });
    }
    try {
      const lane = await this.openFirst(this.#orderAfter(from), { plan: QUICK_PLAN });
      this.adopt(lane);
      this.#hooks.recovered(lane, from, fault);
      return lane;
    } catch (error) {
      this.#hooks.failed(error);
      throw error;
    }
  }

  /** WASM in a fresh worker, then a GPU known to be right, then plain JavaScript. */
  #orderAfter(from: BackendId): BackendId[] {
    if (from === 'cpu') return ['wasm', 'cpu'];
    const gpu = (['webgpu', 'webgl'] as const).filter(
      (backend) =>
        !this.#failedHere.has(backend) && this.#ledger.trial(backend).outcome === 'passed',
    );
    return ['wasm', ...gpu, 'cpu'];
  }
}
