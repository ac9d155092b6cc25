/** The backend once measured, so that it is not measured again at every start. */
import * as v from 'valibot';
import type { BackendTrial } from '../types.ts';
import { parseJson, type Memory } from '../../base/key-value.ts';

const KEY = 'backend-choice';
const BackendSchema = v.picklist(['webgpu', 'webgl', 'wasm', 'cpu']);

const ChoiceSchema = v.object({
  schema: v.literal(1),
  /** Of these the measurement holds; any other browser, app or model measures again. */
  browser: v.string(),
  app: v.string(),
  modelId: v.string(),
  modelVersion: v.string(),
  /** WebGPU adapter and WebGL renderer in one line. */
  identity: v.string(),
  chosen: BackendSchema,
  choice: v.picklist(['automatic', 'by-hand', 'safe-start']),
  adapter: v.nullable(v.string()),
  testedAt: v.number(),
  trials: v.array(
    v.object({
      backend: BackendSchema,
      outcome: v.picklist([
        'passed',
        'wrong-answer',
        'unavailable',
        'failed',
        'timed-out',
        'not-tried',
      ]),
      maxError: v.nullable(v.number()),
      medianMs: v.nullable(v.number()),
      detail: v.string(),
    } satisfies Record<keyof BackendTrial, unknown>),
  ),
});

export type StoredChoice = v.InferOutput<typeof ChoiceSchema>;

/** The stored choice if this browser and app made it, else null. */
export function recallChoice(memory: Memory, browser: string, app: string): StoredChoice | null {
  const parsed = v.safeParse(ChoiceSchema, parseJson(memory.read(KEY)));
  if (!parsed.success) return null;
  return parsed.output.browser === browser && parsed.output.app === app ? parsed.output : null;
}

export function rememberChoice(memory: Memory, choice: StoredChoice): void {
  memory.write(KEY, JSON.stringify(choice));
}

export function forgetChoice(memory: Memory): void {
  memory.write(KEY, null);
}
