/** The IndexedDB connection: opened when needed, given up when another tab needs a newer layout. */
import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb';
import { Fault } from '../base/fault.ts';
import {
  NotEnoughSpace,
  StorageBlocked,
  StorageFailed,
  StorageOutdated,
  StorageUnavailable,
  StoreClosed,
} from './errors.ts';
import type { ActiveRecord, ChunkRecord, FileRecord, VersionRecord } from './records.ts';

export const DATABASE_NAME = 'fieldray-model';
export const DATABASE_VERSION = 1;

export interface ModelSchema extends DBSchema {
  versions: { key: string; value: VersionRecord };
  files: { key: [string, string]; value: FileRecord };
  chunks: { key: [string, string, number]; value: ChunkRecord };
  state: { key: string; value: ActiveRecord };
}
export type StoreName = StoreNames<ModelSchema>;
type Connection = IDBPDatabase<ModelSchema>;
export type Transaction<M extends IDBTransactionMode> = IDBPTransaction<
  ModelSchema,
  StoreName[],
  M
>;

export const ALL_STORES: StoreName[] = ['versions', 'files', 'chunks', 'state'];

export interface DatabaseOptions {
  readonly name: string;
  readonly version: number;
  /** Some browsers never answer an open request (WebKit bug 226547); this many ms are waited. */
  readonly openMs: number;
}

export class Database {
  readonly #options: DatabaseOptions;
  #connection: Promise<Connection> | null = null;
  /** Set once: by close(), or when a newer app asked for the database. */
  #ended: (() => Fault) | null = null;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  /**
   * Runs `body` in one transaction over `stores` and resolves when it is committed. `body` may await
   * only this transaction's requests; if it throws, everything it did is undone.
   * @throws Fault: NotEnoughSpace, StorageUnavailable, StorageBlocked, StorageOutdated, StorageFailed
   */
  async transaction<T, M extends 'readonly' | 'readwrite'>(
    stores: StoreName[],
    mode: M,
    body: (tx: Transaction<M>) => Promise<T>,
    durability: 'relaxed' | 'strict' = 'relaxed',
  ): Promise<T> {
    const tx = await this.#begin(stores, mode, durability);
    // A failed body is reported by itself; the abort it causes is no second error.
    const committed = tx.done.then(
      () => null,
      (error: unknown) => ({ error }),
    );
    let result: T;
    try {
      result = await body(tx);
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // Already aborted: by the failed request itself.
      }
      const aborted = await committed;
      // A full disk shows as a bare AbortError at the request and by its name at the transaction.
      throw toStorageFault(isAbort(error) && aborted ? aborted.error : error);
    }
    const failed = await committed;
    if (failed) throw toStorageFault(failed.error);
    return result;
  }

  /** Opens the connection now, to learn whether the browser allows it. */
  async open(): Promise<void> {
    await this.#connect();
  }

  close(): void {
    this.#end(() => new StoreClosed());
  }

  async #begin<M extends 'readonly' | 'readwrite'>(
    stores: StoreName[],
    mode: M,
    durability: 'relaxed' | 'strict',
  ): Promise<Transaction<M>> {
    const db = await this.#connect();
    try {
      return db.transaction(stores, mode, { durability });
    } catch (error) {
      // The browser closed the connection under us (storage cleared, process restarted): once more.
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) {
        throw toStorageFault(error);
      }
      this.#connection = null;
      const again = await this.#connect();
      return again.transaction(stores, mode, { durability });
    }
  }

  #connect(): Promise<Connection> {
    if (this.#ended) return Promise.reject(this.#ended());
    this.#connection ??= this.#openConnection().catch((error: unknown) => {
      this.#connection = null;
      throw error;
    });
    return this.#connection;
  }

  #end(why: () => Fault): void {
    this.#ended ??= why;
    void this.#connection?.then(
      (db) => db.close(),
      () => undefined,
    );
    this.#connection = null;
  }

  async #openConnection(): Promise<Connection> {
    if (!('indexedDB' in globalThis) || !globalThis.indexedDB) throw new StorageUnavailable();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let blocked = false;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(blocked ? new StorageBlocked() : new StorageUnavailable()),
        this.#options.openMs,
      );
    });
    let opening: Promise<Connection> | null = null;
    try {
      opening = openDB<ModelSchema>(this.#options.name, this.#options.version, {
        upgrade: createStores,
        blocked: () => {
          blocked = true;
        },
        blocking: () => this.#end(() => new StorageOutdated()),
        terminated: () => {
          this.#connection = null;
        },
      });
      return await Promise.race([opening, tooLong]);
    } catch (error) {
      // An answer that comes after the limit would hold the database open for nobody.
      opening?.then(
        (db) => db.close(),
        () => undefined,
      );
      throw error instanceof Fault ? error : openFault(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

function createStores(db: Connection, oldVersion: number): void {
  if (oldVersion < 1) {
    db.createObjectStore('versions', { keyPath: 'key' });
    db.createObjectStore('files', { keyPath: ['version', 'path'] });
    db.createObjectStore('chunks', { keyPath: ['version', 'path', 'index'] });
    db.createObjectStore('state', { keyPath: 'name' });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function openFault(error: unknown): Fault {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'VersionError') return new StorageOutdated({ cause: error });
  if (name === 'QuotaExceededError') return new NotEnoughSpace(0, null, { cause: error });
  return new StorageUnavailable({ cause: error });
}

/** What the database threw, by name; a Fault stays itself. */
export function toStorageFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  // Newer browsers throw a class of its own here, older ones a DOMException: the name is the same.
  if (error instanceof Error && error.name === 'QuotaExceededError') {
    return new NotEnoughSpace(0, null, { cause: error });
  }
  return new StorageFailed({ cause: error });
}
