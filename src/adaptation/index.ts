/**
 * In: a labelled folder and the delivered model. Out: a model adapted to the site (types in model.ts):
 * a head of the person's own classes, trained as the study's was, evaluated beside the delivered one,
 * kept, packed into one file and unpacked again. Everything on the device.
 */
export { Adam, ADAM_DEFAULTS, type AdamSettings, type AdamState } from './adam.ts';
export { INPUTS, trainingDataOf } from './assemble.ts';
export { compareWithInstalled } from './compare.ts';
export * from './errors.ts';
export { focalLoss, type FocalSettings } from './focal-loss.ts';
export {
  drawGeometry,
  matrixOf,
  STUDY_GEOMETRY,
  type Geometry,
  type GeometrySettings,
} from './geometry.ts';
export { dropout, logitsOf, newHead, type Head } from './head.ts';
export { fromHalf, toHalf } from './half.ts';
export { logCsv } from './log.ts';
export {
  AdaptedManifestSchema,
  judgingModelOf,
  MOST_CLASSES,
  renamed,
  siteModelOf,
  versionOf,
  type AdaptedManifest,
  type AdaptedModel,
  type Figures,
} from './model.ts';
export { fewestThatHelp, type FewestLabels } from './few-labels.ts';
export { packModel, unpackModel } from './pack.ts';
export { classOrder, copiesOf, LEAST_PICTURES, planOf, type Plan } from './plan.ts';
export { fitCenters, type Note } from './refit.ts';
export { AdaptationRun, type AdaptationPhase, type RunParts } from './run.ts';
export { balancedWeights, epochOrder, type Sampling } from './sampling.ts';
export { SecondStage, type SecondStageParts, type Tuned } from './second-stage.ts';
export {
  STUDY_SETTINGS,
  TrainingSettingsSchema,
  TUNING_DEFAULTS,
  type TrainingSettings,
  type TuningSettings,
} from './settings.ts';
export { AdaptationStore, type EmbeddedPicture, type TrainingRecord } from './store.ts';
export {
  HeadTraining,
  type EmbeddedPart,
  type EpochFigures,
  type TrainingData,
  type TrainingState,
} from './train-head.ts';
export { train } from './trainer.ts';
export { TailTraining } from './tune-tail.ts';
export { TuningStore } from './tuning-store.ts';
export { whyNot } from './why-not.ts';
