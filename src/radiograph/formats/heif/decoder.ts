/** The entries of AVIF and HEIC in the registry: their code comes with the first such file. */
import type { RadiographDecoder } from '../decoder.ts';

const decoderOf = (format: 'avif' | 'heic'): RadiographDecoder => ({
  format,
  async decode(input) {
    const { decodeHeif } = await import('./heif.ts');
    return decodeHeif(input, format);
  },
});

export const avifDecoder = decoderOf('avif');
export const heicDecoder = decoderOf('heic');
