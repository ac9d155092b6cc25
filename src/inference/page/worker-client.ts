/**
 * One worker, seen from the page: numbered calls, a clock per step, and one way to fail. A worker
 * that once failed is ended at once; nothing of it is used again.
 */
import type { Fault } from '../../base/fault.ts';
import { CarriedFault, ServiceClosed, StepTimedOut, WorkerStopped } from '../errors.ts';
import type { CallName, Calls, FromWorker, Step, ToWorker } from '../protocol.ts';

/** Milliseconds a step may take. `answer`: until the worker says anything at all. */
export type StepLimits = Readonly<Record<Exclude<Step, 'wait'> | 'answer', number>>;

/**
 * Generous, because a wrong alarm costs a picture twice: they tell "hung" from "slow", not "slow"
 * from "fast". Software WebGPU, the slowest thing that works, takes 12 s for its first run.
 */
export const DEFAULT_LIMITS: StepLimits = {
  answer: 30_000,
  runtime: 60_000,
  model: 60_000,
  test: 120_000,
  decode: 60_000,
  preprocess: 30_000,
  inference: 30_000,
};

/** The worker is gone or no longer to be trusted; `fault` says why. The call may be repeated elsewhere. */
export class WorkerBroken extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message, { cause: fault });
    this.name = 'WorkerBroken';
    this.fault = fault;
  }
}

interface Pending {
  resolve(reply: Calls[CallName]['reply']): void;
  reject(error: unknown): void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class WorkerClient {
  readonly #worker: Worker;
  readonly #limits: StepLimits;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #broken: WorkerBroken | null = null;
  #whenBroken: ((broken: WorkerBroken) => void) | null = null;

  constructor(worker: Worker, limits: StepLimits) {
    this.#worker = worker;
    this.#limits = limits;
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => this.#hear(event.data));
    worker.addEventListener('error', (event) => {
      // Dealt with here; it need not be reported as the page's own error as well.
      event.preventDefault();
      // A worker whose script cannot be fetched gives an event without a message.
      this.fail(new WorkerStopped(event.message || 'it could not be loaded'));
    });
    worker.addEventListener('messageerror', () => {
      this.fail(new WorkerStopped('a message could not be read'));
    });
  }

  get broken(): WorkerBroken | null {
    return this.#broken;
  }

  /** Called once, when the worker fails by itself (not by `close`). */
  set whenBroken(listener: (broken: WorkerBroken) => void) {
    this.#whenBroken = listener;
  }

  /**
   * @throws WorkerBroken if the worker fails or takes too long, CarriedFault if the request is at
   *   fault, the signal's reason if cancelled
   */
  call<K extends CallName>(
    kind: K,
    request: Calls[K]['request'],
    signal?: AbortSignal,
  ): Promise<Calls[K]['reply']> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const id = this.#nextId++;
    return new Promise<Calls[K]['reply']>((resolve, reject) => {
      const onAbort = (): void => {
        this.#forget(id);
        this.#post({ kind: 'cancel', id });
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(id, {
        resolve: (reply) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(reply);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
        timer: undefined,
      });
      this.#startClock(id, 'answer');
      try {
        this.#post({ kind, id, request } as ToWorker);
      } catch (error) {
        this.#forget(id)?.reject(error);
      }
    });
  }

  /** Ends the worker and rejects what is still asked of it. */
  close(): void {
    this.#end(new WorkerBroken(new ServiceClosed()));
  }

  /** The worker counts as failed from here on. */
  fail(fault: Fault): void {
    if (this.#broken) return;
    const broken = new WorkerBroken(fault);
    this.#end(broken);
    this.#whenBroken?.(broken);
  }

  #end(broken: WorkerBroken): void {
    this.#broken ??= broken;
    this.#worker.terminate();
    for (const id of [...this.#pending.keys()]) this.#forget(id)?.reject(this.#broken);
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #forget(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending;
  }

  #startClock(id: number, step: Step | 'answer'): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    clearTimeout(pending.timer);
    if (step === 'wait') return;
    const limit = this.#limits[step];
    pending.timer = setTimeout(() => this.fail(new StepTimedOut(step, limit)), limit);
  }

  #hear(message: FromWorker): void {
    if (this.#broken) return;
    switch (message.kind) {
      case 'step':
        this.#startClock(message.id, message.step);
        return;
      case 'lost':
        this.fail(new CarriedFault(message.fault));
        return;
      case 'answer': {
        const pending = this.#forget(message.id);
        if (pending) pending.resolve(message.reply);
        else release(message.reply);
        return;
      }
      case 'failure': {
        const fault = new CarriedFault(message.fault);
        if (message.broken) this.fail(fault);
        else this.#forget(message.id)?.reject(fault);
        return;
      }
    }
  }
}

/** An answer nobody waits for any more still holds a bitmap. */
function release(reply: Calls[CallName]['reply']): void {
  if (typeof reply === 'object' && 'thumbnail' in reply) reply.thumbnail?.close();
}
