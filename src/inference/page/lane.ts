/** One worker with one backend and the model in it: a place where a picture can be read. */
import type { Fault } from '../../base/fault.ts';
import { WorkerStopped } from '../errors.ts';
import type { BackendId, BackendTrial } from '../types.ts';
import type { Calls, ModelSource, OpenReply, TrialPlan } from '../protocol.ts';
import { DEFAULT_LIMITS, WorkerBroken, WorkerClient, type StepLimits } from './worker-client.ts';

/** Every golden answer and enough runs for a median: what a decision needs. */
export const FULL_PLAN: TrialPlan = { golden: 'all', timedRuns: 5, budgetMs: 4000 };
/** Warm-up and one known answer: for a backend that has passed here before. */
export const QUICK_PLAN: TrialPlan = { golden: 'one', timedRuns: 0, budgetMs: 0 };

export interface LaneSetup {
  readonly source: ModelSource;
  readonly createWorker: () => Worker;
  readonly limits: Partial<StepLimits>;
  /** Whether pictures are going to be asked for with their lungs. Default: not known. */
  readonly lungs?: () => boolean;
}

export interface OpenOptions {
  readonly plan: TrialPlan;
  readonly allowSoftware?: boolean;
  readonly signal?: AbortSignal;
}

/** What came of trying a backend: a lane if it passed. */
export interface Opened {
  readonly lane: Lane | null;
  readonly trial: BackendTrial;
  readonly reply: OpenReply | null;
}

/** What can be asked of a lane about a picture. */
export type PictureCall = 'read' | 'embed';

export class Lane {
  readonly backend: BackendId;
  readonly adapter: string | null;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly #client: WorkerClient;
  #inFlight = 0;
  #runs = 0;
  #retired = false;

  private constructor(client: WorkerClient, reply: OpenReply) {
    this.#client = client;
    this.backend = reply.trial.backend;
    this.adapter = reply.adapter;
    this.modelId = reply.modelId;
    this.modelVersion = reply.modelVersion;
  }

  /**
   * Starts a worker and tries the backend in it. A backend that cannot be used is told in `trial`;
   * thrown are only an unreadable model (CarriedFault) and the signal's reason.
   */
  static async open(backend: BackendId, setup: LaneSetup, options: OpenOptions): Promise<Opened> {
    let client: WorkerClient;
    try {
      client = new WorkerClient(setup.createWorker(), { ...DEFAULT_LIMITS, ...setup.limits });
    } catch (error) {
      // Content-Security-Policy, or a browser without module workers.
      const detail = error instanceof Error ? error.message : String(error);
      return { lane: null, trial: brokenTrial(backend, new WorkerStopped(detail)), reply: null };
    }
    try {
      const reply = await client.call(
        'open',
        {
          backend,
          source: setup.source,
          plan: options.plan,
          allowSoftware: options.allowSoftware ?? false,
          lungs: setup.lungs?.() ?? false,
        },
        options.signal,
      );
      if (reply.trial.outcome === 'passed') {
        return { lane: new Lane(client, reply), trial: reply.trial, reply };
      }
      client.close();
      return { lane: null, trial: reply.trial, reply };
    } catch (error) {
      client.close();
      if (error instanceof WorkerBroken) {
        return { lane: null, trial: brokenTrial(backend, error.fault), reply: null };
      }
      throw error;
    }
  }

  get broken(): WorkerBroken | null {
    return this.#client.broken;
  }

  /** Pictures in this worker right now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Pictures read since the worker started, changed copies counted. */
  get runs(): number {
    return this.#runs;
  }

  set whenBroken(listener: (broken: WorkerBroken) => void) {
    this.#client.whenBroken = listener;
  }

  async ask<K extends PictureCall>(
    kind: K,
    request: Calls[K]['request'],
    signal?: AbortSignal,
  ): Promise<Calls[K]['reply']> {
    this.#inFlight++;
    try {
      return await this.#client.call(kind, request, signal);
    } finally {
      this.#inFlight--;
      this.#runs += 'copies' in request ? 1 + request.copies.length : 1;
      if (this.#retired && this.#inFlight === 0) this.#client.close();
    }
  }

  tensors(): Promise<number> {
    return this.#client.call('tensors', null);
  }

  /** Ends when the pictures in it are done; takes no blame for what comes after. */
  retire(): void {
    this.#retired = true;
    if (this.#inFlight === 0) this.#client.close();
  }

  /** Ends at once. */
  close(): void {
    this.#client.close();
  }
}

function brokenTrial(backend: BackendId, fault: Fault): BackendTrial {
  return {
    backend,
    outcome: fault.code === 'step-timed-out' ? 'timed-out' : 'failed',
    maxError: null,
    medianMs: null,
    detail: fault.message,
  };
}
