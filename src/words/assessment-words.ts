/** How sure, in words and in counts people can picture. */
import { msg, str } from '@lit/localize';
import type { Assessment, Assurance, Certainty } from '../assurance/index.ts';
import { formatNumber, formatProbability } from './format.ts';
import { className } from './words.ts';
import type { Bar } from './types.ts';

export function certaintyWords(certainty: Certainty): string {
  switch (certainty) {
    case 'clear':
      return msg('Sure');
    case 'likely':
      return msg('Fairly sure');
    case 'unsure':
      return msg('Not sure');
  }
}

/** One bar a class, the most probable first; `labels` in the order of the probabilities. */
export function barsOf(assessment: Assessment, labels: readonly string[]): Bar[] {
  return labels
    .map((label, index) => ({
      label: className(label),
      share: assessment.probabilities[index] ?? 0,
      leading: index === assessment.top,
    }))
    .sort((a, b) => b.share - a.share);
}

/**
 * What the figure means. After calibration a probability is the share of right answers among
 * answers given with it; where that is little, the two classes in question are named instead.
 */
export function certaintyMeaning(
  assessment: Assessment,
  labels: readonly string[],
  fit: Assurance['fit'],
): string {
  const [first, second] = barsOf(assessment, labels);
  if (!first || !second) return '';
  if (assessment.certainty === 'unsure') {
    return msg(
      str`${first.label} (${formatProbability(first.share)}) and ${second.label} (${formatProbability(second.share)}) are too close to call.`,
    );
  }
  const right = Math.min(99, Math.round(first.share * 100));
  return msg(str`Of 100 answers this sure, about ${right} are right, on ${measuredWords(fit)}.`);
}

/** The pictures that the figures hold for, at the end of a sentence. */
export function measuredWords({ kind, pictures }: Assurance['fit']): string {
  switch (kind) {
    case 'known-hospitals':
      return msg('pictures like those it was tested on');
    case 'new-hospital':
      return msg('pictures of a hospital it does not know');
    case 'this-site':
      return pictures === null
        ? msg('pictures of this site')
        : msg(str`pictures of this site (measured on ${formatNumber(pictures)})`);
    case 'few-labels':
      return msg('pictures of this site (measured on too few to be sure)');
  }
}
