/** The same as JSON, for programs: versioned, and read back with a schema. */
import * as v from 'valibot';
import type { ReportedStudy } from '../types.ts';

export const JSON_SCHEMA = 'fieldray-report';
/** A new field leaves it as it is; another meaning, or one taken away, makes it one more. */
const VERSION = 1;

export interface ReportFile {
  readonly schema: typeof JSON_SCHEMA;
  readonly version: typeof VERSION;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly appVersion: string;
  /** Whether who the patient is was asked for. */
  readonly identity: boolean;
  readonly studies: readonly ReportedStudy[];
}

/** @param studies without identity where none was asked for (`deidentified`) */
export function reportJson(
  studies: readonly ReportedStudy[],
  about: { readonly madeAt: number; readonly appVersion: string; readonly identity: boolean },
): string {
  const file: ReportFile = {
    schema: JSON_SCHEMA,
    version: VERSION,
    madeAt: new Date(about.madeAt).toISOString(),
    appVersion: about.appVersion,
    identity: about.identity,
    studies,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const text = v.string();
const moment = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const severity = v.picklist(['serious', 'caution', 'hint']);
const decision = v.picklist(['refer', 'uncertain', 'not-flagged']);
const byReader = v.object({ reader: text, initials: text });

const ReadingSchema = v.object({
  readAt: v.nullable(moment),
  model: v.object({ id: text, version: text, adapted: v.nullable(text) }),
  labels: v.array(text),
  probabilities: v.array(share),
  top: v.nullable(text),
  certainty: v.nullable(v.picklist(['clear', 'likely', 'unsure'])),
  refused: v.nullable(text),
  unreliable: v.boolean(),
  sets: v.array(v.object({ coverage: share, labels: v.array(text) })),
  decision: v.nullable(decision),
  decisions: v.array(
    v.object({
      label: text,
      state: decision,
      score: v.nullable(share),
      low: v.number(),
      high: v.number(),
    }),
  ),
  findings: v.array(v.object({ code: text, severity })),
  notes: v.array(text),
  gate: v.nullable(v.object({ score: v.number(), limit: v.number() })),
  photographed: v.boolean(),
  adjust: v.nullable(
    v.object({
      crop: v.optional(v.object({ x: share, y: share, width: share, height: share })),
      rotate: v.optional(v.picklist([0, 90, 180, 270])),
      invert: v.optional(v.boolean()),
    }),
  ),
  backend: text,
  milliseconds: v.number(),
  appVersion: text,
});

/** What a program that reads these files may rely on. */
export const ReportFileSchema = v.object({
  schema: v.literal(JSON_SCHEMA),
  version: v.literal(VERSION),
  madeAt: v.pipe(text, v.isoTimestamp()),
  appVersion: text,
  identity: v.boolean(),
  studies: v.array(
    v.object({
      id: text,
      label: v.nullable(
        v.object({
          name: text,
          number: text,
          running: v.nullable(v.number()),
          day: v.nullable(text),
          source: v.picklist(['typed', 'header', 'scanned', 'running']),
        }),
      ),
      site: text,
      studyDate: v.nullable(text),
      pictures: v.array(
        v.object({
          id: text,
          name: text,
          view: v.nullable(text),
          side: v.nullable(text),
          reading: v.nullable(ReadingSchema),
          failure: v.nullable(text),
        }),
      ),
      words: v.array(
        v.object({
          id: text,
          at: moment,
          by: byReader,
          verdict: v.picklist(['agree', 'class', 'other', 'unreadable']),
          label: v.nullable(text),
          text,
          amends: v.nullable(text),
          seconds: v.nullable(v.number()),
          blind: v.boolean(),
        }),
      ),
      diagnoses: v.array(
        v.object({
          at: moment,
          by: byReader,
          method: v.picklist(['pcr', 'ct', 'follow-up', 'other']),
          label: v.nullable(text),
          text,
        }),
      ),
    }),
  ),
});
