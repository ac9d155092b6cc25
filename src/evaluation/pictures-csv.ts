import { csvOf } from '../base/csv.ts';
import type { EvaluatedPicture } from './pictures.ts';
import { topOf } from './study.ts';

/** One row a file: what it is, what was answered, every probability. */
export function picturesCsv(
  pictures: readonly EvaluatedPicture[],
  classes: readonly string[],
): string {
  const levels = [...new Set(pictures.flatMap(({ sets }) => Object.keys(sets)))].sort();
  return csvOf(
    [
      'path',
      'label',
      'origin',
      'answer',
      'right',
      ...classes.map((label) => `p ${label}`),
      ...levels.map((level) => `named at ${level}`),
      'refused',
      'unreadable',
      'cautions',
      'evidence inside lungs',
    ],
    pictures.map((picture) => {
      const { path, label, origin, probabilities, sets, refused, failure, checks } = picture;
      const top = probabilities ? topOf(probabilities) : null;
      const answer = top === null ? null : classes[top];
      return [
        path,
        label,
        origin,
        answer,
        answer === null || !classes.includes(label) ? null : answer === label,
        ...classes.map((_, k) => probabilities?.[k] ?? null),
        ...levels.map((level) => sets[level]?.map((k) => classes[k]).join(' | ') ?? null),
        refused,
        failure?.code ?? null,
        checks?.cautions.join(' | ') ?? null,
        top === null ? null : (checks?.insideLungs[top] ?? null),
      ];
    }),
  );
}
