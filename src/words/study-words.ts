/** What is said of a kept study: what to do, what the reader said, what was found out later. */
import { msg, str } from '@lit/localize';
import type {
  Change,
  FinalDiagnosis,
  KeptReading,
  ReadersWord,
  StudyEntry,
} from '../records/types.ts';
import { formatDate, formatProbability } from './format.ts';
import type { Todo } from './patient-words.ts';
import { className } from './words.ts';

/** Smaller changes of a probability are not told. */
const LEAST_CHANGE = 0.1;

export function entryTodo({ reading }: StudyEntry): Todo {
  return readingTodo(reading);
}

export function readingTodo(reading: Pick<KeptReading, 'refused' | 'triage'> | null): Todo {
  if (!reading) return 'not-read';
  if (reading.refused !== null) return 'refused';
  return reading.triage ?? 'answered';
}

/** What a reader said, in a few words. */
export function verdictWords({ verdict, label }: Pick<ReadersWord, 'verdict' | 'label'>): string {
  switch (verdict) {
    case 'agree':
      return label === null ? msg('Agrees') : msg(str`Agrees: ${className(label)}`);
    case 'class':
      return label === null ? msg('Another class') : className(label);
    case 'other':
      return msg('Something else');
    case 'unreadable':
      return msg('Not readable');
  }
}

export function methodWords(method: FinalDiagnosis['method']): string {
  switch (method) {
    case 'pcr':
      return msg('PCR');
    case 'ct':
      return msg('CT');
    case 'follow-up':
      return msg('Follow-up');
    case 'other':
      return msg('Other');
  }
}

export function diagnosisWords({
  method,
  label,
}: Pick<FinalDiagnosis, 'method' | 'label'>): string {
  const what = label === null ? msg('none of these classes') : className(label);
  return `${methodWords(method)}: ${what}`;
}

/** For a list: the reader's last word with initials, and the final diagnosis; empty without either. */
export function givenWords({ word, readers, diagnosis }: StudyEntry): string {
  const parts = [
    word ? `${readers.at(-1) ?? ''} ${verdictWords(word)}`.trim() : '',
    diagnosis ? diagnosisWords(diagnosis) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What a chart of a patient's studies says, in a sentence or two. */
export function changeWords({ labels, times, probabilities }: Change): string {
  const since = formatDate(times[0] ?? 0);
  const moved = labels.flatMap((label, k) => {
    const shares = probabilities[k] ?? [];
    const from = shares[0] ?? 0;
    const to = shares.at(-1) ?? 0;
    return Math.abs(to - from) < LEAST_CHANGE ? [] : [{ label, from, to }];
  });
  if (moved.length === 0) return msg(str`Since ${since} no class changed by 10 % or more.`);
  const parts = moved.map(({ label, from, to }) => {
    const [name, before, now] = [className(label), formatProbability(from), formatProbability(to)];
    return to > from
      ? msg(str`${name} rose from ${before} to ${now}`)
      : msg(str`${name} fell from ${before} to ${now}`);
  });
  return msg(str`Since ${since}: ${parts.join('; ')}.`);
}
