/** The list of kept studies: filtered, sorted, a part of it. In memory, from the unsealed index. */
import type { PatientLabel } from '../study/schema.ts';
import type { StudyEntry } from './entry.ts';

export interface StudyQuery {
  /** Words that all have to occur in name or number; case and accents do not matter. */
  readonly text?: string;
  /** By study date, else the day it was kept (UTC); `2026-11-30`, both included. */
  readonly from?: string;
  readonly to?: string;
  readonly label?: string;
  readonly triage?: 'refer' | 'uncertain' | 'not-flagged' | 'refused' | 'not-read';
  readonly flag?: string;
  /** Still in the work list, or not. */
  readonly open?: boolean;
  /** The same patient: by number, else by name. Labels without either fit only themselves. */
  readonly patient?: PatientLabel;
  /** Initials of a reader who gave a word; empty: those without any word. */
  readonly reader?: string;
  readonly sort?: 'newest' | 'oldest' | 'label' | 'look-first';
  /** How many to leave out before the first, and how many to give at most. */
  readonly skip?: number;
  readonly limit?: number;
}

export interface StudyPage {
  /** Of all that were kept, how many the query finds. */
  readonly found: number;
  readonly kept: number;
  readonly entries: readonly StudyEntry[];
}

export function findStudies(all: Iterable<Searchable>, query: StudyQuery = {}): StudyPage {
  const words = fold(query.text ?? '')
    .split(/\s+/)
    .filter(Boolean);
  let kept = 0;
  const found: Searchable[] = [];
  for (const each of all) {
    kept += 1;
    if (matches(each, query, words)) found.push(each);
  }
  found.sort(ORDERS[query.sort ?? 'newest']);
  const skip = query.skip ?? 0;
  const entries = found.slice(skip, skip + (query.limit ?? found.length));
  return { found: found.length, kept, entries: entries.map(({ entry }) => entry) };
}

/** An entry with what the search compares, made once. */
export interface Searchable {
  readonly entry: StudyEntry;
  readonly folded: string;
  readonly day: string;
}

export function searchable(entry: StudyEntry): Searchable {
  const { name, number, running } = entry.label;
  return {
    entry,
    folded: fold(`${number} ${name} ${running === null ? '' : `#${running}`}`),
    day: entry.studyDate ?? new Date(entry.keptAt).toISOString().slice(0, 10),
  };
}

/** Lower case without accents: `José` is found as `jose`. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function matches({ entry, folded, day }: Searchable, query: StudyQuery, words: string[]): boolean {
  if (!words.every((word) => folded.includes(word))) return false;
  if (query.from !== undefined && day < query.from) return false;
  if (query.to !== undefined && day > query.to) return false;
  if (query.label !== undefined && entry.top !== query.label) return false;
  if (query.triage !== undefined && stateOf(entry) !== query.triage) return false;
  if (query.open !== undefined && entry.open !== query.open) return false;
  if (query.patient !== undefined && !isSamePatient(entry.label, query.patient)) return false;
  if (query.flag !== undefined && !entry.flags.includes(query.flag)) return false;
  if (query.reader === undefined) return true;
  return query.reader === '' ? entry.readers.length === 0 : entry.readers.includes(query.reader);
}

function isSamePatient(one: PatientLabel, other: PatientLabel): boolean {
  if (one.number !== '' || other.number !== '') {
    return fold(one.number).trim() === fold(other.number).trim();
  }
  if (one.name !== '' || other.name !== '')
    return fold(one.name).trim() === fold(other.name).trim();
  return one.running === other.running && one.day === other.day;
}

function stateOf({ reading }: StudyEntry): StudyQuery['triage'] | null {
  if (!reading) return 'not-read';
  return reading.refused === null ? reading.triage : 'refused';
}

/** What needs a hand comes first: not read, refused, refer, uncertain, the rest; newest first in each. */
const URGENCY = ['not-read', 'refused', 'refer', 'uncertain'];

const newest = (a: Searchable, b: Searchable): number => b.entry.keptAt - a.entry.keptAt;
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const ORDERS: Record<NonNullable<StudyQuery['sort']>, (a: Searchable, b: Searchable) => number> = {
  newest,
  oldest: (a, b) => -newest(a, b),
  label: (a, b) => collator.compare(a.folded, b.folded) || newest(a, b),
  'look-first': (a, b) => urgencyOf(a) - urgencyOf(b) || newest(a, b),
};

function urgencyOf({ entry }: Searchable): number {
  const at = URGENCY.indexOf(stateOf(entry) ?? '');
  return at < 0 ? URGENCY.length : at;
}
