/**
 * In: what is true and what was answered, as positions of classes. Out: confusion matrix,
 * classification report, curves, intervals, calibration and comparisons, as numbers, text and files.
 * Pure; knows no model.
 */
export {
  bootstrap,
  percentile,
  type BootstrapOptions,
  type Interval,
  type Measure,
} from './bootstrap.ts';
export { calibrationError, type Stated } from './calibration-error.ts';
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
export { mcNemar, type McNemar } from './mcnemar.ts';
export { reliability, type ReliabilityBin } from './reliability.ts';
export { classificationReport, type ClassFigures, type ClassificationReport } from './report.ts';
export { confusionText, reportText } from './report-text.ts';
export {
  studyOf,
  topOf,
  type Answer,
  type ClassCurves,
  type CoverageFigures,
  type EvaluationStudy,
  type OriginFigures,
} from './study.ts';
