/** Building blocks that several sections of the manifest share. */
import * as v from 'valibot';

/** Class order everywhere. */
export const CLASS_LABELS = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'] as const;
export type ClassLabel = (typeof CLASS_LABELS)[number];

export const finite = v.pipe(v.number(), v.finite());
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const positive = v.pipe(finite, v.minValue(1e-12));
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const text = v.pipe(v.string(), v.maxLength(20_000));
export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** A file's path inside the version's folder: no climbing out, no absolute address. */
export const path = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/),
  v.maxLength(200),
);
/** One number for each class, in the order of CLASS_LABELS. */
export function perClass<T extends v.GenericSchema>(item: T) {
  return v.pipe(v.array(item), v.length(4));
}
/**
 * A logistic rule: score = bias + Σ weight · clamp((value − center) / scale, −limit, limit)^power; it
 * passes where score ≥ threshold.
 */
export function ruleOver<const T extends readonly string[]>(features: T) {
  return v.object({
    terms: v.pipe(
      v.array(
        v.object({
          feature: v.picklist(features),
          power: v.picklist([1, 2]),
          center: finite,
          scale: positive,
          weight: finite,
        }),
      ),
      v.minLength(1),
      v.maxLength(40),
    ),
    limit: positive,
    bias: finite,
    threshold: finite,
  });
}
/** How many of how many. */
export const Hits = v.pipe(
  v.object({ images: count, found: count }),
  v.check((value) => value.found <= value.images, 'more found than there are images'),
);
export type Hits = v.InferOutput<typeof Hits>;
