import type { Manifest } from '../../model/index.ts';
import type { ModelBytes } from '../../model/types.ts';
import { CarriedFault, ModelUnusable } from '../errors.ts';
import type { BackendId } from '../types.ts';
import { Lane } from './lane.ts';

const FIRST_TO_LAST: readonly BackendId[] = ['wasm', 'webgl', 'webgpu', 'cpu'];
const PLAN = { golden: 'all', timedRuns: 0, budgetMs: 0 } as const;

/**
 * Known-answer test of a model that is not in the store yet: it may become the active one if this
 * device computes its golden logits on any backend. Runs in a worker of its own.
 * @throws a Fault with code `model-unusable` if no backend gives the right answers; the signal's reason
 */
export async function selfTestModel(
  model: ModelBytes<Manifest>,
  options: { readonly signal?: AbortSignal; readonly createWorker?: () => Worker } = {},
): Promise<void> {
  const reasons: string[] = [];
  for (const backend of FIRST_TO_LAST) {
    const { lane, trial, reply } = await Lane.open(
      backend,
      {
        source: { kind: 'bytes', model },
        createWorker: options.createWorker ?? defaultWorker,
        limits: {},
      },
      { plan: PLAN, allowSoftware: true, ...(options.signal ? { signal: options.signal } : {}) },
    );
    lane?.close();
    if (lane) return;
    if (reply?.fault?.code === 'model-unusable') throw new CarriedFault(reply.fault);
    reasons.push(trial.detail);
  }
  throw new ModelUnusable(reasons.join(' '));
}

function defaultWorker(): Worker {
  return new Worker(new URL('../worker/worker.ts', import.meta.url), {
    type: 'module',
    name: 'fieldray-self-test',
  });
}
