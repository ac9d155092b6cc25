/** The layout of the delivered model's database. */
import type { DBSchema, StoreNames } from 'idb';
import { Database, type Migration, type Transaction as Any } from '../base/database.ts';
import type { ActiveRecord, ChunkRecord, FileRecord, VersionRecord } from './records.ts';

export const DATABASE_NAME = 'fieldray-model';

export interface ModelSchema extends DBSchema {
  versions: { key: string; value: VersionRecord };
  files: { key: [string, string]; value: FileRecord };
  chunks: { key: [string, string, number]; value: ChunkRecord };
  state: { key: string; value: ActiveRecord };
}
export type StoreName = StoreNames<ModelSchema>;
export type Transaction<M extends IDBTransactionMode> = Any<ModelSchema, M>;
export type ModelDatabase = Database<ModelSchema>;

export const ALL_STORES: StoreName[] = ['versions', 'files', 'chunks', 'state'];

const MIGRATIONS: readonly Migration<ModelSchema>[] = [
  (db) => {
    db.createObjectStore('versions', { keyPath: 'key' });
    db.createObjectStore('files', { keyPath: ['version', 'path'] });
    db.createObjectStore('chunks', { keyPath: ['version', 'path', 'index'] });
    db.createObjectStore('state', { keyPath: 'name' });
  },
];

/** @param openMs longest wait for the browser to open it, ms */
export function modelDatabase(name: string, openMs: number): ModelDatabase {
  return new Database({ name, migrations: MIGRATIONS, openMs });
}
