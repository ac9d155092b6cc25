/** The chunks of a PNG file (W3C PNG, third edition), checked before anything is decoded. */
import { crc32 } from '../../pixels/crc32.ts';
import { damaged, truncated } from '../../errors.ts';
import { exifOrientation } from '../exif.ts';
import type { PictureHeader } from '../header.ts';
import { text } from '../sniff.ts';

export const ColorType = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 } as const;

export interface PngLayout extends PictureHeader {
  readonly bitDepth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
  /** Triples R, G, B. */
  readonly palette: Uint8Array | null;
  /** As stored: alphas of the palette, or the one sample (or triple) that is transparent. */
  readonly transparency: Uint8Array | null;
  /** sBIT of the first channel: how many bits the samples had before they were stored; 0: not said. */
  readonly significantBits: number;
  /** The compressed stream in its pieces. */
  readonly data: readonly Uint8Array<ArrayBuffer>[];
}

const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  [ColorType.grey]: [1, 2, 4, 8, 16],
  [ColorType.rgb]: [8, 16],
  [ColorType.palette]: [1, 2, 4, 8],
  [ColorType.greyAlpha]: [8, 16],
  [ColorType.rgba]: [8, 16],
};

type Size = Pick<PngLayout, 'width' | 'height' | 'bitDepth' | 'colorType' | 'interlaced'>;

/**
 * IHDR alone, from the file's first 33 bytes.
 * @throws TruncatedPictureError, DamagedPictureError
 */
export function readPngSize(bytes: Uint8Array): Size {
  if (bytes.length < 33) throw truncated('the file ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text(bytes, 12, 4) !== 'IHDR' || view.getUint32(8) !== 13) {
    throw damaged('the PNG header is missing');
  }
  if (crc32(bytes, 12, 29) !== view.getUint32(29)) throw damaged('the PNG header was altered');
  const bitDepth = bytes[24];
  const colorType = bytes[25];
  if (
    !DEPTHS[colorType]?.includes(bitDepth) ||
    bytes[26] !== 0 ||
    bytes[27] !== 0 ||
    bytes[28] > 1
  ) {
    throw damaged('the PNG header says what no PNG can be');
  }
  const interlaced = bytes[28] === 1;
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    bitDepth,
    colorType,
    interlaced,
  };
}

/**
 * All chunks, each with its checksum. Damage in a chunk that carries no pixels (comments, times,
 * color profiles) is passed over, as browsers do.
 * @throws TruncatedPictureError, DamagedPictureError
 */
export function readPngChunks(bytes: Uint8Array<ArrayBuffer>): PngLayout {
  const size = readPngSize(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array<ArrayBuffer>[] = [];
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  let orientation = 1;
  let animated = false;
  let endMissing = false;
  let significantBits = 0;
  for (let at = 33; ;) {
    const length = at + 8 <= bytes.length ? view.getUint32(at) : Infinity;
    const type = text(bytes, at + 4, 4);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) {
      // Whether the lines are all there shows when they are unpacked.
      if (type === 'IDAT') data.push(bytes.subarray(Math.min(at + 8, bytes.length)));
      if (data.length === 0) throw truncated('a part of the PNG is missing');
      endMissing = true;
      break;
    }
    const intact = crc32(bytes, at + 4, end) === view.getUint32(end);
    const content = bytes.subarray(at + 8, end);
    // A capital first letter marks what a decoder cannot do without; transparency matters too.
    if (!intact && (/^[A-Z]/.test(type) || type === 'tRNS')) {
      throw damaged('a part of it does not match its checksum');
    }
    if (type === 'IDAT') data.push(content);
    else if (type === 'PLTE') palette = content;
    else if (type === 'tRNS') transparency = content;
    else if (type === 'acTL') animated = true;
    else if (type === 'sBIT' && intact && content.length > 0) significantBits = content[0];
    else if (type === 'eXIf' && intact) orientation = exifOrientation(content);
    else if (type === 'IEND') break;
    at = end + 4;
  }
  if (data.length === 0) throw truncated('the PNG holds no pixels');
  if (size.colorType === ColorType.palette && (!palette || palette.length % 3 !== 0)) {
    throw damaged('its table of colors is missing');
  }
  const bitsStored = size.colorType === ColorType.palette ? 8 : size.bitDepth;
  return {
    ...size,
    format: 'png',
    bitsStored,
    orientation,
    animated,
    endMissing,
    significantBits,
    palette,
    transparency,
    data,
  };
}
