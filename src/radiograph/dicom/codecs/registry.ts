/** Every codec, one line each, loaded when a file needs it. */
import { decoderMissing, RadiographError } from '../../errors.ts';
import type { Packing } from '../syntaxes.ts';
import type { Codec } from './codec.ts';

const CODECS: Readonly<Record<Exclude<Packing, 'native'>, () => Promise<{ codec: Codec }>>> = {
  rle: () => import('./rle.ts'),
  jpeg: () => import('./jpeg.ts'),
  'jpeg-2000': () => import('./jpeg-2000.ts'),
  htj2k: () => import('./htj2k.ts'),
};

/** @throws DecoderMissingError when it is neither on the device nor to be had from the network */
export async function loadCodec(packing: Exclude<Packing, 'native'>): Promise<Codec> {
  return loaded(CODECS[packing]);
}

/** @throws DecoderMissingError */
export async function loaded(load: () => Promise<{ codec: Codec }>): Promise<Codec> {
  try {
    return (await load()).codec;
  } catch (error) {
    throw error instanceof RadiographError ? error : decoderMissing(error);
  }
}
