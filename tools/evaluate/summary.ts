/**
 * From answers to the figures: what the JSON holds and what is printed. The figures are the app's own
 * (src/evaluation), so that the screen and this command cannot differ. Pure.
 */
import {
  classificationReport,
  confusionText,
  documentOf,
  reportText,
  resultOf,
  type EvaluatedPicture,
  type EvaluationDocument,
} from '../../src/evaluation/index.ts';
import { CLASS_LABELS } from '../../src/model/manifest.ts';

export type Evaluation = EvaluationDocument;

export interface Circumstances {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly backend: string;
  readonly appVersion: string;
  readonly seconds: number;
  /** Name of the data folder. */
  readonly folder: string;
}

export function evaluate(pictures: readonly EvaluatedPicture[], at: Circumstances): Evaluation {
  const { modelId: id, modelVersion: version, backend, appVersion, seconds, folder } = at;
  const name = `${id} ${version}`;
  return documentOf(
    {
      name: folder,
      folder: { name: folder, key: '' },
      model: { key: `${id}@${version}`, id, version, name },
      startedAt: Date.now() - 1000 * seconds,
      done: pictures.length,
      ...{ seconds, backend, appVersion },
    },
    pictures,
    resultOf(pictures, CLASS_LABELS),
  );
}

/** At most so many unreadable files are named on the screen; the JSON has all of them. */
const NAMED = 20;

/** Everything for the terminal. */
export function evaluationText(
  evaluation: Evaluation,
  pictures: readonly EvaluatedPicture[],
): string {
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
      `refused in each folder      ${refusedFolders(evaluation)}`,
      `accuracy of the accepted    ${evaluation.accuracyOfAccepted?.toFixed(4) ?? 'there are none'}`,
    ].join('\n'),
    intervalsSection(evaluation),
    ...unreadableSection(evaluation, pictures),
    ...otherSection(evaluation.otherFolders),
    ...cautionsSection(pictures),
  ];
  return `${sections.join('\n\n')}\n`;
}

function refusals({ refusals: counts }: Evaluation): string {
  const each = Object.entries(counts);
  if (each.length === 0) return 'none';
  const sum = each.reduce((total, [, number]) => total + number, 0);
  const words = each.map(([code, number]) => `${code} ${number}`).join(', ');
  return `${sum}; their answers count above (${words})`;
}

function refusedFolders({ files }: Evaluation): string {
  return CLASS_LABELS.map((label) => {
    // A file that could not be read was not refused.
    const read = files.filter((file) => file.label === label && file.probabilities !== null);
    return `${label} ${read.filter(({ refused }) => refused !== null).length} of ${read.length}`;
  }).join(', ');
}

function intervalsSection({ intervals, coverage }: Evaluation): string {
  const show = (figure: { value: number; low: number; high: number } | null): string =>
    figure
      ? `${figure.value.toFixed(4)} (${figure.low.toFixed(4)} to ${figure.high.toFixed(4)})`
      : 'there is none';
  const wide = Math.max(...CLASS_LABELS.map((label) => label.length)) + 6;
  return [
    'With 95 % bootstrap intervals, drawn within the classes:',
    `  ${'accuracy'.padEnd(wide)}${show(intervals.accuracy)}`,
    `  ${'macro F1'.padEnd(wide)}${show(intervals.macroF1)}`,
    `  ${'macro AUC'.padEnd(wide)}${show(intervals.macroRoc)}`,
    ...CLASS_LABELS.map((label) => `  ${`AUC ${label}`.padEnd(wide)}${show(intervals.roc[label])}`),
    ...CLASS_LABELS.map(
      (label) => `  ${`AP ${label}`.padEnd(wide)}${show(intervals.averagePrecision[label])}`,
    ),
    ...coverage.map(
      ({ nominal, observed, meanSize }) =>
        `  sets promised ${nominal}: kept ${observed.toFixed(4)}, ${meanSize.toFixed(2)} classes named on average`,
    ),
  ].join('\n');
}

function unreadableSection(
  evaluation: Evaluation,
  pictures: readonly EvaluatedPicture[],
): string[] {
  const known = new Set<string>(CLASS_LABELS);
  const bad = pictures.filter(({ label, failure }) => known.has(label) && failure !== null);
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

function otherSection(folders: Evaluation['otherFolders']): string[] {
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

/** How often each thing spoke against an answer, folder by folder: what was found, and false alarms. */
function cautionsSection(pictures: readonly EvaluatedPicture[]): string[] {
  const folders = new Map<string, Record<string, number>>();
  for (const { label, checks } of pictures) {
    const counts = folders.get(label) ?? {};
    for (const code of checks?.cautions ?? []) counts[code] = (counts[code] ?? 0) + 1;
    folders.set(label, counts);
  }
  const lines = [...folders].flatMap(([name, counts]) => {
    const most = Object.entries(counts).sort(([, a], [, b]) => b - a);
    if (most.length === 0) return [];
    return [`  ${name}: ${most.map(([code, number]) => `${code} ${number}`).join(', ')}`];
  });
  if (lines.length === 0) return [];
  return [['Speaks against relying on an answer (docs/refusals.md):', ...lines].join('\n')];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
