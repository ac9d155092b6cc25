/**
 * The classification report, by the definitions scikit-learn uses: where a figure would divide by
 * zero it is 0, and averages are taken over the classes that occur in the truth or the answers.
 */
import type { ConfusionMatrix } from './confusion.ts';

/** Shares of 1; `support` counts the pictures that truly are of the class (all of them, in averages). */
export interface ClassFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

export interface ClassificationReport {
  /** Share of right answers; 0 if there is no picture. */
  readonly accuracy: number;
  /** In the order of the matrix; all zeros for a class that never occurs. */
  readonly perClass: readonly ClassFigures[];
  /** Every class that occurs counts alike. Its `f1` is the macro F1. */
  readonly macro: ClassFigures;
  /** Every picture counts alike: classes weighted by support. */
  readonly weighted: ClassFigures;
}

export function classificationReport(confusion: ConfusionMatrix): ClassificationReport {
  const supports = confusion.map((row) => sum(row));
  const found = confusion.map((_, column) => sum(confusion.map((row) => row[column] ?? 0)));
  const hits = confusion.map((row, at) => row[at] ?? 0);
  const perClass = confusion.map((_, at): ClassFigures => {
    const hit = hits[at] ?? 0;
    const support = supports[at] ?? 0;
    const answered = found[at] ?? 0;
    return {
      precision: share(hit, answered),
      recall: share(hit, support),
      f1: share(2 * hit, answered + support),
      support,
    };
  });
  const total = sum(supports);
  const occurring = perClass.filter((_, at) => (supports[at] ?? 0) + (found[at] ?? 0) > 0);
  return {
    accuracy: share(sum(hits), total),
    perClass,
    macro: average(occurring, () => 1, total),
    weighted: average(occurring, (figures) => figures.support, total),
  };
}

function average(
  rows: readonly ClassFigures[],
  weight: (row: ClassFigures) => number,
  support: number,
): ClassFigures {
  const all = sum(rows.map(weight));
  const of = (pick: (row: ClassFigures) => number): number =>
    share(sum(rows.map((row) => weight(row) * pick(row))), all);
  return {
    precision: of((row) => row.precision),
    recall: of((row) => row.recall),
    f1: of((row) => row.f1),
    support,
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
