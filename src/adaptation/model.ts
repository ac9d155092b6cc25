/**
 * A model adapted at a site: the delivered model by id and version, and what is laid over it: a head of
 * the site's classes, weights that were trained further, temperature, prediction sets, gate centers.
 * Everything needed to read with it; none of the pictures it was made from.
 */
import * as v from 'valibot';
import type { JudgingModel } from '../assurance/types.ts';
import type { SiteModel } from '../inference/types.ts';
import { OperatingCurveSchema, type Manifest } from '../model/index.ts';
import { TrainingSettingsSchema } from './settings.ts';

const text = v.pipe(v.string(), v.maxLength(4000));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const MOST_CLASSES = 10;
const counts = v.pipe(v.array(count), v.maxLength(MOST_CLASSES));

const EpochSchema = v.object({
  epoch: count,
  stage: v.optional(v.pipe(v.string(), v.maxLength(60))),
  accuracy: share,
  loss: finite,
  val_accuracy: share,
  val_loss: finite,
  learning_rate: finite,
});

const FiguresSchema = v.object({
  pictures: count,
  accuracy: share,
  macroF1: share,
  perClass: v.array(v.object({ precision: share, recall: share, f1: share, support: count })),
  /** Rows are the truth, columns the answer. */
  confusion: v.array(v.array(count)),
});
export type Figures = v.InferOutput<typeof FiguresSchema>;

/** Both on the validation pictures whose class the delivered model knows. */
const ComparisonSchema = v.object({
  labels: v.array(name),
  installed: FiguresSchema,
  /** Accuracy of the adapted model on the same pictures. */
  adaptedAccuracy: share,
  /** McNemar's test: right by the adapted one only, by the delivered one only, two-sided p. */
  adaptedOnly: count,
  installedOnly: count,
  p: share,
});

/** Why a part could not be fitted; the words are the screens'. */
export const NOTES = [
  /** Fewer validation pictures than a temperature needs: probabilities are as the head gives them. */
  'few-for-temperature',
  /** Fewer than some level of the prediction sets needs. */
  'few-for-sets',
  'few-for-curves',
  /** Fewer training pictures of a class than a center needs. */
  'few-for-gate',
  /** The loss stopped being a number in a later epoch than the kept one. */
  'diverged',
  /** The second stage was wished for, and this device could not do it, or not to its end. */
  'tuning-left-out',
  'tuning-cut',
  /** No epoch of the second stage was better than the head's best. */
  'tuning-no-gain',
  'no-gate-in-model',
] as const;

/** Everything but the large numbers: the manifest of an exported file. */
export const AdaptedManifestSchema = v.object({
  schema: v.literal(1),
  kind: v.literal('fieldray-adapted-model'),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  name,
  created: count,
  base: v.object({ id: name, version: name }),
  labels: v.pipe(v.array(name), v.minLength(2), v.maxLength(MOST_CLASSES)),
  madeWith: v.object({ app: text, backend: text }),
  folder: text,
  settings: TrainingSettingsSchema,
  pictures: v.object({ training: counts, validation: counts, unreadable: count }),
  log: v.pipe(v.array(EpochSchema), v.minLength(1), v.maxLength(1000)),
  keptEpoch: count,
  temperature: v.pipe(finite, v.minValue(0.05), v.maxValue(20)),
  conformal: v.nullable(
    v.object({
      levels: v.pipe(
        v.array(v.object({ level: share, thresholds: v.array(finite) })),
        v.minLength(1),
        v.maxLength(8),
      ),
    }),
  ),
  curves: v.nullable(v.array(OperatingCurveSchema)),
  /** Names of the gate's further centers. */
  gateGroups: v.pipe(v.array(name), v.maxLength(MOST_CLASSES)),
  /** Weights trained further, by name in the graph; null: the base is as delivered. */
  tuned: v.nullable(
    v.object({
      from: name,
      epochs: count,
      golden: v.array(v.array(finite)),
      weights: v.array(name),
    }),
  ),
  evaluation: v.object({ adapted: FiguresSchema, comparison: v.nullable(ComparisonSchema) }),
  notes: v.array(v.picklist(NOTES)),
});
export type AdaptedManifest = v.InferOutput<typeof AdaptedManifestSchema>;

export interface AdaptedModel {
  readonly manifest: AdaptedManifest;
  /** [1280 × classes] row-major, then one bias a class: as the training keeps it. */
  readonly head: Float32Array;
  /** [groups, dimensions]; empty where `gateGroups` is. */
  readonly gateCenters: Float32Array;
  /** By name, for `manifest.tuned.weights`. */
  readonly overlay: Readonly<Record<string, Float32Array>>;
}

/** The version that readings of it carry: the delivered one's, and which adaptation (semver build). */
export function versionOf({ base, id }: AdaptedManifest): string {
  return `${base.version}+site.${id}`;
}

/** The same model under another name, in the names of its gate centers as well. */
export function renamed(model: AdaptedModel, name: string): AdaptedModel {
  const { manifest } = model;
  const ending = groupEnding(manifest.name);
  const gateGroups = manifest.gateGroups.map((group) =>
    group.endsWith(ending) ? group.slice(0, -ending.length) + groupEnding(name) : group,
  );
  return { ...model, manifest: { ...manifest, name, gateGroups } };
}

/** Behind the class of a gate center: whose it is. */
export function groupEnding(name: string): string {
  return ` · ${name}`;
}

/** What the worker lays over the stored model. */
export function siteModelOf({ manifest, head, gateCenters, overlay }: AdaptedModel): SiteModel {
  const weights = head.length - manifest.labels.length;
  const { tuned } = manifest;
  return {
    base: manifest.base,
    version: versionOf(manifest),
    temperature: manifest.temperature,
    head: { weights: head.slice(0, weights), biases: head.slice(weights) },
    overlay: tuned ? { weights: overlay, golden: tuned.golden } : null,
    gateCenters,
  };
}

/**
 * What its readings are judged by: the delivered model's own rules where they still hold, the site's
 * figures where they were fitted, and nothing where neither is true.
 */
export function judgingModelOf(adapted: AdaptedManifest, base: Manifest): JudgingModel {
  const { assurance } = base;
  return {
    id: base.id,
    version: versionOf(adapted),
    labels: adapted.labels,
    temperature: adapted.temperature,
    adapted: {
      id: adapted.id,
      name: adapted.name,
      created: adapted.created,
      ...labelledOf(adapted),
    },
    assurance: {
      ...(assurance
        ? {
            gate: {
              ...assurance.gate,
              groups: [...assurance.gate.groups, ...adapted.gateGroups],
            },
            quality: assurance.quality,
          }
        : {}),
      ...(assurance?.lungs ? { lungs: assurance.lungs } : {}),
      ...(adapted.conformal ? { conformal: adapted.conformal } : {}),
      ...(adapted.curves ? { operating: { curves: adapted.curves } } : {}),
    },
  };
}

/** Labelled pictures of this site that it was made of, in all and of the smallest class. */
function labelledOf({ labels, pictures }: AdaptedManifest): { pictures: number; fewest: number } {
  const each = labels.map((_, k) => (pictures.training[k] ?? 0) + (pictures.validation[k] ?? 0));
  return { pictures: each.reduce((sum, n) => sum + n, 0), fewest: Math.min(...each) };
}
