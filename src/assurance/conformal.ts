/** Prediction sets by split conformal prediction; the rule is in src/model/manifest/assurance.ts. */
import type { ConformalLevels, PredictionSet } from './types.ts';

/**
 * One set for every level the model brings. They are nested: what is named at one level is named at
 * every higher one.
 * @param probabilities calibrated, before any change of priors: the levels were fitted on these
 * @param labels in their order
 */
export function predictionSets(
  probabilities: readonly number[],
  { levels }: ConformalLevels,
  labels: readonly string[],
): PredictionSet[] {
  const ranked = labels.map((_, k) => k).sort((a, b) => probabilities[b] - probabilities[a]);
  const scores = probabilities.map(
    (own, k) => Math.max(...probabilities.filter((_, other) => other !== k)) - own,
  );
  const ascending = [...levels].sort((a, b) => a.level - b.level);
  let lower: readonly number[] = [];
  let completed = false;
  return ascending.map(({ level, thresholds }) => {
    const inside = ranked.filter((k) => scores[k] <= thresholds[k]);
    completed ||= inside.length === 0;
    const own = inside.length === 0 ? ranked.slice(0, 2) : withLikelier(inside, ranked);
    const members = ranked.filter((k) => own.includes(k) || lower.includes(k));
    lower = members;
    return { coverage: level, labels: members.map((k) => labels[k]), completed };
  });
}

/**
 * Thresholds differ by class: a class that is hardly likely may be inside and the likeliest not. Alone
 * it would be a false word; with all that are likelier the promise is kept as well.
 */
function withLikelier(inside: readonly number[], ranked: readonly number[]): readonly number[] {
  return inside.includes(ranked[0])
    ? inside
    : ranked.slice(0, ranked.indexOf(inside[inside.length - 1]) + 1);
}
