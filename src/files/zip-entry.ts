/**
 * One file out of an archive, unpacked as it streams by and only as far as it is wanted. Limits hold
 * while it unpacks, whatever sizes the archive claims.
 */
import { crc32, fromReadFailure } from '../radiograph/index.ts';
import { ZipBombError, ZipDamagedError, ZipEncryptedError, ZipMethodError } from './errors.ts';
import type { Leaf } from './types.ts';
import { viewOf } from './zip-directory.ts';
import type { ZipEntry } from './zip-directory.ts';

/** As large as any file that is opened at all (MAX_FILE_BYTES of radiograph). */
export const MAX_UNPACKED_BYTES = 400_000_000;
/**
 * Deflate packs at most 1032:1, a radiograph about 3:1. A blank picture may come near the first, so
 * the ratio counts only above a size that every tablet can hold.
 */
export const MAX_RATIO = 100;
export const RATIO_COUNTS_FROM = 32_000_000;

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

export class ZipLeaf implements Leaf {
  readonly name: string;
  readonly #archive: Blob;
  readonly #entry: ZipEntry;

  constructor(archive: Blob, entry: ZipEntry) {
    this.#archive = archive;
    this.#entry = entry;
    this.name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  }

  async head(count: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const head = new Uint8Array(Math.min(count, this.#entry.bytes));
    let filled = 0;
    for await (const chunk of this.#unpack(signal)) {
      const part = chunk.subarray(0, head.length - filled);
      head.set(part, filled);
      filled += part.length;
      if (filled >= head.length) break;
    }
    return head.subarray(0, filled);
  }

  /** @throws ZipDamagedError, ZipBombError, ZipEncryptedError, ZipMethodError, the signal's reason */
  async open(signal?: AbortSignal): Promise<Blob> {
    const { bytes, crc } = this.#entry;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let filled = 0;
    let sum = 0;
    for await (const chunk of this.#unpack(signal)) {
      parts.push(chunk);
      filled += chunk.length;
      sum = crc32(chunk, 0, chunk.length, sum);
    }
    if (filled !== bytes) throw new ZipDamagedError(`“${this.name}” is cut off`);
    if (sum !== crc) throw new ZipDamagedError(`“${this.name}” does not have its checksum`);
    return new Blob(parts);
  }

  async *#unpack(signal?: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { bytes, encrypted, method } = this.#entry;
    if (encrypted) throw new ZipEncryptedError();
    if (method !== STORED && method !== DEFLATED) throw new ZipMethodError(method);
    if (bytes > MAX_UNPACKED_BYTES) throw tooLarge();
    const packed = await this.#packed();
    signal?.throwIfAborted();
    const stream: ReadableStream<Uint8Array<ArrayBuffer>> =
      method === STORED
        ? packed.stream()
        : packed.stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const reader = stream.getReader();
    let done = 0;
    try {
      for (;;) {
        const next = await readOf(reader, this.name);
        signal?.throwIfAborted();
        if (next.done) return;
        done += next.value.length;
        this.#check(done, packed.size);
        yield next.value;
      }
    } finally {
      // Whoever stops early (a look at the first bytes) leaves the rest packed.
      void reader.cancel().catch(() => undefined);
    }
  }

  #check(done: number, packedBytes: number): void {
    if (done > this.#entry.bytes) throw new ZipBombError('a file in it is larger than it says');
    if (done > MAX_UNPACKED_BYTES) throw tooLarge();
    if (done > RATIO_COUNTS_FROM && done > packedBytes * MAX_RATIO) {
      throw new ZipBombError(`a file in it unpacks to more than ${MAX_RATIO} times its size`);
    }
  }

  /** The local header has its own name and extra field; only their lengths are used. */
  async #packed(): Promise<Blob> {
    const { offset, packedBytes } = this.#entry;
    const header = await viewOf(this.#archive, offset, offset + LOCAL_BYTES);
    if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL) {
      throw new ZipDamagedError(`“${this.name}” is not where it should be`);
    }
    const start = offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
    if (start + packedBytes > this.#archive.size) {
      throw new ZipDamagedError(`“${this.name}” is cut off`);
    }
    return this.#archive.slice(start, start + packedBytes);
  }
}

async function readOf(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  name: string,
): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  try {
    return await reader.read();
  } catch (reason) {
    // A file that is gone is the browser's to tell; everything else is the unpacker's.
    if (reason instanceof DOMException) throw fromReadFailure(reason);
    throw new ZipDamagedError(`“${name}” cannot be unpacked`, reason);
  }
}

function tooLarge(): ZipBombError {
  return new ZipBombError(
    `a file in it unpacks to more than ${MAX_UNPACKED_BYTES / 1_000_000} megabytes`,
  );
}
