/**
 * The browser's decoders through WebCodecs' `ImageDecoder`: bytes in memory with no canvas between,
 * so nothing adds noise, applies a color profile or limits the size, and a JPEG's brightness comes
 * as it was stored (its Y plane is Rec. 601 luminance). Safari does not have it.
 */
import { looksColored, looksTransparent, planesColored } from './chroma.ts';
import type { DecodeInput } from './decoder.ts';
import { damaged, outOfMemory } from './errors.ts';
import { orient } from './exif.ts';
import { factsFrom, fittedSize, type Findings, type PictureHeader } from './header.ts';
import { knownJpeg, knownPng, matchesKnown } from './known-pixels.ts';
import { resample } from './resample.ts';
import type { DecodedPicture, PictureSamples } from './types.ts';

type Decoded = { samples: PictureSamples } & Findings;

let trust: Promise<boolean> | undefined;

/** Whether it is there and gives known pixels back exactly; asked once. */
export function imageDecoderIsTrustworthy(): Promise<boolean> {
  trust ??= tryKnownPictures().catch(() => false);
  return trust;
}

async function tryKnownPictures(): Promise<boolean> {
  if (typeof ImageDecoder === 'undefined') return false;
  for (const known of [knownPng, knownJpeg]) {
    const { samples } = await decodeFrame(known.bytes(), known.type);
    if (!matchesKnown(known, samples)) return false;
  }
  return true;
}

/**
 * For a file whose header and structure are checked already.
 * @throws DamagedPictureError, OutOfMemoryError; the signal's reason when stopped
 */
export async function decodeWithImageDecoder(
  { bytes, maxPixels, signal }: DecodeInput,
  header: PictureHeader,
  type: string,
): Promise<DecodedPicture> {
  const { width, height } = header;
  const fitted = fittedSize(width, height, maxPixels);
  const scaled = fitted.width !== width || fitted.height !== height;
  let decoded: Decoded;
  try {
    decoded = await decodeFrame(bytes, type, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RangeError || (error as Error).name === 'QuotaExceededError') {
      throw outOfMemory(error);
    }
    throw damaged('its pixels cannot be unpacked', error);
  }
  signal?.throwIfAborted();
  const { samples, ...found } = decoded;
  const upright = orient(scaled ? reduce(samples, fitted) : samples, header.orientation);
  const facts = factsFrom(header, upright.width, upright.height, found);
  return { kind: 'samples', samples: upright, facts };
}

/** Sixteen bits hold the averages better than eight would. */
function reduce(samples: PictureSamples, to: { width: number; height: number }): PictureSamples {
  const floats = resample(samples, to.width, to.height);
  const data = new Uint16Array(floats.length);
  for (let i = 0; i < data.length; i++) data[i] = floats[i] * 65535 + 0.5;
  return { ...to, layout: 'grey', data, white: 65535 };
}

async function decodeFrame(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  signal?: AbortSignal,
): Promise<Decoded> {
  const decoder = new ImageDecoder({
    data: bytes,
    type,
    colorSpaceConversion: 'none',
    preferAnimation: false,
  });
  const stop = () => decoder.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const { image } = await decoder.decode({ frameIndex: 0, completeFramesOnly: true });
    try {
      return await readFrame(image);
    } finally {
      image.close();
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    decoder.close();
  }
}

/** Planar YUV gives its first plane; anything else is asked for as it is, or as RGBA. */
async function readFrame(frame: VideoFrame): Promise<Decoded> {
  const rect = frame.visibleRect;
  if (!rect) throw new TypeError('The frame was closed');
  const { width, height } = rect;
  const planar = /^(I420|I422|I444|NV12)$/.test(frame.format ?? '');
  const native = planar || /^(RGB|BGR)[AX]$/.test(frame.format ?? '');
  const options: VideoFrameCopyToOptions = native ? {} : { format: 'RGBA' };
  const data = new Uint8Array(frame.allocationSize(options));
  const [plane, ...others] = await frame.copyTo(data, options);
  if (!planar) {
    const named = (native ? frame.format : 'RGBA')?.toLowerCase() ?? '';
    const packed = unpad(data, plane, width * 4, height);
    const transparent = named.endsWith('a') && looksTransparent(packed);
    const layout = `${named.slice(0, 3)}${transparent ? 'a' : 'x'}` as PictureSamples['layout'];
    const samples: PictureSamples = { width, height, layout, data: packed, white: 255 };
    return { samples, transparent, colored: looksColored(packed) };
  }
  const luma = unpad(data, plane, width, height);
  const grey = { width, height, layout: 'grey' } as const;
  const samples: PictureSamples =
    frame.colorSpace.fullRange === false
      ? { ...grey, data: fullRange(luma), white: 65535 }
      : { ...grey, data: luma, white: 255 };
  return { samples, transparent: false, colored: planesColored(data, others) };
}

function unpad(data: Uint8Array, plane: PlaneLayout, rowBytes: number, rows: number): Uint8Array {
  if (plane.stride === rowBytes) return data.subarray(plane.offset, plane.offset + rowBytes * rows);
  const packed = new Uint8Array(rowBytes * rows);
  for (let y = 0; y < rows; y++) {
    const from = plane.offset + y * plane.stride;
    packed.set(data.subarray(from, from + rowBytes), y * rowBytes);
  }
  return packed;
}

/** Video range (16 … 235, as WebP stores it) → 0 … 65535. */
function fullRange(luma: Uint8Array): Uint16Array {
  const table = Uint16Array.from({ length: 256 }, (_, v) =>
    Math.round((Math.min(Math.max(v - 16, 0), 219) / 219) * 65535),
  );
  const wide = new Uint16Array(luma.length);
  for (let i = 0; i < wide.length; i++) wide[i] = table[luma[i]];
  return wide;
}
