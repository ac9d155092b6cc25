/**
 * Radiograph → model input: Float32Array of MODEL_SIZE × MODEL_SIZE, row-major, 0 … 1.
 * Down-scaling averages over the exact source area of each target pixel (box filter, fractional
 * edges weighted), up-scaling is bilinear with half-pixel centers (clamped), each axis on its own;
 * the picture is squashed to a square as in the training data.
 */
export const MODEL_SIZE = 224;

/** A part of the picture, 0 … 1 from its left upper corner. */
export interface PictureRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * What can be told of a picture from its pixels alone, for `assurance` to judge. All but
 * `grayLevels` come from the model input (224 × 224).
 */
export interface PictureMeasures {
  /** Different values among the stored samples (at most 65,536 are looked at); null if unknown. */
  readonly grayLevels: number | null;
  /** Quantiles of brightness inside the border: 1 %, 50 % and 99 %; 0 … 1. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** Share of pixels inside the border at the very bottom and the very top of the range. */
  readonly clippedDark: number;
  readonly clippedBright: number;
  /**
   * How much of the detail is fine: 1 = blurred over six places of the input and more; crisp pictures
   * have 2 to 10. NaN for a picture with nothing in it.
   */
  readonly sharpness: number;
  /** What is left when even black or white bands at the edges are cut off; the whole if there are none. */
  readonly content: PictureRect;
  /** Places that look like lettering burned into the picture. */
  readonly lettering: readonly PictureRect[];
}

/*
 * The door (index.ts) gives:
 *   toModelInput(pixels: Float32Array, width: number, height: number, size = MODEL_SIZE): Float32Array
 *   pictureToModelInput(picture: DecodedPicture, size = MODEL_SIZE): Float32Array
 *       the same numbers as toModelInput(toRadiograph(picture)), faster; leaves the picture open
 *   measurePicture(values, grayLevels): PictureMeasures;  grayLevelsOf(picture): number | null
 *   createGpuPreprocessor(device: GPUDevice, size = MODEL_SIZE): GpuPreprocessor
 *   interface GpuPreprocessor {
 *     // Returns a STORAGE | COPY_SRC | COPY_DST buffer of size*size float32; the caller owns it. No read-back.
 *     run(source: DecodedPicture): GPUBuffer;
 *     // Waits for the runs so far; rejects with GpuPreprocessError if one failed.
 *     settled(): Promise<void>;
 *     destroy(): void;
 *   }
 */

/** Row-major 2 × 3: where in the source (−1 … 1) each place of the answer (−1 … 1) is looked up. */
export type AffineMatrix = readonly [number, number, number, number, number, number];
