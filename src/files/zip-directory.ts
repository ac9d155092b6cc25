/**
 * The central directory of a ZIP archive (APPNOTE.TXT 6.3.10, sections 4.3.7 … 4.3.16 and 4.5.3),
 * read from the end of the file: entries can then be unpacked one by one, in any order, and nothing
 * else of the archive is ever read. Every number is checked before it is used.
 */
import { fromReadFailure } from '../radiograph/index.ts';
import {
  ZipBombError,
  ZipClimbsError,
  ZipDamagedError,
  ZipSplitError,
  ZipTooManyError,
} from './errors.ts';
import { decodeNames, type RawName } from './zip-names.ts';

export interface ZipEntry {
  /** With `/` between its parts, none of them empty, `.` or `..`; its root left away. */
  readonly path: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header begins in the file. */
  readonly offset: number;
}

export const MAX_ENTRIES = 200_000;
/** A directory of 200,000 entries with long names is half of this. */
const MAX_DIRECTORY_BYTES = 64_000_000;

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 65_535;
const ALL_16 = 0xffff;
const ALL_32 = 0xffffffff;

/** Where and how large the directory is. */
interface Whereabouts {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

/**
 * Files of the archive, folders left out.
 * @throws ZipDamagedError, ZipClimbsError, ZipBombError, ZipSplitError, ZipTooManyError, or the
 * signal's reason
 */
export async function readZipDirectory(archive: Blob, signal?: AbortSignal): Promise<ZipEntry[]> {
  const place = await findDirectory(archive);
  signal?.throwIfAborted();
  if (place.entries > MAX_ENTRIES) throw new ZipTooManyError(place.entries, MAX_ENTRIES);
  if (place.bytes > MAX_DIRECTORY_BYTES) throw new ZipBombError('its list of files is too long');
  if (place.offset + place.bytes > archive.size) {
    throw new ZipDamagedError('its list of files is cut off');
  }
  const view = await viewOf(archive, place.offset, place.offset + place.bytes);
  signal?.throwIfAborted();
  const found: Central[] = [];
  let at = 0;
  // Sixteen bits hold 65,535: a program that does not know ZIP64 leaves the rest of the count away.
  while (found.length < place.entries || isCentral(view, at)) {
    if (found.length >= MAX_ENTRIES) throw new ZipTooManyError(found.length + 1, MAX_ENTRIES);
    const central = readCentral(view, at);
    found.push(central);
    at = central.next;
  }
  const names = decodeNames(found.map(({ name }) => name));
  const entries: ZipEntry[] = [];
  found.forEach(({ facts }, index) => {
    const path = safePath(names[index], index);
    // A name that ends like a folder's and has bytes is a file all the same.
    if (!isFolderName(names[index]) || facts.bytes > 0) entries.push({ ...facts, path });
  });
  refuseOverlaps(entries, place.offset);
  return entries;
}

interface Central {
  readonly facts: Omit<ZipEntry, 'path'>;
  readonly name: RawName;
  /** Where the next entry begins. */
  readonly next: number;
}

function isCentral(view: DataView, at: number): boolean {
  return at + CENTRAL_BYTES <= view.byteLength && view.getUint32(at, true) === CENTRAL;
}

async function findDirectory(archive: Blob): Promise<Whereabouts> {
  const tailStart = Math.max(0, archive.size - END_BYTES - MAX_COMMENT);
  const tail = await viewOf(archive, tailStart, archive.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    // The comment's length must fit: the signature alone may stand in the comment by chance.
    if (tail.getUint32(at, true) !== END) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) > tail.byteLength) continue;
    return readEnd(archive, tail, at, tailStart + at);
  }
  throw new ZipDamagedError('its end is missing');
}

async function readEnd(
  archive: Blob,
  tail: DataView,
  at: number,
  position: number,
): Promise<Whereabouts> {
  const disk = tail.getUint16(at + 4, true);
  const entries = tail.getUint16(at + 10, true);
  const bytes = tail.getUint32(at + 12, true);
  const offset = tail.getUint32(at + 16, true);
  const large = entries === ALL_16 || bytes === ALL_32 || offset === ALL_32 || disk === ALL_16;
  if (large && position >= LOCATOR_BYTES) {
    const locator = await viewOf(archive, position - LOCATOR_BYTES, position);
    if (locator.getUint32(0, true) === LOCATOR64) return readEnd64(archive, locator);
  }
  if (disk !== 0) throw new ZipSplitError();
  return { entries, bytes, offset };
}

async function readEnd64(archive: Blob, locator: DataView): Promise<Whereabouts> {
  if (locator.getUint32(16, true) > 1) throw new ZipSplitError();
  const at = whole(locator.getBigUint64(8, true));
  if (at + END64_BYTES > archive.size) throw new ZipDamagedError('its end is cut off');
  const end = await viewOf(archive, at, at + END64_BYTES);
  if (end.getUint32(0, true) !== END64)
    throw new ZipDamagedError('its end is not where it should be');
  if (end.getUint32(16, true) !== 0) throw new ZipSplitError();
  return {
    entries: whole(end.getBigUint64(32, true)),
    bytes: whole(end.getBigUint64(40, true)),
    offset: whole(end.getBigUint64(48, true)),
  };
}

function readCentral(view: DataView, at: number): Central {
  if (!isCentral(view, at)) {
    throw new ZipDamagedError('its list of files is cut off');
  }
  const flags = view.getUint16(at + 8, true);
  const nameAt = at + CENTRAL_BYTES;
  const extraAt = nameAt + view.getUint16(at + 28, true);
  const commentAt = extraAt + view.getUint16(at + 30, true);
  const next = commentAt + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw new ZipDamagedError('its list of files is cut off');
  const sizes = readSizes(view, at, extraAt, commentAt);
  const facts = {
    method: view.getUint16(at + 10, true),
    // Bit 0: locked; bit 6: strongly; bit 13: even the names are hidden.
    encrypted: (flags & 0x2041) !== 0,
    crc: view.getUint32(at + 16, true),
    ...sizes,
  };
  const name = {
    bytes: bytesOf(view, nameAt, extraAt),
    saysUtf8: (flags & 0x800) !== 0,
    extra: bytesOf(view, extraAt, commentAt),
  };
  return { facts, name, next };
}

function bytesOf(view: DataView, from: number, to: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + from, to - from);
}

/** Sizes and offset, from the ZIP64 field where the 32 bits are full. */
function readSizes(
  view: DataView,
  at: number,
  extraAt: number,
  extraEnd: number,
): Pick<ZipEntry, 'bytes' | 'packedBytes' | 'offset'> {
  let packedBytes = view.getUint32(at + 20, true);
  let bytes = view.getUint32(at + 24, true);
  let offset = view.getUint32(at + 42, true);
  if (packedBytes !== ALL_32 && bytes !== ALL_32 && offset !== ALL_32) {
    return { bytes, packedBytes, offset };
  }
  for (let field = extraAt; field + 4 <= extraEnd;) {
    const id = view.getUint16(field, true);
    const end = field + 4 + view.getUint16(field + 2, true);
    if (end > extraEnd) break;
    if (id === 1) {
      let value = field + 4;
      const take = (): number => {
        if (value + 8 > end) throw new ZipDamagedError('a size in its list of files is missing');
        value += 8;
        return whole(view.getBigUint64(value - 8, true));
      };
      // In this order, and only those whose 32 bits are full.
      if (bytes === ALL_32) bytes = take();
      if (packedBytes === ALL_32) packedBytes = take();
      if (offset === ALL_32) offset = take();
      break;
    }
    field = end;
  }
  return { bytes, packedBytes, offset };
}

function isFolderName(name: string): boolean {
  return /[\\/]$/.test(name);
}

/**
 * A root (`/`, `C:\\`, `\\\\server\\`) is left away: nothing is written to a disk here, and Java, PHP and
 * Windows programs write such names without a bad thought. Climbing by `..` stays refused.
 * @param index names an entry whose name is empty
 */
function safePath(name: string, index: number): string {
  const path = name
    .replaceAll('\\', '/')
    .replaceAll('\0', '')
    .replace(/^(?:\/*[a-z]:)?\/*/i, '');
  const parts = path.split('/');
  if (parts.includes('..')) throw new ZipClimbsError(name);
  const kept = parts.filter((part) => part !== '' && part !== '.').join('/');
  return kept === '' ? `${index + 1}` : kept;
}

/** Entries that share bytes unpack one piece of data a thousand times: no tool writes that. */
function refuseOverlaps(entries: readonly ZipEntry[], directoryAt: number): void {
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const entry of inOrder) {
    if (entry.offset < end) throw new ZipBombError('files in it share the same bytes');
    end = entry.offset + LOCAL_BYTES + entry.packedBytes;
    if (end > directoryAt) throw new ZipDamagedError('a file in it is cut off');
  }
}

function whole(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ZipDamagedError('a size in it is impossible');
  return Number(value);
}

/** @throws FileGoneError, FileUnreadableError */
export async function viewOf(archive: Blob, from: number, to: number): Promise<DataView> {
  try {
    return new DataView(await archive.slice(from, to).arrayBuffer());
  } catch (reason) {
    throw fromReadFailure(reason);
  }
}
