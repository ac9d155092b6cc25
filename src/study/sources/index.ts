/**
 * In: what a person chose or dropped (files, a folder, a disc, archives). Out: pictures, one after
 * the other, with what was passed over and what could not be opened. Nothing is read but first bytes
 * and tables of contents; the bytes of a picture are fetched when its turn comes.
 */
import type { IncomingFile } from '../types.ts';
import { HEAD_BYTES, sortOf } from './kinds.ts';
import { BlobLeaf, droppedBranch, droppedLeaf, handleBranch } from './leaves.ts';
import { treeOf } from './tree.ts';
import type { FoundItem, Given, Leaf, PictureFlow } from './types.ts';
import { look, TOP, walk } from './walk.ts';

export * from './errors.ts';

/** Pictures to list at once, or a flow of which nobody knows the length. */
export type Opened =
  | { readonly kind: 'files'; readonly files: readonly IncomingFile[] }
  | { readonly kind: 'flow'; readonly flow: PictureFlow };

/** More files than this are listed as they are looked at. */
const AT_ONCE = 200;

export async function openGiven(given: Given): Promise<Opened> {
  const { files = [], entries = [], folder, folderFiles = [] } = given;
  const onlyFiles = entries.length === 0 && !folder && folderFiles.length === 0;
  if (onlyFiles && files.length <= AT_ONCE && !(await someHoldMore(files))) {
    return { kind: 'files', files };
  }
  return { kind: 'flow', flow: (signal) => find(given, signal) };
}

async function* find(given: Given, signal: AbortSignal): AsyncGenerator<FoundItem> {
  const { files = [], entries = [], folder, folderFiles = [] } = given;
  const byHand = { ...TOP, byHand: true };
  for (const { name, source } of files) yield* look(new BlobLeaf(name, source), byHand, signal);
  for (const entry of entries) {
    if (entry.isDirectory) yield* walk(droppedBranch(entry), TOP, signal);
    else yield* look(droppedLeaf(entry), byHand, signal);
  }
  if (folder) yield* walk(handleBranch(folder), TOP, signal);
  if (folderFiles.length > 0) yield* walk(treeOfFiles(folderFiles), TOP, signal);
}

function treeOfFiles(files: readonly File[]): ReturnType<typeof treeOf> {
  const pairs = files.map((file): [string, Leaf] => [
    file.webkitRelativePath || file.name,
    new BlobLeaf(file.name, file),
  ]);
  return treeOf('', pairs);
}

/** Archives and tables of contents among files chosen by hand. */
async function someHoldMore(files: readonly { readonly source: Blob }[]): Promise<boolean> {
  const sorts = await Promise.all(
    files.map(async ({ source }) => {
      try {
        return sortOf(new Uint8Array(await source.slice(0, HEAD_BYTES).arrayBuffer()));
      } catch {
        // The decoder has the words for it.
        return 'picture';
      }
    }),
  );
  return sorts.some((sort) => sort === 'zip' || sort === 'dicomdir');
}
