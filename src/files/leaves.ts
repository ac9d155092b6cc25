/** Files and folders as the browsers give them: handles, dropped entries, plain files. */
import { fromReadFailure } from '../radiograph/index.ts';
import type { Branch, DroppedEntry, Leaf, Listing } from './types.ts';

/** A file that is there at once. */
export class BlobLeaf implements Leaf {
  readonly name: string;
  readonly blob: Blob;

  constructor(name: string, blob: Blob) {
    this.name = name;
    this.blob = blob;
  }

  head(count: number): Promise<Uint8Array<ArrayBuffer>> {
    return headOf(this.blob, count);
  }

  async open(): Promise<Blob> {
    return this.blob;
  }
}

/** A file that is asked for each time: nothing of it is held meanwhile. */
class AskedLeaf implements Leaf {
  readonly name: string;
  readonly #ask: () => Promise<Blob>;

  constructor(name: string, ask: () => Promise<Blob>) {
    this.name = name;
    this.#ask = ask;
  }

  async head(count: number): Promise<Uint8Array<ArrayBuffer>> {
    return headOf(await this.open(), count);
  }

  /** @throws FileGoneError, FileUnreadableError */
  async open(): Promise<Blob> {
    try {
      return await this.#ask();
    } catch (reason) {
      throw fromReadFailure(reason);
    }
  }
}

async function headOf(blob: Blob, count: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.slice(0, count).arrayBuffer());
  } catch (reason) {
    throw fromReadFailure(reason);
  }
}

/** Of `showDirectoryPicker`. */
export function handleBranch(handle: FileSystemDirectoryHandle): Branch {
  return {
    name: handle.name,
    async list(signal): Promise<Listing> {
      const files: Leaf[] = [];
      const folders: Branch[] = [];
      for await (const child of handle.values()) {
        signal.throwIfAborted();
        if (child.kind === 'file') {
          const file = child as FileSystemFileHandle;
          files.push(new AskedLeaf(file.name, () => file.getFile()));
        } else folders.push(handleBranch(child as FileSystemDirectoryHandle));
      }
      return { files, folders };
    },
  };
}

interface DroppedFile extends DroppedEntry {
  file(done: (file: File) => void, failed: (reason: unknown) => void): void;
}

interface DroppedFolder extends DroppedEntry {
  createReader(): {
    readEntries(done: (entries: DroppedEntry[]) => void, failed: (reason: unknown) => void): void;
  };
}

/** Of a drop (`webkitGetAsEntry`), the one way that every browser has. */
export function droppedBranch(entry: DroppedEntry): Branch {
  return {
    name: entry.name,
    async list(signal): Promise<Listing> {
      const reader = (entry as DroppedFolder).createReader();
      const files: Leaf[] = [];
      const folders: Branch[] = [];
      // A reader gives a hundred at a time, and none when there are no more.
      for (;;) {
        const some = await new Promise<DroppedEntry[]>((done, failed) =>
          reader.readEntries(done, failed),
        );
        signal.throwIfAborted();
        if (some.length === 0) return { files, folders };
        for (const each of some) {
          if (each.isDirectory) folders.push(droppedBranch(each));
          else files.push(droppedLeaf(each));
        }
      }
    },
  };
}

export function droppedLeaf(entry: DroppedEntry): Leaf {
  const ask = (): Promise<Blob> =>
    new Promise((done, failed) => (entry as DroppedFile).file(done, failed));
  return new AskedLeaf(entry.name, ask);
}
