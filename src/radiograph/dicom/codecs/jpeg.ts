/**
 * All of the JPEG family that has T.81's markers. Which member it is, the codestream says; the
 * transfer syntax is not always right about it.
 */
import type { PixelLayout } from '../header.ts';
import { unreadable } from '../refusals.ts';
import type { Codec, PlainFrame } from './codec.ts';
import { readJpegStream, type JpegStream } from './jpeg-header.ts';
import { loaded } from './registry.ts';

/** One kind of JPEG. */
export interface JpegMember {
  /** @throws TruncatedPictureError, DamagedPictureError, UnsupportedVariantError */
  decode(
    stream: JpegStream,
    layout: PixelLayout,
    signal?: AbortSignal,
  ): Promise<PlainFrame> | PlainFrame;
}

export const codec: Codec = {
  async decode(packed, layout, signal) {
    const stream = readJpegStream(packed, layout);
    const member = await loaded(memberFor(stream));
    signal?.throwIfAborted();
    const frame = await member.decode(stream, layout, signal);
    return stream.endMissing ? { ...frame, endMissing: true } : frame;
  },
};

function memberFor({ frame, precision }: JpegStream): () => Promise<{ codec: JpegMember }> {
  switch (frame) {
    case 0xc0:
    case 0xc1:
      if (precision === 8) return () => import('./jpeg-8bit.ts');
      if (precision === 12) return () => import('./jpeg-12bit.ts');
      break;
    case 0xc2:
      if (precision === 8) return () => import('./jpeg-8bit.ts');
      break;
    case 0xc3:
      return () => import('./jpeg-lossless.ts');
    case 0xf7:
      return () => import('./jpeg-ls.ts');
    default:
  }
  throw unreadable('a rare kind of JPEG (progressive of 12 bits, hierarchical, or arithmetic)');
}
