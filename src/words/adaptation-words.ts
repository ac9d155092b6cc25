/** Words of the adaptation's screens. */
import { msg, str } from '@lit/localize';
import type { AdaptedManifest, FewestLabels, TrainingRecord } from '../adaptation/index.ts';
import { formatNumber, formatShare } from './format.ts';

/** What could not be fitted, and what that means for whoever reads with it. */
export function noteWords(note: AdaptedManifest['notes'][number]): string {
  switch (note) {
    case 'few-for-temperature':
      return msg(
        'Fewer than 20 validation pictures: the probabilities are not calibrated. Do not read them as shares of right answers.',
      );
    case 'few-for-sets':
      return msg(
        'Too few validation pictures of some class for every prediction set (9 a class for 90 %, 19 for 95 %): where one is missing, one class is named however near the others are.',
      );
    case 'few-for-curves':
      return msg(
        'Fewer than 30 validation pictures with or without some class: there are no operating points, so nothing is flagged or referred.',
      );
    case 'few-for-gate':
      return msg(
        'Fewer than 10 training pictures of some class: the check for a frontal chest knows no pictures of this site for it.',
      );
    case 'diverged':
      return msg(
        'The training lost its way, and the best epoch until then is kept. With a learning rate ten times smaller (under “Every setting”) it may come further.',
      );
    case 'tuning-left-out':
      return msg(
        'Training the last blocks was wished for, but the device could not do it: the head alone was trained.',
      );
    case 'tuning-cut':
      return msg('Training the last blocks ended early; the best epoch until then is kept.');
    case 'tuning-no-gain':
      return msg(
        'Training the last blocks made it no better on the validation pictures: the head alone is kept.',
      );
    case 'no-gate-in-model':
      return msg(
        'The delivered model brings no check for a frontal chest, so this one has none either.',
      );
  }
}

export function epochsAtMost({ settings }: Pick<TrainingRecord, 'settings'>): number {
  return settings.epochs + (settings.tuning?.epochs ?? 0);
}

export function picturesWords({ pictures }: AdaptedManifest): string {
  const sum = (list: readonly number[]): string =>
    formatNumber(list.reduce((total, each) => total + each, 0));
  const read = msg(
    str`${sum(pictures.training)} pictures trained on, ${sum(pictures.validation)} tested on`,
  );
  return pictures.unreadable > 0
    ? msg(str`${read}, ${formatNumber(pictures.unreadable)} could not be read`)
    : read;
}

/** Better or worse, and whether that could be chance. */
export function comparisonWords({ comparison }: AdaptedManifest['evaluation']): string {
  if (!comparison) {
    return msg(
      'The delivered model knows other classes: on these pictures the two cannot be compared.',
    );
  }
  const { adaptedAccuracy, installed, adaptedOnly, installedOnly, p } = comparison;
  const figures = msg(
    str`On the same ${formatNumber(installed.pictures)} validation pictures: adapted ${formatShare(adaptedAccuracy)}, delivered ${formatShare(installed.accuracy)} right. Right by the adapted one only: ${formatNumber(adaptedOnly)}, by the delivered one only: ${formatNumber(installedOnly)}.`,
  );
  const verdict =
    p >= 0.05
      ? msg('The difference may be chance.')
      : adaptedOnly > installedOnly
        ? msg('The adapted one is better on pictures like these.')
        : msg('The delivered one is better on pictures like these.');
  return `${figures} ${verdict} (McNemar p = ${formatNumber(p, 3)})`;
}

export function optimismWords(): string {
  return msg(
    'The kept epoch, the calibration and the figures come from the same validation pictures, so they are a little too good. Evaluate it on other pictures of this site before anyone relies on it.',
  );
}

/** What it takes of a site to make the model better for it, as measured in hospitals left out. */
export function fewestWords({ labels, hospitals, before, after, sureFrom }: FewestLabels): string {
  return msg(
    str`${labels} labelled pictures of each class are enough to begin with: in ${hospitals} hospitals left out of the training, right answers rose from ${formatShare(before)} to ${formatShare(after)} with them. From ${sureFrom} on, the adapted model may also call an answer sure.`,
  );
}

/** Whether the delivered model was right more often on the same validation pictures. */
export function doesWorse({ comparison }: AdaptedManifest['evaluation']): boolean {
  return comparison !== null && comparison.adaptedAccuracy < comparison.installed.accuracy;
}
