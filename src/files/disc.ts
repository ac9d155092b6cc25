/**
 * A disc or folder with a DICOMDIR (DICOM PS3.10, section 8; PS3.3, F.3): its pictures in the order
 * of the table, then DICOM files that the table does not name. Everything else is passed over: what
 * lies there besides is the viewer program with its own pictures.
 */
import { DicomdirDamagedError } from './errors.ts';
import { HEAD_BYTES, isDicom, sortOf } from './kinds.ts';
import type { Branch, FoundItem, Leaf, Listing } from './types.ts';
import { join, visible, type Place } from './place.ts';

/** A table of some 50,000 pictures. */
const MAX_TABLE_BYTES = 64_000_000;
const MAX_FILES = 200_000;

/** How files and folders are searched where the table cannot be read. */
export interface DiscSearch {
  look(file: Leaf, place: Place, signal: AbortSignal): AsyncGenerator<FoundItem>;
  walk(folder: Branch, place: Place, signal: AbortSignal): AsyncGenerator<FoundItem>;
}

export async function* readDisc(
  contents: Leaf,
  listing: Listing,
  place: Place,
  search: DiscSearch,
  signal: AbortSignal,
): AsyncGenerator<FoundItem> {
  let named: string[];
  try {
    named = await readTable(contents, signal);
  } catch (reason) {
    signal.throwIfAborted();
    const fault = new DicomdirDamagedError(reason).toData();
    yield { kind: 'trouble', name: join(place.path, contents.name), fault };
    for (const file of listing.files)
      if (file !== contents) yield* search.look(file, place, signal);
    for (const folder of listing.folders) yield* search.walk(folder, place, signal);
    return;
  }
  const there = new Map<string, Entry>();
  await collect(listing, place.path, '', there, signal);
  there.delete(keyOf(contents.name));
  const changed = new ChangedNames(there);
  const shown = new Set<Entry>();
  for (const file of named) {
    signal.throwIfAborted();
    const found = there.get(keyOf(file)) ?? changed.find(file);
    if (!found) {
      yield { kind: 'missing', name: join(place.path, file) };
      continue;
    }
    // Tables that were written twice over name a picture twice.
    if (shown.has(found)) continue;
    shown.add(found);
    yield { kind: 'picture', name: found.path, source: found.leaf };
  }
  for (const entry of there.values()) {
    if (!shown.has(entry)) yield* unnamed(entry.leaf, entry.path, signal);
  }
}

interface Entry {
  readonly leaf: Leaf;
  readonly path: string;
}

/**
 * Files that copying renamed: an ending was appended (`IM000001.dcm`), or the folders lie deeper than
 * the table says. A name that fits several files fits none.
 */
class ChangedNames {
  readonly #there: ReadonlyMap<string, Entry>;
  /** Every tail of every path, without the ending → its key, or null where several have it. */
  #tails: Map<string, string | null> | null = null;

  constructor(there: ReadonlyMap<string, Entry>) {
    this.#there = there;
  }

  /** The file that is meant by a name of the table. */
  find(name: string): Entry | undefined {
    this.#tails ??= tailsOf(this.#there.keys());
    const key = this.#tails.get(withoutEnding(keyOf(name)));
    return key ? this.#there.get(key) : undefined;
  }
}

function tailsOf(keys: Iterable<string>): Map<string, string | null> {
  const wholes = new Map<string, string | null>();
  const tails = new Map<string, string | null>();
  const note = (into: Map<string, string | null>, tail: string, key: string): void => {
    into.set(tail, into.has(tail) ? null : key);
  };
  for (const key of keys) {
    const parts = withoutEnding(key).split('/');
    note(wholes, parts.join('/'), key);
    for (let from = 1; from < parts.length; from += 1)
      note(tails, parts.slice(from).join('/'), key);
  }
  // A whole path says more than the tail of another.
  for (const [whole, key] of wholes) tails.set(whole, key);
  return tails;
}

/** File IDs of a table have no dots (DICOM PS3.10, 8.2). */
function withoutEnding(key: string): string {
  return key.replace(/\.[^./]*$/, '');
}

/** A DICOM picture that the table forgot is still a picture of this disc. */
async function* unnamed(leaf: Leaf, path: string, signal: AbortSignal): AsyncGenerator<FoundItem> {
  signal.throwIfAborted();
  let head: Uint8Array;
  try {
    head = await leaf.head(HEAD_BYTES, signal);
  } catch {
    signal.throwIfAborted();
    yield { kind: 'skipped', name: path, what: 'unlisted' };
    return;
  }
  const sort = sortOf(head);
  if (sort === 'picture' && isDicom(head)) yield { kind: 'picture', name: path, source: leaf };
  else if (sort === 'picture' || sort === 'zip')
    yield { kind: 'skipped', name: path, what: 'unlisted' };
  else if (sort === 'gzip') yield { kind: 'skipped', name: path, what: 'archive' };
  else if (sort === 'pdf') yield { kind: 'skipped', name: path, what: 'document' };
  else yield { kind: 'skipped', name: path, what: sort === 'dicomdir' ? 'dicom-other' : sort };
}

async function collect(
  listing: Listing,
  shown: string,
  inside: string,
  there: Map<string, Entry>,
  signal: AbortSignal,
  depth = 0,
): Promise<void> {
  for (const leaf of visible(listing.files)) {
    if (there.size >= MAX_FILES) return;
    there.set(keyOf(join(inside, leaf.name)), { leaf, path: join(shown, leaf.name) });
  }
  if (depth > 32) return;
  for (const folder of visible(listing.folders)) {
    signal.throwIfAborted();
    const next = await listOf(folder, signal);
    const { name } = folder;
    await collect(next, join(shown, name), join(inside, name), there, signal, depth + 1);
  }
}

/** A folder that cannot be listed shows in the count of missing pictures. */
async function listOf(folder: Branch, signal: AbortSignal): Promise<Listing> {
  try {
    return await folder.list(signal);
  } catch {
    signal.throwIfAborted();
    return { files: [], folders: [] };
  }
}

/** Discs are written in capitals; systems show them in small letters, with or without a version. */
function keyOf(path: string): string {
  return path.toUpperCase().replace(/;\d+$/, '').replace(/\.$/, '');
}

/** A table without a preamble does not say how it is written: its first element shows it. */
function syntaxOf(bytes: Uint8Array): { TransferSyntaxUID: string } | undefined {
  if (String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM') return undefined;
  const explicit = /^[A-Z]{2}$/.test(String.fromCharCode(...bytes.subarray(4, 6)));
  return { TransferSyntaxUID: explicit ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2' };
}

/** Paths (with `/`) of the pictures, in the order of the table. */
async function readTable(contents: Leaf, signal: AbortSignal): Promise<string[]> {
  const blob = await contents.open(signal);
  if (blob.size > MAX_TABLE_BYTES) throw new RangeError('The table is too long.');
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (sortOf(bytes.subarray(0, HEAD_BYTES)) !== 'dicomdir') throw new TypeError('It is no table.');
  const { default: parser } = await import('dicom-parser');
  const table = parser.parseDicom(bytes, syntaxOf(bytes));
  const records = table.elements['x00041220']?.items;
  if (!records) throw new TypeError('It has no records.');
  const paths: string[] = [];
  for (const { dataSet } of records) {
    if (dataSet?.string('x00041430') !== 'IMAGE') continue;
    // A backslash parts the folders: to the parser it parts values.
    const parts = dataSet
      .string('x00041500')
      ?.split('\\')
      .map((part) => part.trim());
    if (!parts || parts.some((part) => part === '' || part === '..' || part === '.')) continue;
    if (paths.length >= MAX_FILES) throw new RangeError('The table is too long.');
    paths.push(parts.join('/'));
  }
  return paths;
}
