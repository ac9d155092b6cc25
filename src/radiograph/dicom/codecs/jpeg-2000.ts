/** JPEG 2000 (T.800), lossless and lossy: OpenJPEG. Its color transforms are undone: RGB comes out. */
import factory from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import wasmUrl from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import { cells } from './cells.ts';
import { colorAfterTransform, type Codec } from './codec.ts';
import { codestream } from './jpeg-2000-header.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

const openjpeg = wasmCodec<WasmDecoder>(factory, wasmUrl, 'J2KDecoder');

export const codec: Codec = {
  async decode(bytes, layout, signal) {
    const data = await openjpeg.decode(
      codestream(bytes, layout),
      (decoder) => cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), layout),
      signal,
    );
    const { samplesPerPixel } = layout;
    return { data, samplesPerPixel, planar: 0, color: colorAfterTransform(layout) };
  },
};
