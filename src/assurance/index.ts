/**
 * In: a reading (logits and what was measured beside them), the site's settings and the model's
 * manifest. Out: how sure, why, or why not, as plain data. Knows nothing of the runtime and has no
 * words for the screen.
 */
export { activationOf } from './activation.ts';
export { assure, examinationOf } from './assure.ts';
export {
  assess,
  assessmentOf,
  certaintyOf,
  CLEAR_FROM,
  LIKELY_FROM,
  LogitsUnusable,
  softmax,
  type Assessment,
  type Certainty,
  type WordLimits,
} from './calibration.ts';
export { fitOf, LEAST_OF_A_CLASS } from './fit.ts';
export { fitSets, fitTemperature } from './fitting.ts';
export { limitsOf, operatingFigures, thresholdFor, wilson } from './operating.ts';
export { outlinesOf } from './outline.ts';
export { LIMITS } from './quality.ts';
export { LEAST_RANGE, LEAST_SIDE, REFUSALS } from './refusals.ts';
export { defaultSettings, loadSettings, saveSettings } from './settings.ts';
export { estimateShares, siteVerdict, type SiteSums, type SiteVerdict } from './site-test.ts';
export { FLIP, UNSTABLE_FROM } from './stability.ts';
export type * from './types.ts';
