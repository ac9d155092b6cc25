/**
 * The list as CSV, one row a picture. Column names and codes are stable; docs/exports.md says what
 * each means, and a test holds the two together.
 */
import { csvOf, type CsvCell } from '../../base/csv.ts';
import { labelWords } from '../identity.ts';
import type { ReportedPicture, ReportedReading, ReportedStudy } from '../types.ts';

/**
 * Excel takes UTF-8 for the local code page without it, and names in any script come out wrong.
 * A program that does not know it sees it in the name of the first column, which is only a number.
 */
const BYTE_ORDER_MARK = '\ufeff';

/** Between several codes in one cell. */
const SEVERAL = '|';

interface Row {
  readonly study: ReportedStudy;
  readonly picture: ReportedPicture;
  readonly reading: ReportedReading | null;
  readonly number: number;
}

type Column = readonly [name: string, cell: (row: Row) => CsvCell];

/** The four classes of the delivered model; a site's own classes stand in `p_own`. */
const CLASSES: readonly (readonly [column: string, label: string])[] = [
  ['p_covid', 'COVID'],
  ['p_lung_opacity', 'Lung_Opacity'],
  ['p_normal', 'Normal'],
  ['p_viral_pneumonia', 'Viral Pneumonia'],
];

const COLUMNS: readonly Column[] = [
  ['row', ({ number }) => number],
  ['site', ({ study }) => study.site],
  ['study', ({ study }) => study.id],
  ['patient', ({ study }) => labelWords(study.label)],
  ['study_date', ({ study }) => study.studyDate],
  ['picture', ({ picture }) => picture.name],
  ['view', ({ picture }) => picture.view],
  ['side', ({ picture }) => picture.side],
  ['state', ({ picture }) => stateOf(picture)],
  ['fault', ({ picture }) => picture.failure],
  ['read_on', ({ reading }) => momentOf(reading?.readAt ?? null)],
  ['answer', ({ reading }) => reading?.top ?? null],
  ['certainty', ({ reading }) => reading?.certainty ?? null],
  [
    'reliable',
    ({ reading }) => (reading && reading.refused === null ? flag(!reading.unreliable) : null),
  ],
  ['decision', ({ reading }) => reading?.decision ?? null],
  ['refer_for', ({ reading }) => flagged(reading, 'refer')],
  ['uncertain_for', ({ reading }) => flagged(reading, 'uncertain')],
  ...CLASSES.map(([name, label]): Column => [
    name,
    ({ reading }) => (reading ? shareOf(reading, label) : null),
  ]),
  ['p_own', ({ reading }) => (reading ? ownShares(reading) : null)],
  ['set_90', ({ reading }) => setOf(reading, 0.9)],
  ['set_95', ({ reading }) => setOf(reading, 0.95)],
  ['refused', ({ reading }) => reading?.refused ?? null],
  ['findings', ({ reading }) => several(reading?.findings.map(({ code }) => code))],
  [
    'serious',
    ({ reading }) =>
      several(
        reading?.findings.filter(({ severity }) => severity === 'serious').map(({ code }) => code),
      ),
  ],
  ['file_notes', ({ reading }) => several(reading?.notes)],
  ['gate_score', ({ reading }) => reading?.gate?.score ?? null],
  ['gate_limit', ({ reading }) => reading?.gate?.limit ?? null],
  ['photographed', ({ reading }) => (reading ? flag(reading.photographed) : null)],
  ['word', ({ study }) => study.words.at(-1)?.verdict ?? null],
  ['word_class', ({ study }) => study.words.at(-1)?.label ?? null],
  ['word_text', ({ study }) => study.words.at(-1)?.text ?? null],
  ['word_by', ({ study }) => study.words.at(-1)?.by.initials ?? null],
  ['word_on', ({ study }) => momentOf(study.words.at(-1)?.at ?? null)],
  [
    'word_blind',
    ({ study }) => {
      const word = study.words.at(-1);
      return word ? flag(word.blind) : null;
    },
  ],
  ['diagnosis', ({ study }) => study.diagnoses.at(-1)?.label ?? null],
  ['diagnosis_text', ({ study }) => study.diagnoses.at(-1)?.text ?? null],
  ['diagnosis_by', ({ study }) => study.diagnoses.at(-1)?.method ?? null],
  ['model', ({ reading }) => reading?.model.id ?? null],
  ['model_version', ({ reading }) => reading?.model.version ?? null],
  ['adapted', ({ reading }) => reading?.model.adapted ?? null],
  ['backend', ({ reading }) => reading?.backend ?? null],
  ['milliseconds', ({ reading }) => (reading ? Math.round(reading.milliseconds) : null)],
  ['app_version', ({ reading }) => reading?.appVersion ?? null],
];

export const CSV_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);

/**
 * UTF-8 text with a byte order mark, comma-separated (RFC 4180), a header line. A cell that a
 * spreadsheet would take for a formula begins with an apostrophe.
 * @param studies without identity where none was asked for (`deidentified`)
 */
export function reportCsv(studies: readonly ReportedStudy[]): string {
  const rows = studies
    .flatMap((study) => study.pictures.map((picture) => ({ study, picture })))
    .map((both, at): Row => ({ ...both, reading: both.picture.reading, number: at + 1 }));
  const cells = rows.map((row) => COLUMNS.map(([, cell]) => cell(row)));
  return BYTE_ORDER_MARK + csvOf(CSV_COLUMNS, cells);
}

function stateOf({ reading, failure }: ReportedPicture): string {
  if (reading) return reading.refused === null ? 'read' : 'refused';
  return failure === null ? 'waiting' : 'failed';
}

/** ISO 8601 in UTC, to the second. */
function momentOf(at: number | null): string | null {
  if (at === null || Number.isNaN(new Date(at).getTime())) return null;
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

const flag = (value: boolean): number => (value ? 1 : 0);

function several(codes: readonly string[] | undefined): string | null {
  return codes ? codes.join(SEVERAL) : null;
}

function shareOf({ labels, probabilities }: ReportedReading, label: string): number | null {
  return rounded(probabilities[labels.indexOf(label)]);
}

function ownShares({ labels, probabilities }: ReportedReading): string {
  const known = CLASSES.map(([, label]) => label);
  return labels
    .flatMap((label, at) =>
      known.includes(label) ? [] : `${label}:${rounded(probabilities[at]) ?? ''}`,
    )
    .join(SEVERAL);
}

/** Four digits are more than the calibration is good for. */
function rounded(share: number | undefined): number | null {
  return share === undefined ? null : Math.round(share * 10_000) / 10_000;
}

function setOf(reading: ReportedReading | null, coverage: number): string | null {
  const found = reading?.sets.find((set) => Math.abs(set.coverage - coverage) < 1e-9);
  return several(found?.labels);
}

function flagged(reading: ReportedReading | null, state: string): string | null {
  if (!reading || reading.refused !== null) return null;
  return several(
    reading.decisions
      .filter((decision) => decision.label !== 'Normal' && decision.state === state)
      .map(({ label }) => label),
  );
}
