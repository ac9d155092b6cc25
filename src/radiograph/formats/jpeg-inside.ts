/**
 * A JPEG or JPEG 2000 stream that another file wraps (TIFF, PDF), unpacked by the decoders that DICOM
 * has: they find out what is missing and never use the browser's.
 */
import { loadCodec } from '../dicom/codecs/registry.ts';
import type { PlainFrame } from '../dicom/codecs/codec.ts';
import type { PixelLayout } from '../dicom/header.ts';

/** What the wrapping file says; the stream's own facts count. */
export interface WrappedStream {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: number;
  /** What three samples mean, for streams that do not say so themselves. */
  readonly color: 'rgb' | 'ybr';
}

/** @throws RadiographError by name; the signal's reason */
export async function unpackStream(
  packing: 'jpeg' | 'jpeg-2000',
  bytes: Uint8Array<ArrayBuffer>,
  said: WrappedStream,
  signal?: AbortSignal,
): Promise<PlainFrame> {
  const codec = await loadCodec(packing);
  signal?.throwIfAborted();
  const { width, height, samples, bits } = said;
  const layout: PixelLayout = {
    ...{ width, height, frames: 1, planar: 0, signed: false },
    samplesPerPixel: samples >= 3 ? 3 : 1,
    photometric: samples < 3 ? 'MONOCHROME2' : said.color === 'rgb' ? 'RGB' : 'YBR_FULL',
    bitsAllocated: bits > 8 ? 16 : 8,
    bitsStored: bits,
    highBit: bits - 1,
  };
  return codec.decode({ packing, bytes, cut: false }, layout, signal);
}
