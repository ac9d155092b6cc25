/**
 * In: logits and the manifest's temperature. Out: calibrated probabilities, the most resembled
 * class and how far it can be leaned on. Knows nothing of the runtime.
 */
export { activationOf } from './activation.ts';
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
export { limitsOf, operatingFigures, thresholdFor, wilson } from './operating.ts';
export { defaultSettings, loadSettings, saveSettings } from './settings.ts';
export type * from './types.ts';
