/**
 * In: what a person chose or dropped (files, a folder, a disc, archives). Out: pictures, one after
 * the other, with what was passed over and what could not be opened. Nothing is read but first bytes
 * and tables of contents; the bytes of a picture are fetched when its turn comes.
 */
import { Fault } from '../base/fault.ts';
import { FolderUnreadableError } from './errors.ts';
import { BlobLeaf, droppedBranch, droppedLeaf, handleBranch } from './leaves.ts';
import { treeOf } from './tree.ts';
import type { Branch, FoundItem, Given, Leaf } from './types.ts';
import { TOP, visible } from './place.ts';
import { look, walk } from './walk.ts';
import { openZip } from './zip.ts';

export * from './errors.ts';
export { openZip } from './zip.ts';

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

/**
 * What was given as trees of folders, for whoever goes by names and not by first bytes: nothing of a
 * file is read. A file given by itself is taken for a ZIP archive. What systems leave behind is left
 * out, the rest is in the order of names.
 * @throws the errors of `openZip`; listing throws FolderUnreadableError or the signal's reason
 */
export async function treesIn(given: Given, signal: AbortSignal): Promise<Branch[]> {
  const { files = [], entries = [], folder, folderFiles = [] } = given;
  const trees: Branch[] = [];
  for (const { name, source } of files) trees.push(await openZip(source, name, signal));
  for (const entry of entries) {
    if (entry.isDirectory) trees.push(droppedBranch(entry));
    else {
      const leaf = droppedLeaf(entry);
      trees.push(await openZip(await leaf.open(signal), entry.name, signal));
    }
  }
  if (folder) trees.push(handleBranch(folder));
  if (folderFiles.length > 0) trees.push(treeOfFiles(folderFiles));
  return trees.map(tidy);
}

function tidy(branch: Branch): Branch {
  return {
    name: branch.name,
    async list(signal) {
      try {
        const { files, folders } = await branch.list(signal);
        return { files: visible(files), folders: visible(folders).map(tidy) };
      } catch (reason) {
        signal.throwIfAborted();
        throw reason instanceof Fault ? reason : new FolderUnreadableError(reason);
      }
    },
  };
}

function treeOfFiles(files: readonly File[]): ReturnType<typeof treeOf> {
  const pairs = files.map((file): [string, Leaf] => [
    file.webkitRelativePath || file.name,
    new BlobLeaf(file.name, file),
  ]);
  return treeOf('', pairs);
}
