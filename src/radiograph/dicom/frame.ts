/** The bytes of the first picture in a file: as they lie, or put together from fragments. */
import { damaged, truncated } from '../errors.ts';
import type { DicomFile } from './dataset.ts';
import type { PixelPlace } from './guard.ts';
import type { PixelLayout } from './header.ts';

const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;
/** One frame in pieces of a few hundred bytes would still stay below this. */
const MOST_FRAGMENTS = 100_000;

/** @throws TruncatedPictureError, DamagedPictureError */
export function nativeFrame(file: DicomFile, layout: PixelLayout): Uint8Array<ArrayBuffer> {
  const place = placeOf(file);
  if (place.length === null) throw damaged('its pixels should not be in fragments');
  const needed = nativeBytes(layout);
  const claimed = place.valueStart + Math.max(needed, place.length);
  if (claimed > file.bytes.length) {
    throw truncated('a part of its pixels is missing');
  }
  if (place.length < needed) throw damaged('it holds fewer pixels than it says');
  return file.bytes.subarray(place.valueStart, place.valueStart + needed);
}

function nativeBytes({ width, height, samplesPerPixel, bitsAllocated, photometric }: PixelLayout) {
  const samples = width * height * samplesPerPixel;
  // Only 4:2:2 is stored subsampled without being compressed: Y Y Cb Cr for two pixels.
  const stored = photometric === 'YBR_FULL_422' ? (samples / 3) * 2 : samples;
  return stored * (bitsAllocated / 8);
}

/**
 * The compressed first frame (PS3.5 annex A.4): fragments are items of a sequence, the first of
 * which is the (often empty) offset table.
 * @throws TruncatedPictureError, DamagedPictureError
 */
export function packedFrame(file: DicomFile, layout: PixelLayout): Uint8Array<ArrayBuffer> {
  const place = placeOf(file);
  if (place.length !== null) throw damaged('its compressed pixels are not in fragments');
  const { table, fragments, base } = readFragments(file.bytes, place.valueStart);
  if (fragments.length === 0) throw damaged('it holds no pixels');
  const chosen = layout.frames > 1 ? firstFrame(file, place, table, fragments, base) : fragments;
  if (chosen.length === 1) return chosen[0].bytes;
  const size = chosen.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const whole = new Uint8Array(size);
  let to = 0;
  for (const { bytes } of chosen) {
    whole.set(bytes, to);
    to += bytes.length;
  }
  return whole;
}

interface Fragment {
  /** Where its item begins, counted from the first fragment's. */
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function readFragments(
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
): { table: Uint8Array; fragments: Fragment[]; base: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fragments: Fragment[] = [];
  let table: Uint8Array | null = null;
  let base = 0;
  let at = start;
  // A missing end of the sequence is forgiven: the fragments are whole.
  while (at + 8 <= bytes.length) {
    const tag = view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
    const length = view.getUint32(at + 4, true);
    if (tag === SEQUENCE_END) break;
    if (tag !== ITEM) throw damaged('the pieces of its pixels do not follow one another');
    if (at + 8 + length > bytes.length) throw truncated('a part of its pixels is missing');
    const value = bytes.subarray(at + 8, at + 8 + length);
    if (table) fragments.push({ offset: at - base, bytes: value });
    else {
      table = value;
      base = at + 8 + length;
    }
    if (fragments.length > MOST_FRAGMENTS) throw damaged('its pixels are in too many pieces');
    at += 8 + length;
  }
  if (!table) throw truncated('its pixels are missing');
  return { table, fragments, base };
}

/** Those of the first frame, by the extended or the basic offset table, else by how frames end. */
function firstFrame(
  file: DicomFile,
  place: PixelPlace,
  table: Uint8Array,
  fragments: readonly Fragment[],
  base: number,
): readonly Fragment[] {
  const second = secondFrame(place, table);
  if (second !== null) {
    const chosen = fragments.filter(({ offset }) => offset < second);
    if (chosen.length === 0 || base + second > file.bytes.length) {
      throw damaged('its table of frames does not fit its pixels');
    }
    return chosen;
  }
  // No table: a JPEG of any kind ends in the marker FFD9, padded by a byte at most.
  const end = fragments.findIndex(({ bytes }) => endsImage(bytes));
  return fragments.slice(0, end < 0 ? 1 : end + 1);
}

/** Where the second frame begins, counted from the first fragment. */
function secondFrame(place: PixelPlace, table: Uint8Array): number | null {
  const { extended } = place;
  if (extended && extended.offsets.length >= 16) {
    const { offsets } = extended;
    const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
    const second = view.getBigUint64(8, true);
    return second < BigInt(Number.MAX_SAFE_INTEGER) ? Number(second) : null;
  }
  if (table.length < 8) return null;
  return new DataView(table.buffer, table.byteOffset, table.byteLength).getUint32(4, true);
}

function endsImage(bytes: Uint8Array): boolean {
  const from = bytes.at(-1) === 0 ? bytes.length - 3 : bytes.length - 2;
  return bytes[from] === 0xff && bytes[from + 1] === 0xd9;
}

function placeOf(file: DicomFile): PixelPlace {
  if (!file.pixels) throw damaged('it holds no pixels');
  return file.pixels;
}
