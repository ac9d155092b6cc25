/** What a person may set before training a head: a schema, because it is stored and imported. */
import * as v from 'valibot';
import { STUDY_GEOMETRY } from './geometry.ts';

const within = (low: number, high: number) => v.pipe(v.number(), v.minValue(low), v.maxValue(high));
const whole = (low: number, high: number) => v.pipe(within(low, high), v.integer());

/** The second stage: the last blocks of the network, trained further after the head. */
export const TuningSettingsSchema = v.object({
  /** The first block that is trained; those before it stay as delivered. */
  from: whole(13, 16),
  epochs: whole(1, 100),
  learningRate: within(1e-7, 1e-2),
});
export type TuningSettings = v.InferOutput<typeof TuningSettingsSchema>;

/** Small steps: the network knows much already that a site's few pictures would make it forget. */
export const TUNING_DEFAULTS: TuningSettings = { from: 13, epochs: 10, learningRate: 1e-5 };

export const TrainingSettingsSchema = v.object({
  epochs: v.optional(whole(1, 500), 30),
  batch: v.optional(whole(1, 1024), 32),
  seed: v.optional(whole(0, 0xffffffff), 2026),
  /** At most so many pictures of each class, drawn by the seed; 0: all of them. */
  perClass: v.optional(whole(0, 20_000), 1000),
  /** Share of the pictures the kept epoch is chosen on. */
  validationShare: v.optional(within(0.05, 0.5), 0.15),
  dropout: v.optional(within(0, 0.9), 0.5),
  gamma: v.optional(within(0, 10), 2),
  /** One for all, or one a class. */
  alpha: v.optional(
    v.union([within(0, 100), v.pipe(v.array(within(0, 100)), v.minLength(2), v.maxLength(10))]),
    0.25,
  ),
  learningRate: v.optional(within(1e-7, 1), 1e-3),
  beta1: v.optional(within(0, 0.9999), 0.9),
  beta2: v.optional(within(0, 0.99999), 0.999),
  epsilon: v.optional(within(1e-12, 1), 1e-7),
  balance: v.optional(v.picklist(['none', 'weights', 'sampling']), 'sampling'),
  /** Stops when the validation loss has not fallen for so many epochs; 0: never. */
  patience: v.optional(whole(0, 500), 8),
  /** Changed copies of each training picture beside the picture itself; 0 needs one pass only. */
  copies: v.optional(whole(0, 20), 0),
  geometry: v.optional(
    v.object({
      rotation: within(0, 180),
      shift: within(0, 0.5),
      shear: within(0, 0.5),
      zoom: within(0, 0.5),
      flip: v.boolean(),
    }),
    STUDY_GEOMETRY,
  ),
  /** Without it the head alone is trained. */
  tuning: v.optional(TuningSettingsSchema),
});
export type TrainingSettings = v.InferOutput<typeof TrainingSettingsSchema>;

/** The study's own. */
export const STUDY_SETTINGS: TrainingSettings = v.parse(TrainingSettingsSchema, {});
