/** JPEG of 8 bits: libjpeg-turbo. Color comes out as RGB. */
import factory from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import wasmUrl from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import { damaged, truncated } from '../../errors.ts';
import { readJpegParts } from '../../formats/jpeg/jpeg-parts.ts';
import { checkScans } from '../../formats/jpeg/jpeg-scan.ts';
import type { PixelLayout } from '../header.ts';
import { cells } from './cells.ts';
import type { JpegMember } from './jpeg.ts';
import type { JpegStream } from './jpeg-header.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

const turbo = wasmCodec<WasmDecoder>(factory, wasmUrl, 'JPEGDecoder');

export const codec: JpegMember = {
  async decode(stream, layout, signal) {
    if (stream.endMissing) checkWhole(stream);
    const data = await turbo.decode(
      withColors(stream, layout),
      (decoder) => cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), stream),
      signal,
    );
    const { width, height, components } = stream;
    const samplesPerPixel = components === 3 ? 3 : 1;
    return {
      ...{ data, width, height, samplesPerPixel, planar: 0, color: 'rgb', bits: 8 },
      loss: 'unknown',
    };
  },
};

/** libjpeg fills what is missing with gray; without an end mark the codes themselves have to show it. */
function checkWhole({ bytes }: JpegStream): void {
  const { missing, garbled } = checkScans(bytes, readJpegParts(bytes));
  if (garbled) throw damaged('a part of its pixels is lost or garbled');
  if (missing > 0) throw truncated('the end of its pixels is missing');
}

/**
 * libjpeg guesses the colors of a stream that does not name them; its components or the DICOM header
 * know. An Adobe marker (transform 0: RGB, 1: YCbCr) tells it.
 */
function withColors(stream: JpegStream, layout: PixelLayout): Uint8Array<ArrayBuffer> {
  const { bytes, components, color, marked } = stream;
  if (components === 1 || marked) return bytes;
  const transform = (color ?? (layout.photometric === 'RGB' ? 'rgb' : 'ybr')) === 'rgb' ? 0 : 1;
  const adobe = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform];
  const named = new Uint8Array(bytes.length + adobe.length);
  named.set(bytes.subarray(0, 2));
  named.set(adobe, 2);
  named.set(bytes.subarray(2), 2 + adobe.length);
  return named;
}
