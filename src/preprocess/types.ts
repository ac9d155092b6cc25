/**
 * Radiograph → model input: Float32Array of MODEL_SIZE × MODEL_SIZE, row-major, 0 … 1.
 * Down-scaling averages over the exact source area of each target pixel (box filter, fractional
 * edges weighted), up-scaling is bilinear with half-pixel centers (clamped), each axis on its own;
 * the picture is squashed to a square as in the training data.
 */
export const MODEL_SIZE = 224;

/*
 * The door (index.ts) gives:
 *   toModelInput(pixels: Float32Array, width: number, height: number, size = MODEL_SIZE): Float32Array
 *   pictureToModelInput(picture: DecodedPicture, size = MODEL_SIZE): Float32Array
 *       the same numbers as toModelInput(toRadiograph(picture)), faster; leaves the picture open
 *   createGpuPreprocessor(device: GPUDevice, size = MODEL_SIZE): GpuPreprocessor
 *   interface GpuPreprocessor {
 *     // Returns a STORAGE | COPY_SRC | COPY_DST buffer of size*size float32; the caller owns it. No read-back.
 *     run(source: DecodedPicture): GPUBuffer;
 *     // Waits for the runs so far; rejects with GpuPreprocessError if one failed.
 *     settled(): Promise<void>;
 *     destroy(): void;
 *   }
 */
