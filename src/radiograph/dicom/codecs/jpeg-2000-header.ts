/**
 * A JPEG 2000 codestream (T.800, T.814): what it says of itself before its first sample, and the
 * same stream in the strict form that decoders ask for.
 */
import { damaged, truncated } from '../../errors.ts';
import { unreadable } from '../refusals.ts';
import type { PackedPixels } from '../frame.ts';
import type { PixelLayout } from '../header.ts';
import { checkStream, type PlainFrame, type StreamSize } from './codec.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface CodestreamFacts extends StreamSize {
  /** SOC … EOC. */
  readonly bytes: Bytes;
  /** Of the first component. */
  readonly precision: number;
  readonly signed: boolean;
  /** A color transform is part of the stream; decoders undo it, and RGB comes out. */
  readonly transformed: boolean;
  readonly reversible: boolean;
  readonly endMissing: boolean;
}

const SIZE_BYTES = 38;
/** The least a tile takes in the stream: its own marker and the start of its data. */
const LEAST_TILE_BYTES = 14;
const MOST_TILES = 16_384;
/** Boxes before the codestream hold names and profiles of colors. */
const MOST_BEFORE = 4_000_000;

const COD = 0xff52;
const SOT = 0xff90;
const EOC = 0xffd9;

/**
 * The codestream alone (some writers leave the boxes of a JP2 file around it), looked at before its
 * decoder is started: a stream that claims more pixels or more tiles than it can hold is refused.
 * @throws TruncatedPictureError, DamagedPictureError, UnsupportedVariantError, PictureTooLargeError
 */
export function readCodestream(
  { bytes, cut }: Pick<PackedPixels, 'bytes' | 'cut'>,
  layout: PixelLayout,
): CodestreamFacts {
  const start = startOf(bytes);
  if (start < 0) throw damaged('its pixels do not begin as JPEG 2000 does');
  const stream = bytes.subarray(start);
  if (stream.length < 4 + SIZE_BYTES) throw truncated('its pixels are missing');
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const [xSize, ySize, xStart, yStart, tileX, tileY, tileXStart, tileYStart] = Array.from(
    { length: 8 },
    (_, i) => view.getUint32(8 + 4 * i),
  );
  const size = { width: xSize - xStart, height: ySize - yStart, components: view.getUint16(40) };
  checkStream(size, layout);
  for (let i = 0; i < size.components; i++) {
    const at = 42 + 3 * i;
    const precision = (stream[at] & 0x7f) + 1;
    if (precision > 16) throw unreadable(`samples of ${precision} bits`);
    if (stream[at + 1] !== 1 || stream[at + 2] !== 1) throw unreadable('subsampled color');
  }
  if (tileX === 0 || tileY === 0) throw damaged('its pixels lie in tiles of no size');
  const tiles = Math.ceil((xSize - tileXStart) / tileX) * Math.ceil((ySize - tileYStart) / tileY);
  if (!(tiles >= 1 && tiles <= MOST_TILES && tiles * LEAST_TILE_BYTES <= stream.length)) {
    throw damaged('its pixels lie in more tiles than there can be');
  }
  const main = readMainHeader(view);
  const whole = wholeStream(stream, view, main.end, tiles, cut);
  const precision = (stream[42] & 0x7f) + 1;
  const signed = (stream[42] & 0x80) !== 0;
  const { transformed, reversible } = main;
  return { ...size, ...whole, precision, signed, transformed, reversible };
}

/** SOC followed by SIZ: at once, in the box of a JP2 file that holds it, or a little way in. */
function startOf(bytes: Uint8Array): number {
  if (isStart(bytes, 0)) return 0;
  const last = Math.min(bytes.length - 4, MOST_BEFORE);
  for (let at = bytes.indexOf(0xff); at >= 0 && at <= last; at = bytes.indexOf(0xff, at + 1)) {
    if (isStart(bytes, at)) return at;
  }
  return -1;
}

function isStart(bytes: Uint8Array, at: number): boolean {
  return [0xff, 0x4f, 0xff, 0x51].every((byte, i) => bytes[at + i] === byte);
}

/** Up to the first tile-part; what COD says of colors and of loss (T.800 A.6.1). */
function readMainHeader(view: DataView): {
  end: number;
  transformed: boolean;
  reversible: boolean;
} {
  let transformed = false;
  let reversible = true;
  let at = 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === SOT) return { end: at, transformed, reversible };
    if (marker < 0xff00 || marker === EOC) break;
    const next = at + 2 + view.getUint16(at + 2);
    if (marker === COD && at + 14 <= view.byteLength) {
      transformed = view.getUint8(at + 8) !== 0;
      reversible = view.getUint8(at + 13) === 1;
    }
    at = next;
  }
  throw truncated('its pixels are missing');
}

/**
 * Follows the tile-parts by their lengths. A stream whose end mark is missing, or that has other
 * things between its tiles and its end, is put together anew when all of its tiles are there.
 */
function wholeStream(
  stream: Bytes,
  view: DataView,
  first: number,
  tiles: number,
  cut: boolean,
): { bytes: Bytes; endMissing: boolean } {
  const seen = new Set<number>();
  const total = view.byteLength;
  let at = first;
  while (at + 12 <= total && view.getUint16(at) === SOT) {
    const length = view.getUint32(at + 6);
    seen.add(view.getUint16(at + 4));
    if (length === 0) {
      // The last tile-part goes on to the end.
      const end = lastMark(stream);
      if (end < 0) throw truncated('the end of its pixels is missing');
      return { bytes: stream.subarray(0, end + 2), endMissing: false };
    }
    if (length < LEAST_TILE_BYTES) break;
    if (at + length > total) throw truncated('a part of its pixels is missing');
    at += length;
  }
  const atEnd = at + 2 <= total && view.getUint16(at) === EOC;
  if (atEnd) return { bytes: stream.subarray(0, at + 2), endMissing: false };
  const hasEnd = lastMark(stream) >= 0;
  if (seen.size < tiles) {
    // A decoder knows best what to make of a stream that has its end.
    if (hasEnd) return { bytes: stream, endMissing: false };
    throw truncated('a part of its pixels is missing');
  }
  if (cut && !hasEnd) throw truncated('the end of its pixels is missing');
  const bytes = new Uint8Array(at + 2);
  bytes.set(stream.subarray(0, at));
  bytes.set([0xff, 0xd9], at);
  return { bytes, endMissing: !hasEnd };
}

/** Where EOC stands among the last bytes, or -1. */
function lastMark(stream: Uint8Array): number {
  for (let at = stream.length - 2; at >= Math.max(0, stream.length - 64); at--) {
    if (stream[at] === 0xff && stream[at + 1] === 0xd9) return at;
  }
  return -1;
}

/** A frame with all that the codestream says of it. */
export function frameOf(stream: CodestreamFacts, data: PlainFrame['data']): PlainFrame {
  const { width, height, components, precision, signed } = stream;
  return {
    ...{ data, width, height, samplesPerPixel: components === 3 ? 3 : 1, planar: 0 },
    ...{ color: stream.transformed ? 'rgb' : null, bits: precision, signed },
    loss: stream.reversible ? 0 : 'unknown',
    ...(stream.endMissing && { endMissing: true }),
  };
}
