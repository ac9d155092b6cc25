/** WebP (RFC 9649), lossy and lossless, still or the first frame. */
import type { RadiographDecoder } from './decoder.ts';
import { damaged, truncated } from '../errors.ts';
import { exifOrientation } from './exif.ts';
import type { PictureHeader } from './header.ts';
import { decodeNatively } from './native.ts';
import { text } from './sniff.ts';

/** Four bytes a pixel at full size, twice, before it is made smaller. */
const MOST_PIXELS = 50_000_000;

export const webpDecoder: RadiographDecoder = {
  format: 'webp',
  decode(input) {
    return decodeNatively(input, readWebp(input.bytes), 'image/webp', MOST_PIXELS);
  },
};

/** @throws TruncatedPictureError, DamagedPictureError */
export function readWebp(bytes: Uint8Array): PictureHeader {
  if (bytes.length < 30) throw truncated('the file ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Some writers count the last part's filling byte and leave it away, or count wrong: parts decide.
  const end = bytes.length;
  let size: { width: number; height: number } | null = null;
  let exif: readonly [number, number] | undefined;
  let animated = false;
  let pixels = false;
  for (let at = 12; at + 8 <= end;) {
    const type = text(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (start + length > end) {
      // What stands behind the pixels (comments, EXIF) or behind the WebP is not needed.
      if (pixels && !/^(?:VP8[ L]|ANMF|ALPH)$/.test(type)) break;
      throw truncated('a part of the WebP is missing');
    }
    const chunk = bytes.subarray(start, start + length);
    if (type === 'VP8X' && length >= 10) {
      animated = (chunk[0] & 0x02) !== 0;
      size = { width: 1 + uint24(chunk, 4), height: 1 + uint24(chunk, 7) };
    } else if (type === 'VP8 ') {
      pixels = true;
      size ??= lossySize(chunk);
    } else if (type === 'VP8L') {
      pixels = true;
      size ??= losslessSize(chunk);
    } else if (type === 'ANMF') {
      pixels = true;
    } else if (type === 'EXIF') {
      exif ??= [start + (text(chunk, 0, 6) === 'Exif\0\0' ? 6 : 0), start + length];
    }
    at = start + length + (length & 1);
  }
  if (!size || !pixels) throw damaged('the WebP holds no picture');
  const header = { format: 'webp', ...size, bitsStored: 8, orientation: 1, animated } as const;
  if (!exif) return header;
  return { ...header, exif: [exif], orientation: exifOrientation(bytes.subarray(...exif)) };
}

function lossySize(chunk: Uint8Array): { width: number; height: number } {
  if (chunk.length < 10 || chunk[3] !== 0x9d || chunk[4] !== 0x01 || chunk[5] !== 0x2a) {
    throw damaged('the WebP header is missing');
  }
  return {
    width: (chunk[6] | (chunk[7] << 8)) & 0x3fff,
    height: (chunk[8] | (chunk[9] << 8)) & 0x3fff,
  };
}

function losslessSize(chunk: Uint8Array): { width: number; height: number } {
  if (chunk.length < 5 || chunk[0] !== 0x2f) throw damaged('the WebP header is missing');
  const bits = (chunk[1] | (chunk[2] << 8) | (chunk[3] << 16) | (chunk[4] << 24)) >>> 0;
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

function uint24(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}
