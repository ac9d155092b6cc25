/** Every codec, one line each, loaded when a file needs it. */
import { decoderMissing, RadiographError } from '../../errors.ts';
import type { CodecName } from '../syntaxes.ts';
import type { Codec } from './codec.ts';

const CODECS: Readonly<Record<CodecName, () => Promise<{ codec: Codec }>>> = {
  rle: () => import('./rle.ts'),
  jpeg: () => import('./jpeg.ts'),
  'jpeg-2000': () => import('./jpeg-2000.ts'),
  htj2k: () => import('./htj2k.ts'),
};

/** @throws DecoderMissingError when it is neither on the device nor to be had from the network */
export async function loadCodec(packing: CodecName): Promise<Codec> {
  return loaded(CODECS[packing]);
}

/** @throws DecoderMissingError */
export async function loaded<T>(load: () => Promise<{ codec: T }>): Promise<T> {
  try {
    return (await load()).codec;
  } catch (error) {
    throw error instanceof RadiographError ? error : decoderMissing(error);
  }
}
