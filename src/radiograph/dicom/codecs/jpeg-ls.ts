/** JPEG-LS (T.87), lossless and near-lossless: CharLS. */
import factory from '@cornerstonejs/codec-charls/decodewasmjs';
import wasmUrl from '@cornerstonejs/codec-charls/decodewasm?url';
import { colorOf, type Codec } from './codec.ts';
import { cells } from './cells.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

interface JpegLsDecoder extends WasmDecoder {
  /** 0: one plane after the other; 1 and 2: by pixel. */
  getInterleaveMode(): number;
}

const charls = wasmCodec<JpegLsDecoder>(factory, wasmUrl, 'JpegLSDecoder');

export const codec: Codec = {
  async decode(bytes, layout, signal) {
    const { data, planar } = await charls.decode(
      bytes,
      (decoder) => ({
        data: cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), layout),
        planar: decoder.getInterleaveMode() === 0 ? (1 as const) : (0 as const),
      }),
      signal,
    );
    return { data, samplesPerPixel: layout.samplesPerPixel, planar, color: colorOf(layout) };
  },
};
