/**
 * The database of kept studies. In the clear stand only random ids, the day a study was kept (so that
 * retention works on a locked tablet), counters, and the readers' own names; all else is sealed.
 */
import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb';
import { allOrNothing, Connection, isDiskFull } from '../../base/database.ts';
import { Fault } from '../../base/fault.ts';
import type { AuditAction } from '../audit/chain.ts';
import type { Sealed } from '../crypto/sealed.ts';
import { RecordsFull, RecordsUnavailable } from '../errors.ts';
import type { Vault } from '../vault/schema.ts';

export const DATABASE_NAME = 'fieldray-records';
const VERSION = 1;

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
export type RecordsTransaction = IDBPTransaction<Schema, RecordsStore[], 'readwrite'>;

export const ALL_STORES: RecordsStore[] = [
  'vault',
  'studies',
  'pieces',
  'index',
  'audit',
  'state',
  'pending',
];

export class RecordsConnection {
  readonly name: string;
  readonly #connection: Connection<RecordsDatabase>;

  constructor(name: string = DATABASE_NAME) {
    this.name = name;
    this.#connection = new Connection((ends) =>
      openDB<Schema>(name, VERSION, {
        upgrade(db) {
          db.createObjectStore('vault');
          db.createObjectStore('studies', { keyPath: 'id' }).createIndex('day', 'day');
          db.createObjectStore('pieces');
          db.createObjectStore('index');
          db.createObjectStore('audit');
          db.createObjectStore('state');
          db.createObjectStore('pending', { autoIncrement: true });
        },
        ...ends,
      }),
    );
  }

  /** @throws RecordsFull, RecordsUnavailable, or a Fault of `work` */
  async read<T>(work: (db: RecordsDatabase) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connection.open());
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
    await this.read((db) =>
      allOrNothing(db.transaction(ALL_STORES, 'readwrite', { durability: 'strict' }), body),
    );
  }

  /**
   * Work that one tab at a time may do: what it reads stays true until it has written. Where there are
   * no locks, the revisions that each write checks must do.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    if (!locks) return work();
    return locks.request(`${this.name}-write`, work);
  }

  close(): void {
    this.#connection.close();
  }
}

/** Of everything that belongs to one study. */
export function piecesOf(study: string, picture?: string): IDBKeyRange {
  return picture === undefined
    ? IDBKeyRange.bound([study], [study, []])
    : IDBKeyRange.bound([study, picture], [study, picture, []]);
}

function faultOf(reason: unknown): Fault {
  if (reason instanceof Fault) return reason;
  return isDiskFull(reason)
    ? new RecordsFull({ cause: reason })
    : new RecordsUnavailable({ cause: reason });
}
