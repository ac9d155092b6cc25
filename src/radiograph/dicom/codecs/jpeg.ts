/**
 * All of the JPEG family that has T.81's markers. Which member it is, the codestream says; the
 * transfer syntax is not always right about it.
 */
import { unreadable } from '../refusals.ts';
import type { Codec } from './codec.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { loaded } from './registry.ts';

export const codec: Codec = {
  async decode(bytes, layout, signal) {
    const { frame, precision } = readJpegHeader(bytes, layout);
    const member = await loaded(memberFor(frame, precision));
    signal?.throwIfAborted();
    return member.decode(bytes, layout, signal);
  },
};

function memberFor(frame: number, precision: number): () => Promise<{ codec: Codec }> {
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
