/** What a site's own labelled pictures say of the delivered model: temperature, sets and curves. */
import { fitSets, fitTemperature, softmax } from '../assurance/index.ts';
import type { SiteFit } from '../assurance/types.ts';
import { CLASS_LABELS, type OperatingCurve } from '../model/index.ts';
import { LEAST_PICTURES, operatingCurvesOf } from './operating.ts';
import type { EvaluatedPicture } from './pictures.ts';

export interface MeasuredHere {
  readonly siteFit: SiteFit;
  readonly curves: readonly OperatingCurve[];
}

/**
 * Fitted on the logits, so that it does not matter under which figures they were evaluated. Only
 * pictures that got an answer count.
 * @returns null where a class has fewer than `least` pictures
 */
export function siteFitOf(
  pictures: readonly EvaluatedPicture[],
  least = LEAST_PICTURES,
): MeasuredHere | null {
  const labels: readonly string[] = CLASS_LABELS;
  const answered = pictures.filter(
    ({ label, logits, refused }) =>
      refused === null && logits?.length === labels.length && labels.includes(label),
  );
  const logits = answered.map((picture) => picture.logits ?? []);
  const truth = answered.map(({ label }) => labels.indexOf(label));
  if (labels.some((_, k) => truth.filter((own) => own === k).length < least)) return null;
  const temperature = fitTemperature(logits, truth);
  const probabilities = logits.map((row) => softmax(row, temperature));
  const again = answered.map((picture, at) => ({ ...picture, probabilities: probabilities[at] }));
  const curves = operatingCurvesOf(again, least);
  if (!curves) return null;
  const levels = fitSets(probabilities, truth, labels.length);
  return { siteFit: { temperature, levels, pictures: answered.length }, curves };
}
