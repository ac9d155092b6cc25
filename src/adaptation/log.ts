/** The training log in the study's own form. */
import { csvOf } from '../evaluation/index.ts';
import type { EpochFigures } from './train-head.ts';

const COLUMNS = ['epoch', 'accuracy', 'loss', 'val_accuracy', 'val_loss', 'learning_rate'] as const;

export function logCsv(log: readonly EpochFigures[]): string {
  return csvOf(
    COLUMNS,
    log.map((figures) => COLUMNS.map((column) => figures[column])),
  );
}
