/**
 * In: embeddings of a labelled collection. Out: a head of the person's own classes, trained as the
 * study's was, on the device.
 */
export { Adam, ADAM_DEFAULTS, type AdamSettings, type AdamState } from './adam.ts';
export { TrainingDiverged } from './errors.ts';
export { focalLoss, type FocalSettings } from './focal-loss.ts';
export {
  drawGeometry,
  matrixOf,
  STUDY_GEOMETRY,
  type Geometry,
  type GeometrySettings,
} from './geometry.ts';
export { dropout, logitsOf, newHead, type Head } from './head.ts';
export { balancedWeights, epochOrder, type Sampling } from './sampling.ts';
export { STUDY_SETTINGS, TrainingSettingsSchema, type TrainingSettings } from './settings.ts';
export {
  HeadTraining,
  type EmbeddedPart,
  type EpochFigures,
  type TrainingData,
  type TrainingState,
} from './train-head.ts';
