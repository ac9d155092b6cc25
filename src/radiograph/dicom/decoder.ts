/** DICOM's entry in the registry: nothing of it is loaded before the first file that needs it. */
import type { RadiographDecoder } from '../formats/decoder.ts';

export const dicomDecoder: RadiographDecoder = {
  format: 'dicom',
  async decode(input) {
    const { decodeDicom } = await import('./read.ts');
    return decodeDicom(input);
  },
};
