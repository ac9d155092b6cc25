/**
 * The way through `createImageBitmap` and a canvas, where there is no `ImageDecoder`: the bitmap
 * can go to the GPU untouched; the canvas is only needed to have its pixels as numbers.
 */
import { looksColored, looksTransparent } from '../pixels/chroma.ts';
import type { DecodeInput } from './decoder.ts';
import { damaged } from '../errors.ts';
import { orient, withoutTurning } from './exif.ts';
import { factsFrom, fittedSize, type PictureHeader } from './header.ts';
import { knownNoise, knownPng, matchesKnown } from './known-pixels.ts';
import type { DecodedPicture, PictureSamples } from '../types.ts';

/** Straight values as stored: no color profile, no premultiplied alpha. */
const AS_STORED: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
};

let trust: Promise<boolean> | undefined;

/**
 * Whether a canvas gives back exactly what was drawn on it; asked once. Some browsers add noise
 * against fingerprinting (Firefox with that protection on, Brave), some apply color management.
 */
export function canvasIsTrustworthy(): Promise<boolean> {
  trust ??= tryKnownPictures().catch(() => false);
  return trust;
}

async function tryKnownPictures(): Promise<boolean> {
  const png = await createImageBitmap(
    new Blob([knownPng.bytes()], { type: knownPng.type }),
    AS_STORED,
  );
  const exact = matchesKnown(knownPng, readBitmap(png));
  png.close();
  if (!exact) return false;
  // Noise touches few pixels: a larger picture with many values meets it.
  const noise = knownNoise();
  const bitmap = await createImageBitmap(noise, AS_STORED);
  const { data } = readBitmap(bitmap);
  bitmap.close();
  return data.every((value, i) => value === noise.data[i]);
}

/**
 * For a file whose header and structure are checked already. A picture that has to be turned comes
 * as samples: a bitmap cannot be turned without a canvas anyway.
 * @throws DamagedPictureError; the signal's reason when stopped
 */
export async function decodeToBitmap(
  { bytes, maxPixels, signal }: DecodeInput,
  header: PictureHeader,
  type: string,
): Promise<DecodedPicture> {
  const fitted = fittedSize(header.width, header.height, maxPixels);
  const options: ImageBitmapOptions =
    fitted.width === header.width && fitted.height === header.height
      ? AS_STORED
      : {
          ...AS_STORED,
          resizeWidth: fitted.width,
          resizeHeight: fitted.height,
          resizeQuality: 'high',
        };
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([withoutTurning(bytes, header)], { type }), options);
  } catch (error) {
    signal?.throwIfAborted();
    throw damaged('its pixels cannot be unpacked', error);
  }
  if (signal?.aborted) bitmap.close();
  signal?.throwIfAborted();
  const { colored, transparent } = look(bitmap);
  const found = {
    colored,
    // A JPEG has none; a scaled bitmap may have edges that are a trace transparent.
    transparent: transparent && header.format !== 'jpeg',
    approximate: !(await canvasIsTrustworthy()),
  };
  if (header.orientation !== 1) {
    const samples = orient(readBitmap(bitmap), header.orientation);
    bitmap.close();
    return {
      kind: 'samples',
      samples,
      facts: factsFrom(header, samples.width, samples.height, found),
    };
  }
  const facts = factsFrom(header, bitmap.width, bitmap.height, found);
  return { kind: 'bitmap', bitmap, facts };
}

const GLANCE = 64;

/** Color and transparency, from a small copy. */
function look(bitmap: ImageBitmap): { colored: boolean; transparent: boolean } {
  const context = new OffscreenCanvas(GLANCE, GLANCE).getContext('2d', {
    willReadFrequently: true,
  });
  if (!context) return { colored: false, transparent: false };
  context.drawImage(bitmap, 0, 0, GLANCE, GLANCE);
  const data = new Uint8Array(context.getImageData(0, 0, GLANCE, GLANCE).data.buffer);
  return { colored: looksColored(data), transparent: looksTransparent(data) };
}

/** iOS gives canvases no more than 16.7 million pixels: larger bitmaps are read in strips. */
const STRIP_PIXELS = 4_000_000;

/** The bitmap's pixels, transparency already over black. The bitmap stays open. */
export function readBitmap(bitmap: ImageBitmap): PictureSamples {
  const { width, height } = bitmap;
  const data = new Uint8Array(width * height * 4);
  const stripRows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
  const context = new OffscreenCanvas(width, stripRows).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  if (!context) throw new Error('This browser gives no 2D canvas');
  for (let top = 0; top < height; top += stripRows) {
    const rows = Math.min(stripRows, height - top);
    context.fillRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, top, width, rows, 0, 0, width, rows);
    data.set(context.getImageData(0, 0, width, rows).data, top * width * 4);
  }
  return { width, height, layout: 'rgbx', data, white: 255 };
}
