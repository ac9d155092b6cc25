/** JPEG of 8 bits: libjpeg-turbo. Color comes out as RGB. */
import factory from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import wasmUrl from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import type { PixelLayout } from '../header.ts';
import { cells } from './cells.ts';
import type { Codec } from './codec.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

const turbo = wasmCodec<WasmDecoder>(factory, wasmUrl, 'JPEGDecoder');

export const codec: Codec = {
  async decode(bytes, layout, signal) {
    const stream = withColors(bytes, layout);
    const data = await turbo.decode(
      stream,
      (decoder) => cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), layout),
      signal,
    );
    const { samplesPerPixel } = layout;
    return { data, samplesPerPixel, planar: 0, color: 'rgb' };
  },
};

/**
 * libjpeg guesses the colors of a stream that does not name them; the DICOM header knows. An Adobe
 * marker (transform 0: RGB, 1: YCbCr) tells it.
 */
function withColors(bytes: Uint8Array<ArrayBuffer>, layout: PixelLayout): Uint8Array<ArrayBuffer> {
  if (layout.samplesPerPixel === 1 || readJpegHeader(bytes, layout).namesColors) return bytes;
  const transform = layout.photometric === 'RGB' ? 0 : 1;
  const adobe = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform];
  const named = new Uint8Array(bytes.length + adobe.length);
  named.set(bytes.subarray(0, 2));
  named.set(adobe, 2);
  named.set(bytes.subarray(2), 2 + adobe.length);
  return named;
}
