/**
 * ZIP archives byte by byte (APPNOTE.TXT 6.3.10), because the wrong ones no tool will write: locked,
 * lying about sizes, sharing bytes, climbing out. fflate packs the ordinary ones.
 */
import { deflateRawSync } from 'node:zlib';

export interface ZipFile {
  /** As bytes where it is not UTF-8. */
  readonly name: string | Uint8Array;
  readonly content: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  /** What the directory says, where it is not the truth. */
  readonly claims?: { readonly bytes?: number; readonly crc?: number };
  /** Share the packed bytes of the file of this index. */
  readonly sameAs?: number;
  /** Further fields behind the name in the directory, as they stand there. */
  readonly extra?: Uint8Array;
  /** Sizes and offset in the ZIP64 field. */
  readonly zip64?: boolean;
}

export interface ZipWishes {
  readonly comment?: string;
  /** Bytes in front of the archive, as a self-unpacking one has. */
  readonly zip64?: boolean;
  /** What the end says instead of the number of files. */
  readonly entries?: number;
}

/** Info-ZIP's Unicode Path field (APPNOTE.TXT 4.6.9) for a name that says something else. */
export function unicodePath(name: Uint8Array, path: string): Uint8Array {
  const utf8 = new TextEncoder().encode(path);
  return bytesOf(u16(0x7075), u16(5 + utf8.length), Uint8Array.of(1), u32(crcOf(name)), utf8);
}

export function writeZip(
  files: readonly ZipFile[],
  wishes: ZipWishes = {},
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  const offsets: number[] = [];
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const file of files) {
    const method = file.method ?? 8;
    const name = typeof file.name === 'string' ? new TextEncoder().encode(file.name) : file.name;
    const packed = method === 8 ? deflateRawSync(file.content, { level: 9 }) : file.content;
    const crc = file.claims?.crc ?? crcOf(file.content);
    const bytes = file.claims?.bytes ?? file.content.length;
    const offset = file.sameAs === undefined ? at : offsets[file.sameAs];
    offsets.push(offset);
    const common = [u16(file.flags ?? 0x800), u16(method), u32(0), u32(crc)];
    if (file.sameAs === undefined) {
      put(
        bytesOf(
          u32(0x04034b50),
          u16(20),
          ...common,
          u32(packed.length),
          u32(bytes),
          u16(name.length),
          u16(0),
          name,
        ),
      );
      put(packed);
    }
    const large = file.zip64 === true;
    const extra = bytesOf(
      large
        ? bytesOf(u16(1), u16(24), u64(bytes), u64(packed.length), u64(offset))
        : new Uint8Array(),
      file.extra ?? new Uint8Array(),
    );
    directory.push(
      bytesOf(
        u32(0x02014b50),
        u16(45),
        u16(45),
        ...common,
        u32(large ? 0xffffffff : packed.length),
        u32(large ? 0xffffffff : bytes),
        u16(name.length),
        u16(extra.length),
        u16(0),
        u16(0),
        u16(0),
        u32(0),
        u32(large ? 0xffffffff : offset),
        name,
        extra,
      ),
    );
  }
  const start = at;
  directory.forEach(put);
  const size = at - start;
  if (wishes.zip64) {
    const end = at;
    put(
      bytesOf(
        u32(0x06064b50),
        u64(44),
        u16(45),
        u16(45),
        u32(0),
        u32(0),
        u64(files.length),
        u64(files.length),
        u64(size),
        u64(start),
      ),
    );
    put(bytesOf(u32(0x07064b50), u32(0), u64(end), u32(1)));
  }
  const comment = new TextEncoder().encode(wishes.comment ?? '');
  const full = wishes.zip64 === true;
  put(
    bytesOf(
      u32(0x06054b50),
      u16(0),
      u16(0),
      u16(full ? 0xffff : (wishes.entries ?? files.length)),
      u16(full ? 0xffff : (wishes.entries ?? files.length)),
      u32(full ? 0xffffffff : size),
      u32(full ? 0xffffffff : start),
      u16(comment.length),
      comment,
    ),
  );
  return bytesOf(...parts);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >> 8) & 255);
}
function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
function u64(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

export function bytesOf(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** CRC-32 by its definition, bit by bit: shares nothing with the one that is tested. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
