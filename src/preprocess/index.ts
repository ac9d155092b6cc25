/**
 * In: a decoded picture. Out: the model's input, size × size floats 0 … 1, on the CPU or as a
 * buffer of a WebGPU device, the same numbers either way (see types.ts for the definition); and what
 * can be measured of it.
 */
export {
  createGpuPreprocessor,
  GpuPreprocessError,
  type GpuPreprocessor,
} from './gpu-preprocessor.ts';
export {
  cropTo,
  locateLungs,
  WHOLE,
  type CropRule,
  type LungBox,
  type LungPlace,
  type PlacedMaps,
} from './lung-box.ts';
export { lungFeatures, type LungFeatures } from './lung-features.ts';
export { pictureHash } from './picture-hash.ts';
export { grayLevelsOf } from './measures/gray-levels.ts';
export { measurePicture } from './measures/measure.ts';
export { pictureToModelInput, toModelInput } from './model-input.ts';
export { MODEL_SIZE } from './types.ts';
export { warp } from './warp.ts';
export type { AffineMatrix } from './types.ts';
export { LUMINANCE } from '../radiograph/index.ts';
