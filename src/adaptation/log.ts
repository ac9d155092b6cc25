/** The training log in the study's own form; with the stage where there were two. */
import { csvOf } from '../evaluation/index.ts';
import type { EpochFigures } from './train-head.ts';

const COLUMNS = ['accuracy', 'loss', 'val_accuracy', 'val_loss', 'learning_rate'] as const;

export function logCsv(log: readonly EpochFigures[]): string {
  const stages = log.some(({ stage }) => stage !== undefined);
  return csvOf(
    ['epoch', ...(stages ? ['stage'] : []), ...COLUMNS],
    log.map(({ epoch, stage = '', ...figures }) => [
      epoch,
      ...(stages ? [stage] : []),
      ...COLUMNS.map((column) => figures[column]),
    ]),
  );
}

/** The second stage's epochs are counted on from the first's; one stage alone needs no name. */
export function logOfBoth(
  head: readonly EpochFigures[],
  tuning: readonly EpochFigures[],
): EpochFigures[] {
  if (tuning.length === 0) return [...head];
  return [
    ...head.map((figures) => ({ ...figures, stage: 'head' })),
    ...tuning.map((figures) => ({ ...figures, epoch: head.length + figures.epoch })),
  ];
}
