/** Bytes of a DICOM file → its data set, its transfer syntax, and where the pixels lie. */
import { Inflate } from 'fflate';
import {
  bigEndianByteArrayParser,
  ByteStream,
  DataSet,
  littleEndianByteArrayParser,
  parseDicomDataSetExplicit,
  parseDicomDataSetImplicit,
} from 'dicom-parser';
import { damaged, pictureTooLarge, truncated } from '../errors.ts';
import { findPixels, type Encoding, type PixelPlace } from './guard.ts';
import { elsewhere, unknownSyntax, video } from './refusals.ts';
import { transferSyntax, type TransferSyntax } from './syntaxes.ts';
import { isVr } from './sniff.ts';

declare module 'dicom-parser' {
  // The package exports it; its own declarations only know the type.
  export const DataSet: new (
    parser: ByteArrayParser,
    bytes: Uint8Array,
    elements: DataSet['elements'],
  ) => DataSet;
}

export interface DicomFile {
  /** The file's bytes from the data set on (inflated where they were deflated). */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly dataSet: DataSet;
  readonly syntax: TransferSyntax;
  readonly littleEndian: boolean;
  readonly pixels: PixelPlace | null;
}

/** A radiograph of 60 megapixels; deflate packs zeros a thousandfold. */
const MOST_INFLATED = 128_000_000;

/** Inflating is told to give back what it has this often, so that a bomb is seen early. */
const INFLATE_STEP = 16_384;

const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';

/**
 * Part 10 files (PS3.10 section 7) with and without their preamble, and bare data sets as old
 * archives keep them.
 * @throws TruncatedPictureError, DamagedPictureError, DicomVideoError, UnsupportedVariantError
 */
export function readDataSet(file: Uint8Array<ArrayBuffer>): DicomFile {
  const meta = readMeta(file);
  const syntax = transferSyntax(meta.uid);
  if (syntax === 'video') throw video();
  if (syntax === 'elsewhere') throw elsewhere();
  if (syntax === 'unknown') throw unknownSyntax(meta.uid);
  const bytes = syntax.deflated ? inflate(file.subarray(meta.end)) : file;
  const start = syntax.deflated ? 0 : meta.end;
  if (start + 8 > bytes.length) throw truncated('nothing follows its first lines');
  const littleEndian = !syntax.bigEndian;
  // Files say explicit and are not, and the other way round; the first element shows it.
  const encoding = { explicit: isVr(bytes, start + 4), littleEndian };
  const pixels = findPixels(bytes, start, encoding);
  const end = pixels?.headerEnd ?? bytes.length;
  return { bytes, dataSet: parse(bytes, start, end, encoding), syntax, littleEndian, pixels };
}

function parse(bytes: Uint8Array, start: number, end: number, encoding: Encoding): DataSet {
  const parser = encoding.littleEndian ? littleEndianByteArrayParser : bigEndianByteArrayParser;
  const dataSet = new DataSet(parser, bytes, {});
  try {
    const read = encoding.explicit ? parseDicomDataSetExplicit : parseDicomDataSetImplicit;
    read(dataSet, new ByteStream(parser, bytes, start), end);
  } catch (error) {
    // It throws plain strings.
    throw damaged('its header cannot be followed', error);
  }
  return dataSet;
}

/** The transfer syntax, and where the data set begins. */
function readMeta(file: Uint8Array): { uid: string; end: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const named = file.length >= 132 && ascii(file, 128, 4) === 'DICM';
  let at = named ? 132 : 0;
  let uid: string | null = null;
  // Group 2 is always explicit and little-endian.
  while (at + 8 <= file.length && view.getUint16(at, true) === 2) {
    if (!isVr(file, at + 4)) throw damaged('its first lines cannot be followed');
    const long = /^(?:OB|UN|OW|UT)$/.test(ascii(file, at + 4, 2));
    if (long && at + 12 > file.length) break;
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const value = at + (long ? 12 : 8);
    if (value + length > file.length) throw truncated('its first lines are not whole');
    if (view.getUint16(at + 2, true) === 0x0010) uid = trimmed(ascii(file, value, length));
    at = value + length;
  }
  return { uid: uid ?? guessSyntax(file, at), end: at };
}

function guessSyntax(file: Uint8Array, at: number): string {
  if (file[at] === 0 && file[at + 1] !== 0) return BIG_ENDIAN;
  return isVr(file, at + 4) ? EXPLICIT : IMPLICIT;
}

function inflate(packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const stream = new Inflate((part, last) => {
    parts.push(part);
    size += part.length;
    ended ||= last;
  });
  try {
    for (let at = 0; at < packed.length; at += INFLATE_STEP) {
      const next = packed.subarray(at, at + INFLATE_STEP);
      stream.push(next, at + INFLATE_STEP >= packed.length);
      if (size > MOST_INFLATED) break;
    }
  } catch (error) {
    throw damaged('it cannot be unpacked', error);
  }
  if (size > MOST_INFLATED) throw pictureTooLarge(10_000, size / 20_000, MOST_INFLATED / 2);
  if (!ended) throw truncated('its packed part is not whole');
  const bytes = new Uint8Array(size);
  let to = 0;
  for (const part of parts) {
    bytes.set(part, to);
    to += part.length;
  }
  return bytes;
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + Math.min(length, 128)));
}

function trimmed(value: string): string {
  return value.replace(/[\0 ]+$/, '').trim();
}
