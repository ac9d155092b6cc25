/** PDF's entry in the registry: nothing of it is loaded before the first file that needs it. */
import type { RadiographDecoder } from '../decoder.ts';

export const pdfDecoder: RadiographDecoder = {
  format: 'pdf',
  async decode(input) {
    const { decodePdf } = await import('./pdf.ts');
    return decodePdf(input);
  },
};
