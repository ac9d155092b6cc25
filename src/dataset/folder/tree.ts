/** The whole tree of an opened folder: names only, nothing read. */
import { Fault, type FaultData } from '../../base/fault.ts';
import type { Branch, Leaf } from '../../session/index.ts';
import { PartUnreadableError } from '../errors.ts';

/** No labelled collection is deeper; a loop of links would be. */
const MAX_DEPTH = 12;

export interface FolderNode {
  readonly name: string;
  /** Inside the opened folder, '' for itself. */
  readonly path: string;
  readonly files: readonly Leaf[];
  readonly folders: readonly FolderNode[];
}

export interface TreeReading {
  readonly troubles: FaultData[];
  readonly onFiles: (count: number) => void;
  readonly signal: AbortSignal;
}

/** @throws the fault of the top folder; of those below only `troubles` tell */
export async function readFolder(branch: Branch, reading: TreeReading): Promise<FolderNode> {
  return readNode(branch, '', 0, reading);
}

async function readNode(
  branch: Branch,
  path: string,
  depth: number,
  reading: TreeReading,
): Promise<FolderNode> {
  const { signal } = reading;
  signal.throwIfAborted();
  const { files, folders } = await branch.list(signal);
  reading.onFiles(files.length);
  const below: FolderNode[] = [];
  for (const each of folders) {
    const place = path === '' ? each.name : `${path}/${each.name}`;
    try {
      if (depth >= MAX_DEPTH) throw new PartUnreadableError(place);
      below.push(await readNode(each, place, depth + 1, reading));
    } catch (reason) {
      signal.throwIfAborted();
      if (!(reason instanceof Fault)) throw reason;
      reading.troubles.push(new PartUnreadableError(place, reason).toData());
    }
  }
  return { name: branch.name, path, files, folders: below };
}
