/**
 * AVIF and HEIC, where this browser decodes them (HEIC: Safari; AVIF: all newer ones), which only a try
 * tells. There is no decoder of our own: docs/formats.md says what was looked at.
 */
import { RadiographError, unsupportedFormat } from '../../errors.ts';
import type { DecodedPicture } from '../../types.ts';
import { decodeToBitmap } from '../canvas.ts';
import type { DecodeInput } from '../decoder.ts';
import { checkSize, type PictureHeader } from '../header.ts';
import { PHONE } from '../other.ts';
import { text } from '../bytes.ts';
import { readHeifSize } from './boxes.ts';
import { opensKnownAvif } from './known-avif.ts';

/** Four bytes a pixel at full size, twice, before it is made smaller. */
const MOST_PIXELS = 50_000_000;

const MOVING = /^(?:avis|msf1|hevc|hevx)$/;

/** @throws RadiographError by name; the signal's reason */
export async function decodeHeif(
  input: DecodeInput,
  format: 'avif' | 'heic',
): Promise<DecodedPicture> {
  if (!(await mayOpen(format))) throw notHere(format);
  const header: PictureHeader = {
    ...readHeifSize(input.bytes),
    ...{ format, bitsStored: 8, orientation: 1, animated: MOVING.test(text(input.bytes, 8, 4)) },
  };
  checkSize(header, MOST_PIXELS);
  try {
    // Not through `ImageDecoder`: browsers differ in whether that turns the picture.
    return await decodeToBitmap(input, header, `image/${format}`);
  } catch (error) {
    input.signal?.throwIfAborted();
    // Nobody can tell a damaged HEIC from one that the browser does not know.
    if (format === 'heic' && error instanceof RadiographError) throw notHere(format);
    throw error;
  }
}

async function mayOpen(format: 'avif' | 'heic'): Promise<boolean> {
  if (typeof createImageBitmap === 'undefined') return false;
  return format === 'heic' || (await opensKnownAvif());
}

function notHere(format: 'avif' | 'heic'): RadiographError {
  return format === 'heic'
    ? unsupportedFormat('a HEIC photo', PHONE)
    : unsupportedFormat('an AVIF picture');
}
