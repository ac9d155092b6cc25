/** From trials to a decision, and the decision in words. Pure. */
import type { BackendId, BackendTrial, EngineReport } from '../types.ts';

export const BACKEND_ORDER: readonly BackendId[] = ['webgpu', 'webgl', 'wasm', 'cpu'];
export const GPU_BACKENDS: readonly BackendId[] = ['webgpu', 'webgl'];

export function isGpu(backend: BackendId): boolean {
  return backend === 'webgpu' || backend === 'webgl';
}

const NAMES: Record<BackendId, string> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WASM',
  cpu: 'Plain JavaScript',
};
export function backendName(backend: BackendId): string {
  return NAMES[backend];
}

/**
 * The fastest backend that gave the right answers; `cpu` only if there is no other. A backend that
 * passed without being timed counts as slower than any timed one.
 */
export function fastest(trials: Iterable<BackendTrial>): BackendTrial | null {
  let best: BackendTrial | null = null;
  for (const trial of trials) {
    if (trial.outcome !== 'passed') continue;
    if (best === null || rank(trial) < rank(best)) best = trial;
  }
  return best;
}

function rank(trial: BackendTrial): number {
  const time = trial.medianMs ?? 1e8;
  return trial.backend === 'cpu' ? time + 1e9 : time;
}

export function untried(backend: BackendId): BackendTrial {
  return {
    backend,
    outcome: 'not-tried',
    maxError: null,
    medianMs: null,
    detail:
      backend === 'cpu'
        ? 'The slow last way out: tried only if nothing else works.'
        : 'Not tried yet.',
  };
}

/** Why this backend, in a sentence. */
export function reasonFor(
  chosen: BackendId,
  choice: EngineReport['choice'],
  trials: readonly BackendTrial[],
  crashes: number,
): string {
  const name = backendName(chosen);
  if (choice === 'by-hand') return `${name} was chosen by hand and gave the right answers.`;
  if (choice === 'safe-start') {
    return `The app stopped while it started the graphics processor (${crashes}×), so it now starts with ${name}. Test again to give the graphics processor another try.`;
  }
  const median = trials.find((trial) => trial.backend === chosen)?.medianMs ?? null;
  const speed = median === null ? '' : ` (${Math.round(median)} ms a picture)`;
  const others = trials.filter((trial) => trial.outcome === 'passed' && trial.backend !== chosen);
  return others.length > 0
    ? `${name} was the fastest that gave the right answers${speed}.`
    : `${name} is the one that gave the right answers${speed}.`;
}
