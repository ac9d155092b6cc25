/**
 * A JPEG codestream of any kind (T.81, T.87): what it says of itself before its first sample, and
 * the same stream without what decoders stumble over.
 */
import { damaged, truncated } from '../../errors.ts';
import type { PackedPixels } from '../frame.ts';
import type { PixelLayout } from '../header.ts';
import { checkStream } from './codec.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface JpegHeader {
  /** The frame's marker: 0xc0 baseline, 0xc1 extended, 0xc2 progressive, 0xc3 lossless, 0xf7 JPEG-LS … */
  readonly frame: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** What the stream itself says its three components are. */
  readonly color: 'rgb' | 'ybr' | null;
  /** A marker of its own says so, which decoders follow; else only its components show it. */
  readonly marked: boolean;
}

export interface JpegStream extends JpegHeader {
  /** From SOI to EOI, with both. */
  readonly bytes: Bytes;
  /** EOI was not there and has been put there. */
  readonly endMissing: boolean;
  /** NEAR of JPEG-LS; 0 for the others. */
  readonly near: number;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
const JPEG_LS = 0xf7;
/** DHT, JPG and DAC share their range with the frames. */
const NO_FRAME = [0xc4, 0xc8, 0xcc];
/** Writers put a few bytes before the stream. */
const MOST_BEFORE = 64;
/** Ss, Se, Ah and Al of a sequential scan; decoders refuse others, which say nothing there. */
const SEQUENTIAL = [0, 63, 0];

/** @throws TruncatedPictureError, DamagedPictureError, PictureTooLargeError */
export function readJpegStream(
  { bytes: given, cut }: Pick<PackedPixels, 'bytes' | 'cut'>,
  layout: PixelLayout,
): JpegStream {
  const start = startOf(given);
  const bytes = given.subarray(start);
  const parts: Uint8Array[] = [];
  let header: JpegHeader | null = null;
  let color: JpegHeader['color'] = null;
  let from = 0;
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 4 > bytes.length) throw truncated('its pixels are missing');
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === 0) {
      // Bytes between two parts; the stream goes on without them.
      parts.push(bytes.subarray(from, at));
      at = markerFrom(bytes, at);
      from = at;
      continue;
    }
    if (marker === EOI) throw truncated('its pixels are missing');
    if (marker === 0x01 || (marker >= 0xd0 && marker <= SOI)) {
      at += 2;
      continue;
    }
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (end > bytes.length) throw truncated('a part of its pixels is missing');
    const segment = bytes.subarray(at + 4, end);
    if (marker === APP0 && starts(segment, 'JFIF')) color = 'ybr';
    if (marker === APP14 && starts(segment, 'Adobe')) color = segment[11] === 0 ? 'rgb' : 'ybr';
    if (isFrame(marker)) header = frameOf(marker, segment, color, layout);
    if (marker === SOS) break;
    at = end;
  }
  if (!header) throw damaged('its JPEG does not say how large it is');
  checkStream(header, layout);
  if (header.precision < 2 || header.precision > 16) {
    throw damaged(`its samples have ${header.precision} bits`);
  }
  const end = endOf(bytes, at, header.frame === JPEG_LS);
  if (end === null && cut) throw truncated('the end of its pixels is missing');
  const odd = end === null || parts.length > 0 || mustPatch(bytes, at, header);
  const whole = odd ? rebuilt(bytes, parts, from, at, end, header) : bytes.subarray(0, end);
  const last = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  const near = header.frame === JPEG_LS ? (bytes[last - 3] ?? 0) : 0;
  return { ...header, bytes: whole, endMissing: end === null, near };
}

function startOf(bytes: Uint8Array): number {
  for (let at = 0; at < MOST_BEFORE; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === SOI && bytes[at + 2] === 0xff) return at;
  }
  throw damaged('its pixels do not begin as JPEG does');
}

/** The next marker that a segment can begin with. */
function markerFrom(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from + 1); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] >= 0xc0 && bytes[at + 1] < 0xff) return at;
  }
  throw damaged('the parts of its JPEG do not follow one another');
}

function isFrame(marker: number): boolean {
  return marker === JPEG_LS || (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker));
}

function frameOf(
  frame: number,
  segment: Uint8Array,
  named: JpegHeader['color'],
  layout: PixelLayout,
): JpegHeader {
  if (segment.length < 6) throw damaged('the header of its JPEG is too short');
  const [precision, h1, h0, w1, w0, components] = segment;
  // No height: it comes behind the pixels (DNL), and the DICOM header has it.
  const height = (h1 << 8) | h0 || layout.height;
  const size = { frame, precision, width: (w1 << 8) | w0, height, components };
  // These markers speak of the DCT's color transform; the lossless kinds have none.
  const dct = frame <= 0xc2;
  if (named && dct) return { ...size, color: named, marked: true };
  return { ...size, color: dct ? colorOfComponents(segment) : null, marked: false };
}

/** Components named R, G and B are that; where two have fewer samples, they are color differences. */
function colorOfComponents(segment: Uint8Array): JpegHeader['color'] {
  const [first, second, third] = [6, 9, 12].map((at) => [segment[at], segment[at + 1]]);
  if (first[0] === 0x52 && second[0] === 0x47 && third[0] === 0x42) return 'rgb';
  return first[1] !== second[1] || first[1] !== third[1] ? 'ybr' : null;
}

/** Behind EOI; null where there is none. */
function endOf(bytes: Uint8Array, scan: number, isLs: boolean): number | null {
  let at = scan + 2 + ((bytes[scan + 2] << 8) | bytes[scan + 3]);
  for (at = bytes.indexOf(0xff, at); at >= 0; at = bytes.indexOf(0xff, at)) {
    const next = bytes[at + 1];
    if (next === undefined) return null;
    if (next === EOI) return at + 2;
    const segment =
      next === SOS ||
      next === 0xc4 ||
      next === 0xdb ||
      next === 0xdd ||
      (next >= 0xe0 && next < 0xff);
    if (!segment || (isLs && next < 0x80)) at += next === 0xff ? 1 : 2;
    else at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return null;
}

/** Sequential scans that say something else than 0 … 63, and frames without a height. */
function mustPatch(bytes: Uint8Array, scan: number, { frame }: JpegHeader): boolean {
  if (frame !== 0xc0 && frame !== 0xc1) return false;
  const end = scan + 2 + ((bytes[scan + 2] << 8) | bytes[scan + 3]);
  return SEQUENTIAL.some((value, i) => bytes[end - 3 + i] !== value);
}

function rebuilt(
  bytes: Uint8Array,
  parts: readonly Uint8Array[],
  from: number,
  scan: number,
  end: number | null,
  header: JpegHeader,
): Bytes {
  const all = [...parts, bytes.subarray(from, end ?? bytes.length)];
  if (end === null) all.push(Uint8Array.of(0xff, EOI));
  const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of all) {
    whole.set(part, to);
    to += part.length;
  }
  if (mustPatch(bytes, scan, header)) {
    const shift = whole.length - (end === null ? 2 : 0) - (end ?? bytes.length);
    const at = scan + shift + 2 + ((bytes[scan + 2] << 8) | bytes[scan + 3]);
    whole.set(SEQUENTIAL, at - 3);
  }
  return whole;
}

function starts(segment: Uint8Array, text: string): boolean {
  return String.fromCharCode(...segment.subarray(0, text.length)) === text;
}
