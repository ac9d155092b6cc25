/** Bytes of a DICOM file → its data set, its transfer syntax, and where the pixels lie. */
import { damaged, truncated } from '../errors.ts';
import { LONG, walkDataSet, type WalkedDataSet } from './elements.ts';
import { elsewhere, video } from './refusals.ts';
import { findMeta, isVr } from './sniff.ts';
import { transferSyntax, type TransferSyntax } from './syntaxes.ts';
import { inflated, withoutMimeHead } from './wrapping.ts';

export interface DicomFile extends WalkedDataSet {
  /** The file's bytes from the data set on (inflated where they were deflated). */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly syntax: TransferSyntax;
  readonly littleEndian: boolean;
}

const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';

const FILE_META = 2;
const META_LENGTH = 0x0000;
const TRANSFER_SYNTAX = 0x0010;

/**
 * Part 10 files (PS3.10 section 7) with and without their preamble, and bare data sets as old
 * archives keep them.
 * @throws TruncatedPictureError, DamagedPictureError, DicomVideoError, UnsupportedVariantError
 */
export function readDataSet(given: Uint8Array<ArrayBuffer>): DicomFile {
  const file = withoutMimeHead(given);
  const meta = readMeta(file);
  const syntax = transferSyntax(meta.uid);
  if (syntax === 'video') throw video();
  if (syntax === 'elsewhere') throw elsewhere();
  const bytes = syntax.deflated ? inflated(file.subarray(meta.end)) : file;
  const start = syntax.deflated ? 0 : meta.end;
  if (start + 8 > bytes.length) throw truncated('nothing follows its first lines');
  const littleEndian = !syntax.bigEndian;
  // Files say explicit and are not, and the other way round; the first element shows it.
  const encoding = { explicit: isVr(bytes, start + 4), littleEndian };
  return { ...walkDataSet(bytes, start, encoding), bytes, syntax, littleEndian };
}

/**
 * The transfer syntax, and where the data set begins. Group 2 is explicit and little-endian by the
 * standard; some writers have it implicit, and some leave an older one behind the new one: the first
 * transfer syntax is the file's.
 */
function readMeta(file: Uint8Array): { uid: string; end: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = Math.max(0, findMeta(file));
  let uid: string | null = null;
  let groupEnd = 0;
  while (at + 8 <= file.length && view.getUint16(at, true) === FILE_META) {
    const explicit = isVr(file, at + 4);
    const long = explicit && LONG.has(ascii(file, at + 4, 2));
    if (long && at + 12 > file.length) break;
    const length =
      explicit && !long ? view.getUint16(at + 6, true) : view.getUint32(at + (long ? 8 : 4), true);
    const value = at + (long ? 12 : 8);
    const element = view.getUint16(at + 2, true);
    if (value + length > file.length) {
      // Its own length may still lead past an element that cannot be read.
      if (groupEnd > at) return { uid: uid ?? guessSyntax(file, groupEnd), end: groupEnd };
      if (!explicit) throw damaged('its first lines cannot be followed');
      throw truncated('its first lines are not whole');
    }
    if (element === META_LENGTH && length === 4 && groupEnd === 0) {
      groupEnd = value + 4 + view.getUint32(value, true);
    }
    if (element === TRANSFER_SYNTAX) uid ??= trimmed(ascii(file, value, length));
    at = value + length;
  }
  return { uid: uid === null || uid === '' ? guessSyntax(file, at) : uid, end: at };
}

function guessSyntax(file: Uint8Array, at: number): string {
  if (file[at] === 0 && file[at + 1] !== 0) return BIG_ENDIAN;
  return isVr(file, at + 4) ? EXPLICIT : IMPLICIT;
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + Math.min(length, 128)));
}

function trimmed(value: string): string {
  return value.replace(/\0[\s\S]*$/, '').trim();
}
