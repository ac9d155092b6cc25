/** TIFF's entry in the registry: nothing of it is loaded before the first file that needs it. */
import type { RadiographDecoder } from '../decoder.ts';

export const tiffDecoder: RadiographDecoder = {
  format: 'tiff',
  async decode(input) {
    const { decodeTiff } = await import('./tiff.ts');
    return decodeTiff(input);
  },
};
