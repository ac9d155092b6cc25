/**
 * Where the pixels of one frame lie and how they are packed. What they begin with counts more than
 * the transfer syntax: files name the wrong one, and wrap or unwrap their pixels against it.
 */
import { damaged, truncated } from '../errors.ts';
import type { DicomFile } from './dataset.ts';
import type { PixelPlace } from './elements.ts';
import { unknownSyntax, video } from './refusals.ts';
import type { CodecName } from './syntaxes.ts';

const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;
/** One frame in pieces of a few hundred bytes would still stay below this. */
const MOST_FRAGMENTS = 100_000;

type Bytes = Uint8Array<ArrayBuffer>;

/** Uncompressed pixels of all frames, or of one where they came in fragments. */
export interface NativePixels {
  readonly packing: 'native';
  readonly bytes: Bytes;
  /** Bytes of pixels that the file says it has, and that may not all be there. */
  readonly claimed: number;
  readonly single: boolean;
}

/** The codestream of one frame. */
export interface PackedPixels {
  readonly packing: CodecName;
  readonly bytes: Bytes;
  /** The file ends inside of it. */
  readonly cut: boolean;
}

export type StoredPixels = (NativePixels | PackedPixels) & {
  /** The pixels came without the mark that ends them. */
  readonly endMissing: boolean;
  readonly syntaxDiffers: boolean;
};

/**
 * @param frame from 0
 * @param frames how many the header says there are
 * @param nativeLength bytes that all frames take without compression, by the header
 * @throws TruncatedPictureError, DamagedPictureError, DicomVideoError, UnsupportedVariantError
 */
export function storedPixels(
  file: DicomFile,
  frame: number,
  frames: number,
  nativeLength: number,
): StoredPixels {
  const place = file.pixels;
  if (!place) throw damaged('it holds no pixels');
  const { bytes, syntax } = file;
  const declared = syntax.packing;
  const value = bytes.subarray(place.valueStart, place.valueStart + (place.length ?? bytes.length));
  const fitsNative = place.length !== null && [0, 1].includes(place.length - nativeLength);
  const inItems = startsWithItem(value) && (declared !== 'native' || !fitsNative);
  if (place.length === null || inItems) {
    return fromFragments(file, place, value, frame, frames, nativeLength);
  }
  const claimed = place.length;
  const found = fitsNative && declared === 'native' ? null : signatureOf(value);
  if (found === 'video') throw video();
  if (found) {
    const cut = claimed > value.length;
    return { packing: found, bytes: value, cut, endMissing: false, syntaxDiffers: true };
  }
  if (declared !== 'native' && !fitsNative) {
    throw damaged('its compressed pixels are not in fragments');
  }
  if (syntax.unknown && !fitsNative) throw unknownSyntax(syntax.uid);
  const syntaxDiffers = declared !== 'native' || syntax.unknown === true;
  const single = false;
  return { packing: 'native', bytes: value, claimed, single, endMissing: false, syntaxDiffers };
}

function fromFragments(
  { bytes, syntax }: DicomFile,
  place: PixelPlace,
  value: Bytes,
  frame: number,
  frames: number,
  nativeLength: number,
): StoredPixels {
  if (!startsWithItem(value)) {
    if (place.valueStart + 8 > bytes.length) throw truncated('its pixels are missing');
    const inFragments = syntax.packing === 'native';
    throw damaged(
      inFragments
        ? 'its pixels should not be in fragments'
        : 'the pieces of its pixels do not follow one another',
    );
  }
  const read = readFragments(value);
  if (read.fragments.length === 0) throw damaged('it holds no pixels');
  const chosen = frames > 1 ? framesOf(read, place, frames)[frame] : read.fragments;
  if (!chosen || chosen.length === 0) throw damaged('its table of frames does not fit its pixels');
  const whole = joined(chosen);
  const cut = read.missing > 1 && chosen.at(-1) === read.fragments.at(-1);
  const found = signatureOf(whole);
  if (found === 'video') throw video();
  const endMissing = read.endMissing && !cut;
  const fitsNative = Math.abs(whole.length - nativeLength / frames) <= 1;
  if (found || (syntax.packing !== 'native' && !fitsNative)) {
    const packing = found ?? (syntax.packing as CodecName);
    const similar = packing.includes('2k') || packing.includes('2000');
    const syntaxDiffers =
      packing !== syntax.packing && !(similar && /2k|2000/.test(syntax.packing));
    return { packing, bytes: whole, cut, endMissing, syntaxDiffers };
  }
  if (syntax.unknown && !fitsNative) throw unknownSyntax(syntax.uid);
  if (!fitsNative && !syntax.uid.endsWith('.1.98')) {
    throw damaged('its pixels should not be in fragments');
  }
  return {
    ...{ packing: 'native', bytes: whole, claimed: whole.length + read.missing, single: true },
    endMissing,
    syntaxDiffers: !syntax.uid.endsWith('.1.98'),
  };
}

interface Fragment {
  /** Where its item begins, counted from the first fragment's. */
  readonly offset: number;
  readonly bytes: Bytes;
}

interface Fragments {
  readonly table: Uint8Array;
  readonly fragments: readonly Fragment[];
  readonly endMissing: boolean;
  /** Bytes that the last fragment should have and the file has not. */
  readonly missing: number;
}

/** Items (PS3.5 annex A.4), the first of which is the offset table: mostly empty, sometimes left out. */
function readFragments(bytes: Bytes): Fragments {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fragments: Fragment[] = [];
  let table: Bytes | null = null;
  let base = 0;
  let at = 0;
  let ended = false;
  let missing = 0;
  while (at + 8 <= bytes.length && missing === 0) {
    const tag = view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
    const length = view.getUint32(at + 4, true);
    ended = tag === SEQUENCE_END;
    if (ended) break;
    if (tag !== ITEM) {
      // Zeros, or the next element: the pixels before it are whole.
      if (fragments.length > 0) break;
      throw damaged('the pieces of its pixels do not follow one another');
    }
    const value = bytes.subarray(at + 8, at + 8 + length);
    missing = length - value.length;
    if (!table && isTable(value, length)) {
      table = value;
      base = at + 8 + length;
    } else {
      if (!table) {
        table = new Uint8Array(0);
        base = at;
      }
      fragments.push({ offset: at - base, bytes: value });
    }
    if (fragments.length > MOST_FRAGMENTS) throw damaged('its pixels are in too many pieces');
    at += 8 + length;
  }
  if (!table) throw truncated('its pixels are missing');
  // Pixels that begin with zeros look like a table until nothing follows.
  if (fragments.length === 0 && table.length > 0) {
    return {
      table: new Uint8Array(0),
      fragments: [{ offset: 0, bytes: table }],
      endMissing: !ended,
      missing,
    };
  }
  if (fragments.length === 0 && missing > 0) throw truncated('its pixels are missing');
  return { table, fragments, endMissing: !ended, missing };
}

function isTable(value: Uint8Array, length: number): boolean {
  if (length === 0) return true;
  if (length % 4 !== 0 || signatureOf(value) !== null) return false;
  return value[0] === 0 && value[1] === 0 && value[2] === 0 && value[3] === 0;
}

/** The fragments of each frame: by a table of offsets, one a frame, or by what a frame begins with. */
function framesOf(
  { table, fragments }: Fragments,
  place: PixelPlace,
  frames: number,
): readonly (readonly Fragment[])[] {
  const offsets = extendedOffsets(place, frames) ?? basicOffsets(table, frames);
  if (offsets) {
    const starts = new Set(fragments.map(({ offset }) => offset));
    if (offsets.every((offset, i) => starts.has(offset) && offset > (offsets[i - 1] ?? -1))) {
      return offsets.map((offset, i) =>
        fragments.filter(
          (one) => one.offset >= offset && one.offset < (offsets[i + 1] ?? Infinity),
        ),
      );
    }
  }
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const last = groups.at(-1);
    if (!last || signatureOf(fragment.bytes) !== null) groups.push([fragment]);
    else last.push(fragment);
  }
  if (offsets && groups.length !== frames) {
    throw damaged('its table of frames does not fit its pixels');
  }
  return groups;
}

function extendedOffsets({ extended }: PixelPlace, frames: number): number[] | null {
  if (!extended || extended.offsets.length < 8 * frames) return null;
  const { offsets } = extended;
  const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  return Array.from({ length: frames }, (_, i) => Number(view.getBigUint64(8 * i, true)));
}

function basicOffsets(table: Uint8Array, frames: number): number[] | null {
  if (table.length < 4 * frames) return null;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: frames }, (_, i) => view.getUint32(4 * i, true));
}

function joined(fragments: readonly Fragment[]): Bytes {
  if (fragments.length === 1) return fragments[0].bytes;
  const whole = new Uint8Array(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let to = 0;
  for (const { bytes } of fragments) {
    whole.set(bytes, to);
    to += bytes.length;
  }
  return whole;
}

function startsWithItem(bytes: Uint8Array): boolean {
  return bytes[0] === 0xfe && bytes[1] === 0xff && bytes[2] === 0x00 && bytes[3] === 0xe0;
}

/** What bytes are packed with, by what they begin with. */
export function signatureOf(bytes: Uint8Array): CodecName | 'video' | null {
  const starts = (...first: number[]): boolean => first.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0xff, 0x4f, 0xff, 0x51)) return isHighThroughput(bytes) ? 'htj2k' : 'jpeg-2000';
  if (starts(0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20)) return 'jpeg-2000';
  if (starts(0, 0, 1, 0xb3) || starts(0, 0, 1, 0xba)) return 'video';
  if (String.fromCharCode(...bytes.subarray(4, 8)) === 'ftyp') return 'video';
  return isRle(bytes) ? 'rle' : null;
}

/** Behind SIZ stands CAP, with the bit of part 15 (T.814) set. */
function isHighThroughput(bytes: Uint8Array): boolean {
  const cap = 4 + ((bytes[4] << 8) | bytes[5]);
  return bytes[cap] === 0xff && bytes[cap + 1] === 0x50 && (bytes[cap + 5] & 2) !== 0;
}

/** One to fifteen segments, the first right behind the 64 bytes of the head, unused places zero. */
function isRle(bytes: Uint8Array): boolean {
  if (bytes.length < 64 || bytes[0] < 1 || bytes[0] > 15) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 64);
  const count = view.getUint32(0, true);
  if (count > 15 || view.getUint32(4, true) !== 64) return false;
  for (let i = 1; i < 15; i++) {
    const offset = view.getUint32(4 + 4 * i, true);
    if (i < count ? offset <= view.getUint32(4 * i, true) : offset !== 0) return false;
  }
  return true;
}
