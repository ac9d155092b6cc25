/** Questions to the stored records inside a running transaction. */
import type { Transaction } from './database.ts';
import {
  ChunkRecordSchema,
  FileRecordSchema,
  fileRange,
  parseRecord,
  versionRange,
  type FileRecord,
  type VersionRecord,
} from './records.ts';

type AnyTransaction = Transaction<'readonly'> | Transaction<'readwrite'>;

/** A version's files by path; unreadable records are left out. */
export async function filesOf(
  tx: AnyTransaction,
  version: string,
): Promise<Map<string, FileRecord>> {
  const files = new Map<string, FileRecord>();
  for (const value of await tx.objectStore('files').getAll(versionRange(version))) {
    const record = parseRecord(FileRecordSchema, value);
    if (record) files.set(record.path, record);
  }
  return files;
}

/** Are as many chunks there as the record says? */
export async function chunksFit(tx: AnyTransaction, file: FileRecord): Promise<boolean> {
  const range = fileRange(file.version, file.path);
  return (await tx.objectStore('chunks').count(range)) === file.chunks;
}

/** Paths that are not whole by record, size and number of chunks. */
export async function missingOf(tx: AnyTransaction, record: VersionRecord): Promise<string[]> {
  const files = await filesOf(tx, record.key);
  const missing: string[] = [];
  for (const { path, bytes, sha256 } of record.manifest.files) {
    const file = files.get(path);
    const whole =
      file?.state === 'complete' &&
      file.bytes === bytes &&
      file.received === bytes &&
      file.sha256 === sha256 &&
      (await chunksFit(tx, file));
    if (!whole) missing.push(path);
  }
  return missing;
}

/** One chunk's bytes; null if missing or unreadable. */
export async function chunkAt(
  tx: AnyTransaction,
  file: FileRecord,
  index: number,
): Promise<ArrayBuffer | null> {
  const value: unknown = await tx.objectStore('chunks').get([file.version, file.path, index]);
  return parseRecord(ChunkRecordSchema, value)?.bytes ?? null;
}

/** Chunk by chunk into one buffer: never more than one file and one chunk in memory. */
export async function joined(tx: AnyTransaction, file?: FileRecord): Promise<ArrayBuffer | null> {
  if (!file || file.received > file.bytes || !(await chunksFit(tx, file))) return null;
  const whole = new Uint8Array(file.received);
  let at = 0;
  for (let index = 0; index < file.chunks; index += 1) {
    const chunk = await chunkAt(tx, file, index);
    if (!chunk || at + chunk.byteLength > whole.length) return null;
    whole.set(new Uint8Array(chunk), at);
    at += chunk.byteLength;
  }
  return at === whole.length ? whole.buffer : null;
}

/** All files of a version by path; null where record and chunks do not fit together. */
export async function contentsOf(
  tx: AnyTransaction,
  record: VersionRecord,
): Promise<Map<string, ArrayBuffer | null>> {
  const files = await filesOf(tx, record.key);
  const contents = new Map<string, ArrayBuffer | null>();
  for (const { path } of record.manifest.files) {
    contents.set(path, await joined(tx, files.get(path)));
  }
  return contents;
}
