/** Looks through a tree of folders, in the order of their names, and says what each file is. */
import { Fault } from '../base/fault.ts';
import {
  fromReadFailure,
  gunzip,
  MAX_FILE_BYTES,
  pdfHoldsRadiograph,
} from '../radiograph/index.ts';
import { blobOf } from './blob-of.ts';
import { readDisc } from './disc.ts';
import {
  DicomdirAloneError,
  FolderTooDeepError,
  FolderUnreadableError,
  ZipInZipError,
} from './errors.ts';
import { HEAD_BYTES, sortOf } from './kinds.ts';
import { BlobLeaf } from './leaves.ts';
import { join, visible, type Place } from './place.ts';
import type { Branch, FoundItem, Leaf, Listing } from './types.ts';
import { openZip } from './zip.ts';

export { TOP } from './place.ts';

/** No honest disc is deeper; a loop of links would be. */
const MAX_DEPTH = 32;

/** Never throws for a file or a folder; only the signal's reason. */
export async function* walk(
  folder: Branch,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<FoundItem> {
  const path = join(place.path, folder.name);
  if (place.depth > MAX_DEPTH) {
    yield { kind: 'trouble', name: path, fault: new FolderTooDeepError(MAX_DEPTH).toData() };
    return;
  }
  let listing: Listing;
  try {
    listing = await folder.list(signal);
  } catch (reason) {
    signal.throwIfAborted();
    const fault = reason instanceof Fault ? reason : new FolderUnreadableError(reason);
    yield { kind: 'trouble', name: path, fault: fault.toData() };
    return;
  }
  const inside: Place = { ...place, path, depth: place.depth + 1 };
  const files = visible(listing.files);
  const folders = visible(listing.folders);
  const contents = await tableIn(files, signal);
  if (contents) {
    yield* readDisc(contents, { files, folders }, inside, { look, walk }, signal);
    return;
  }
  for (const file of files) yield* look(file, inside, signal);
  for (const each of folders) yield* walk(each, inside, signal);
}

/**
 * The folder's table of contents. Its content decides; its name, whatever was appended to it, only
 * says where to look, so that no folder's files are all read before the first is shown.
 */
async function tableIn(files: readonly Leaf[], signal: AbortSignal): Promise<Leaf | null> {
  for (const file of files) {
    if (!/^DICOMDIR/i.test(file.name)) continue;
    try {
      if (sortOf(await file.head(HEAD_BYTES, signal)) === 'dicomdir') return file;
    } catch {
      signal.throwIfAborted();
    }
  }
  return null;
}

/** What one file is; archives are opened. */
export async function* look(
  file: Leaf,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<FoundItem> {
  signal.throwIfAborted();
  const name = join(place.path, file.name);
  // A file that is there needs no asking: one object less for each of thousands.
  const source = file instanceof BlobLeaf ? file.blob : file;
  const picture: FoundItem = { kind: 'picture', name, source };
  let head: Uint8Array;
  try {
    head = await file.head(HEAD_BYTES, signal);
  } catch (reason) {
    signal.throwIfAborted();
    const fault = reason instanceof Fault ? reason : fromReadFailure(reason);
    yield { kind: 'trouble', name, fault: fault.toData() };
    return;
  }
  const sort = sortOf(head);
  if (sort === 'picture') yield picture;
  else if (sort === 'gzip') {
    if (place.byHand || (await packsPicture(file, signal))) yield picture;
    else yield { kind: 'skipped', name, what: 'archive' };
  } else if (sort === 'pdf') {
    if (place.byHand || (await holdsRadiograph(file, signal))) yield picture;
    else yield { kind: 'skipped', name, what: 'document' };
  } else if (sort === 'zip')
    yield* place.inArchive ? [nested(name)] : unpack(file, name, place, signal);
  else if (sort === 'dicomdir') {
    if (place.byHand) yield { kind: 'trouble', name, fault: new DicomdirAloneError().toData() };
    else yield { kind: 'skipped', name, what: 'dicom-other' };
  } else if (place.byHand) yield picture;
  else yield { kind: 'skipped', name, what: sort };
}

async function* unpack(
  file: Leaf,
  name: string,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<FoundItem> {
  try {
    const archive = await openZip(await blobOf(file, signal), file.name, signal);
    const inside: Place = { ...place, depth: place.depth, inArchive: true, byHand: false };
    yield* walk(archive, inside, signal);
  } catch (reason) {
    signal.throwIfAborted();
    const fault = reason instanceof Fault ? reason : fromReadFailure(reason);
    yield { kind: 'trouble', name, fault: fault.toData() };
  }
}

/** Whether gzip packed a single picture; a folder that was packed so is an archive. */
async function packsPicture(file: Leaf, signal: AbortSignal): Promise<boolean> {
  try {
    const inner = await gunzip(await blobOf(file, signal), MAX_FILE_BYTES, signal);
    return sortOf(inner.subarray(0, HEAD_BYTES)) === 'picture';
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** A document with a scanned picture that fills its page; a report is none. */
async function holdsRadiograph(file: Leaf, signal: AbortSignal): Promise<boolean> {
  try {
    const source = await blobOf(file, signal);
    return source.size <= MAX_FILE_BYTES && (await pdfHoldsRadiograph(source));
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

function nested(name: string): FoundItem {
  return { kind: 'trouble', name, fault: new ZipInZipError().toData() };
}
