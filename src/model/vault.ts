/**
 * The stored versions, files and chunks, and the few things that may happen to them. Each method is
 * one transaction, so a reload or a full disk between two of them leaves a state the next start
 * understands.
 */
import type { ModelDatabase, Transaction } from './database.ts';
import { ALL_STORES } from './database.ts';
import type { Manifest } from './manifest.ts';
import {
  ACTIVE,
  ActiveRecordSchema,
  FileRecordSchema,
  VersionRecordSchema,
  fileRange,
  parseRecord,
  versionRange,
  type FileRecord,
  type VersionRecord,
} from './records.ts';
import { chunkAt, chunksFit, contentsOf, filesOf, joined, missingOf } from './queries.ts';

type ManifestFile = Manifest['files'][number];
/** Where an incoming chunk goes: the file's record as it was before it. */
export type Position = Pick<FileRecord, 'version' | 'path' | 'received' | 'chunks'>;

export class Vault {
  readonly #db: ModelDatabase;

  constructor(db: ModelDatabase) {
    this.#db = db;
  }

  /** The active version; null if there is none or its record cannot be read. */
  activeVersion(): Promise<VersionRecord | null> {
    return this.#db.transaction(['state', 'versions'], 'readonly', async (tx) => {
      const active = parseRecord(ActiveRecordSchema, await tx.objectStore('state').get(ACTIVE));
      if (!active) return null;
      return parseRecord(VersionRecordSchema, await tx.objectStore('versions').get(active.version));
    });
  }

  /** Records of a version's files by path; unreadable ones are left out, so they count as missing. */
  files(version: string): Promise<Map<string, FileRecord>> {
    return this.#db.transaction(['files'], 'readonly', (tx) => filesOf(tx, version));
  }

  /**
   * Makes the version and its files known. What is already there stays: that is how a download goes
   * on after a reload. Files that do not fit the manifest, or were found damaged, start again; files
   * another version has whole are taken from there instead of from the network.
   */
  begin(record: VersionRecord): Promise<Map<string, FileRecord>> {
    return this.#db.transaction(ALL_STORES, 'readwrite', async (tx) => {
      const known = parseRecord(
        VersionRecordSchema,
        await tx.objectStore('versions').get(record.key),
      );
      await tx.objectStore('versions').put({
        ...record,
        verifiedAt: known?.verifiedAt ?? null,
        activatedAt: known?.activatedAt ?? null,
      });
      const present = await filesOf(tx, record.key);
      for (const file of record.manifest.files) {
        const stored = present.get(file.path);
        const fits = stored?.bytes === file.bytes && stored.sha256 === file.sha256;
        const consistent = fits && stored.state !== 'damaged' && (await chunksFit(tx, stored));
        if (!consistent) await this.#start(tx, record.key, file);
      }
      return filesOf(tx, record.key);
    });
  }

  async #start(tx: Transaction<'readwrite'>, version: string, file: ManifestFile): Promise<void> {
    const fresh = emptyFile(version, file);
    await tx.objectStore('chunks').delete(fileRange(version, file.path));
    for (const value of await tx.objectStore('files').getAll()) {
      const donor = parseRecord(FileRecordSchema, value);
      if (donor?.state !== 'complete' || donor.sha256 !== file.sha256) continue;
      if (donor.version === version || !(await chunksFit(tx, donor))) continue;
      for (let index = 0; index < donor.chunks; index += 1) {
        const chunk = await chunkAt(tx, donor, index);
        if (chunk) {
          await tx.objectStore('chunks').put({ version, path: file.path, index, bytes: chunk });
        }
      }
      // Bytes of another version are hashed again before they count (state stays partial).
      fresh.received = donor.received;
      fresh.chunks = donor.chunks;
      break;
    }
    await tx.objectStore('files').put(fresh);
  }

  /** Adds a chunk and moves the file's record in the same transaction. Returns the new position. */
  append(at: Position, bytes: ArrayBuffer): Promise<FileRecord> {
    return this.#db.transaction(['files', 'chunks'], 'readwrite', async (tx) => {
      const { version, path } = at;
      const record = await this.#file(tx, version, path);
      if (record.received !== at.received || record.chunks !== at.chunks) {
        throw new DOMException('Another writer is at work on this file.', 'InvalidStateError');
      }
      const moved = {
        ...record,
        received: record.received + bytes.byteLength,
        chunks: record.chunks + 1,
      };
      await tx.objectStore('chunks').add({ version, path, index: record.chunks, bytes });
      await tx.objectStore('files').put(moved);
      return moved;
    });
  }

  /** Throws a file's bytes away and starts it again. */
  restart(version: string, path: string, etag: string | null): Promise<FileRecord> {
    return this.#db.transaction(['files', 'chunks'], 'readwrite', async (tx) => {
      const record = await this.#file(tx, version, path);
      const fresh = { ...emptyFile(version, record), etag };
      await tx.objectStore('chunks').delete(fileRange(version, path));
      await tx.objectStore('files').put(fresh);
      return fresh;
    });
  }

  /** Marks what a hash over a file's stored bytes has said. */
  judge(version: string, path: string, state: 'complete' | 'damaged'): Promise<FileRecord> {
    return this.#db.transaction(['files'], 'readwrite', async (tx) => {
      const record = await this.#file(tx, version, path);
      const judged = { ...record, state, verifiedAt: state === 'complete' ? Date.now() : null };
      await tx.objectStore('files').put(judged);
      return judged;
    });
  }

  /** A file's bytes as stored, whole or not; null if record and chunks do not fit together. */
  bytes(version: string, path: string): Promise<ArrayBuffer | null> {
    return this.#db.transaction(['files', 'chunks'], 'readonly', async (tx) => {
      const files = await filesOf(tx, version);
      return joined(tx, files.get(path));
    });
  }

  /**
   * All files of the active version, read in one transaction: another tab may activate a newer
   * version meanwhile, and this one's chunks would vanish between two reads.
   */
  activeContent(): Promise<{
    record: VersionRecord;
    contents: Map<string, ArrayBuffer | null>;
  } | null> {
    return this.#db.transaction(ALL_STORES, 'readonly', async (tx) => {
      const active = parseRecord(ActiveRecordSchema, await tx.objectStore('state').get(ACTIVE));
      const record =
        active &&
        parseRecord(VersionRecordSchema, await tx.objectStore('versions').get(active.version));
      if (!record) return null;
      return { record, contents: await contentsOf(tx, record) };
    });
  }

  /** The same of a version that is not active yet. */
  content(record: VersionRecord): Promise<Map<string, ArrayBuffer | null>> {
    return this.#db.transaction(['files', 'chunks'], 'readonly', (tx) => contentsOf(tx, record));
  }

  /** Paths of files that are not whole by record, size and number of chunks. No bytes are read. */
  missing(record: VersionRecord): Promise<string[]> {
    return this.#db.transaction(['files', 'chunks'], 'readonly', (tx) => missingOf(tx, record));
  }

  /**
   * The switch: in one transaction the version becomes the active one and every other version's
   * bytes go.
   * @returns false, and nothing is changed, if the version is not whole
   */
  activate(record: VersionRecord): Promise<VersionRecord | false> {
    return this.#db.transaction(
      ALL_STORES,
      'readwrite',
      async (tx) => {
        if ((await missingOf(tx, record)).length > 0) return false;
        const files = [...(await filesOf(tx, record.key)).values()];
        const active: VersionRecord = {
          ...record,
          verifiedAt: Math.min(...files.map((file) => file.verifiedAt ?? 0)),
          activatedAt: Date.now(),
        };
        await tx.objectStore('versions').put(active);
        await tx.objectStore('state').put({ name: ACTIVE, version: record.key });
        await dropExcept(tx, [record.key]);
        return active;
      },
      'strict',
    );
  }

  /** Sets when every byte of a version was last hashed. */
  stamp(version: string, verifiedAt: number): Promise<void> {
    return this.#db.transaction(['versions'], 'readwrite', async (tx) => {
      const store = tx.objectStore('versions');
      const record = parseRecord(VersionRecordSchema, await store.get(version));
      if (record) await store.put({ ...record, verifiedAt });
    });
  }

  /** Deletes every version but those named: left-overs of downloads that nobody will finish. */
  keepOnly(versions: readonly string[]): Promise<void> {
    return this.#db.transaction(ALL_STORES, 'readwrite', (tx) => dropExcept(tx, versions));
  }

  clear(): Promise<void> {
    return this.#db.transaction(ALL_STORES, 'readwrite', async (tx) => {
      for (const store of ALL_STORES) await tx.objectStore(store).clear();
    });
  }

  /** Bytes stored for the active version and for all others, by the files' records. */
  usage(): Promise<{ modelBytes: number; partialBytes: number }> {
    return this.#db.transaction(['files', 'state'], 'readonly', async (tx) => {
      const active = parseRecord(ActiveRecordSchema, await tx.objectStore('state').get(ACTIVE));
      const sums = { modelBytes: 0, partialBytes: 0 };
      for (const value of await tx.objectStore('files').getAll()) {
        const file = parseRecord(FileRecordSchema, value);
        if (file?.version === active?.version) sums.modelBytes += file?.received ?? 0;
        else sums.partialBytes += file?.received ?? 0;
      }
      return sums;
    });
  }

  async #file(tx: Transaction<'readwrite'>, version: string, path: string): Promise<FileRecord> {
    const record = parseRecord(
      FileRecordSchema,
      await tx.objectStore('files').get([version, path]),
    );
    if (record) return record;
    throw new DOMException(`The record of ${path} is gone.`, 'NotFoundError');
  }
}

function emptyFile(version: string, file: ManifestFile): FileRecord {
  const { path, bytes, sha256 } = file;
  const nothing = { received: 0, chunks: 0, etag: null, verifiedAt: null };
  return { version, path, bytes, sha256, state: 'partial', ...nothing };
}

async function dropExcept(
  tx: Transaction<'readwrite'>,
  versions: readonly string[],
): Promise<void> {
  const keys = new Set<string>(await tx.objectStore('versions').getAllKeys());
  // Files without a version's record would otherwise stay for ever.
  for (const [version] of await tx.objectStore('files').getAllKeys()) keys.add(version);
  for (const key of keys) {
    if (versions.includes(key)) continue;
    await tx.objectStore('versions').delete(key);
    await tx.objectStore('files').delete(versionRange(key));
    await tx.objectStore('chunks').delete(versionRange(key));
  }
}
