/**
 * Can this device train the end of the network? Asked of WebGPU, then of WebGL, each in a worker of its
 * own with a time limit: right gradients at small size, then the time of one real step.
 */
import { Fault, type FaultData } from '../../base/fault.ts';
import type { ModelSource } from '../protocol.ts';
import type { BackendId } from '../types.ts';
import { activationLength, cutPointOf } from './blocks.ts';
import { TailSilent } from './errors.ts';
import { TailClient } from './tail-client.ts';
import { startTailWorker } from './tail-worker.ts';

/**
 * Largest error that counts as right, as a share of the largest number of the same kind (check.ts). In
 * float32 it is 1e-5; a graphics processor that computes in half precision comes to 1e-3 and more, and
 * turns the squares of small gradients into 0.
 */
export const GRADIENT_TOLERANCE = 3e-4;

export type TuningBackend = Extract<BackendId, 'webgpu' | 'webgl'>;

export interface TuningLimits {
  /**
   * Milliseconds a picture may take in an epoch. 60: a thousand pictures then are a minute, ten epochs
   * ten minutes, which a person waits for. What only imitates a graphics processor needs 560 from
   * the latest block on (two cores; tests/inference/tail.browser.test.ts says it), and does not pass by chance.
   */
  readonly msAPicture: number;
  /** For everything that is asked of one backend: more, and it is hung or far too slow. */
  readonly probeMs: number;
  /** In the timed step. */
  readonly pictures: number;
}
export const TUNING_LIMITS: TuningLimits = { msAPicture: 60, probeMs: 60_000, pictures: 8 };

export type TuningRefusal =
  /** The browser has no such device, or none in the background. */
  | { readonly why: 'missing'; readonly backend: TuningBackend; readonly detail: string }
  | {
      readonly why: 'slow';
      readonly backend: TuningBackend;
      readonly adapter: string | null;
      readonly software: boolean;
      /** Null: not even one step was done in time. */
      readonly msAPicture: number | null;
    }
  | {
      readonly why: 'wrong';
      readonly backend: TuningBackend;
      readonly adapter: string | null;
      readonly worst: number;
    }
  | { readonly why: 'failed'; readonly backend: TuningBackend; readonly fault: FaultData };

export type TuningVerdict =
  | {
      readonly possible: true;
      readonly backend: TuningBackend;
      readonly adapter: string | null;
      readonly msAPicture: number;
      /** What the backends before it were refused for. */
      readonly refused: readonly TuningRefusal[];
    }
  | { readonly possible: false; readonly refused: readonly TuningRefusal[] };

export interface ProbeOptions {
  /** Default: the active model of this origin's store. */
  readonly source?: ModelSource;
  /** The first block that would be trained. */
  readonly block: number;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<TuningLimits>;
  /** In this order; the first that passes is taken. */
  readonly backends?: readonly TuningBackend[];
  readonly createWorker?: () => Worker;
}

type Measured = Extract<TuningVerdict, { possible: true }> | TuningRefusal;

/** @throws the signal's reason; what a backend does wrong is told in the verdict */
export async function probeTuning(options: ProbeOptions): Promise<TuningVerdict> {
  const refused: TuningRefusal[] = [];
  for (const backend of options.backends ?? (['webgpu', 'webgl'] as const)) {
    options.signal?.throwIfAborted();
    const measured = await probeOne(backend, options);
    if ('possible' in measured) return { ...measured, refused };
    refused.push(measured);
  }
  return { possible: false, refused };
}

async function probeOne(backend: TuningBackend, options: ProbeOptions): Promise<Measured> {
  const limits = { ...TUNING_LIMITS, ...options.limits };
  const worker = startTailWorker(options.createWorker);
  const seen: { adapter: string | null; software: boolean } = { adapter: null, software: false };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new TailSilent('probe', limits.probeMs));
    timer = setTimeout(fail, limits.probeMs);
  });
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(options.signal?.reason as Error);
    options.signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    const measuring = measure(backend, new TailClient(worker.port, limits.probeMs), options, seen);
    return await Promise.race([measuring, worker.broken, late, aborted]);
  } catch (reason) {
    options.signal?.throwIfAborted();
    if (reason instanceof TailSilent) return { why: 'slow', backend, ...seen, msAPicture: null };
    const fault = reason instanceof Fault ? reason.toData() : unknownFault(reason);
    // With the backend not there at all nothing was seen of an adapter.
    return fault.code === 'backend-unavailable'
      ? { why: 'missing', backend, detail: fault.message }
      : { why: 'failed', backend, fault };
  } finally {
    clearTimeout(timer);
    worker.end();
  }
}

async function measure(
  backend: TuningBackend,
  tail: TailClient,
  { source = { kind: 'store' }, block, limits: given }: ProbeOptions,
  seen: { adapter: string | null; software: boolean },
): Promise<Measured> {
  const limits = { ...TUNING_LIMITS, ...given };
  Object.assign(seen, await tail.call('open', { backend, source, block }));
  const { worst } = await tail.call('check', null);
  if (!(worst <= GRADIENT_TOLERANCE))
    return { why: 'wrong', backend, adapter: seen.adapter, worst };
  const { pictures } = limits;
  const step = async (): Promise<number> => {
    const begun = performance.now();
    const length = pictures * activationLength(cutPointOf(block));
    const values = Float32Array.from({ length }, (_, at) => Math.sin(at));
    const pooled = await tail.call('forward', { values, count: pictures, keep: true });
    await tail.call('backward', pooled.fill(1e-4));
    const settings = { learningRate: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    await tail.call('step', settings);
    // Only what is read back is known to be done.
    await tail.call('forward', {
      values: values.subarray(0, length / pictures).slice(),
      count: 1,
      keep: false,
    });
    return performance.now() - begun;
  };
  await step();
  const msAPicture = (await step()) / pictures;
  const { adapter, software } = seen;
  return msAPicture <= limits.msAPicture
    ? { possible: true, backend, adapter, msAPicture, refused: [] }
    : { why: 'slow', backend, adapter, software, msAPicture };
}

function unknownFault(reason: unknown): FaultData {
  const message = reason instanceof Error ? reason.message : String(reason);
  return { code: 'engine-failed', message, remedy: '' };
}
