/** Every decoder, one line each. */
import { bmpDecoder } from './bmp.ts';
import type { RadiographDecoder } from './decoder.ts';
import { gifDecoder } from './gif.ts';
import { jpegDecoder } from './jpeg.ts';
import { pngDecoder } from './png.ts';
import type { RadiographFormat } from './types.ts';
import { webpDecoder } from './webp.ts';

const DECODERS: readonly RadiographDecoder[] = [
  pngDecoder,
  jpegDecoder,
  webpDecoder,
  bmpDecoder,
  gifDecoder,
];

/** Undefined for a format that is known and has no decoder yet (DICOM). */
export function decoderFor(format: RadiographFormat): RadiographDecoder | undefined {
  return DECODERS.find((decoder) => decoder.format === format);
}
