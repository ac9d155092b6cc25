/** What came of looking through something, as lines that a test can compare. */
import type { FoundItem, Leaf, PictureFlow } from '../../../src/files/types.ts';
import { openGiven } from '../../../src/session/index.ts';
import type { Branch } from '../../../src/files/types.ts';
import { TOP, walk } from '../../../src/files/walk.ts';
import { treeOf } from '../../../src/files/tree.ts';
import { BlobLeaf } from '../../../src/files/leaves.ts';

export async function all(items: AsyncIterable<FoundItem>): Promise<FoundItem[]> {
  const found: FoundItem[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export function lines(found: readonly FoundItem[]): string[] {
  return found.map((item) => {
    if (item.kind === 'skipped') return `skipped ${item.what}: ${item.name}`;
    if (item.kind === 'trouble') return `${item.fault.code}: ${item.name}`;
    return `${item.kind}: ${item.name}`;
  });
}

export async function linesOf(items: AsyncIterable<FoundItem>): Promise<string[]> {
  return lines(await all(items));
}

/** A folder made of `path → bytes`. */
export function folder(
  name: string,
  files: Readonly<Record<string, Uint8Array<ArrayBuffer> | string>>,
): Branch {
  return treeOf(
    name,
    Object.entries(files).map(([path, bytes]): [string, Leaf] => [
      path,
      new BlobLeaf(path.slice(path.lastIndexOf('/') + 1), new Blob([bytes])),
    ]),
  );
}

export function walkAll(branch: Branch): Promise<FoundItem[]> {
  return all(walk(branch, TOP, new AbortController().signal));
}

/** The one archive, chosen by hand. */
export async function openArchive(bytes: Uint8Array<ArrayBuffer>): Promise<FoundItem[]> {
  const opened = await openGiven({ files: [{ name: 'a.zip', source: new Blob([bytes]) }] });
  if (opened.kind !== 'flow') throw new Error('It was not taken for an archive.');
  return all(opened.flow(new AbortController().signal));
}

export type { PictureFlow };
