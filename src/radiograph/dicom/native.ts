/** Uncompressed pixels, looked at where they lie in the file; copied only if their order is another. */
import { colorOf, type PlainFrame } from './codecs/codec.ts';
import type { DicomFile } from './dataset.ts';
import { nativeFrame } from './frame.ts';
import type { PixelLayout } from './header.ts';

/** @throws TruncatedPictureError, DamagedPictureError */
export function unpackNative(file: DicomFile, layout: PixelLayout): PlainFrame {
  const bytes = nativeFrame(file, layout);
  const data = samplesOf(bytes, file, layout);
  const { samplesPerPixel, planar, photometric } = layout;
  if (photometric !== 'YBR_FULL_422') {
    return { data, samplesPerPixel, planar, color: colorOf(layout) };
  }
  // Y Y Cb Cr: every other pair is brightness, and nothing else is used.
  const grey = data.filter((_, i) => i % 4 < 2);
  return { data: grey, samplesPerPixel: 1, planar: 0, color: 'ybr' };
}

function samplesOf(
  bytes: Uint8Array<ArrayBuffer>,
  file: DicomFile,
  { bitsAllocated }: PixelLayout,
): Uint8Array | Uint16Array {
  // In big-endian files bytes of OW come in swapped pairs, even where a sample is a single byte.
  const swapped = !file.littleEndian && (bitsAllocated === 16 || file.pixels?.vr === 'OW');
  const own = swapped ? swapPairs(bytes) : bytes;
  if (bitsAllocated === 8) return own;
  const aligned = own.byteOffset % 2 === 0 ? own : own.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length >> 1);
}

function swapPairs(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    out[i] = bytes[i + 1];
    out[i + 1] = bytes[i];
  }
  if (bytes.length % 2 === 1) out[bytes.length - 1] = bytes[bytes.length - 1];
  return out;
}
