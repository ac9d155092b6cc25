/** Prediction sets by split conformal prediction; the rule is in src/model/manifest/assurance.ts. */
import type { JudgingModel, PredictionSet } from './types.ts';

/**
 * One set for every level the model brings.
 * @param probabilities calibrated, before any change of priors: the levels were fitted on these
 * @param labels in their order
 */
export function predictionSets(
  probabilities: readonly number[],
  conformal: NonNullable<NonNullable<JudgingModel['assurance']>['conformal']>,
  labels: readonly string[],
): PredictionSet[] {
  const ranked = labels.map((_, k) => k).sort((a, b) => probabilities[b] - probabilities[a]);
  const scores = probabilities.map(
    (own, k) => Math.max(...probabilities.filter((_, other) => other !== k)) - own,
  );
  return conformal.levels.map(({ level, thresholds }) => {
    const inside = ranked.filter((k) => scores[k] <= thresholds[k]);
    const completed = inside.length === 0;
    // Thresholds differ by class: a class that is hardly likely may be inside and the likeliest not.
    // Alone it would be a false word; with all that are likelier the promise is kept as well.
    const whole = inside.includes(ranked[0])
      ? inside
      : ranked.slice(0, ranked.indexOf(inside[inside.length - 1]) + 1);
    const members = completed ? ranked.slice(0, 2) : whole;
    return { coverage: level, labels: members.map((k) => labels[k]), completed };
  });
}
