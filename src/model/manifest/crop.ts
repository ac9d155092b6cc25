/**
 * Which part of the model input the classifier sees. The lung network sees the whole input; the
 * classifier, and with it gate, probes, copies and activation map, sees the box around the lungs,
 * brought back to the input's size. src/preprocess/lung-box.ts has the arithmetic.
 */
import * as v from 'valibot';
import { LUNG_FEATURES } from './lungs.ts';
import { finite, Hits, share, text } from './parts.ts';

/** What a mask and its box are held to before the box is believed. */
export const BOX_FEATURES = [...LUNG_FEATURES, 'border', 'boxWidth', 'boxHeight'] as const;

const range = v.pipe(
  v.tuple([finite, finite]),
  v.check(([low, high]) => low <= high, 'the limits are the wrong way round'),
);

export const CropSchema = v.object({
  /** The lung network's channel. */
  map: v.picklist(['visible', 'whole']),
  threshold: v.pipe(share, v.minValue(0.01), v.maxValue(0.99)),
  /** Share of the mask's pixels that may lie beyond each side of the box before its margin. */
  trim: v.pipe(finite, v.minValue(0), v.maxValue(0.2)),
  /** Added on every side, as a share of the box's side. */
  margin: v.pipe(finite, v.minValue(0), v.maxValue(1)),
  limits: v.pipe(
    v.record(v.string(), range),
    v.transform((limits) => limits as { [Feature in (typeof BOX_FEATURES)[number]]?: Range }),
    v.check(
      (limits) =>
        Object.keys(limits).every((name) => (BOX_FEATURES as readonly string[]).includes(name)),
      'a limit is set for something that is not measured',
    ),
  ),
  /** What is done where no box is believed. */
  otherwise: v.picklist(['whole-picture', 'refuse']),
  /** How often the lungs were located in held-back chests. */
  evaluation: v.optional(v.object({ note: text, located: Hits })),
});
type Range = v.InferOutput<typeof range>;
export type Crop = v.InferOutput<typeof CropSchema>;
