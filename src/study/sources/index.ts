/**
 * In: what a person chose or dropped (files, a folder, a disc, archives). Out: pictures, one after
 * the other, with what was passed over and what could not be opened. Nothing is read but first bytes
 * and tables of contents; the bytes of a picture are fetched when its turn comes.
 */
import { BlobLeaf, droppedBranch, droppedLeaf, handleBranch } from './leaves.ts';
import { treeOf } from './tree.ts';
import type { FoundItem, Given, Leaf } from './types.ts';
import { look, TOP, walk } from './walk.ts';

export * from './errors.ts';

/** What was given, looked through in order. */
export async function* find(given: Given, signal: AbortSignal): AsyncGenerator<FoundItem> {
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
