/** JPEG (ITU T.81): grey and YCbCr, baseline and progressive; turned upright by its EXIF tag. */
import type { RadiographDecoder } from './decoder.ts';
import { cmykPicture, damaged, truncated, unsupportedVariant } from './errors.ts';
import { exifOrientation } from './exif.ts';
import type { PictureHeader } from './header.ts';
import { decodeNatively } from './native.ts';
import { text } from './sniff.ts';

/** A byte of brightness and half a byte of color each at full size, before it is made smaller. */
const MOST_PIXELS = 120_000_000;

export const jpegDecoder: RadiographDecoder = {
  format: 'jpeg',
  decode(input) {
    return decodeNatively(input, readJpeg(input.bytes), 'image/jpeg', MOST_PIXELS);
  },
};

/** Frame markers that browsers decode: baseline, extended, progressive (Huffman). */
const COMMON_FRAMES = [0xc0, 0xc1, 0xc2];
/** Frame markers of lossless, hierarchical and arithmetic coding. */
const RARE_FRAMES = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/**
 * Walks every marker to the end. A cut-off file is told by the missing end marker, which is looked
 * for in the right place: a thumbnail inside the EXIF part has one of its own.
 * @throws TruncatedPictureError, DamagedPictureError, CmykPictureError, UnsupportedVariantError
 */
export function readJpeg(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: PictureHeader | null = null;
  let exif: readonly [number, number] | undefined;
  let scans = 0;
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++; // fill bytes
    if (at + 2 > bytes.length) throw truncated('the end of the JPEG is missing');
    if (bytes[at] !== 0xff) throw damaged('the parts of the JPEG do not follow one another');
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    if (at + 4 > bytes.length) throw truncated('the end of the JPEG is missing');
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) throw truncated('a part of the JPEG is missing');
    const segment = bytes.subarray(at + 4, end);
    if (marker === 0xe1 && text(segment, 0, 6) === 'Exif\0\0') {
      exif = [at + 10, end];
    } else if (COMMON_FRAMES.includes(marker)) {
      frame = readFrame(segment);
    } else if (RARE_FRAMES.includes(marker)) {
      throw unsupportedVariant('a rare kind of JPEG (lossless or arithmetic)');
    }
    at = end;
    if (marker === 0xda) {
      scans++;
      at = endOfScan(bytes, end);
    }
  }
  if (!frame) throw damaged('the JPEG does not say how large it is');
  if (scans === 0) throw truncated('the JPEG holds no pixels');
  if (!exif) return frame;
  return { ...frame, exif, orientation: exifOrientation(bytes.subarray(...exif)) };
}

function readFrame(segment: Uint8Array): PictureHeader {
  if (segment.length < 6) throw damaged('the JPEG header is too short');
  const precision = segment[0];
  const height = (segment[1] << 8) | segment[2];
  const width = (segment[3] << 8) | segment[4];
  const components = segment[5];
  if (precision !== 8) throw unsupportedVariant(`${precision} bits a sample in a JPEG`);
  if (components === 4) throw cmykPicture();
  if (components !== 1 && components !== 3) throw damaged('the JPEG has a strange color model');
  if (height === 0) throw unsupportedVariant('a JPEG whose height comes after its pixels');
  return { format: 'jpeg', width, height, bitsStored: 8, orientation: 1, animated: false };
}

/** Entropy-coded bytes end at the first marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    const inside = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!inside) return at;
  }
  throw truncated('the end of the JPEG is missing');
}
