/** What a decoder is. One file each, one line each in registry.ts. */
import type { DecodedPicture, DecodePurpose, RadiographFormat } from '../types.ts';

export interface DecodeInput {
  /** The whole file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Pictures with more pixels are scaled while decoding. */
  readonly maxPixels: number;
  readonly signal?: AbortSignal;
  /** See `DecodeOptions`; only DICOM looks at these three. */
  readonly frame?: number;
  readonly purpose?: DecodePurpose;
  readonly readAnyway?: boolean;
}

export interface RadiographDecoder {
  readonly format: RadiographFormat;
  /**
   * Reads and checks the header before anything is allocated, then decodes.
   * @throws RadiographError by name; the signal's reason when stopped
   */
  decode(input: DecodeInput): Promise<DecodedPicture>;
}
