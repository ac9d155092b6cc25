/** Writes, goes on with, verifies and reads back a backup; decides how two versions of a study merge. */
import * as v from 'valibot';
import { openLock, type Lock, type Secret } from '../crypto/key-wrap.ts';
import type { Derive } from '../crypto/passphrase.ts';
import type { Bytes } from '../crypto/sealed.ts';
import { BackupNotWritten, BackupOfOthers, BackupUnreadable, WrongPassphrase } from '../errors.ts';
import type { KeptFile } from '../store/study-store.ts';
import { FORMAT, studyOf } from '../study/migrate.ts';
import type { KeptStudy } from '../study/schema.ts';
import { frameBytes, framesOf, headBytes, joined, readHead, type BackupSource } from './frames.ts';

export interface BackupTarget extends BackupSource {
  append(bytes: Bytes): Promise<void>;
  truncate(size: number): Promise<void>;
}

export interface BackupStudy {
  readonly study: KeptStudy;
  readonly files: readonly KeptFile[];
}

const ContentsSchema = v.array(v.object({ id: v.string(), label: v.string() }));
type Contents = v.InferOutput<typeof ContentsSchema>;

export interface BackupParts {
  readonly vault: string;
  readonly locks: readonly Lock[];
  readonly key: CryptoKey;
  readonly contents: Contents;
  /** Null: not there any more, or damaged; the check of the backup names it. */
  readonly read: (id: string) => Promise<BackupStudy | null>;
}

export interface BackupReport {
  /** How many the backup names, and how many of them are whole in it. */
  readonly named: number;
  readonly whole: number;
  /** By label: named, but damaged, cut off, or never written. */
  readonly missing: readonly string[];
}

/**
 * Goes on where an earlier try at the same file ended, then reads everything once more.
 * @throws BackupOfOthers, BackupNotWritten, or the signal's reason
 */
export async function writeBackup(
  { vault, locks, key, contents: now, read }: BackupParts,
  target: BackupTarget,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<BackupReport> {
  const { signal, onProgress } = options;
  try {
    const begun = await earlierTry(target, key, vault, signal);
    const id = begun?.id ?? crypto.randomUUID();
    const contents = begun?.contents ?? now;
    if (!begun) {
      await target.truncate(0);
      await target.append(headBytes({ id, vault, locks }));
      await target.append(await frameBytes(key, id, 0, jsonBytes(contents)));
    }
    for (let n = begun?.next ?? 1; n <= contents.length; n++) {
      signal?.throwIfAborted();
      const study = await read(contents[n - 1].id);
      if (study) await target.append(await frameBytes(key, id, n, await packed(study)));
      onProgress?.(n, contents.length);
    }
  } catch (cause) {
    if (signal?.aborted || cause instanceof BackupOfOthers) throw cause;
    throw new BackupNotWritten({ cause });
  }
  return verifyBackup(target, key, signal);
}

/** @throws BackupUnreadable */
export async function verifyBackup(
  source: BackupSource,
  key: CryptoKey,
  signal?: AbortSignal,
): Promise<BackupReport> {
  return readBackup(source, key, async () => undefined, signal);
}

/** The key of a backup. @throws BackupUnreadable, WrongPassphrase */
export async function openBackup(
  source: BackupSource,
  secret: Secret,
  derive?: Derive,
): Promise<CryptoKey> {
  const { head } = await readHead(source);
  for (const lock of head.locks) {
    const key = await openLock(lock, head.vault, secret, derive ? { derive } : {});
    if (key) return key;
  }
  throw new WrongPassphrase(0);
}

/**
 * Gives every study that is whole, one at a time, and names the others.
 * @throws BackupUnreadable, what `take` throws, or the signal's reason
 */
export async function readBackup(
  source: BackupSource,
  key: CryptoKey,
  take: (study: BackupStudy) => Promise<void>,
  signal?: AbortSignal,
): Promise<BackupReport> {
  const { head, at } = await readHead(source);
  let contents: Contents = [];
  const whole = new Set<number>();
  let named = false;
  for await (const { n, plain } of framesOf(source, key, head.id, at, signal)) {
    if (n === 0) {
      contents = v.parse(ContentsSchema, JSON.parse(new TextDecoder().decode(plain)));
      named = true;
    } else if (!whole.has(n)) {
      await take(unpacked(plain));
      whole.add(n);
    }
  }
  if (!named && whole.size === 0) throw new BackupUnreadable();
  const missing = contents.flatMap(({ label }, k) => (whole.has(k + 1) ? [] : [label]));
  // Without the list of contents nobody knows what else there was.
  return { named: named ? contents.length : whole.size, whole: whole.size, missing };
}

export type Merge = 'add' | 'skip' | 'replace' | 'keep-both';

/** @param here the study of the same id on this device */
export function mergeOf(here: KeptStudy | null, incoming: KeptStudy): Merge {
  if (!here) return 'add';
  if (here.revision === incoming.revision || here.ancestors.includes(incoming.revision)) {
    return 'skip';
  }
  return incoming.ancestors.includes(here.revision) ? 'replace' : 'keep-both';
}

/** The same study under an id of its own, beside the one that is here. */
export function otherVersion(incoming: KeptStudy): KeptStudy {
  return { ...incoming, id: crypto.randomUUID(), otherVersionOf: incoming.id };
}

async function earlierTry(
  target: BackupTarget,
  key: CryptoKey,
  vault: string,
  signal?: AbortSignal,
): Promise<{ id: string; contents: Contents; next: number } | null> {
  if ((await target.size()) === 0) return null;
  const { head, at } = await readHead(target).catch(() => ({ head: null, at: 0 }));
  if (!head) return null;
  if (head.vault !== vault) throw new BackupOfOthers();
  let contents: Contents | null = null;
  let next = 0;
  let end = at;
  for await (const frame of framesOf(target, key, head.id, at, signal)) {
    if (frame.n === 0) {
      contents = v.parse(ContentsSchema, JSON.parse(new TextDecoder().decode(frame.plain)));
    }
    next = frame.n + 1;
    end = frame.end;
  }
  if (!contents) return null;
  // A frame that was cut off in the middle is written again.
  await target.truncate(end);
  return { id: head.id, contents, next };
}

function jsonBytes(value: unknown): Bytes {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** The length of the JSON part, that part, then the files' bytes. */
async function packed({ study, files }: BackupStudy): Promise<Bytes> {
  const list = files.map(({ picture, kind, bytes }) => ({
    picture,
    kind,
    size: bytes.size,
    type: bytes.type,
  }));
  const head = jsonBytes({ version: FORMAT.version, study, files: list });
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length);
  const parts = await Promise.all(files.map(({ bytes }) => bytes.arrayBuffer()));
  return joined([length, head, ...parts.map((each) => new Uint8Array(each))]);
}

const PackedSchema = v.object({
  version: v.number(),
  study: v.unknown(),
  files: v.array(
    v.object({
      picture: v.string(),
      kind: v.picklist(['reading-copy', 'original']),
      size: v.number(),
      type: v.string(),
    }),
  ),
});

function unpacked(plain: Bytes): BackupStudy {
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  const text = new TextDecoder().decode(plain.subarray(4, 4 + length));
  const { version, study, files } = v.parse(PackedSchema, JSON.parse(text));
  let at = 4 + length;
  const kept = files.map(({ picture, kind, size, type }): KeptFile => {
    const bytes = new Blob([plain.slice(at, at + size)], { type });
    at += size;
    return { picture, kind, bytes };
  });
  return { study: studyOf(study, version), files: kept };
}
