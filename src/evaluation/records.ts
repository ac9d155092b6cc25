/** A run as it is kept on the device, and its schema: what is stored is not trusted when it is read. */
import * as v from 'valibot';

const text = v.pipe(v.string(), v.maxLength(4000));
const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const numbers = v.pipe(v.array(finite), v.minLength(2), v.maxLength(64));

export const PictureSchema = v.object({
  path: text,
  label: text,
  origin: v.nullable(text),
  logits: v.nullable(numbers),
  probabilities: v.nullable(v.pipe(v.array(share), v.minLength(2), v.maxLength(64))),
  refused: v.nullable(text),
  sets: v.record(v.string(), v.array(count)),
  failure: v.nullable(v.object({ code: text, message: text })),
  fit: v.optional(text),
  hash: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/))),
  checks: v.optional(
    v.object({
      gate: v.nullable(finite),
      cautions: v.array(text),
      measured: v.record(v.string(), finite),
      insideLungs: v.array(v.nullable(share)),
      lungArea: v.nullable(share),
    }),
  ),
});

export const RunSchema = v.object({
  schema: v.literal(1),
  id: text,
  /** Given by the person; at first the folder's name. */
  name: text,
  folder: v.object({ name: text, key: text }),
  model: v.object({
    /** Tells one model from another: an adapted one has a key of its own. */
    key: text,
    id: text,
    version: text,
    name: text,
  }),
  /** In the order of the probabilities. */
  classes: v.pipe(v.array(text), v.minLength(2), v.maxLength(64)),
  /** Milliseconds since 1970. */
  startedAt: finite,
  /** null while pictures are left. */
  finishedAt: v.nullable(finite),
  /** Pictures in the folder when it began, and those read or found unreadable so far. */
  total: count,
  done: count,
  /** Time spent reading, without pauses. */
  seconds: v.pipe(finite, v.minValue(0)),
  backend: text,
  appVersion: text,
});

/** One run over one folder with one model; its pictures' answers lie beside it. */
export type EvaluationRun = v.InferOutput<typeof RunSchema>;
