/** JPEG 2000 (T.800), lossless and lossy: OpenJPEG. Its color transforms are undone: RGB comes out. */
import factory from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import wasmUrl from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import { cells } from './cells.ts';
import type { Codec } from './codec.ts';
import { frameOf, readCodestream, type CodestreamFacts } from './jpeg-2000-header.ts';
import { wasmCodec, type WasmDecoder } from './wasm.ts';

const openjpeg = wasmCodec<WasmDecoder>(factory, wasmUrl, 'J2KDecoder');

export const codec: Codec = {
  async decode(packed, layout, signal) {
    const stream = readCodestream(packed, layout);
    const small = signedByte(stream);
    const data = await openjpeg.decode(
      small ? withoutSign(stream.bytes) : stream.bytes,
      (decoder) => cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), stream),
      signal,
    );
    if (small) for (let i = 0; i < data.length; i++) data[i] ^= 1 << (small - 1);
    return frameOf(stream, data);
  },
};

/** Ssiz of the first component in SIZ (T.800 A.5.1): the sign, and the precision less one. */
const SSIZ = 42;

/**
 * The precision of a grey stream with signed samples of up to 8 bits, else 0. The package's decoder
 * cuts their negative values off; as unsigned ones, which lie half the range higher, they come whole.
 */
function signedByte({ precision, signed, components }: CodestreamFacts): number {
  return signed && precision <= 8 && components === 1 ? precision : 0;
}

function withoutSign(stream: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = stream.slice();
  copy[SSIZ] &= 0x7f;
  return copy;
}
