/**
 * The browser's decoders through WebCodecs' `ImageDecoder`: bytes in memory with no canvas between,
 * so nothing adds noise, applies a color profile or limits the size, and a JPEG's brightness comes
 * as it was stored (its Y plane is Rec. 601 luminance). Safari does not have it.
 */
import { looksColored, looksTransparent, planesColored } from '../pixels/chroma.ts';
import type { DecodeInput } from './decoder.ts';
import { damaged, isOutOfMemory, outOfMemory } from '../errors.ts';
import { orient, withoutTurning } from './exif.ts';
import { factsFrom, fittedSize, type Findings, type PictureHeader } from './header.ts';
import { dimmed, knownAlphaPng, knownJpeg, knownPng, matchesKnown } from './known-pixels.ts';
import type { KnownPicture } from './known-pixels.ts';
import { resample } from '../pixels/resample.ts';
import type { DecodedPicture, PictureSamples } from '../types.ts';

type Decoded = { samples: PictureSamples } & Findings;

/** Firefox gives colors that its alpha has dimmed already, Chromium gives them as stored. */
type Alpha = 'straight' | 'premultiplied';

let trust: Promise<Alpha | null> | undefined;

/** Whether it is there and gives known pixels back exactly; asked once. */
export async function imageDecoderIsTrustworthy(): Promise<boolean> {
  return (await alphaKind()) !== null;
}

function alphaKind(): Promise<Alpha | null> {
  trust ??= tryKnownPictures().catch(() => null);
  return trust;
}

async function tryKnownPictures(): Promise<Alpha | null> {
  if (typeof ImageDecoder === 'undefined') return null;
  const given = async (known: KnownPicture) =>
    (await decodeFrame(known.bytes(), known.type, 'straight')).samples;
  for (const known of [knownPng, knownJpeg]) {
    if (!matchesKnown(known, await given(known))) return null;
  }
  const transparent = await given(knownAlphaPng);
  if (matchesKnown(knownAlphaPng, transparent)) return 'straight';
  return matchesKnown(dimmed(knownAlphaPng), transparent) ? 'premultiplied' : null;
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
    const alpha = (await alphaKind()) ?? 'straight';
    decoded = await decodeFrame(withoutTurning(bytes, header), type, alpha, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (isOutOfMemory(error)) throw outOfMemory(error);
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
  alpha: Alpha,
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
      return await readFrame(image, alpha);
    } finally {
      image.close();
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    decoder.close();
  }
}

/** Planar YUV gives its first plane; anything else is asked for as it is, or as RGBA. */
async function readFrame(frame: VideoFrame, alpha: Alpha): Promise<Decoded> {
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
    // Dimmed by its alpha already: that is the picture over black, as it is to be.
    const last = transparent && alpha === 'straight' ? 'a' : 'x';
    const layout = `${named.slice(0, 3)}${last}` as PictureSamples['layout'];
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
