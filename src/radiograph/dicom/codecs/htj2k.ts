/** High-Throughput JPEG 2000 (T.814): OpenJPH. Its color transforms are undone: RGB comes out. */
import factory from '@cornerstonejs/codec-openjph/wasmjs';
import wasmUrl from '@cornerstonejs/codec-openjph/wasm?url';
import { cells } from './cells.ts';
import type { Codec } from './codec.ts';
import { frameOf, readCodestream } from './jpeg-2000-header.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

const openjph = wasmCodec<WasmDecoder>(factory, wasmUrl, 'HTJ2KDecoder');

export const codec: Codec = {
  async decode(packed, layout, signal) {
    const stream = readCodestream(packed, layout);
    const data = await openjph.decode(
      stream.bytes,
      (decoder) => cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), stream),
      signal,
    );
    return frameOf(stream, data);
  },
};
