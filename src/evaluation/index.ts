/**
 * In: a labelled folder and a model, or what was answered for what is true. Out: runs that are kept on
 * the device, and confusion matrix, classification report, curves, intervals, calibration and
 * comparisons, as numbers, text and files. The figures are pure and know no model; `runner.ts` brings
 * the two together.
 */
export {
  bootstrap,
  percentile,
  type BootstrapOptions,
  type Interval,
  type Measure,
} from './bootstrap.ts';
export { calibrationError, type Stated } from './calibration-error.ts';
export { compare, type ComparedRun, type Comparison, type Discordant } from './comparison.ts';
export { confusionMatrix, type ConfusionMatrix } from './confusion.ts';
export {
  averagePrecision,
  curveOf,
  rank,
  rocArea,
  type Curve,
  type CurvePoint,
  type Ranking,
} from './curves.ts';
export { csvOf, type CsvCell } from '../base/csv.ts';
export { picturesCsv } from './pictures-csv.ts';
export {
  documentOf,
  type EvaluationDocument,
  type FileResult,
  type RunFacts,
  type SklearnFigures,
} from './document.ts';
export * from './errors.ts';
export { FolderWatch, type Doubtful } from './folder-watch.ts';
export { comparisonOf, figuresOf } from './figures.ts';
export { mcNemar, type McNemar } from './mcnemar.ts';
export { evaluatedModel, installedModel, type EvaluatedModel, type Judged } from './models.ts';
export { LEAST_PICTURES, operatingCurvesOf, thin } from './operating.ts';
export {
  resultOf,
  sortPictures,
  type Checks,
  type EvaluatedPicture,
  type EvaluationResult,
  type OtherFolder,
} from './pictures.ts';
export { readPictures, type PictureToRead, type ReadingHandlers } from './read.ts';
export type { EvaluationRun } from './records.ts';
export { reliability, type ReliabilityBin } from './reliability.ts';
export { classificationReport, type ClassFigures, type ClassificationReport } from './report.ts';
export { confusionText, reportText } from './report-text.ts';
export { EvaluationRunner, type RunnerParts, type RunPhase } from './runner.ts';
export { RunStore } from './store.ts';
export {
  studyOf,
  topOf,
  type Answer,
  type Band,
  type ClassCurves,
  type CoverageFigures,
  type EvaluationStudy,
  type OriginFigures,
} from './study.ts';
export { readSeen, unseenOf, wasSeen, type SeenHashes } from './seen.ts';
export { siteFitOf, type MeasuredHere } from './site-fit.ts';
export { PLACES } from './sweep.ts';
export type { LiveFigures } from './tally.ts';
