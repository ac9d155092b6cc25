/**
 * The database of kept studies. In the clear stand only random ids, the day a study was kept (so that
 * retention works on a locked tablet), counters, and the readers' own names; all else is sealed.
 */
import type { DBSchema, IDBPDatabase, StoreNames } from 'idb';
import { Database, isDiskFull, type Migration, type Transaction } from '../../base/database.ts';
import { Fault } from '../../base/fault.ts';
import { inTurn } from '../../base/locks.ts';
import { StorageFault } from '../../base/storage-faults.ts';
import type { AuditAction } from '../audit/chain.ts';
import type { Sealed } from '../crypto/sealed.ts';
import { RecordsFull, RecordsUnavailable } from '../errors.ts';
import type { Vault } from '../vault/schema.ts';

export const DATABASE_NAME = 'fieldray-records';

export interface StudyRow {
  readonly id: string;
  /** Whole days since 1970 on which it was kept; part of the seal. */
  readonly day: number;
  /** The index page that lists it. */
  readonly page: number;
  readonly sealed: Sealed;
}

export interface PageRow {
  /** Grows with every change of the page, so that another tab sees that it has an old one. */
  readonly revision: number;
  readonly sealed: Sealed;
}

/** What happened while nobody held the key; goes into the audit log at the next unlocking. */
export interface PendingRow {
  readonly at: number;
  readonly reader: string;
  readonly action: Extract<AuditAction, 'unlock-failed' | 'expired' | 'locked'>;
  readonly detail: string;
}

interface Schema extends DBSchema {
  vault: { key: string; value: Vault };
  studies: { key: string; value: StudyRow; indexes: { day: number } };
  /** [study, picture, number of the piece] */
  pieces: { key: [string, string, number]; value: Sealed };
  index: { key: number; value: PageRow };
  audit: { key: number; value: Sealed };
  /** `head`: of the audit log, sealed; `changes`: how many there were, from whichever tab. */
  state: { key: string; value: Sealed | number };
  pending: { key: number; value: PendingRow };
}

export type RecordsDatabase = IDBPDatabase<Schema>;
export type RecordsStore = StoreNames<Schema>;
export type RecordsTransaction = Transaction<Schema, 'readwrite'>;

export const ALL_STORES: RecordsStore[] = [
  'vault',
  'studies',
  'pieces',
  'index',
  'audit',
  'state',
  'pending',
];

const MIGRATIONS: readonly Migration<Schema>[] = [
  (db) => {
    db.createObjectStore('vault');
    db.createObjectStore('studies', { keyPath: 'id' }).createIndex('day', 'day');
    db.createObjectStore('pieces');
    db.createObjectStore('index');
    db.createObjectStore('audit');
    db.createObjectStore('state');
    db.createObjectStore('pending', { autoIncrement: true });
  },
];

export class RecordsConnection {
  readonly name: string;
  readonly #db: Database<Schema>;

  constructor(name: string = DATABASE_NAME) {
    this.name = name;
    this.#db = new Database({ name, migrations: MIGRATIONS });
  }

  /** @throws RecordsFull, RecordsUnavailable, or a Fault of `work` */
  async read<T>(work: (db: RecordsDatabase) => Promise<T>): Promise<T> {
    try {
      return await this.#db.requests(work);
    } catch (reason) {
      throw faultOf(reason);
    }
  }

  /**
   * Everything `body` does, or nothing; on the disk when it resolves. `body` may await only requests
   * of this transaction.
   * @throws RecordsFull, RecordsUnavailable, or a Fault of `body`
   */
  async write(body: (transaction: RecordsTransaction) => Promise<unknown>): Promise<void> {
    try {
      await this.#db.transaction(ALL_STORES, 'readwrite', body, 'strict');
    } catch (reason) {
      throw faultOf(reason);
    }
  }

  /**
   * Work that one tab at a time may do: what it reads stays true until it has written. Where there are
   * no locks, the revisions that each write checks must do.
   */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return inTurn(`${this.name}-write`, undefined, work);
  }

  close(): void {
    this.#db.release();
  }
}

/** Of everything that belongs to one study. */
export function piecesOf(study: string, picture?: string): IDBKeyRange {
  return picture === undefined
    ? IDBKeyRange.bound([study], [study, []])
    : IDBKeyRange.bound([study, picture], [study, picture, []]);
}

function faultOf(reason: unknown): Fault {
  if (isDiskFull(reason)) return new RecordsFull({ cause: reason });
  if (reason instanceof Fault && !(reason instanceof StorageFault)) return reason;
  return new RecordsUnavailable({ cause: reason });
}
