/** Tables as CSV (RFC 4180), for spreadsheets as well as for programs. */
import type { EvaluatedPicture } from '../evaluation/pictures.ts';
import { topOf } from '../evaluation/study.ts';

export type CsvCell = string | number | boolean | null;

/** With a header line, `\r\n` after each row; null is an empty cell. */
export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

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

function cellOf(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  // A spreadsheet would run a file's name that begins like a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
