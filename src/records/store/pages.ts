/** The index of all studies: sealed pages of many entries, so that ten thousand open in a moment. */
import * as v from 'valibot';
import { sealJson, unsealJson, type Sealed } from '../crypto/sealed.ts';
import type { RecordsDatabase } from './database.ts';
import { EntrySchema, type StudyEntry } from './entry.ts';
import { searchable, type Searchable } from './search.ts';

export const PAGE_ENTRIES = 128;
const VERSION = 1;
const PageSchema = v.array(EntrySchema);

export interface Page {
  readonly revision: number;
  /** False: it does not open, and its studies have to be read one by one. */
  readonly whole: boolean;
  readonly entries: ReadonlyMap<string, Searchable>;
}

export function sealPage(
  key: CryptoKey,
  page: number,
  revision: number,
  entries: readonly StudyEntry[],
): Promise<Sealed> {
  return sealJson(key, nameOf(page, revision), VERSION, entries);
}

export interface Loaded {
  readonly pages: Map<number, Page>;
  /** Every study there is, by the page it should be listed on. */
  readonly studies: ReadonlySet<string>;
  readonly changes: number;
  readonly head: unknown;
}

/** @param known pages of the same revision are taken from here */
export async function loadPages(
  db: RecordsDatabase,
  key: CryptoKey,
  known: ReadonlyMap<number, Page>,
): Promise<Loaded> {
  const tx = db.transaction(['index', 'studies', 'state'], 'readonly');
  const [numbers, rows, ids, changes, head] = await Promise.all([
    tx.objectStore('index').getAllKeys(),
    tx.objectStore('index').getAll(),
    tx.objectStore('studies').getAllKeys(),
    tx.objectStore('state').get('changes'),
    tx.objectStore('state').get('head'),
  ]);
  const pages = new Map<number, Page>();
  await Promise.all(
    numbers.map(async (number, at) => {
      const { revision, sealed } = rows[at];
      const before = known.get(number);
      if (before?.revision === revision) pages.set(number, before);
      else pages.set(number, { revision, ...(await entriesOf(key, number, revision, sealed)) });
    }),
  );
  return { pages, studies: new Set(ids), changes: Number(changes ?? 0), head };
}

async function entriesOf(
  key: CryptoKey,
  page: number,
  revision: number,
  sealed: unknown,
): Promise<Omit<Page, 'revision'>> {
  try {
    const entries = v.parse(PageSchema, await unsealJson(key, nameOf(page, revision), sealed));
    return { whole: true, entries: new Map(entries.map((each) => [each.id, searchable(each)])) };
  } catch {
    // Derived from the studies: they give it back.
    return { whole: false, entries: new Map() };
  }
}

function nameOf(page: number, revision: number) {
  return { kind: 'index', id: `${page}.${revision}` } as const;
}
