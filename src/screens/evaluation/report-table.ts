/** The classification report, row for row as scikit-learn prints it. */
import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Cell } from '../../elements/data-table.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import type { ClassFigures, ClassificationReport } from '../../evaluation/index.ts';
import { className } from '../../words/words.ts';
import '../../elements/data-table.ts';

export interface TableContent {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly numeric: readonly number[];
}

export function reportContent(
  report: ClassificationReport,
  classes: readonly string[],
): TableContent {
  const row = (name: string, { precision, recall, f1, support }: ClassFigures): Cell[] => [
    name,
    formatShare(precision),
    formatShare(recall),
    formatShare(f1),
    formatNumber(support),
  ];
  return {
    columns: [msg('Class'), msg('Precision'), msg('Recall'), msg('F1'), msg('Pictures')],
    numeric: [1, 2, 3, 4],
    rows: [
      ...classes.map((label, k) => row(className(label), report.perClass[k] ?? NOTHING)),
      [msg('Accuracy'), '', '', formatShare(report.accuracy), formatNumber(report.macro.support)],
      row(msg('Mean of classes'), report.macro),
      row(msg('Weighted by pictures'), report.weighted),
    ],
  };
}

export function renderReport(
  report: ClassificationReport,
  classes: readonly string[],
  caption: string,
): unknown {
  const { columns, rows, numeric } = reportContent(report, classes);
  return html`<fr-data-table
    stacks
    caption=${caption}
    .columns=${columns}
    .numeric=${numeric}
    .rows=${rows}
  ></fr-data-table>`;
}

const NOTHING: ClassFigures = { precision: 0, recall: 0, f1: 0, support: 0 };
