/**
 * Which figures speak: those measured on hospitals the model knows, those fitted for a hospital it has
 * never seen, or this site's own. Until a site measured itself it is a new hospital.
 */
import { CLEAR_FROM, LIKELY_FROM, type WordLimits } from './calibration.ts';
import type { AssuranceSettings, Fit, JudgingModel } from './types.ts';

/** Fewer labelled pictures of a class than this say too little of a site. */
export const LEAST_OF_A_CLASS = 30;

const WORDS: WordLimits = { sure: CLEAR_FROM, likely: LIKELY_FROM };
/** Adapted with few pictures: nobody knows yet how often it is right here, so nothing is called sure. */
const NEVER_SURE: WordLimits = { sure: Number.POSITIVE_INFINITY, likely: LIKELY_FROM };

/**
 * @param distance of the picture to the nearest of the gate's groups; null if unknown
 */
export function fitOf(
  model: JudgingModel,
  settings: Pick<AssuranceSettings, 'curves' | 'siteFit'>,
  distance: number | null,
): Fit {
  const section = model.assurance;
  const known = section?.knownWords ?? WORDS;
  if (model.adapted) {
    const { pictures = null, fewest = null } = model.adapted;
    const enough = fewest === null || fewest >= LEAST_OF_A_CLASS;
    return {
      kind: enough ? 'this-site' : 'few-labels',
      temperature: model.temperature,
      conformal: section?.conformal ?? null,
      curves: section?.operating?.curves ?? [],
      words: enough ? known : NEVER_SURE,
      pictures,
    };
  }
  const { curves, siteFit } = settings;
  if (siteFit && curves) {
    return {
      kind: 'this-site',
      temperature: siteFit.temperature,
      conformal: { levels: siteFit.levels },
      curves,
      words: known,
      pictures: siteFit.pictures,
    };
  }
  const fresh = section?.newHospital;
  if (fresh) {
    return {
      kind: 'new-hospital',
      temperature: fresh.temperature * penaltyOf(section.distance, distance),
      conformal: fresh.conformal,
      curves: fresh.operating.curves,
      words: fresh.words,
      pictures: null,
    };
  }
  return {
    kind: 'known-hospitals',
    temperature: model.temperature,
    conformal: section?.conformal ?? null,
    curves: section?.operating?.curves ?? [],
    words: known,
    pictures: null,
  };
}

function penaltyOf(
  rule: { readonly from: number; readonly slope: number } | undefined,
  distance: number | null,
): number {
  return rule && distance !== null ? 1 + rule.slope * Math.max(0, distance - rule.from) : 1;
}
