/** BMP, as old scanner software writes it. */
import type { RadiographDecoder } from './decoder.ts';
import { damaged, truncated, unsupportedVariant } from '../errors.ts';
import type { PictureHeader } from './header.ts';
import { decodeNatively } from './native.ts';

/** Four bytes a pixel at full size, twice, before it is made smaller. */
const MOST_PIXELS = 50_000_000;

export const bmpDecoder: RadiographDecoder = {
  format: 'bmp',
  decode(input) {
    return decodeNatively(input, readBmp(input.bytes), 'image/bmp', MOST_PIXELS);
  },
};

/** Uncompressed rows, plain or with bit masks. */
const UNCOMPRESSED = [0, 3, 6];

/** @throws TruncatedPictureError, DamagedPictureError, UnsupportedVariantError */
export function readBmp(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw truncated('the file ends inside its header');
  const pixelsAt = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  if (bytes.length < 14 + headerBytes) throw truncated('the file ends inside its header');
  const old = headerBytes === 12;
  // A damaged header may claim less than what is read of it.
  if (!old && bytes.length < 34) throw truncated('the file ends inside its header');
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  // A negative height means that the rows run from the top.
  const height = old ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? 0 : view.getUint32(30, true);
  if (width < 1 || height < 1) throw damaged('it has no width or no height');
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw damaged('the BMP header is wrong');
  if (compression === 4 || compression === 5) {
    throw unsupportedVariant('a BMP with another format inside');
  }
  if (UNCOMPRESSED.includes(compression)) {
    const rowBytes = Math.ceil((width * bits) / 32) * 4;
    // Some writers leave the padding of the last row away.
    const needed = pixelsAt + rowBytes * (height - 1) + Math.ceil((width * bits) / 8);
    if (needed > bytes.length) throw truncated('a part of the BMP is missing');
  }
  return { format: 'bmp', width, height, bitsStored: 8, orientation: 1, animated: false };
}
