/** The browser's own decoders: `ImageDecoder` where it can be trusted, else through a bitmap. */
import { decodeToBitmap } from './canvas.ts';
import type { DecodeInput } from './decoder.ts';
import { checkSize, type PictureHeader } from './header.ts';
import { decodeWithImageDecoder, imageDecoderIsTrustworthy } from './image-decoder.ts';
import type { DecodedPicture } from '../types.ts';

/**
 * `mostPixels`: what may be decoded at full size on the way to a smaller picture.
 * @throws PictureTooLargeError, DamagedPictureError, OutOfMemoryError
 */
export async function decodeNatively(
  input: DecodeInput,
  header: PictureHeader,
  type: string,
  mostPixels: number,
): Promise<DecodedPicture> {
  checkSize(header, mostPixels);
  return (await imageDecoderIsTrustworthy())
    ? decodeWithImageDecoder(input, header, type)
    : decodeToBitmap(input, header, type);
}
