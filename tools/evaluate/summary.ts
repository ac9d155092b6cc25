/** From answers to the figures: what the JSON holds and what is printed. Pure. */
import { assess } from '../../src/assurance/index.ts';
import {
  calibrationError,
  classificationReport,
  confusionMatrix,
  confusionText,
  reportText,
  type ClassFigures,
  type ClassificationReport,
} from '../../src/evaluation/index.ts';
import type { FaultData } from '../../src/fault.ts';
import { CLASS_LABELS, type ClassLabel } from '../../src/model/manifest.ts';

/** One file with the answer the app gave. */
export interface Answered {
  readonly path: string;
  /** Folder inside the data folder. */
  readonly group: string;
  readonly label: ClassLabel | null;
  readonly logits: readonly number[] | null;
  readonly failure: FaultData | null;
}

export interface FileResult {
  readonly path: string;
  readonly label: ClassLabel | null;
  /** null if the file could not be read at all, like probabilities and logits. */
  readonly predicted: ClassLabel | null;
  /** Calibrated, in the order of `classes`. */
  readonly probabilities: readonly number[] | null;
  readonly logits: readonly number[] | null;
  /** Why the app refuses the picture, or could not read the file; null if it does neither. */
  readonly refused: string | null;
}

/** As scikit-learn's `classification_report(…, output_dict=True)` names them. */
interface SklearnFigures {
  readonly precision: number;
  readonly recall: number;
  readonly 'f1-score': number;
  readonly support: number;
}

export interface OtherFolder {
  readonly name: string;
  readonly images: number;
  /** null if not one of them could be read. */
  readonly meanTopProbability: number | null;
  readonly refused: number;
  readonly unreadable: number;
  readonly files: readonly FileResult[];
}

export interface Evaluation {
  readonly accuracy: number;
  readonly macroF1: number;
  readonly classes: readonly ClassLabel[];
  readonly report: Readonly<Record<string, SklearnFigures | number>>;
  /** Rows are the truth, columns the answer, both in the order of `classes`. */
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly secondsPerImage: number;
  /** Files of the class folders; those that could not be read are in no figure. */
  readonly files: readonly FileResult[];
  readonly calibrationError: number;
  /** Files of the class folders that could not be read at all. */
  readonly unreadable: number;
  readonly otherFolders: readonly OtherFolder[];
  readonly model: { readonly id: string; readonly version: string };
  readonly backend: string;
}

export interface Circumstances {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly temperature: number;
  readonly backend: string;
  readonly seconds: number;
}

function resultOf(answered: Answered, temperature: number): FileResult {
  const { path, label, logits, failure } = answered;
  if (logits === null) {
    const refused = failure?.code ?? 'unknown';
    return { path, label, predicted: null, probabilities: null, logits: null, refused };
  }
  const assessment = assess(logits, temperature);
  // The app does not refuse a picture it could read (yet): then `refused` names the reason.
  return {
    path,
    label,
    predicted: assessment.label,
    probabilities: assessment.probabilities,
    logits,
    refused: null,
  };
}

export function evaluate(answered: readonly Answered[], at: Circumstances): Evaluation {
  const results = answered.map((each) => resultOf(each, at.temperature));
  const files = results.filter((file) => file.label !== null);
  const read = files.filter((file) => file.predicted !== null);
  const position = (label: ClassLabel | null): number =>
    label === null ? -1 : CLASS_LABELS.indexOf(label);
  const confusion = confusionMatrix(
    read.map((file) => position(file.label)),
    read.map((file) => position(file.predicted)),
    CLASS_LABELS.length,
  );
  const report = classificationReport(confusion);
  return {
    accuracy: report.accuracy,
    macroF1: report.macro.f1,
    classes: CLASS_LABELS,
    report: reportJson(report),
    confusionMatrix: confusion,
    secondsPerImage: answered.length > 0 ? at.seconds / answered.length : 0,
    files,
    calibrationError: calibrationError(
      read.map((file) => ({ confidence: top(file), right: file.predicted === file.label })),
    ),
    unreadable: files.length - read.length,
    otherFolders: otherFolders(answered, results),
    model: { id: at.modelId, version: at.modelVersion },
    backend: at.backend,
  };
}

function top(file: FileResult): number {
  return Math.max(...(file.probabilities ?? [0]));
}

function otherFolders(
  answered: readonly Answered[],
  results: readonly FileResult[],
): OtherFolder[] {
  const names = [...new Set(answered.filter((each) => each.label === null).map((e) => e.group))];
  return names.map((name) => {
    const files = results.filter((_, index) => answered[index].group === name);
    const read = files.filter((file) => file.predicted !== null);
    const sum = read.reduce((total, file) => total + top(file), 0);
    return {
      name,
      images: files.length,
      meanTopProbability: read.length > 0 ? sum / read.length : null,
      refused: read.filter((file) => file.refused !== null).length,
      unreadable: files.length - read.length,
      files,
    };
  });
}

function reportJson(report: ClassificationReport): Evaluation['report'] {
  const figures = ({ precision, recall, f1, support }: ClassFigures): SklearnFigures => ({
    precision,
    recall,
    'f1-score': f1,
    support,
  });
  return {
    ...Object.fromEntries(CLASS_LABELS.map((label, at) => [label, figures(report.perClass[at])])),
    accuracy: report.accuracy,
    'macro avg': figures(report.macro),
    'weighted avg': figures(report.weighted),
  };
}

/** At most so many unreadable files are named on the screen; the JSON has all of them. */
const NAMED = 20;

/** Everything for the terminal. */
export function evaluationText(evaluation: Evaluation, answered: readonly Answered[]): string {
  const read = evaluation.files.length - evaluation.unreadable;
  const report = classificationReport(evaluation.confusionMatrix);
  const sections = [
    `accuracy ${evaluation.accuracy.toFixed(4)}, macro F1 ${evaluation.macroF1.toFixed(4)} (${count(read, 'picture')})`,
    reportText(report, CLASS_LABELS).trimEnd(),
    `Confusion matrix (${confusionText(evaluation.confusionMatrix, CLASS_LABELS).trimEnd().replace('\n', ')\n')}`,
    [
      `expected calibration error  ${evaluation.calibrationError.toFixed(4)}`,
      `seconds a picture           ${evaluation.secondsPerImage.toFixed(4)}`,
      `refused by the app          ${refusals(evaluation)}`,
    ].join('\n'),
    ...unreadableSection(evaluation, answered),
    ...otherSection(evaluation.otherFolders),
  ];
  return `${sections.join('\n\n')}\n`;
}

function refusals({ files }: Evaluation): string {
  const refused = files.filter((file) => file.predicted !== null && file.refused !== null);
  if (refused.length === 0) return 'none';
  // Node 20 has no Map.groupBy yet.
  const codes = new Map<string, number>();
  for (const { refused: code } of refused) codes.set(code ?? '', (codes.get(code ?? '') ?? 0) + 1);
  const each = [...codes].map(([code, count]) => `${code} ${count}`);
  return `${refused.length}; their answers count above (${each.join(', ')})`;
}

function unreadableSection(evaluation: Evaluation, answered: readonly Answered[]): string[] {
  const bad = answered.filter((each) => each.label !== null && each.logits === null);
  if (bad.length === 0) return [];
  const lines = bad
    .slice(0, NAMED)
    .map(
      (each) =>
        `  ${each.path}: ${each.failure?.code ?? 'unknown'}. ${each.failure?.message ?? ''}`,
    );
  const more = bad.length > NAMED ? [`  and ${bad.length - NAMED} more`] : [];
  const heading = `${count(evaluation.unreadable, 'file')} in the class folders could not be read and ${evaluation.unreadable === 1 ? 'is' : 'are'} in no figure above:`;
  return [[heading, ...lines, ...more].join('\n')];
}

function otherSection(folders: readonly OtherFolder[]): string[] {
  if (folders.length === 0) return [];
  const lines = folders.map((folder) => {
    const mean = folder.meanTopProbability;
    const parts = [
      count(folder.images, 'picture'),
      mean === null ? 'none could be read' : `mean top probability ${mean.toFixed(4)}`,
      `${folder.refused} refused`,
      ...(folder.unreadable > 0 ? [`${folder.unreadable} could not be read`] : []),
    ];
    return `  ${folder.name}: ${parts.join(', ')}`;
  });
  return [['Other folders, without a score:', ...lines].join('\n')];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
