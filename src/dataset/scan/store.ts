/**
 * What a scan found, kept on the device so that a reload goes on where it stopped. Of the pictures only
 * numbers and 24 × 24 pixels are kept; the last few folders, no more.
 */
import type { DBSchema } from 'idb';
import { Database, type Migration } from '../../base/database.ts';
import type { FaultData } from '../../base/fault.ts';
import type { ClassSums, PictureFacts } from './types.ts';

export const SCAN_DATABASE = 'fieldray-dataset';
/** A scan of 21,000 pictures takes about 20 MB. */
const FOLDERS_KEPT = 3;

export interface SeenPicture {
  readonly at: number;
  readonly facts: PictureFacts | null;
  readonly failure: FaultData | null;
}

/** What was found since the last one was written. */
export interface ScanChunk {
  readonly folder: string;
  readonly index: number;
  readonly seen: readonly SeenPicture[];
  /** Of those with facts, in their order, one after the other. */
  readonly smalls: Uint8Array<ArrayBuffer>;
}

export interface ScanState {
  readonly folder: string;
  /** Chunks that belong to it. */
  readonly chunks: number;
  readonly items: number;
  readonly sums: readonly ClassSums[];
  readonly changedAt: number;
}

interface Schema extends DBSchema {
  chunks: { key: [string, number]; value: ScanChunk };
  states: { key: string; value: ScanState };
  folders: { key: string; value: RecentFolder };
}

/** The folder opened last, where the browser gives a handle that outlives the page. */
export interface RecentFolder {
  readonly slot: 'last';
  readonly name: string;
  readonly handle: FileSystemDirectoryHandle;
}

const MIGRATIONS: readonly Migration<Schema>[] = [
  (db) => {
    db.createObjectStore('chunks', { keyPath: ['folder', 'index'] });
    db.createObjectStore('states', { keyPath: 'folder' });
    db.createObjectStore('folders', { keyPath: 'slot' });
  },
];

export class ScanStore {
  readonly #db: Database<Schema>;

  constructor(name = SCAN_DATABASE) {
    this.#db = new Database({ name, migrations: MIGRATIONS });
  }

  /** Null where nothing of this folder is kept; rejects where the browser has no database. */
  read(folder: string): Promise<{ state: ScanState; chunks: ScanChunk[] } | null> {
    return this.#db.read(['states', 'chunks'], async (tx) => {
      const state = await tx.objectStore('states').get(folder);
      if (!state) return null;
      const range = IDBKeyRange.bound([folder, 0], [folder, state.chunks - 1]);
      const chunks = await tx.objectStore('chunks').getAll(range);
      return chunks.length === state.chunks ? { state, chunks } : null;
    });
  }

  /** A chunk and the sums with it, or neither. */
  write(chunk: ScanChunk, state: ScanState): Promise<void> {
    return this.#db.write(['states', 'chunks'], async (tx) => {
      await tx.objectStore('chunks').put(chunk);
      await tx.objectStore('states').put(state);
    });
  }

  forget(folder: string): Promise<void> {
    return this.#db.write(['states', 'chunks'], async (tx) => {
      await tx.objectStore('states').delete(folder);
      await tx.objectStore('chunks').delete(IDBKeyRange.bound([folder, 0], [folder, Infinity]));
    });
  }

  /** Drops what is kept of other folders, but for the ones worked on last. */
  async tidy(folder: string): Promise<void> {
    const states = await this.#db.read(['states'], (tx) => tx.objectStore('states').getAll());
    const others = states.filter((each) => each.folder !== folder);
    others.sort((a, b) => b.changedAt - a.changedAt);
    for (const old of others.slice(FOLDERS_KEPT - 1)) await this.forget(old.folder);
  }

  async recent(): Promise<RecentFolder | null> {
    const last = await this.#db.read(['folders'], (tx) => tx.objectStore('folders').get('last'));
    return last ?? null;
  }

  async remember(name: string, handle: FileSystemDirectoryHandle): Promise<void> {
    await this.#db.write(['folders'], (tx) =>
      tx.objectStore('folders').put({ slot: 'last', name, handle }),
    );
  }

  close(): void {
    this.#db.release();
  }
}
