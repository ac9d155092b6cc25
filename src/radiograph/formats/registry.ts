/** Every decoder, one line each. */
import { bmpDecoder } from './bmp.ts';
import type { RadiographDecoder } from './decoder.ts';
import { dicomDecoder } from '../dicom/decoder.ts';
import { gifDecoder } from './gif.ts';
import { avifDecoder, heicDecoder } from './heif/decoder.ts';
import { jpegDecoder } from './jpeg/jpeg.ts';
import { pdfDecoder } from './pdf/decoder.ts';
import { pngDecoder } from './png/png.ts';
import { tiffDecoder } from './tiff/decoder.ts';
import type { RadiographFormat } from '../types.ts';
import { webpDecoder } from './webp.ts';

const DECODERS: Readonly<Record<RadiographFormat, RadiographDecoder>> = {
  png: pngDecoder,
  jpeg: jpegDecoder,
  webp: webpDecoder,
  bmp: bmpDecoder,
  gif: gifDecoder,
  tiff: tiffDecoder,
  avif: avifDecoder,
  heic: heicDecoder,
  pdf: pdfDecoder,
  dicom: dicomDecoder,
};

export function decoderFor(format: RadiographFormat): RadiographDecoder {
  return DECODERS[format];
}
