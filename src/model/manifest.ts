/**
 * The delivered model's manifest, written by training/ and parsed here before anything trusts it.
 * Semver: a new major breaks the contract with the app; unknown keys are kept out, new optional ones may come.
 */
import * as v from 'valibot';
import { AssuranceSchema } from './manifest/assurance.ts';
import { CropSchema } from './manifest/crop.ts';
import { CLASS_LABELS, count, path, share, text } from './manifest/parts.ts';
import { FewLabelsSchema, TravelSchema } from './manifest/travel.ts';

export { CLASS_LABELS, type ClassLabel } from './manifest/parts.ts';
export type {
  Assurance,
  Conformal,
  ConformalLevel,
  Gate,
  GateFeature,
  GateRule,
  OperatingCurve,
  Quality,
} from './manifest/assurance.ts';
export { GATE_FEATURES, OperatingCurveSchema } from './manifest/assurance.ts';
export type { Crop } from './manifest/crop.ts';
export type { Lungs } from './manifest/lungs.ts';
export type { FewLabels, Hospitals, Seen, Travel } from './manifest/travel.ts';

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const semver = v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/));
const logits = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.length(4));

const interval = v.object({ value: share, low: share, high: share });

/** precision, recall, F1 and support of one class, as in a classification report. */
const ClassFigures = v.object({ precision: share, recall: share, f1: share, support: count });

/** Figures of one set of held-back images. Rows of `confusion` are the truth, columns the answer. */
export const GroupFiguresSchema = v.object({
  name: v.string(),
  images: count,
  accuracy: share,
  macroF1: v.optional(share),
  perClass: v.optional(v.record(v.string(), ClassFigures)),
  confusion: v.optional(v.array(v.array(count))),
  auc: v.optional(v.record(v.string(), interval)),
  macroAuc: v.optional(interval),
  calibrationError: v.optional(share),
  note: v.optional(text),
});
export type GroupFigures = v.InferOutput<typeof GroupFiguresSchema>;

export const ManifestSchema = v.object({
  schema: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{1,60}$/)),
  version: semver,
  created: v.pipe(v.string(), v.isoTimestamp()),
  labels: v.tuple([
    v.literal(CLASS_LABELS[0]),
    v.literal(CLASS_LABELS[1]),
    v.literal(CLASS_LABELS[2]),
    v.literal(CLASS_LABELS[3]),
  ]),
  input: v.object({
    name: v.string(),
    shape: v.tuple([v.literal(1), v.literal(224), v.literal(224), v.literal(1)]),
    range: v.tuple([v.literal(0), v.literal(1)]),
    resize: v.literal('box-squash'),
    /**
     * The part that the classifier sees; null: all of it. Version 2 and later have to say which, as a
     * network that was trained on crops is wrong about whole pictures.
     */
    crop: v.optional(v.nullable(CropSchema)),
  }),
  outputs: v.object({ logits: v.string(), features: v.string() }),
  weights: v.object({
    dtype: v.picklist(['float32', 'float16', 'uint8']),
    /** Largest logit difference seen against float32 over the parity inputs. */
    parity: v.optional(v.number()),
  }),
  /** model.json and its shards. `graph` names the model.json among them. */
  graph: path,
  files: v.pipe(
    v.array(
      v.object({
        path,
        bytes: v.pipe(count, v.minValue(1), v.maxValue(64 * 1024 * 1024)),
        sha256,
      }),
    ),
    v.minLength(2),
    v.maxLength(64),
  ),
  /** Softmax temperature fitted on the calibration split. */
  temperature: v.pipe(v.number(), v.minValue(0.05), v.maxValue(20)),
  golden: v.pipe(
    v.array(
      v.object({
        /** Fed to the classifier as it is: no lungs are looked for and nothing is cropped. */
        input: v.literal('phantom'),
        for: v.optional(v.literal('classifier')),
        variant: count,
        logits,
      }),
    ),
    v.minLength(1),
  ),
  /** Largest absolute difference of a logit from the golden one that counts as right. */
  tolerance: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),
  evaluation: v.object({
    /** Held-back figures; the first group is the test split at 224 px. */
    groups: v.pipe(v.array(GroupFiguresSchema), v.minLength(1)),
    /** Leave-one-origin-out and lungs-hidden tables: rows of figures with a plain name. */
    tables: v.array(
      v.object({
        title: v.string(),
        note: text,
        columns: v.array(v.string()),
        rows: v.array(v.array(v.union([v.string(), v.number(), v.null()]))),
      }),
    ),
    trainingLog: v.array(
      v.object({
        epoch: count,
        stage: v.string(),
        accuracy: share,
        loss: v.number(),
        val_accuracy: share,
        val_loss: v.number(),
        learning_rate: v.number(),
        seconds: v.number(),
      }),
    ),
    keptEpoch: count,
    /** Each hospital judged by networks that never saw it. The card leads with it. */
    travel: v.optional(TravelSchema),
    fewLabels: v.optional(FewLabelsSchema),
  }),
  /** Calibration beyond the temperature, the gate, prediction sets, operating points, the lung network. */
  assurance: v.optional(AssuranceSchema),
  card: v.object({
    title: v.string(),
    summary: text,
    intendedUse: v.array(text),
    notFor: v.array(text),
    data: v.array(text),
    faults: v.array(text),
    shortcuts: v.array(text),
    counts: v.array(
      v.object({ label: v.string(), origin: v.string(), split: v.string(), images: count }),
    ),
  }),
  licence: text,
  command: text,
});

export type Manifest = v.InferOutput<typeof ManifestSchema>;

/** public/models/current.json: which version is on offer. `path` is relative to that file. */
export const CurrentSchema = v.object({
  id: v.string(),
  version: semver,
  manifest: path,
});
export type Current = v.InferOutput<typeof CurrentSchema>;
