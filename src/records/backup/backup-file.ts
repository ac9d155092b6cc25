/** A backup that is being made, in the browser's own files: encrypted like the studies it holds. */
import type { Bytes } from '../crypto/sealed.ts';
import { BackupNotWritten } from '../errors.ts';
import type { BackupTarget } from './backup.ts';
import type { BackupSource } from './frames.ts';

const NAME = 'fieldray-backup.bin';

/** `FileSystemSyncAccessHandle`, which exists in workers only: the page's types do not know it. */
interface SyncFile {
  getSize(): number;
  read(bytes: Bytes, options: { readonly at: number }): number;
  write(bytes: Bytes, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

interface SyncFileHandle {
  createSyncAccessHandle(): Promise<SyncFile>;
}

export class BackupFile implements BackupTarget {
  readonly #handle: SyncFile;

  private constructor(handle: SyncFile) {
    this.#handle = handle;
  }

  /** What an earlier try wrote is still in it. @throws BackupNotWritten where there are no such files */
  static async open(): Promise<BackupFile> {
    try {
      const folder = await navigator.storage.getDirectory();
      const file: unknown = await folder.getFileHandle(NAME, { create: true });
      return new BackupFile(await (file as SyncFileHandle).createSyncAccessHandle());
    } catch (cause) {
      throw new BackupNotWritten({ cause });
    }
  }

  /** The finished file, to be saved elsewhere. @throws BackupNotWritten */
  static async finished(): Promise<File> {
    try {
      const folder = await navigator.storage.getDirectory();
      return await (await folder.getFileHandle(NAME)).getFile();
    } catch (cause) {
      throw new BackupNotWritten({ cause });
    }
  }

  /** Saved elsewhere, or not wanted any more. */
  static async remove(): Promise<void> {
    try {
      const folder = await navigator.storage.getDirectory();
      await folder.removeEntry(NAME);
    } catch {
      // There is none.
    }
  }

  async size(): Promise<number> {
    return this.#handle.getSize();
  }

  async read(from: number, to: number): Promise<Bytes> {
    const bytes = new Uint8Array(to - from);
    const count = this.#handle.read(bytes, { at: from });
    return bytes.subarray(0, count);
  }

  async append(bytes: Bytes): Promise<void> {
    const count = this.#handle.write(bytes, { at: this.#handle.getSize() });
    if (count !== bytes.length) throw new BackupNotWritten();
  }

  async truncate(size: number): Promise<void> {
    this.#handle.truncate(size);
  }

  close(): void {
    this.#handle.flush();
    this.#handle.close();
  }
}

/** A file that a person chose. */
export function blobSource(blob: Blob): BackupSource {
  return {
    size: async () => blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}
