/**
 * What lies in IndexedDB. Every record is parsed here on its way out: another app version, a broken
 * disk or a curious hand in the developer tools may have written it.
 */
import * as v from 'valibot';
import { ManifestSchema, type Manifest } from './manifest.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.number(), v.minValue(0));

/** One version of the model, whole or on its way. Key: `key`. */
export const VersionRecordSchema = v.object({
  /** `id@version/` and the first digits of the manifest's hash: a republished version is another one. */
  key: v.string(),
  /** The manifest's folder, relative to the base address the models are served from. */
  folder: v.string(),
  manifest: ManifestSchema,
  /** When the whole version was last hashed (epoch ms); null while it is on its way. */
  verifiedAt: v.nullable(time),
  activatedAt: v.nullable(time),
});
export interface VersionRecord {
  key: string;
  folder: string;
  manifest: Manifest;
  verifiedAt: number | null;
  activatedAt: number | null;
}

/** One file. Key: [version, path]. */
export const FileRecordSchema = v.object({
  version: v.string(),
  path: v.string(),
  bytes: count,
  sha256: v.string(),
  /** `partial`: a prefix is stored. `complete`: hashed and right. `damaged`: hashed later and wrong. */
  state: v.picklist(['partial', 'complete', 'damaged']),
  /** Bytes stored, the sum over its chunks. */
  received: count,
  chunks: count,
  /** The server's validator for the stored prefix, if it may be used for If-Range. */
  etag: v.nullable(v.string()),
  verifiedAt: v.nullable(time),
});
export type FileRecord = v.InferOutput<typeof FileRecordSchema>;

/** A piece of a file. Key: [version, path, index]; pieces in order of index make the file. */
export const ChunkRecordSchema = v.object({
  version: v.string(),
  path: v.string(),
  index: count,
  bytes: v.instance(ArrayBuffer),
});
export interface ChunkRecord {
  version: string;
  path: string;
  index: number;
  bytes: ArrayBuffer;
}

/** Which version is in use. One record, key `active`. */
export const ActiveRecordSchema = v.object({ name: v.literal('active'), version: v.string() });
export type ActiveRecord = v.InferOutput<typeof ActiveRecordSchema>;

export const ACTIVE = 'active';

/** The record as `schema` says, or null where it is missing or not readable. */
export function parseRecord<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
): v.InferOutput<S> | null {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : null;
}

/** All records of one version in `files` or `chunks`: an array sorts after every string and number. */
export function versionRange(version: string): IDBKeyRange {
  return IDBKeyRange.bound([version], [version, []]);
}

/** All chunks of one file. */
export function fileRange(version: string, path: string): IDBKeyRange {
  return IDBKeyRange.bound([version, path], [version, path, []]);
}
