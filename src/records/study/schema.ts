/** A kept study as it is stored (inside its seal), version 1. Codes and figures, no sentences. */
import * as v from 'valibot';

const text = v.pipe(v.string(), v.maxLength(4000));
const short = v.pipe(v.string(), v.maxLength(300));
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const finite = v.pipe(v.number(), v.finite());
/** Milliseconds since 1970. */
const moment = finite;
/** `2026-11-30` */
const day = v.pipe(v.string(), v.isoDate());

export const LabelSchema = v.object({
  name: short,
  number: short,
  /** 1, 2, 3 … within `day`; null where the label has a name or number of its own. */
  running: v.nullable(count),
  day: v.nullable(day),
  source: v.picklist(['typed', 'header', 'scanned', 'running']),
});

const ByReader = v.object({ reader: id, initials: short });

export const WordSchema = v.object({
  id,
  at: moment,
  by: ByReader,
  /** `agree` with the network's class; `class`: another one; `other`: something else, in `text`. */
  verdict: v.picklist(['agree', 'class', 'other', 'unreadable']),
  /** The class agreed to or named instead; null for `other` and `unreadable`. */
  label: v.nullable(short),
  text,
  /** The earlier word that this one takes the place of. */
  amends: v.nullable(id),
  /** From opening the study to this word; null where nobody measured. */
  seconds: v.nullable(v.pipe(finite, v.minValue(0))),
  /** Whether the network's answer was hidden until this word was given. */
  blind: v.boolean(),
});

export const DiagnosisSchema = v.object({
  at: moment,
  by: ByReader,
  method: v.picklist(['pcr', 'ct', 'follow-up', 'other']),
  /** One of the network's classes; null: none of them. */
  label: v.nullable(short),
  text,
});

export const KeptReadingSchema = v.object({
  readAt: moment,
  model: v.object({ id: short, version: short, adapted: v.nullable(short) }),
  /** Class order of the probabilities. */
  labels: v.pipe(v.array(short), v.minLength(2), v.maxLength(64)),
  probabilities: v.pipe(v.array(share), v.minLength(2), v.maxLength(64)),
  /** Code of the refusal; null: there is an answer. */
  refused: v.nullable(short),
  triage: v.nullable(v.picklist(['refer', 'uncertain', 'not-flagged'])),
  decisions: v.array(
    v.object({
      label: short,
      state: v.picklist(['refer', 'uncertain', 'not-flagged']),
      score: share,
      low: finite,
      high: finite,
    }),
  ),
  findings: v.array(
    v.object({ code: short, severity: v.picklist(['serious', 'caution', 'hint']) }),
  ),
  /** Does it fit what the network learned: the gate's score (passed at or above `limit`). */
  fit: v.nullable(v.object({ score: finite, limit: finite })),
  /** What was measured of the picture, by the quality findings' codes. */
  measured: v.record(short, finite),
  photographed: v.boolean(),
  backend: short,
  milliseconds: v.pipe(finite, v.minValue(0)),
  appVersion: short,
});

export const KeptPictureSchema = v.object({
  id,
  /** The file's own name. */
  name: text,
  view: v.nullable(short),
  side: v.nullable(short),
  /** Null: not read by the network (a lateral), or it could not be read (`failure`). */
  reading: v.nullable(KeptReadingSchema),
  failure: v.nullable(short),
  /** What is kept of its pixels. */
  file: v.nullable(
    v.object({
      kind: v.picklist(['reading-copy', 'original']),
      mediaType: short,
      bytes: count,
      /** Sealed pieces of up to 4 MiB. */
      pieces: v.pipe(v.number(), v.integer(), v.minValue(1)),
    }),
  ),
});

export const StudySchema = v.pipe(
  v.object({
    id,
    label: LabelSchema,
    studyDate: v.nullable(day),
    keptAt: moment,
    pictures: v.pipe(v.array(KeptPictureSchema), v.maxLength(200)),
    /** In the order they were said; the last of a reader that nothing amends counts. */
    words: v.pipe(v.array(WordSchema), v.maxLength(200)),
    diagnoses: v.pipe(v.array(DiagnosisSchema), v.maxLength(50)),
    flags: v.pipe(v.array(short), v.maxLength(30)),
    /** Still in the work list: it is there again after a reload. */
    open: v.optional(v.boolean(), false),
    /** The tablet that it was kept on first. */
    device: short,
    /** Changes with every change; the earlier ones tell an older version from another one. */
    revision: id,
    ancestors: v.pipe(v.array(id), v.maxLength(100)),
    /** The study of which this is another version, after a restored backup brought both. */
    otherVersionOf: v.nullable(id),
  }),
  v.check(
    ({ pictures }) =>
      pictures.every(
        ({ reading }) => !reading || reading.labels.length === reading.probabilities.length,
      ),
    'as many probabilities as classes',
  ),
);

export type PatientLabel = v.InferOutput<typeof LabelSchema>;
export type ReadersWord = v.InferOutput<typeof WordSchema>;
export type FinalDiagnosis = v.InferOutput<typeof DiagnosisSchema>;
export type KeptReading = v.InferOutput<typeof KeptReadingSchema>;
export type KeptPicture = v.InferOutput<typeof KeptPictureSchema>;
export type KeptStudy = v.InferOutput<typeof StudySchema>;
