/** Whether this site's pictures look like those of hospitals the model knows. */
import { msg, str } from '@lit/localize';
import type { SiteVerdict } from '../assurance/index.ts';
import { formatNumber } from './format.ts';

/** How many of its own pictures a site is asked to evaluate: 15 a class. */
export const EVALUATE_FIRST = 60;

export function siteHeading(): string {
  return msg('This site’s pictures look different');
}

export function siteAdvice(): string {
  return msg(
    str`They are unlike those of every hospital the model knows. Evaluate ${EVALUATE_FIRST} of your own, labelled by a trained person, before relying on it.`,
  );
}

export function siteWords(verdict: SiteVerdict): string {
  switch (verdict.kind) {
    case 'too-few':
      return msg(
        str`${formatNumber(verdict.pictures)} of the ${formatNumber(verdict.minimum)} pictures are read that it takes to tell.`,
      );
    case 'alike':
      return msg(
        str`The ${formatNumber(verdict.pictures)} pictures read here look like those of hospitals the model knows, most of all “${verdict.nearest.hospital}”. How often it is right here, only an evaluation of your own pictures says.`,
      );
    case 'different':
      return msg(
        str`The ${formatNumber(verdict.pictures)} pictures read here look like those of none of the ${formatNumber(verdict.hospitals)} hospitals the model knows.`,
      );
  }
}
