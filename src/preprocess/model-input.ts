/** The model input on the CPU: the definition in types.ts, summed straight from what was decoded. */
import { readBitmap, resample, type DecodedPicture } from '../radiograph/index.ts';
import { MODEL_SIZE } from './types.ts';

/**
 * `pixels`: row-major, height × width, 0 … 1. Gives size × size, row-major, 0 … 1: the exact area
 * average of the source along an axis that shrinks, bilinear between pixel centers along one that
 * does not.
 * @throws RangeError if the array does not hold width × height values, or a side is below 1.
 */
export function toModelInput(
  pixels: Float32Array,
  width: number,
  height: number,
  size: number = MODEL_SIZE,
): Float32Array {
  if (!(width >= 1 && height >= 1 && size >= 1) || pixels.length !== width * height) {
    throw new RangeError(
      `A picture of ${width}×${height} to ${size}×${size} cannot have ${pixels.length} pixels`,
    );
  }
  return resample({ layout: 'float', data: pixels, width, height }, size, size);
}

/**
 * The same numbers as `toModelInput` on the picture's `toRadiograph` (within 1e-6), without
 * spreading the picture out to floats first. The picture stays open.
 */
export function pictureToModelInput(
  picture: DecodedPicture,
  size: number = MODEL_SIZE,
): Float32Array {
  switch (picture.kind) {
    case 'samples':
      return resample(picture.samples, size, size);
    case 'bitmap':
      return resample(readBitmap(picture.bitmap), size, size);
    case 'pixels': {
      const { pixels, width, height } = picture.radiograph;
      return toModelInput(pixels, width, height, size);
    }
  }
}
