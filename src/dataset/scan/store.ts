/**
 * What a scan found, kept on the device so that a reload goes on where it stopped. Of the pictures only
 * numbers and 24 × 24 pixels are kept; the last few folders, no more.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
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

export class ScanStore {
  readonly #name: string;
  #database: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(name = SCAN_DATABASE) {
    this.#name = name;
  }

  /** Null where nothing of this folder is kept; rejects where the browser has no database. */
  async read(folder: string): Promise<{ state: ScanState; chunks: ScanChunk[] } | null> {
    const tx = (await this.#open()).transaction(['states', 'chunks']);
    const state = await tx.objectStore('states').get(folder);
    if (!state) return null;
    const range = IDBKeyRange.bound([folder, 0], [folder, state.chunks - 1]);
    const chunks = await tx.objectStore('chunks').getAll(range);
    return chunks.length === state.chunks ? { state, chunks } : null;
  }

  /** A chunk and the sums with it, or neither. */
  async write(chunk: ScanChunk, state: ScanState): Promise<void> {
    const tx = (await this.#open()).transaction(['states', 'chunks'], 'readwrite');
    await Promise.all([
      tx.objectStore('chunks').put(chunk),
      tx.objectStore('states').put(state),
      tx.done,
    ]);
  }

  async forget(folder: string): Promise<void> {
    const tx = (await this.#open()).transaction(['states', 'chunks'], 'readwrite');
    await Promise.all([
      tx.objectStore('states').delete(folder),
      tx.objectStore('chunks').delete(IDBKeyRange.bound([folder, 0], [folder, Infinity])),
      tx.done,
    ]);
  }

  /** Drops what is kept of other folders, but for the ones worked on last. */
  async tidy(folder: string): Promise<void> {
    const states = await (await this.#open()).getAll('states');
    const others = states.filter((each) => each.folder !== folder);
    others.sort((a, b) => b.changedAt - a.changedAt);
    for (const old of others.slice(FOLDERS_KEPT - 1)) await this.forget(old.folder);
  }

  async recent(): Promise<RecentFolder | null> {
    return (await (await this.#open()).get('folders', 'last')) ?? null;
  }

  async remember(name: string, handle: FileSystemDirectoryHandle): Promise<void> {
    await (await this.#open()).put('folders', { slot: 'last', name, handle });
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = null;
    (await database?.catch(() => null))?.close();
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#database ??= openDB<Schema>(this.#name, 1, {
      upgrade(database) {
        database.createObjectStore('chunks', { keyPath: ['folder', 'index'] });
        database.createObjectStore('states', { keyPath: 'folder' });
        database.createObjectStore('folders', { keyPath: 'slot' });
      },
      blocking: () => void this.close(),
      terminated: () => (this.#database = null),
    });
    this.#database.catch(() => (this.#database = null));
    return this.#database;
  }
}
