/** A ZIP archive as a tree of folders. Nothing is unpacked before it is wanted. */
import { ZipEncryptedError } from './errors.ts';
import { treeOf } from './tree.ts';
import type { Branch } from './types.ts';
import { readZipDirectory } from './zip-directory.ts';
import { ZipLeaf } from './zip-entry.ts';

/** @throws the errors of `readZipDirectory`, or ZipEncryptedError if every file in it is locked */
export async function openZip(archive: Blob, name: string, signal: AbortSignal): Promise<Branch> {
  const entries = await readZipDirectory(archive, signal);
  if (entries.length > 0 && entries.every((entry) => entry.encrypted))
    throw new ZipEncryptedError();
  return treeOf(
    name,
    entries.map((entry) => [entry.path, new ZipLeaf(archive, entry)]),
  );
}
