/** What the list, the search and the figures know of a study: derived from it, kept sealed in pages. */
import * as v from 'valibot';
import { DiagnosisSchema, LabelSchema, WordSchema, type KeptStudy } from '../study/schema.ts';
import { countingWords, isUnread, leadingPicture, topLabel } from '../study/words.ts';
import type { Outcome } from '../statistics/performance.ts';
import type { DriftPicture } from '../statistics/drift.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();

export const EntrySchema = v.object({
  id: text,
  label: LabelSchema,
  studyDate: v.nullable(text),
  keptAt: v.number(),
  device: text,
  pictures: count,
  /** Of the leading picture; null where none was read. */
  reading: v.nullable(
    v.object({
      model: text,
      labels: v.array(text),
      probabilities: v.array(v.number()),
      refused: v.nullable(text),
      triage: v.nullable(v.picklist(['refer', 'uncertain', 'not-flagged'])),
      fit: v.nullable(v.number()),
      measured: v.record(text, v.number()),
    }),
  ),
  /** The network's class; null: refused or not read. */
  top: v.nullable(text),
  /** The last counting word. */
  word: v.nullable(v.pick(WordSchema, ['at', 'verdict', 'label', 'seconds'])),
  /** Initials of everyone who gave a word. */
  readers: v.array(text),
  diagnosis: v.nullable(v.pick(DiagnosisSchema, ['method', 'label'])),
  flags: v.array(text),
  /** Still in the work list. */
  open: v.optional(v.boolean(), false),
  /** Pictures that were not read to their end. */
  unread: v.optional(count, 0),
  /** Bytes on the device: the sealed record, reading copies, original files. */
  bytes: v.object({ record: count, copies: count, originals: count }),
  otherVersionOf: v.nullable(text),
});
export type StudyEntry = v.InferOutput<typeof EntrySchema>;

export function entryOf(study: KeptStudy, recordBytes: number): StudyEntry {
  const leading = leadingPicture(study);
  const words = countingWords(study);
  const word = words.at(-1);
  const diagnosis = study.diagnoses.at(-1);
  const reading = leading?.reading ?? null;
  const bytesOf = (kind: 'reading-copy' | 'original'): number =>
    study.pictures.reduce((sum, { file }) => sum + (file?.kind === kind ? file.bytes : 0), 0);
  return {
    id: study.id,
    label: study.label,
    studyDate: study.studyDate,
    keptAt: study.keptAt,
    device: study.device,
    pictures: study.pictures.length,
    reading: reading && {
      model: `${reading.model.id}@${reading.model.version}`,
      labels: reading.labels,
      probabilities: reading.probabilities,
      refused: reading.refused,
      triage: reading.triage,
      fit: reading.fit?.score ?? null,
      measured: reading.measured,
    },
    top: leading && topLabel(leading),
    word: word
      ? { at: word.at, verdict: word.verdict, label: word.label, seconds: word.seconds }
      : null,
    readers: [...new Set(study.words.map(({ by }) => by.initials))],
    diagnosis: diagnosis ? { method: diagnosis.method, label: diagnosis.label } : null,
    flags: study.flags,
    open: study.open,
    unread: study.pictures.filter(isUnread).length,
    bytes: {
      record: recordBytes,
      copies: bytesOf('reading-copy'),
      originals: bytesOf('original'),
    },
    otherVersionOf: study.otherVersionOf,
  };
}

export function outcomeOf({ keptAt, device, top, reading, word, diagnosis }: StudyEntry): Outcome {
  return {
    keptAt,
    device,
    network: top,
    refused: (reading?.refused ?? null) !== null,
    reader: word?.label ?? null,
    readerOther: word?.verdict === 'other',
    diagnosis: diagnosis && (diagnosis.label ?? ''),
    seconds: word?.seconds ?? null,
  };
}

/** Null for a study that the network did not read. */
export function driftPictureOf({ keptAt, top, reading }: StudyEntry): DriftPicture | null {
  if (!reading) return null;
  const { refused, fit, measured } = reading;
  return { at: keptAt, label: top, refused: refused !== null, fit, measured };
}
