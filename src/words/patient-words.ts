/** How a patient is called on the screen, and what is to be done with their picture. */
import { msg, str } from '@lit/localize';
import type { PatientLabel, StudyQuery } from '../records/types.ts';
import { formatNumber } from './format.ts';

/** Name and number, or the number of the day. */
export function labelWords(label: PatientLabel, hidden = false): string {
  if (hidden) return hiddenWords(label);
  const own = [label.name, label.number].filter((part) => part !== '').join(' · ');
  return own === '' ? runningWords(label) : own;
}

/** The number of the day; empty where there is none. */
export function runningWords({ running }: PatientLabel): string {
  return running === null ? '' : msg(str`No. ${formatNumber(running)}`);
}

/** For lists that others may see: dots and the last characters of the number, or the number of the day. */
function hiddenWords(label: PatientLabel): string {
  if (label.name === '' && label.number === '') return runningWords(label);
  const end = Array.from(label.number).slice(-4).join('');
  return end === '' ? `••• ${runningWords(label)}`.trim() : `••• ${end}`;
}

export type Todo = NonNullable<StudyQuery['triage']> | 'answered';

/** What to do, in a word or two: the first thing a list says. */
export function todoWords(todo: Todo): string {
  switch (todo) {
    case 'refer':
      return msg('Refer');
    case 'uncertain':
      return msg('Read by a person');
    case 'not-flagged':
      return msg('Not flagged');
    case 'refused':
    case 'not-read':
      return msg('Not read');
    case 'answered':
      return msg('Read');
  }
}
