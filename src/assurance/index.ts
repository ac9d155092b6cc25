/**
 * In: logits and the manifest's temperature. Out: calibrated probabilities, the most resembled
 * class and how far it can be leaned on. Knows nothing of the runtime.
 */
export {
  assess,
  certaintyOf,
  CLEAR_FROM,
  LIKELY_FROM,
  LogitsUnusable,
  softmax,
  type Assessment,
  type Certainty,
} from './calibration.ts';
export type * from './types.ts';
