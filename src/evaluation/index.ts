/**
 * In: what is true and what was answered, as positions of classes. Out: confusion matrix,
 * classification report and calibration error, as numbers and as text. Pure; knows no model.
 */
export { calibrationError, type Stated } from './calibration-error.ts';
export { confusionMatrix, type ConfusionMatrix } from './confusion.ts';
export { classificationReport, type ClassFigures, type ClassificationReport } from './report.ts';
export { confusionText, reportText } from './report-text.ts';
