/**
 * One model over one labelled collection, summed up: everything a report, a screen or an export
 * shows. Plain data, structured-cloneable; made from the answers alone.
 */
import { bootstrap, type BootstrapOptions, type Interval } from './bootstrap.ts';
import { calibrationError } from './calibration-error.ts';
import { confusionMatrix, type ConfusionMatrix } from './confusion.ts';
import { curveOf, rank, type Curve } from './curves.ts';
import { reliability, type ReliabilityBin } from './reliability.ts';
import { classificationReport, type ClassificationReport } from './report.ts';
import { newSweep, PLACES, sweep, type Sweep } from './sweep.ts';

/** One picture's answer. */
export interface Answer {
  readonly path: string;
  /** Position of the true class. */
  readonly truth: number;
  /** Calibrated, one a class, sum 1. */
  readonly probabilities: readonly number[];
  /** Where the picture came from, as far as that is known. */
  readonly origin: string | null;
  /** The refusal's code, null if the picture was accepted. A refused one counts in `accuracy` all the same. */
  readonly refused: string | null;
  /** Positions in the prediction set at each nominal coverage ("0.9" → [0, 1]); empty without sets. */
  readonly sets: Readonly<Record<string, readonly number[]>>;
}

/** An interval at each of the evenly spaced places 0 … 1 of a curve's x axis. */
export type Band = readonly (Interval | null)[];

export interface ClassCurves {
  readonly curve: Curve;
  /** Area under ROC, and average precision, with bootstrap intervals; null where undefined. */
  readonly roc: Interval | null;
  readonly precision: Interval | null;
  /** Sensitivity at each share of false alarms, and precision at each share found (0: null). */
  readonly rocBand: Band;
  readonly precisionBand: Band;
}

export interface CoverageFigures {
  readonly nominal: number;
  /** Share of pictures whose set holds the true class. */
  readonly observed: number;
  /** The same for each class; null without pictures of it. */
  readonly perClass: readonly (number | null)[];
  readonly meanSize: number;
}

export interface OriginFigures {
  readonly origin: string;
  readonly images: number;
  readonly accuracy: number;
  /** null for a class the origin has no picture of. */
  readonly recalls: readonly (number | null)[];
}

export interface EvaluationStudy {
  readonly classes: readonly string[];
  readonly images: number;
  readonly report: ClassificationReport;
  readonly accuracy: Interval | null;
  readonly macroF1: Interval | null;
  readonly confusion: ConfusionMatrix;
  readonly curves: readonly ClassCurves[];
  readonly macroRoc: Interval | null;
  readonly calibrationError: number;
  readonly reliability: readonly ReliabilityBin[];
  readonly coverage: readonly CoverageFigures[];
  readonly refusals: Readonly<Record<string, number>>;
  /** null if every picture was refused. */
  readonly accuracyOfAccepted: number | null;
  readonly origins: readonly OriginFigures[];
  /** Positions of wrong answers, those stated with the most confidence first. */
  readonly errors: readonly number[];
}

/**
 * @param answers at least one
 * @param classes names in the order of the probabilities
 * @throws RangeError if a truth or a list of probabilities does not fit the classes
 */
export function studyOf(
  answers: readonly Answer[],
  classes: readonly string[],
  options: BootstrapOptions = {},
): EvaluationStudy {
  for (const { path, probabilities } of answers) {
    if (probabilities.length !== classes.length || !probabilities.every(Number.isFinite)) {
      throw new RangeError(`The answer to “${path}” is not one of ${classes.length} classes.`);
    }
  }
  const truth = answers.map((answer) => answer.truth);
  const tops = answers.map((answer) => topOf(answer.probabilities));
  const right = tops.map((top, at) => top === truth[at]);
  const stated = answers.map(({ probabilities }, at) => ({
    confidence: probabilities[tops[at] ?? 0] ?? 0,
    right: right[at] ?? false,
  }));
  const confusion = confusionMatrix(truth, tops, classes.length);
  const rankings = classes.map((_, k) =>
    rank(
      truth.map((label) => label === k),
      answers.map(({ probabilities }) => probabilities[k] ?? 0),
    ),
  );
  const sweeps = classes.map(newSweep);
  const figures = bootstrap(
    truth,
    (times) => {
      for (const [k, ranking] of rankings.entries()) sweep(ranking, times, sweeps[k]);
      return [
        shareRight(right, times),
        macroF1(truth, tops, times, classes.length),
        mean(sweeps.map(({ roc }) => roc)),
        ...sweeps.flatMap(figuresOf),
      ];
    },
    options,
  );
  const accepted = right.filter((_, at) => answers[at]?.refused === null);
  return {
    classes,
    images: answers.length,
    report: classificationReport(confusion),
    accuracy: figures[0] ?? null,
    macroF1: figures[1] ?? null,
    confusion,
    curves: rankings.map((ranking, k) => {
      const mine = figures.slice(3 + k * PER_CLASS, 3 + (k + 1) * PER_CLASS);
      return {
        curve: curveOf(ranking),
        roc: mine[0] ?? null,
        precision: mine[1] ?? null,
        rocBand: mine.slice(2, 3 + PLACES),
        precisionBand: mine.slice(3 + PLACES),
      };
    }),
    macroRoc: figures[2] ?? null,
    calibrationError: calibrationError(stated),
    reliability: reliability(stated),
    coverage: coverageOf(answers, classes.length),
    refusals: countRefusals(answers),
    accuracyOfAccepted: accepted.length > 0 ? share(accepted) : null,
    origins: originsOf(answers, right, classes.length),
    errors: [...right.keys()]
      .filter((at) => !right[at])
      .sort((a, b) => (stated[b]?.confidence ?? 0) - (stated[a]?.confidence ?? 0)),
  };
}

/** Two areas and two curves of PLACES + 1 places. */
const PER_CLASS = 2 + 2 * (PLACES + 1);

function figuresOf({ roc, precision, sensitivities, precisions }: Sweep): (number | null)[] {
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return [roc, precision, ...Array.from(sensitivities, known), ...Array.from(precisions, known)];
}

/** Over the classes that occur in the truth or the answers, as the report's. */
function macroF1(
  truth: readonly number[],
  tops: readonly number[],
  times: Uint32Array,
  classes: number,
): number | null {
  const sides = new Float64Array(classes);
  const hits = new Float64Array(classes);
  for (let at = 0; at < times.length; at++) {
    sides[truth[at]] += times[at];
    sides[tops[at]] += times[at];
    if (truth[at] === tops[at]) hits[truth[at]] += times[at];
  }
  let sum = 0;
  let occurring = 0;
  for (let k = 0; k < classes; k++) {
    if (sides[k] === 0) continue;
    occurring++;
    sum += (2 * hits[k]) / sides[k];
  }
  return occurring > 0 ? sum / occurring : null;
}

/** Position of the largest probability, the first one of equals. */
export function topOf(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function coverageOf(answers: readonly Answer[], classes: number): CoverageFigures[] {
  const nominal = new Set(answers.flatMap(({ sets }) => Object.keys(sets)));
  return [...nominal].sort().map((level) => {
    const held = answers.flatMap(({ sets, truth }) => {
      const set = sets[level];
      return set ? [{ truth, size: set.length, holds: set.includes(truth) }] : [];
    });
    return {
      nominal: Number(level),
      observed: share(held.map(({ holds }) => holds)),
      perClass: Array.from({ length: classes }, (_, k) => {
        const mine = held.filter(({ truth }) => truth === k);
        return mine.length > 0 ? share(mine.map(({ holds }) => holds)) : null;
      }),
      meanSize: held.reduce((sum, { size }) => sum + size, 0) / held.length,
    };
  });
}

function countRefusals(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { refused } of answers) {
    if (refused !== null) counts[refused] = (counts[refused] ?? 0) + 1;
  }
  return counts;
}

function originsOf(
  answers: readonly Answer[],
  right: readonly boolean[],
  classes: number,
): OriginFigures[] {
  const members = new Map<string, number[]>();
  for (const [at, { origin }] of answers.entries()) {
    if (origin === null) continue;
    const list = members.get(origin);
    if (list) list.push(at);
    else members.set(origin, [at]);
  }
  return [...members]
    .map(([origin, positions]) => ({
      origin,
      images: positions.length,
      accuracy: share(positions.map((at) => right[at] ?? false)),
      recalls: Array.from({ length: classes }, (_, k) => {
        const mine = positions.filter((at) => answers[at]?.truth === k);
        return mine.length > 0 ? share(mine.map((at) => right[at] ?? false)) : null;
      }),
    }))
    .sort((a, b) => b.images - a.images || (a.origin < b.origin ? -1 : 1));
}

function shareRight(right: readonly boolean[], times: Uint32Array): number | null {
  let hits = 0;
  let all = 0;
  for (const [at, count] of times.entries()) {
    all += count;
    if (right[at]) hits += count;
  }
  return all > 0 ? hits / all : null;
}

/** null unless there is an area for every class. */
function mean(areas: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const area of areas) {
    if (area === null) return null;
    sum += area;
  }
  return areas.length > 0 ? sum / areas.length : null;
}

function share(list: readonly boolean[]): number {
  return list.length > 0 ? list.filter(Boolean).length / list.length : 0;
}
