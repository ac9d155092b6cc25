/** JPEG lossless (T.81 annex H), every predictor, in plain JavaScript. */
import { Decoder } from 'jpeg-lossless-decoder-js';
import { damaged, truncated } from '../../errors.ts';
import { unreadable } from '../refusals.ts';
import type { JpegMember } from './jpeg.ts';

const SPARE = 4;

/** The standard halves downward (T.81 table H.1); the package keeps a half, which shows at 16 bits. */
class WholeDecoder extends Decoder {
  override select7(component?: number): number {
    return (this.getPreviousX(component) + this.getPreviousY(component)) >> 1;
  }
}

export const codec: JpegMember = {
  decode({ bytes, precision, components, width, height, endMissing }) {
    if (components === 3 && precision > 8) throw unreadable('color of more than 8 bits a sample');
    const stream = withSpareBits(bytes);
    const decoder = new WholeDecoder();
    let data: Uint8Array | Uint16Array;
    try {
      data = decoder.decode(stream.buffer, 0, stream.length, precision > 8 ? 2 : 1);
    } catch (error) {
      throw damaged('its compressed pixels cannot be unpacked', error);
    }
    // It stops at a marker wherever that comes.
    if (decoder.yLoc < height) {
      throw endMissing
        ? truncated('the end of its pixels is missing')
        : damaged('its compressed pixels end too early');
    }
    const samplesPerPixel = components === 3 ? 3 : 1;
    return {
      ...{ data, width, height, samplesPerPixel, planar: 0, color: null },
      ...{ bits: precision, loss: 0 },
    };
  },
};

/**
 * It reads ahead, and takes the end marker for an end even where the last samples are already read
 * in: a few bytes before the marker let it finish.
 */
function withSpareBits(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let end = bytes.length;
  while (end > 2 && !(bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9)) end--;
  const stream = new Uint8Array(end + SPARE);
  stream.set(bytes.subarray(0, end - 2));
  stream.set([0xff, 0xd9], stream.length - 2);
  return stream;
}
