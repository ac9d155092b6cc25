/**
 * A file as the model would see it, for the preview of the augmentations. Decoded in a worker: the page stays free,
 * and the decoders stay out of what every first visit waits for.
 */
import { ScanPool } from '../../dataset/index.ts';
import { toModelInput } from '../../preprocess/index.ts';

/** The picture is reduced to this in the worker: more than the model takes, little to hand over. */
const LARGEST_SIDE = 896;

/** @returns 224 × 224 values, row-major, 0 … 1. Throws a RadiographError for a file that can't be read. */
export async function readModelInput(file: File): Promise<Float32Array> {
  const pool = new ScanPool(1);
  try {
    const { pixels, width, height } = await pool.show(file, null, LARGEST_SIDE);
    return toModelInput(
      Float32Array.from(pixels, (value) => value / 255),
      width,
      height,
    );
  } finally {
    pool.dispose();
  }
}
