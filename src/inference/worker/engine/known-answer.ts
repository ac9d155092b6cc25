/** The known-answer test: does this engine compute what the model's maker computed, and how fast? */
import { chestPhantom } from '../../../model/index.ts';
import type { Manifest } from '../../../model/index.ts';
import type { TrialPlan } from '../../protocol.ts';
import type { BackendTrial } from '../../types.ts';
import type { InferenceEngine } from './engine.ts';

/**
 * Runs the manifest's golden inputs. The first run also builds shaders and memory, so it is never
 * timed.
 * @returns outcome `passed` or `wrong-answer`; errors of the engine are thrown
 */
export async function knownAnswerTest(
  engine: InferenceEngine,
  manifest: Manifest,
  plan: TrialPlan,
): Promise<BackendTrial> {
  const golden = plan.golden === 'all' ? manifest.golden : manifest.golden.slice(0, 1);
  const size = manifest.input.shape[1];
  const begun = performance.now();
  const times: number[] = [];
  let maxError = 0;
  let first = true;

  const timed = async (values: Float32Array): Promise<Float32Array> => {
    const start = performance.now();
    const { logits } = await engine.run({ kind: 'values', values });
    if (!first) times.push(performance.now() - start);
    first = false;
    return logits;
  };

  let values = new Float32Array(0);
  for (const known of golden) {
    values = chestPhantom(size, known.variant);
    const logits = await timed(values);
    for (const [index, expected] of known.logits.entries()) {
      maxError = Math.max(maxError, Math.abs((logits[index] ?? Number.NaN) - expected));
    }
    if (!(maxError <= manifest.tolerance)) {
      return {
        backend: engine.backend,
        outcome: 'wrong-answer',
        maxError,
        medianMs: null,
        detail: `A known answer came out wrong: off by ${maxError.toPrecision(2)}, at most ${manifest.tolerance} is allowed (${engine.detail}).`,
      };
    }
  }
  while (times.length < plan.timedRuns && performance.now() - begun < plan.budgetMs) {
    await timed(values);
  }
  return {
    backend: engine.backend,
    outcome: 'passed',
    maxError,
    medianMs: median(times),
    detail: `Right to ${maxError.toPrecision(2)} in ${golden.length} known ${golden.length === 1 ? 'answer' : 'answers'} (${engine.detail}).`,
  };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
