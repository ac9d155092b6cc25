/** The site's own operating curves: what a threshold is worth on its own labelled pictures. */
import { CLASS_LABELS, type OperatingCurve } from '../model/index.ts';
import type { EvaluatedPicture } from './pictures.ts';

/** Fewer pictures of a class, or without it, say too little to set a threshold by. */
export const LEAST_PICTURES = 30;
/** As many as the manifest's own curves may have, with the two ends. */
const MOST_POINTS = 200;

/**
 * One curve a class, in the form of the manifest's (OperatingCurveSchema): at thresholds[i] everything
 * with at least that probability is flagged. Only pictures that got an answer count: a refused one is
 * never flagged in the app.
 * @returns null where a class has fewer than LEAST_PICTURES with or without it
 */
export function operatingCurvesOf(
  pictures: readonly Pick<EvaluatedPicture, 'label' | 'probabilities' | 'refused'>[],
  least = LEAST_PICTURES,
  labels: readonly string[] = CLASS_LABELS,
): OperatingCurve[] | null {
  const known = new Set<string>(labels);
  const answered = pictures.filter(
    ({ label, probabilities, refused }) =>
      probabilities !== null && refused === null && known.has(label),
  );
  const curves = labels.map((label, k) => curveOfClass(answered, label, k));
  const enough = curves.every(
    ({ positives, negatives }) => positives >= least && negatives >= least,
  );
  return enough ? curves : null;
}

function curveOfClass(
  answered: readonly Pick<EvaluatedPicture, 'label' | 'probabilities'>[],
  label: string,
  k: number,
): OperatingCurve {
  const rows = answered
    .map((picture) => ({ score: picture.probabilities?.[k] ?? 0, hit: picture.label === label }))
    .sort((a, b) => a.score - b.score);
  const positives = rows.filter(({ hit }) => hit).length;
  const negatives = rows.length - positives;
  const thresholds = [0];
  const truePositives = [positives];
  const falsePositives = [negatives];
  let hits = positives;
  let alarms = negatives;
  const points: [number, number, number][] = [];
  for (const [at, { score, hit }] of rows.entries()) {
    if (score > 0 && score !== rows[at - 1]?.score) points.push([score, hits, alarms]);
    if (hit) hits--;
    else alarms--;
  }
  for (const [threshold, found, wrong] of thin(points, MOST_POINTS - 2)) {
    thresholds.push(threshold);
    truePositives.push(found);
    falsePositives.push(wrong);
  }
  thresholds.push(Math.min(1.001, (rows.at(-1)?.score ?? 0) + 1e-6));
  truePositives.push(0);
  falsePositives.push(0);
  return { label, thresholds, truePositives, falsePositives, positives, negatives };
}

/** At most `most` of a list, evenly spread, the first and last among them. */
export function thin<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from(
    { length: most },
    (_, at) => list[Math.round((at * (list.length - 1)) / (most - 1))],
  );
}
