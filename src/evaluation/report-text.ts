/** The report as text, column for column as scikit-learn prints it, and the matrix with its names. */
import type { ConfusionMatrix } from './confusion.ts';
import type { ClassFigures, ClassificationReport } from './report.ts';

const COLUMNS = ['precision', 'recall', 'f1-score', 'support'] as const;
const WIDTH = 9;

/**
 * The same text as `sklearn.metrics.classification_report(…, target_names=labels, digits=digits)`.
 * @param labels names of the classes in the report's order
 */
export function reportText(
  report: ClassificationReport,
  labels: readonly string[],
  digits = 4,
): string {
  const averages = ['macro avg', 'weighted avg'] as const;
  const wide = Math.max(digits, ...[...labels, ...averages].map((name) => name.length));
  const cells = (values: readonly string[]): string =>
    values.map((value) => ` ${value.padStart(WIDTH)}`).join('');
  const line = (name: string, figures: ClassFigures): string =>
    `${name.padStart(wide)} ${cells([
      ...[figures.precision, figures.recall, figures.f1].map((value) => value.toFixed(digits)),
      String(figures.support),
    ])}`;
  const accuracy = ['', '', report.accuracy.toFixed(digits), String(report.macro.support)];
  return [
    `${' '.repeat(wide)} ${cells(COLUMNS)}`,
    '',
    ...report.perClass.map((figures, at) => line(labels[at] ?? String(at), figures)),
    '',
    `${'accuracy'.padStart(wide)} ${cells(accuracy)}`,
    line('macro avg', report.macro),
    line('weighted avg', report.weighted),
    '',
  ].join('\n');
}

/** Rows are the truth, columns the answer; a line above says so. */
export function confusionText(confusion: ConfusionMatrix, labels: readonly string[]): string {
  const first = Math.max(...labels.map((label) => label.length));
  const widths = labels.map((label, column) =>
    Math.max(label.length, ...confusion.map((row) => String(row[column] ?? 0).length)),
  );
  const cells = (values: readonly string[]): string =>
    values.map((value, column) => `  ${value.padStart(widths[column] ?? 0)}`).join('');
  return [
    'rows: what it is; columns: what was answered',
    '',
    `${' '.repeat(first)}${cells(labels)}`,
    ...confusion.map((row, at) => (labels[at] ?? '').padStart(first) + cells(row.map(String))),
    '',
  ].join('\n');
}
