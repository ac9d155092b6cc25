/**
 * What is known of hospitals that the model has not seen: the table measured with each hospital left
 * out in turn, the fit for such a hospital, what the known ones look like, and which pictures it was
 * trained on.
 */
import * as v from 'valibot';
import { count, finite, Hits, name, path, positive, share, text } from './parts.ts';

const size = v.pipe(finite, v.minValue(0), v.maxValue(4));

/** One class in one hospital, judged by networks that never saw a picture of that hospital. */
const TravelRowSchema = v.object({
  class: name,
  hospital: name,
  pictures: count,
  recall: share,
  /** Share of the answers that are called sure, and how many of these are right; null if none is. */
  sure: share,
  sureRight: v.nullable(share),
  coverage90: share,
  setSize90: size,
  /** `small`: measured with a smaller network trained for a shorter time. */
  run: v.picklist(['small', 'full']),
});

export const TravelSchema = v.object({
  note: text,
  rows: v.pipe(v.array(TravelRowSchema), v.minLength(1), v.maxLength(400)),
  /** Mean and smallest recall of the rows. */
  mean: share,
  minimum: share,
  sureRight: v.optional(v.nullable(share)),
  coverage90: v.optional(share),
  setSize90: v.optional(size),
});
export type Travel = v.InferOutput<typeof TravelSchema>;

const BeforeAfter = v.object({ accuracy: share, sureRight: v.nullable(share) });

/** Adapted with a few labelled pictures a class of a hospital that was left out. */
export const FewLabelsSchema = v.object({
  note: text,
  rows: v.pipe(
    v.array(
      v.object({
        /** Labelled pictures a class. */
        labels: v.pipe(count, v.minValue(1)),
        hospital: name,
        before: BeforeAfter,
        after: BeforeAfter,
      }),
    ),
    v.maxLength(400),
  ),
});
export type FewLabels = v.InferOutput<typeof FewLabelsSchema>;

/** Probabilities from which an answer is called sure, and likely. */
export const WordsSchema = v.pipe(
  v.object({ sure: v.pipe(share, v.minValue(0.5)), likely: v.pipe(share, v.minValue(0.25)) }),
  v.check(({ sure, likely }) => likely <= sure, '“likely” begins above “sure”'),
);

/**
 * Under the fit for a new hospital an outlier is less sure: the temperature grows by `slope` for each
 * unit that the gate's smallest distance lies beyond `from`.
 */
export const DistanceSchema = v.object({
  from: finite,
  slope: v.pipe(finite, v.minValue(0), v.maxValue(10)),
});

/**
 * What the known hospitals look like in the first `dimensions` of the gate's projection z.
 * A site with mean m over n ≥ `minimum` pictures has, against a hospital, the statistic
 *   sqrt(mean over i of ((m_i − mean_i) / spread_i)²)
 * and looks different where the smallest of them is above `threshold`.
 */
export const HospitalsSchema = v.pipe(
  v.object({
    dimensions: v.pipe(count, v.minValue(1), v.maxValue(256)),
    list: v.pipe(
      v.array(v.object({ name, count, mean: v.array(finite), spread: v.array(positive) })),
      v.minLength(1),
      v.maxLength(64),
    ),
    test: v.object({
      statistic: v.literal('standardized-mean'),
      minimum: v.pipe(count, v.minValue(10), v.maxValue(300)),
      threshold: positive,
      /** Draws of a known hospital that were called different. */
      falseAlarms: Hits,
      /** Draws of a hospital that was left out that were called different. */
      detected: v.optional(Hits),
    }),
    note: text,
  }),
  v.check(
    ({ dimensions, list }) =>
      list.every(({ mean, spread }) => mean.length === dimensions && spread.length === dimensions),
    'a hospital has another number of dimensions',
  ),
);
export type Hospitals = v.InferOutput<typeof HospitalsSchema>;

/**
 * Perceptual hashes of the training pictures (src/preprocess/picture-hash.ts): big-endian unsigned
 * numbers of `bits` bits, ascending; 32 bits are the first 32 of the 64. A picture counts as seen
 * where one of them differs in at most `distance` bits.
 */
export const SeenSchema = v.object({
  file: path,
  bits: v.picklist([32, 64]),
  count: v.pipe(count, v.minValue(1), v.maxValue(500_000)),
  distance: v.pipe(count, v.maxValue(16)),
  /** Pictures the model never saw that count as seen all the same. */
  falseAlarms: v.optional(Hits),
});
export type Seen = v.InferOutput<typeof SeenSchema>;
