/** What readers said of a study: said anew, never changed. */
import { WordsOverwritten } from '../errors.ts';
import type {
  FinalDiagnosis,
  KeptPicture,
  KeptStudy,
  PatientLabel,
  ReadersWord,
} from './schema.ts';

/** A reader's new word; an earlier one of the same reader that still counts is amended by it. */
export function withWord(study: KeptStudy, word: Omit<ReadersWord, 'id' | 'amends'>): KeptStudy {
  const earlier = countingWords(study).find(({ by }) => by.reader === word.by.reader);
  const added = { ...word, id: crypto.randomUUID(), amends: earlier?.id ?? null };
  return { ...study, words: [...study.words, added] };
}

export function withDiagnosis(study: KeptStudy, diagnosis: FinalDiagnosis): KeptStudy {
  return { ...study, diagnoses: [...study.diagnoses, diagnosis] };
}

/** Those that no later word amends, oldest first. */
export function countingWords({ words }: KeptStudy): ReadersWord[] {
  const amended = new Set(words.map(({ amends }) => amends));
  return words.filter(({ id }) => !amended.has(id));
}

/** @throws WordsOverwritten unless everything said before is there, unchanged and in its place */
export function checkWords(before: KeptStudy, after: KeptStudy): void {
  const same = (older: readonly unknown[], newer: readonly unknown[]): boolean =>
    older.every((each, at) => JSON.stringify(each) === JSON.stringify(newer[at]));
  if (!same(before.words, after.words) || !same(before.diagnoses, after.diagnoses)) {
    throw new WordsOverwritten();
  }
}

/** Its reading was cut off, or has not begun. */
export function isUnread({ reading, failure }: KeptPicture): boolean {
  return reading === null && failure === null;
}

/** The network's class of a reading; null where it refused. */
export function topLabel({ reading }: KeptPicture): string | null {
  if (!reading || reading.refused !== null) return null;
  const { labels, probabilities } = reading;
  return labels[probabilities.indexOf(Math.max(...probabilities))] ?? null;
}

const GRAVITY = ['not-flagged', 'uncertain', 'refer'] as const;

/**
 * The picture that speaks for the study: the one whose decision is the most serious, then the first
 * that the network answered, then the first it refused.
 */
export function leadingPicture({ pictures }: KeptStudy): KeptPicture | null {
  const weight = ({ reading }: KeptPicture): number => {
    if (!reading) return -2;
    if (reading.refused !== null) return -1;
    return reading.triage ? GRAVITY.indexOf(reading.triage) : 0;
  };
  return [...pictures].sort((a, b) => weight(b) - weight(a))[0] ?? null;
}

/** How a study is called in a list or a fault: its number and name, or its running number. */
export function labelText({ name, number, running, day }: PatientLabel): string {
  const own = [number, name].filter((part) => part !== '').join(' ');
  if (own !== '') return own;
  return running === null ? '–' : `${day ?? ''} #${running}`.trim();
}
