/**
 * The result as a few lines of text, for the QR code on paper: a person reads it with any phone,
 * another Fieldray reads it by its schema. UTF-8, `key: value`, one a line:
 *
 *   FIELDRAY 1
 *   report: 5f1c9a3e            first eight characters of the study's id
 *   site: Kisumu
 *   read: 2026-11-30T08:15Z
 *   answer: Lung_Opacity        or "refused not-a-frontal-chest", or "none"
 *   sure: likely                clear, likely, unsure; "unreliable" where it must not be relied on
 *   decision: refer             refer, uncertain, not-flagged
 *   p: COVID=0.100; Lung_Opacity=0.700; Normal=0.150; Viral Pneumonia=0.050
 *   findings: blurred, rotated
 *   word: agree Lung_Opacity AB
 *   model: chest-mobilenetv2 1.0.0
 *   app: 0.1.0
 *   patient: Amina Diallo 4711  only when asked for
 *
 * A line may be missing; what is unknown is passed over, so that a later version may add lines.
 */
import * as v from 'valibot';
import { ReportTextInvalid, ReportTextTooNew } from '../errors.ts';
import { labelWords } from '../identity.ts';
import { leadingReading } from '../leading.ts';
import type { ReportedReading, ReportedStudy } from '../types.ts';

const FIRST_WORD = 'FIELDRAY';
const VERSION = 1;
/** A code with more than this is too fine to be scanned from paper. */
const MOST_TEXT = 120;
/** More than any code can hold. */
const MOST_CHARACTERS = 4000;

const short = v.pipe(v.string(), v.maxLength(300));

const ReportTextSchema = v.object({
  report: v.optional(short, ''),
  site: v.optional(short, ''),
  /** Milliseconds since 1970. */
  read: v.optional(
    v.nullable(
      v.pipe(
        short,
        v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/),
        v.transform((text) => Date.parse(text)),
        v.finite(),
      ),
    ),
    null,
  ),
  answer: short,
  sure: v.optional(v.nullable(v.picklist(['clear', 'likely', 'unsure', 'unreliable'])), null),
  decision: v.optional(v.nullable(v.picklist(['refer', 'uncertain', 'not-flagged'])), null),
  p: v.optional(
    v.pipe(
      short,
      v.transform(sharesOf),
      v.record(short, v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    ),
    '',
  ),
  findings: v.optional(v.pipe(short, v.transform(listOf)), ''),
  word: v.optional(short, ''),
  model: v.optional(short, ''),
  app: v.optional(short, ''),
  patient: v.optional(short, ''),
});

export type ReportText = v.InferOutput<typeof ReportTextSchema>;

/** @param study with its label only where that was asked for (`deidentified`) */
export function reportText(study: ReportedStudy): string {
  const reading = leadingReading(study);
  const word = study.words.at(-1);
  const lines: readonly (readonly [string, string])[] = [
    ['report', study.id.slice(0, 8)],
    ['site', study.site],
    ['read', reading?.readAt ? `${new Date(reading.readAt).toISOString().slice(0, 16)}Z` : ''],
    ['answer', answerOf(reading)],
    ['sure', reading?.unreliable ? 'unreliable' : (reading?.certainty ?? '')],
    ['decision', reading?.decision ?? ''],
    ['p', reading ? figuresOf(reading) : ''],
    ['findings', reading?.findings.map(({ code }) => code).join(', ') ?? ''],
    ['word', word ? [word.verdict, word.label ?? '', word.by.initials].join(' ') : ''],
    ['model', reading ? `${reading.model.id} ${reading.model.version}` : ''],
    ['app', reading?.appVersion ?? ''],
    ['patient', labelWords(study.label)],
  ];
  const said = lines
    .map(([key, value]) => [key, oneLine(value)] as const)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`);
  return [`${FIRST_WORD} ${VERSION}`, ...said].join('\n');
}

/** @throws ReportTextInvalid, ReportTextTooNew */
export function parseReportText(text: string): ReportText {
  const [first = '', ...lines] = text.slice(0, MOST_CHARACTERS).split(/\r?\n/);
  const head = /^FIELDRAY (\d{1,6})$/.exec(first.trim());
  if (!head) throw new ReportTextInvalid();
  if (Number(head[1]) > VERSION) throw new ReportTextTooNew();
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const parts = /^([a-z]{1,20}): (.+)$/.exec(line);
    // The first of two counts: what was put behind it by hand does not.
    if (parts?.[1] && parts[2] && !Object.hasOwn(fields, parts[1])) fields[parts[1]] = parts[2];
  }
  const parsed = v.safeParse(ReportTextSchema, fields);
  if (!parsed.success) throw new ReportTextInvalid();
  return parsed.output;
}

function answerOf(reading: ReportedReading | null): string {
  if (!reading) return 'none';
  return reading.refused === null ? (reading.top ?? 'none') : `refused ${reading.refused}`;
}

/** Films have none: how right such answers are was never measured. */
function figuresOf({ labels, probabilities, photographed, refused }: ReportedReading): string {
  if (photographed || refused !== null) return '';
  return labels
    .map((label, at) => `${label.replaceAll(/[=;]/g, ' ')}=${(probabilities[at] ?? 0).toFixed(3)}`)
    .join('; ');
}

function sharesOf(text: string): Record<string, number> {
  const pairs = text.split('; ').flatMap((part): [string, number][] => {
    const at = part.lastIndexOf('=');
    return at > 0 ? [[part.slice(0, at), Number(part.slice(at + 1))]] : [];
  });
  return Object.fromEntries(pairs);
}

function listOf(text: string): string[] {
  return text.split(', ').filter((part) => part !== '');
}

/** What would break the line, or the scan, goes. */
function oneLine(value: string): string {
  const line = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const most = /^[a-z]+=|; /.test(line) ? 300 : MOST_TEXT;
  return Array.from(line).slice(0, most).join('').trim();
}
