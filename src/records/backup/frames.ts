/**
 * A backup file: a magic line, a head in the clear (which locks open it), then frames. Each frame is
 * sealed under the backup's id and its own number; frame 0 names all that follow. A damaged or cut
 * file is read on from the next whole frame.
 */
import * as v from 'valibot';
import { LockSchema, type Lock } from '../crypto/key-wrap.ts';
import { unseal, seal, type Bytes, type Sealed } from '../crypto/sealed.ts';
import { BackupUnreadable } from '../errors.ts';

const MAGIC = new TextEncoder().encode('FIELDRAY-BACKUP1');
const FRAME = new TextEncoder().encode('FRframe\n');
const NONCE_BYTES = 12;
/** Marker, number and length. */
const FRAME_HEAD = FRAME.length + 8;
const MOST_HEAD = 4 * 1024 * 1024;
const WINDOW = 1024 * 1024;
const VERSION = 1;

/** Where a backup is read from. */
export interface BackupSource {
  size(): Promise<number>;
  /** Bytes `from` … `to` (exclusive). */
  read(from: number, to: number): Promise<Bytes>;
}

const HeadSchema = v.object({ id: v.string(), vault: v.string(), locks: v.array(v.unknown()) });

export interface BackupHead {
  readonly id: string;
  /** The kept studies that it was made of. */
  readonly vault: string;
  readonly locks: readonly Lock[];
}

export function headBytes({ id, vault, locks }: BackupHead): Bytes {
  const text = JSON.stringify({ id, vault, locks }, (_, value: unknown) =>
    value instanceof Uint8Array ? { hex: hexOf(value) } : value,
  );
  const body = new TextEncoder().encode(text);
  return joined([MAGIC, numbers(body.length), body]);
}

/** @returns the head and where the frames begin. @throws BackupUnreadable */
export async function readHead(source: BackupSource): Promise<{ head: BackupHead; at: number }> {
  const start = await source.read(0, Math.min(MAGIC.length + 4, await source.size()));
  if (start.length < MAGIC.length + 4 || !MAGIC.every((byte, at) => start[at] === byte)) {
    throw new BackupUnreadable();
  }
  const length = new DataView(start.buffer, start.byteOffset).getUint32(MAGIC.length);
  const at = MAGIC.length + 4 + length;
  if (length > MOST_HEAD || at > (await source.size())) throw new BackupUnreadable();
  try {
    const text = new TextDecoder().decode(await source.read(MAGIC.length + 4, at));
    const parsed = v.parse(
      HeadSchema,
      JSON.parse(text, (_, value: unknown) => {
        const hex = (value as { hex?: unknown } | null)?.hex;
        return typeof hex === 'string' ? bytesOf(hex) : value;
      }),
    );
    return { head: { ...parsed, locks: v.parse(v.array(LockSchema), parsed.locks) }, at };
  } catch (cause) {
    throw new BackupUnreadable({ cause });
  }
}

export async function frameBytes(
  key: CryptoKey,
  backup: string,
  n: number,
  plain: Bytes,
): Promise<Bytes> {
  const { nonce, data } = await seal(key, nameOf(backup, n), VERSION, plain);
  return joined([FRAME, numbers(n, nonce.length + data.length), nonce, data]);
}

export interface Frame {
  readonly n: number;
  readonly plain: Bytes;
  /** Where it ends in the file. */
  readonly end: number;
}

/** Every whole frame from `at` on; what is damaged in between is passed over. */
export async function* framesOf(
  source: BackupSource,
  key: CryptoKey,
  backup: string,
  at: number,
  signal?: AbortSignal,
): AsyncGenerator<Frame> {
  const size = await source.size();
  let place = at;
  for (;;) {
    signal?.throwIfAborted();
    const found = await nextMarker(source, place, size);
    if (found === null || found + FRAME_HEAD > size) return;
    const frame = await frameAt(source, key, backup, found, size);
    if (frame) yield frame;
    place = frame ? frame.end : found + FRAME.length;
  }
}

async function frameAt(
  source: BackupSource,
  key: CryptoKey,
  backup: string,
  at: number,
  size: number,
): Promise<Frame | null> {
  const head = await source.read(at, at + FRAME_HEAD);
  const view = new DataView(head.buffer, head.byteOffset);
  const n = view.getUint32(FRAME.length);
  const length = view.getUint32(FRAME.length + 4);
  const end = at + FRAME_HEAD + length;
  if (length < NONCE_BYTES || end > size) return null;
  const body = await source.read(at + FRAME_HEAD, end);
  const sealed: Sealed = {
    version: VERSION,
    nonce: body.slice(0, NONCE_BYTES),
    data: body.slice(NONCE_BYTES),
  };
  const plain = await unseal(key, nameOf(backup, n), sealed).catch(() => null);
  return plain && { n, plain, end };
}

async function nextMarker(
  source: BackupSource,
  from: number,
  size: number,
): Promise<number | null> {
  for (let at = from; at + FRAME.length <= size; at += WINDOW) {
    const bytes = await source.read(at, Math.min(size, at + WINDOW + FRAME.length - 1));
    for (
      let start = bytes.indexOf(FRAME[0]);
      start >= 0;
      start = bytes.indexOf(FRAME[0], start + 1)
    ) {
      if (FRAME.every((byte, k) => bytes[start + k] === byte)) return at + start;
    }
  }
  return null;
}

function nameOf(backup: string, n: number) {
  return { kind: 'contents', id: `${backup}.${n}` } as const;
}

function numbers(...values: readonly number[]): Bytes {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setUint32(4 * at, value);
  return bytes;
}

export function joined(parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
