/** Words and figures that several parts of the evaluation screen say alike. */
import { msg, str } from '@lit/localize';
import { formatNumber, formatShare } from './format.ts';
import type { Interval } from '../evaluation/index.ts';

export function shareWithInterval(figure: Interval | null): string {
  if (!figure) return '–';
  return `${formatShare(figure.value)} (${formatShare(figure.low)}–${formatShare(figure.high)})`;
}

/** Only the interval, for where the figure stands beside it. */
export function intervalOf(figure: Interval | null, area = false): string {
  if (!figure) return '';
  const show = (value: number): string => (area ? formatNumber(value, 3) : formatShare(value));
  return `(${show(figure.low)}–${show(figure.high)})`;
}

export function areaWithInterval(figure: Interval | null): string {
  if (!figure) return '–';
  const { value, low, high } = figure;
  return `${formatNumber(value, 3)} (${formatNumber(low, 3)}–${formatNumber(high, 3)})`;
}

/** The app's refusals and what it says when a file cannot be read, by code. */
export function refusalWords(code: string): string {
  switch (code) {
    case 'not-a-frontal-chest':
      return msg('No frontal chest X-ray');
    case 'blank-picture':
      return msg('Next to nothing to see');
    case 'too-few-pixels':
      return msg('Too small');
    default:
      return code;
  }
}

export function pictures(count: number): string {
  return count === 1 ? msg('1 picture') : msg(str`${formatNumber(count)} pictures`);
}

/** A probability of McNemar's test, in words that do not claim more than it says. */
export function chanceWords(p: number): string {
  if (p < 0.001) return msg('p < 0.001');
  return msg(str`p = ${formatNumber(p, 3)}`);
}
