/**
 * The second door of inference, for the training of the network's end alone: whoever only reads pictures
 * is not made to load it. The runtime stays in the worker here as well.
 */
export { CUT_POINTS, activationLength, cutPointOf } from './tuning/blocks.ts';
export * from './tuning/errors.ts';
export {
  probeTuning,
  TUNING_LIMITS,
  type ProbeOptions,
  type TuningBackend,
  type TuningLimits,
  type TuningRefusal,
  type TuningVerdict,
} from './tuning/probe.ts';
export { TailClient } from './tuning/tail-client.ts';
export { startTailWorker, type TailWorker } from './tuning/tail-worker.ts';
export type { StepSettings, TailState } from './tuning/tail.ts';
