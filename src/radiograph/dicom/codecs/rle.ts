/** RLE (PackBits), DICOM PS3.5 annex G: one segment for each byte of a sample, the highest first. */
import { damaged, truncated } from '../../errors.ts';
import type { PixelLayout } from '../header.ts';
import { checkStream, type Codec, type PlainFrame } from './codec.ts';

const HEADER_BYTES = 64;
const MOST_SEGMENTS = 15;

export const codec: Codec = {
  decode({ bytes, cut }, layout) {
    if (cut) throw truncated('a part of its pixels is missing');
    return decodeRle(bytes, layout);
  },
};

/** How many samples of how many bytes a number of segments makes. */
const SHAPES: Readonly<Record<number, readonly [samplesPerPixel: 1 | 3, bytes: 1 | 2]>> = {
  1: [1, 1],
  2: [1, 2],
  3: [3, 1],
  6: [3, 2],
};

function decodeRle(bytes: Uint8Array, layout: PixelLayout): PlainFrame {
  const { width, height } = layout;
  checkStream({ width, height, components: 1 }, layout);
  const pixels = width * height;
  const starts = segments(bytes);
  if (!Object.hasOwn(SHAPES, starts.length)) {
    throw damaged(`its pixels come in ${starts.length} parts, which make no picture`);
  }
  const [samplesPerPixel, depth] = SHAPES[starts.length];
  // Bytes of each plane where a little-endian reader expects them.
  const out = new Uint8Array(pixels * samplesPerPixel * depth);
  starts.forEach((start, segment) => {
    const plane = Math.floor(segment / depth);
    const byte = depth - 1 - (segment % depth);
    const end = starts[segment + 1] ?? bytes.length;
    unpack(bytes.subarray(start, end), out, plane * pixels * depth + byte, depth, pixels);
  });
  const data = depth === 1 ? out : new Uint16Array(out.buffer);
  return { data, width, height, samplesPerPixel, planar: 1, color: null, loss: 0 };
}

function segments(bytes: Uint8Array): number[] {
  if (bytes.length < HEADER_BYTES) throw truncated('its pixels are missing');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count < 1 || count > MOST_SEGMENTS) throw damaged('its pixels are not what it says');
  const starts = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i, true));
  const ordered = starts.every((start, i) => start > (starts[i - 1] ?? HEADER_BYTES - 1));
  if (!ordered || starts.some((start) => start >= bytes.length)) {
    throw damaged('its pixels do not lie where it says');
  }
  return starts;
}

/** `count` bytes into every `step`-th place from `at`. */
function unpack(
  packed: Uint8Array,
  out: Uint8Array,
  at: number,
  step: number,
  count: number,
): void {
  const end = at + count * step;
  let from = 0;
  while (at < end) {
    if (from >= packed.length) throw truncated('a part of its pixels is missing');
    const control = packed[from++];
    if (control < 128) {
      if (from + control >= packed.length) throw truncated('a part of its pixels is missing');
      for (let i = 0; i <= control && at < end; i++, at += step) out[at] = packed[from + i];
      from += control + 1;
    } else if (control > 128) {
      if (from >= packed.length) throw truncated('a part of its pixels is missing');
      const value = packed[from++];
      for (let i = 0; i < 257 - control && at < end; i++, at += step) out[at] = value;
    }
  }
}
