/** JPEG (ITU T.81): grey and YCbCr, baseline and progressive; turned upright by its EXIF tag. */
import type { DecodeInput, RadiographDecoder } from '../decoder.ts';
import { damaged, truncated } from '../../errors.ts';
import { checkSize, type PictureHeader } from '../header.ts';
import { type JpegParts, readJpegParts } from './jpeg-parts.ts';
import { checkScans, type ScanFindings } from './jpeg-scan.ts';
import { decodeNatively } from '../native.ts';
import { closePicture } from '../../pixels/picture.ts';

/** A byte of brightness and half a byte of color each at full size, before it is made smaller. */
const MOST_PIXELS = 120_000_000;

export const jpegDecoder: RadiographDecoder = {
  format: 'jpeg',
  async decode(input) {
    const parts = readJpegParts(input.bytes);
    checkSize(parts.header, MOST_PIXELS);
    const { endMissing, rubbishInside } = parts;
    const header = { ...parts.header, endMissing, rubbishInside };
    // Decoders differ in what they make of a missing end: all of them take this.
    const whole = endMissing ? withEnd(input, parts) : input;
    // The browser decodes on a thread of its own; beside it the check costs next to no time.
    const [picture, check] = await Promise.allSettled([
      decodeNatively(whole, header, 'image/jpeg', MOST_PIXELS),
      checkWhole(input, parts),
    ]);
    if (check.status === 'rejected') {
      if (picture.status === 'fulfilled') closePicture(picture.value);
      throw check.reason;
    }
    if (picture.status === 'rejected') throw picture.reason;
    return picture.value;
  },
};

/** The file up to the end of its last scan, then an end marker. */
function withEnd(input: DecodeInput, { scans }: JpegParts): DecodeInput {
  const to = Math.max(...scans.map((scan) => scan.to));
  const bytes = new Uint8Array(to + 2);
  bytes.set(input.bytes.subarray(0, to));
  bytes.set([0xff, 0xd9], to);
  return { ...input, bytes };
}

/**
 * Size and orientation from a file that is complete as far as its markers tell; one without its end
 * marker is looked through for its pixels.
 * @throws TruncatedPictureError, DamagedPictureError, CmykPictureError, UnsupportedVariantError
 */
export function readJpeg(bytes: Uint8Array): PictureHeader {
  const parts = readJpegParts(bytes);
  if (parts.endMissing) refuseUnlessWhole(checkScans(bytes, parts));
  return parts.header;
}

/** @throws TruncatedPictureError, DamagedPictureError; the signal's reason when stopped */
async function checkWhole({ bytes, signal }: DecodeInput, parts: JpegParts): Promise<void> {
  // Once the browser has begun.
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
  refuseUnlessWhole(checkScans(bytes, parts));
}

function refuseUnlessWhole({ missing, garbled }: ScanFindings): void {
  if (garbled) throw damaged('a part of its pixels is lost or garbled');
  if (missing > 0) throw truncated(`${share(missing)} of its pixels are not in the file`);
}

function share(missing: number): string {
  return missing < 0.01 ? 'less than 1 %' : `${Math.round(missing * 100)} %`;
}
