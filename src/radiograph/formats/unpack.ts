/**
 * Packed bytes as TIFF and PDF have them → unpacked ones, never more than there is room for: a few
 * packed bytes may claim gigabytes.
 */
import { Inflate } from 'fflate';
import { damaged, truncated } from '../errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Inflating is asked this often whether the block is full. */
const INFLATE_STEP = 16_384;

/**
 * @param room bytes of the whole block
 * @returns what is there, at most `room` bytes
 * @throws DamagedPictureError
 */
export type Unpack = (packed: Bytes, room: number) => Bytes;

export const asIs: Unpack = (packed, room) => packed.subarray(0, room);

/** Zlib (RFC 1950), or bare deflate as a few writers have it. */
export const inflate: Unpack = (packed, room) => {
  const out = new Uint8Array(room);
  let filled = 0;
  const stream = new Inflate((part) => {
    const taken = part.subarray(0, room - filled);
    out.set(taken, filled);
    filled += taken.length;
  });
  const zlib = (packed[0] & 15) === 8 && ((packed[0] << 8) | packed[1]) % 31 === 0;
  try {
    for (let at = zlib ? 2 : 0; at < packed.length && filled < room; at += INFLATE_STEP) {
      // Never told of the end: a stream that lost its last bytes still gives what it has.
      stream.push(packed.subarray(at, at + INFLATE_STEP), false);
    }
  } catch (error) {
    throw damaged('a part of its pixels cannot be unpacked', error);
  }
  return out.subarray(0, filled);
};

/** TIFF 6.0, section 9. */
export const unpackBits: Unpack = (packed, room) => {
  const out = new Uint8Array(room);
  let to = 0;
  for (let at = 0; at < packed.length && to < room;) {
    const head = packed[at++];
    if (head < 128) {
      const part = packed.subarray(at, at + Math.min(head + 1, room - to));
      out.set(part, to);
      to += part.length;
      at += head + 1;
    } else if (head > 128 && at < packed.length) {
      const end = Math.min(room, to + 257 - head);
      out.fill(packed[at++], to, end);
      to = end;
    }
  }
  return out.subarray(0, to);
};

const CLEAR = 256;
const END = 257;
const MOST_CODES = 4096;

/**
 * TIFF 6.0, section 13: codes of 9 to 12 bits, the highest bit first. Each entry of the table is where
 * its bytes already stand in what was unpacked, so that nothing is copied twice.
 */
export const unpackLzw: Unpack = (packed, room) => {
  const out = new Uint8Array(room);
  const places = new Uint32Array(MOST_CODES);
  const lengths = new Uint16Array(MOST_CODES);
  let to = 0;
  let next = END + 1;
  let width = 9;
  // Where the bytes of the code before stand; length 0: there is none.
  let place = 0;
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let at = 0; to < room;) {
    while (held < width && at < packed.length) {
      bits = ((bits << 8) | packed[at++]) & 0xff_ffff;
      held += 8;
    }
    if (held < width) break;
    held -= width;
    const code = (bits >> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = END + 1;
      width = 9;
      length = 0;
      continue;
    }
    const from = to;
    if (code < CLEAR) {
      out[to++] = code;
    } else if (code < next) {
      to = repeat(out, places[code], lengths[code], to);
    } else if (code === next && length > 0) {
      to = repeat(out, place, length, to);
      if (to < room) out[to++] = out[from];
    } else {
      throw damaged('a part of its pixels cannot be unpacked');
    }
    if (length > 0 && next < MOST_CODES) {
      // The bytes before and the first of these stand beside each other already.
      places[next] = place;
      lengths[next] = length + 1;
      next++;
      // One code earlier than GIF.
      if (next === (1 << width) - 1 && width < 12) width++;
    }
    place = from;
    length = to - from;
  }
  return out.subarray(0, to);
};

/** Byte by byte: the two places may overlap. */
function repeat(out: Uint8Array, from: number, length: number, to: number): number {
  const end = Math.min(out.length, to + length);
  for (let at = to; at < end; at++) out[at] = out[from + at - to];
  return end;
}

/** @throws TruncatedPictureError where the block lacks bytes that the picture needs */
export function checkFilled(block: Uint8Array, needed: number): void {
  if (block.length < needed) throw truncated('a part of its pixels is missing');
}
