/**
 * The one way to keep records on the device: an IndexedDB database with a version and migrations, opened
 * when it is first needed. Everything that a browser can do to it comes out as a fault with a name.
 */
import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb';
import { Fault } from './fault.ts';
import {
  NotEnoughSpace,
  StorageBlocked,
  StorageFailed,
  StorageOutdated,
  StorageUnavailable,
  StoreClosed,
} from './storage-faults.ts';

export type Transaction<S extends DBSchema, M extends IDBTransactionMode> = IDBPTransaction<
  S,
  StoreNames<S>[],
  M
>;

/**
 * Brings the layout and the records from one version to the next. It may await only requests of the
 * transaction; if it throws, the database stays as it was.
 */
export type Migration<S extends DBSchema> = (
  db: IDBPDatabase<S>,
  tx: Transaction<S, 'versionchange'>,
) => void | Promise<void>;

export interface DatabaseOptions<S extends DBSchema> {
  readonly name: string;
  /**
   * The first makes version 1 out of nothing, the second version 2 out of version 1, and so on. One that
   * was shipped is never changed: a new layout is one more at the end.
   */
  readonly migrations: readonly Migration<S>[];
  /** Some browsers never answer an open request (WebKit bug 226547); this many ms are waited. */
  readonly openMs?: number;
}

const OPEN_MS = 10_000;

export class Database<S extends DBSchema> {
  readonly name: string;
  readonly #migrations: readonly Migration<S>[];
  readonly #openMs: number;
  #connection: Promise<IDBPDatabase<S>> | null = null;
  #closed = false;

  constructor({ name, migrations, openMs = OPEN_MS }: DatabaseOptions<S>) {
    this.name = name;
    this.#migrations = migrations;
    this.#openMs = openMs;
  }

  /**
   * Opens the database now, to learn whether the browser allows it; the other methods open it by themselves.
   * @throws StorageUnavailable, StorageBlocked, StorageOutdated, NotEnoughSpace, StoreClosed
   */
  async open(): Promise<void> {
    await this.#connect();
  }

  /** `transaction` that only reads. */
  read<T>(
    stores: StoreNames<S>[],
    body: (tx: Transaction<S, 'readonly'>) => Promise<T>,
  ): Promise<T> {
    return this.transaction(stores, 'readonly', body);
  }

  /** `transaction` that writes: everything in it or nothing. */
  write<T>(
    stores: StoreNames<S>[],
    body: (tx: Transaction<S, 'readwrite'>) => Promise<T>,
  ): Promise<T> {
    return this.transaction(stores, 'readwrite', body);
  }

  /**
   * Reads with requests that are a transaction each, where other work has to be awaited between them.
   * `body` may be run a second time, when the browser closed the connection under it.
   * @throws as `transaction`
   */
  async requests<T>(body: (db: IDBPDatabase<S>) => Promise<T>): Promise<T> {
    try {
      return await body(await this.#connect());
    } catch (error) {
      if (nameOf(error) !== 'InvalidStateError') throw storageFaultOf(error);
    }
    this.#connection = null;
    try {
      return await body(await this.#connect());
    } catch (error) {
      throw storageFaultOf(error);
    }
  }

  /**
   * Runs `body` in one transaction over `stores` and resolves when it is committed. `body` may await
   * only this transaction's requests; if it throws, everything it did is undone.
   * @throws StorageFailed, and whatever `open` throws; a Fault that `body` throws stays itself
   */
  async transaction<T, M extends 'readonly' | 'readwrite'>(
    stores: StoreNames<S>[],
    mode: M,
    body: (tx: Transaction<S, M>) => Promise<T>,
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
      throw storageFaultOf(nameOf(error) === 'AbortError' && aborted ? aborted.error : error);
    }
    const failed = await committed;
    if (failed) throw storageFaultOf(failed.error);
    return result;
  }

  /** Lets go of the connection after what is under way; the next use opens it again. */
  release(): void {
    void this.#connection?.then(
      (db) => db.close(),
      () => undefined,
    );
    this.#connection = null;
  }

  /** Lets go of it for good: every later use is refused with StoreClosed. */
  close(): void {
    this.#closed = true;
    this.release();
  }

  async #begin<M extends 'readonly' | 'readwrite'>(
    stores: StoreNames<S>[],
    mode: M,
    durability: 'relaxed' | 'strict',
  ): Promise<Transaction<S, M>> {
    const db = await this.#connect();
    try {
      return db.transaction(stores, mode, { durability });
    } catch (error) {
      // The connection was closed under us (storage cleared, process restarted, a newer app in another
      // tab): once more, which opens it again or says why not.
      if (nameOf(error) !== 'InvalidStateError') throw storageFaultOf(error);
      this.#connection = null;
      const again = await this.#connect();
      return again.transaction(stores, mode, { durability });
    }
  }

  #connect(): Promise<IDBPDatabase<S>> {
    if (this.#closed) return Promise.reject(new StoreClosed());
    if (this.#connection) return this.#connection;
    const opening = this.#openConnection();
    this.#connection = opening;
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  /** The connection is of no use any more; a later one may have taken its place already. */
  #forget(connection: Promise<IDBPDatabase<S>> | null): void {
    if (this.#connection === connection) this.#connection = null;
  }

  async #openConnection(): Promise<IDBPDatabase<S>> {
    if (!('indexedDB' in globalThis) || !globalThis.indexedDB) throw new StorageUnavailable();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let blocked = false;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(blocked ? new StorageBlocked() : new StorageUnavailable()),
        this.#openMs,
      );
    });
    let opening: Promise<IDBPDatabase<S>> | null = null;
    let migrating: Promise<unknown> | null = null;
    try {
      opening = openDB<S>(this.name, this.#migrations.length, {
        upgrade: (db, from, _to, tx) => {
          migrating = migrate(this.#migrations, from, db, tx);
        },
        blocked: () => {
          blocked = true;
        },
        // A newer app in another tab wants to change the layout, or somebody deletes the database.
        blocking: () => this.release(),
        terminated: () => this.release(),
      });
      return await Promise.race([opening, tooLong]);
    } catch (error) {
      // An answer that comes after the limit would hold the database open for nobody.
      opening?.then(
        (db) => db.close(),
        () => undefined,
      );
      if (error instanceof Fault) throw error;
      const failed = (await (migrating as Promise<unknown> | null)) ?? null;
      throw failed === null ? openFaultOf(error) : storageFaultOf(failed);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * All migrations after version `from`, or none of them.
 * @param from the version on the device; 0 where there is none
 * @returns why it was given up; null when every step was done. Never rejects: nobody waits for it but
 * the open request, which then fails with a bare AbortError.
 */
async function migrate<S extends DBSchema>(
  migrations: readonly Migration<S>[],
  from: number,
  db: IDBPDatabase<S>,
  tx: Transaction<S, 'versionchange'>,
): Promise<unknown> {
  try {
    for (const migration of migrations.slice(from)) await migration(db, tx);
    return null;
  } catch (error) {
    tx.done.catch(() => undefined);
    try {
      tx.abort();
    } catch {
      // Already aborted: by the failed request itself.
    }
    return error;
  }
}

/** What IndexedDB threw, by name; a Fault stays itself. */
export function storageFaultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (nameOf(error) === 'QuotaExceededError') return new NotEnoughSpace(0, null, { cause: error });
  return new StorageFailed({ cause: error });
}

/** Whether there is no more space on the device. */
export function isDiskFull(reason: unknown): boolean {
  return reason instanceof NotEnoughSpace;
}

function openFaultOf(error: unknown): Fault {
  if (nameOf(error) === 'VersionError') return new StorageOutdated({ cause: error });
  if (nameOf(error) === 'QuotaExceededError') return new NotEnoughSpace(0, null, { cause: error });
  return new StorageUnavailable({ cause: error });
}

/** Newer browsers throw a QuotaExceededError of its own class, older ones a DOMException of that name. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
