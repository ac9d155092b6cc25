/** GIF (89a): the first frame only. */
import type { RadiographDecoder } from './decoder.ts';
import { damaged, truncated } from '../errors.ts';
import type { PictureHeader } from './header.ts';
import { decodeNatively } from './native.ts';

/** Four bytes a pixel at full size, twice, before it is made smaller. */
const MOST_PIXELS = 50_000_000;

export const gifDecoder: RadiographDecoder = {
  format: 'gif',
  decode(input) {
    return decodeNatively(input, readGif(input.bytes), 'image/gif', MOST_PIXELS);
  },
};

/**
 * Walks the blocks up to the second frame. Many writers leave the trailer away, so only a file that
 * ends inside its first frame counts as cut off.
 * @throws TruncatedPictureError, DamagedPictureError
 */
export function readGif(bytes: Uint8Array): PictureHeader {
  if (bytes.length < 13) throw truncated('the file ends inside its header');
  const width = bytes[6] | (bytes[7] << 8);
  const height = bytes[8] | (bytes[9] << 8);
  let frames = 0;
  for (let at = 13 + colorTableBytes(bytes[10]); frames < 2;) {
    const block = bytes[at];
    if (block === 0x3b || (block === undefined && frames > 0)) break;
    if (block === undefined) throw truncated('the GIF holds no picture');
    if (block === 0x21) {
      at = afterSubBlocks(bytes, at + 2);
    } else if (block === 0x2c) {
      // The first frame must be whole; of a second one it is enough to know that it is there.
      if (frames === 0) at = afterSubBlocks(bytes, at + 11 + colorTableBytes(bytes[at + 9]));
      frames++;
    } else if (frames > 0) {
      break; // trailing bytes that browsers pass over
    } else {
      throw damaged('the parts of the GIF do not follow one another');
    }
  }
  if (frames === 0) throw damaged('the GIF holds no picture');
  return { format: 'gif', width, height, bitsStored: 8, orientation: 1, animated: frames > 1 };
}

function colorTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Data comes in pieces, each led by its length; a length of 0 ends them. */
function afterSubBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at] + 1;
  if (at >= bytes.length) throw truncated('a part of the GIF is missing');
  return at + 1;
}
