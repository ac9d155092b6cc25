/** A decoded picture as facts, as numbers, as a thumbnail. */
import { readBitmap } from '../formats/canvas.ts';
import { LUMINANCE } from './luminance.ts';
import { resample, type ResampleSource } from './resample.ts';
import type { DecodedPicture, PictureSamples, Radiograph, RadiographFacts } from '../types.ts';

export function factsOf(picture: DecodedPicture): RadiographFacts {
  if (picture.kind !== 'pixels') return picture.facts;
  const facts: RadiographFacts & { pixels?: unknown } = { ...picture.radiograph };
  delete facts.pixels;
  return facts;
}

/** Frees a bitmap; the other kinds need nothing. */
export function closePicture(picture: DecodedPicture): void {
  if (picture.kind === 'bitmap') picture.bitmap.close();
}

/** The numbers: row-major floats 0 … 1. A bitmap is closed by it. */
export async function toRadiograph(picture: DecodedPicture): Promise<Radiograph> {
  switch (picture.kind) {
    case 'pixels':
      return picture.radiograph;
    case 'samples':
      return { ...picture.facts, pixels: spread(picture.samples) };
    case 'bitmap': {
      const pixels = spread(readBitmap(picture.bitmap));
      picture.bitmap.close();
      return { ...picture.facts, pixels };
    }
  }
}

/** Samples → floats 0 … 1 (luminance, transparency over black). */
function spread({ width, height, layout, data, white }: PictureSamples): Float32Array {
  const pixels = new Float32Array(width * height);
  if (layout === 'grey') {
    for (let i = 0; i < pixels.length; i++) pixels[i] = data[i] / white;
    return pixels;
  }
  const [red, green, blue] = LUMINANCE;
  const redFirst = layout.startsWith('rgb');
  const low = redFirst ? red : blue;
  const high = redFirst ? blue : red;
  const opaque = layout.endsWith('x');
  for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
    const light = (low * data[at] + green * data[at + 1] + high * data[at + 2]) / white;
    pixels[i] = opaque ? light : (light * data[at + 3]) / white;
  }
  return pixels;
}

/**
 * A grey copy of at most `size` pixels on the longer side (never enlarged). The picture stays open;
 * the receiver closes the bitmap.
 */
export async function makeThumbnail(picture: DecodedPicture, size: number): Promise<ImageBitmap> {
  const facts = factsOf(picture);
  const scale = Math.min(1, size / Math.max(facts.width, facts.height));
  const width = Math.max(1, Math.round(facts.width * scale));
  const height = Math.max(1, Math.round(facts.height * scale));
  const grey = resample(sourceOf(picture), width, height);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) {
    const value = Math.min(255, Math.max(0, Math.round(grey[i] * 255)));
    pixels[i] = 0xff000000 | (value * 0x010101);
  }
  return createImageBitmap(image);
}

function sourceOf(picture: DecodedPicture): ResampleSource {
  switch (picture.kind) {
    case 'samples':
      return picture.samples;
    case 'bitmap':
      return readBitmap(picture.bitmap);
    case 'pixels': {
      const { pixels, width, height } = picture.radiograph;
      return { layout: 'float', data: pixels, width, height };
    }
  }
}
