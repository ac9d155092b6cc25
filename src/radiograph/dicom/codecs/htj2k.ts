/** High-Throughput JPEG 2000 (T.814): OpenJPH. Its color transforms are undone: RGB comes out. */
import factory from '@cornerstonejs/codec-openjph/wasmjs';
import wasmUrl from '@cornerstonejs/codec-openjph/wasm?url';
import { cells } from './cells.ts';
import { colorAfterTransform, type Codec } from './codec.ts';
import { codestream } from './jpeg-2000-header.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

const openjph = wasmCodec<WasmDecoder>(factory, wasmUrl, 'HTJ2KDecoder');

export const codec: Codec = {
  async decode(bytes, layout, signal) {
    const data = await openjph.decode(
      codestream(bytes, layout),
      (decoder) => cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), layout),
      signal,
    );
    const { samplesPerPixel } = layout;
    return { data, samplesPerPixel, planar: 0, color: colorAfterTransform(layout) };
  },
};
