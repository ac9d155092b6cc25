/** JPEG-LS (T.87), lossless and near-lossless: CharLS. */
import factory from '@cornerstonejs/codec-charls/decodewasmjs';
import wasmUrl from '@cornerstonejs/codec-charls/decodewasm?url';
import { cells } from './cells.ts';
import type { JpegMember } from './jpeg.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

interface JpegLsDecoder extends WasmDecoder {
  /** 0: one plane after the other; 1 and 2: by pixel. */
  getInterleaveMode(): number;
}

const charls = wasmCodec<JpegLsDecoder>(factory, wasmUrl, 'JpegLSDecoder');

export const codec: JpegMember = {
  async decode(stream, _layout, signal) {
    const { data, planar } = await charls.decode(
      stream.bytes,
      (decoder) => ({
        data: cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), stream),
        planar: decoder.getInterleaveMode() === 0 ? (1 as const) : (0 as const),
      }),
      signal,
    );
    const { width, height, components, precision, near } = stream;
    const samplesPerPixel = components === 3 ? 3 : 1;
    return {
      ...{ data, width, height, samplesPerPixel, planar, color: null },
      ...{ bits: precision, loss: near },
    };
  },
};
