/**
 * Everything of one evaluation as one JSON document: what the app and `npm run evaluate` write.
 * Names inside `report` are scikit-learn's (`classification_report(…, output_dict=True)`).
 */
import type { Interval } from './bootstrap.ts';
import type { ConfusionMatrix } from './confusion.ts';
import type { Checks, EvaluatedPicture, EvaluationResult, OtherFolder } from './pictures.ts';
import type { EvaluationRun } from './records.ts';
import type { ReliabilityBin } from './reliability.ts';
import { classificationReport, type ClassFigures } from './report.ts';
import { topOf, type CoverageFigures, type OriginFigures } from './study.ts';

export interface SklearnFigures {
  readonly precision: number;
  readonly recall: number;
  readonly 'f1-score': number;
  readonly support: number;
}

export interface FileResult {
  readonly path: string;
  readonly label: string;
  readonly origin: string | null;
  /** null if the file could not be read at all, like probabilities and logits. */
  readonly predicted: string | null;
  /** Calibrated, in the order of `classes`. */
  readonly probabilities: readonly number[] | null;
  readonly logits: readonly number[] | null;
  /** Why the app refuses the picture, or could not read the file; null if it does neither. */
  readonly refused: string | null;
  /** Names of the classes in the prediction set at each nominal coverage. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  /** Gate, findings and where the evidence lies; null if the file could not be read. */
  readonly checks: Checks | null;
  /** Which figures the probabilities and sets come from: `new-hospital`, `known-hospitals`, … */
  readonly fit: string | null;
}

export interface EvaluationDocument {
  readonly schema: 1;
  readonly name: string;
  readonly folder: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly model: { readonly id: string; readonly version: string; readonly name: string };
  readonly backend: string;
  readonly appVersion: string;
  readonly secondsPerImage: number;
  readonly classes: readonly string[];
  /** Which figures spoke, of all files alike; null if nothing was read. */
  readonly fit: string | null;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly report: Readonly<Record<string, SklearnFigures | number>>;
  /** Rows are the truth, columns the answer, both in the order of `classes`. */
  readonly confusionMatrix: ConfusionMatrix;
  readonly calibrationError: number;
  /** 95 % bootstrap intervals, seeded; null where there is no such figure. */
  readonly intervals: {
    readonly accuracy: Interval | null;
    readonly macroF1: Interval | null;
    readonly macroRoc: Interval | null;
    /** Areas under ROC and average precision, by class. */
    readonly roc: Readonly<Record<string, Interval | null>>;
    readonly averagePrecision: Readonly<Record<string, Interval | null>>;
  };
  /** By class, from the highest threshold down: counts of what has at least this probability. */
  readonly curves: Readonly<
    Record<
      string,
      {
        readonly positives: number;
        readonly negatives: number;
        readonly thresholds: readonly number[];
        readonly truePositives: readonly number[];
        readonly falsePositives: readonly number[];
      }
    >
  >;
  readonly reliability: readonly ReliabilityBin[];
  readonly coverage: readonly CoverageFigures[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly accuracyOfAccepted: number | null;
  readonly origins: readonly OriginFigures[];
  /** Wrong answers, those stated with the most confidence first. */
  readonly errors: readonly string[];
  /** Files of the class folders that could not be read: in no figure. */
  readonly unreadable: number;
  readonly otherFolders: readonly (OtherFolder & { readonly files: readonly FileResult[] })[];
  readonly files: readonly FileResult[];
}

/** What a document tells of the circumstances. */
export type RunFacts = Pick<
  EvaluationRun,
  'name' | 'folder' | 'model' | 'startedAt' | 'seconds' | 'backend' | 'appVersion' | 'done'
>;

export function documentOf(
  run: RunFacts,
  pictures: readonly EvaluatedPicture[],
  result: EvaluationResult,
): EvaluationDocument {
  const { classes, study } = result;
  const files = pictures.map((picture) => fileOf(picture, classes));
  const byClass = <T>(pick: (k: number) => T): Record<string, T> =>
    Object.fromEntries(classes.map((label, k) => [label, pick(k)]));
  const nothing = classes.map(() => classes.map(() => 0));
  const report = study?.report ?? classificationReport(nothing);
  return {
    schema: 1,
    name: run.name,
    folder: run.folder.name,
    startedAt: new Date(run.startedAt).toISOString(),
    model: { id: run.model.id, version: run.model.version, name: run.model.name },
    backend: run.backend,
    appVersion: run.appVersion,
    secondsPerImage: run.done > 0 ? run.seconds / run.done : 0,
    classes,
    fit: pictures.find(({ fit }) => fit !== undefined)?.fit ?? null,
    accuracy: report.accuracy,
    macroF1: report.macro.f1,
    report: {
      ...byClass((k) => sklearnNames(report.perClass[k])),
      accuracy: report.accuracy,
      'macro avg': sklearnNames(report.macro),
      'weighted avg': sklearnNames(report.weighted),
    },
    confusionMatrix: study?.confusion ?? nothing,
    calibrationError: study?.calibrationError ?? 0,
    intervals: {
      accuracy: study?.accuracy ?? null,
      macroF1: study?.macroF1 ?? null,
      macroRoc: study?.macroRoc ?? null,
      roc: byClass((k) => study?.curves[k].roc ?? null),
      averagePrecision: byClass((k) => study?.curves[k].precision ?? null),
    },
    curves: study
      ? byClass((k) => {
          const { positives, negatives, points } = study.curves[k].curve;
          return {
            positives,
            negatives,
            thresholds: points.map(({ threshold }) => threshold),
            truePositives: points.map(({ truePositives }) => truePositives),
            falsePositives: points.map(({ falsePositives }) => falsePositives),
          };
        })
      : {},
    reliability: study?.reliability ?? [],
    coverage: study?.coverage ?? [],
    refusals: study?.refusals ?? {},
    accuracyOfAccepted: study?.accuracyOfAccepted ?? null,
    origins: study?.origins ?? [],
    errors: (study?.errors ?? []).map((at) => result.scored[at].path),
    unreadable: result.unreadable.length,
    otherFolders: result.others.map((folder) => ({
      ...folder,
      files: files.filter(({ label }) => label === folder.name),
    })),
    files: files.filter(({ label }) => classes.includes(label)),
  };
}

function fileOf(picture: EvaluatedPicture, classes: readonly string[]): FileResult {
  const { path, label, origin, logits, probabilities, refused, sets, failure, checks } = picture;
  return {
    path,
    label,
    origin,
    predicted: probabilities ? classes[topOf(probabilities)] : null,
    probabilities,
    logits,
    refused: refused ?? failure?.code ?? null,
    sets: Object.fromEntries(
      Object.entries(sets).map(([level, set]) => [level, set.map((k) => classes[k])]),
    ),
    checks: checks ?? null,
    fit: picture.fit ?? null,
  };
}

function sklearnNames({ precision, recall, f1, support }: ClassFigures): SklearnFigures {
  return { precision, recall, 'f1-score': f1, support };
}
