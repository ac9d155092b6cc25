/**
 * The lung network: a second, small graph beside the classifier's, fed with the same tensor.
 *
 * In: the classifier's own input [1, 224, 224, 1]. Out: logits [1, side, side, 2]; a pixel belongs to
 * the lungs of channel c where 1 / (1 + e^−logit) ≥ threshold.
 * Channel 0, `visible`: the aerated fields, without the parts behind heart and diaphragm (as most
 * networks and the machine-made masks draw them): for the outline, the gate and the share of evidence.
 * Channel 1, `whole`: with the lung behind the heart (as people draw it): for “outside the lungs”, where a finding
 * behind the heart must not count as outside.
 *
 * The gate's features, from p = channel `visible` on the side × side map (m = 1 where p ≥ threshold):
 *   area       mean of m
 *   balance    smaller over larger count of m in the picture's left and right half; 0 without lungs
 *   middle     mean of m over the columns from 0.45·side to 0.55·side (whole columns, floor and ceil) over area; 0 without lungs
 *   centerX/Y  mean of 2(i + 0.5)/side − 1 over m, by column and by row; 0 without lungs
 *   spreadX/Y  standard deviation (population) of the same; 0 without lungs
 *   certainty  mean of p over m; 0 without lungs
 * and `border`: the share of m that lies on the outermost rows and columns, for “lungs cut off”.
 */
import * as v from 'valibot';
import { count, finite, Hits, name, path, ruleOver, share, text } from './parts.ts';

/** What the gate may look at in the map, as above. */
export const LUNG_FEATURES = [
  'area',
  'balance',
  'middle',
  'centerX',
  'centerY',
  'spreadX',
  'spreadY',
  'certainty',
] as const;

const DiceSchema = v.object({
  /** Which masks: `machine masks, normals`, `human masks`, … */
  masks: name,
  channel: v.picklist(['visible', 'whole']),
  images: count,
  /** Mean Dice at 224 px. */
  dice: share,
  /** Dice that 95 % of the pictures reach. */
  low: share,
});

export const LungsSchema = v.object({
  /** model.json of the lung graph, among the manifest's files as its shards are. */
  graph: path,
  input: v.object({
    name: v.string(),
    shape: v.tuple([v.literal(1), v.literal(224), v.literal(224), v.literal(1)]),
  }),
  output: v.object({
    name: v.string(),
    side: v.pipe(count, v.minValue(28), v.maxValue(224)),
    channels: v.tuple([v.literal('visible'), v.literal('whole')]),
  }),
  threshold: v.pipe(share, v.minValue(0.01), v.maxValue(0.99)),
  weights: v.object({ dtype: v.picklist(['float32', 'float16', 'uint8']) }),
  /**
   * Known answers: mean logits of an 8 × 8 grid of blocks, row-major, of either channel, for phantoms.
   * A backend further off than `tolerance` computes wrongly.
   */
  golden: v.pipe(
    v.array(
      v.object({
        input: v.literal('phantom'),
        variant: count,
        visible: v.pipe(v.array(finite), v.length(64)),
        whole: v.pipe(v.array(finite), v.length(64)),
      }),
    ),
    v.minLength(1),
    v.maxLength(8),
  ),
  tolerance: v.pipe(finite, v.minValue(0), v.maxValue(0.5)),
  /** Findings of the map that mark a picture. */
  limits: v.object({
    /** Lungs are called cut off where `border` of the visible lungs is above this … */
    border: share,
    /**
     * … or, in models that bring this rule, where it does not pass: lungs that are cut off also lie
     * elsewhere and are less even. It knows chests as they should be: of a turned one it says nothing.
     */
    cutOff: v.optional(ruleOver([...LUNG_FEATURES, 'border'])),
    /** Fewer visible lungs than this share of the picture: the lungs were not found. */
    area: share,
    /** Where less of the evidence than this lies inside the whole lungs, the answer is not to be relied on. */
    evidence: share,
  }),
  evaluation: v.object({
    note: text,
    dice: v.array(DiceSchema),
    /** How often each limit marks: altered pictures and unaltered held-out ones. */
    limits: v.array(
      v.object({ finding: name, detected: v.nullable(Hits), falseAlarms: v.nullable(Hits) }),
    ),
  }),
});
export type Lungs = v.InferOutput<typeof LungsSchema>;
