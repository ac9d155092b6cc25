/** A decoded picture as facts, as numbers, as a thumbnail. */
import { readBitmap } from './canvas.ts';
import { planAxis, resample, type ResampleSource } from './resample.ts';
import { horizontalPass } from './row-pass.ts';
import type { DecodedPicture, PictureSamples, Radiograph, RadiographFacts } from './types.ts';

export function factsOf(picture: DecodedPicture): RadiographFacts {
  if (picture.kind !== 'pixels') return picture.facts;
  const { width, height, bitsStored, format, attributes, warnings } = picture.radiograph;
  return { width, height, bitsStored, format, attributes, warnings };
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
function spread(samples: PictureSamples): Float32Array {
  const { width, height, white } = samples;
  const pixels = new Float32Array(width * height);
  const pass = horizontalPass(samples, planAxis(width, width), width);
  const row = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    pass(y, row);
    const at = y * width;
    for (let x = 0; x < width; x++) pixels[at + x] = row[x] / white;
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
