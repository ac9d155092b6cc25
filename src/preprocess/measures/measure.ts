import type { PictureMeasures } from '../types.ts';
import { contentRect } from './border.ts';
import { letteringIn } from './lettering.ts';
import { sharpnessOf } from './sharpness.ts';
import { tonesOf } from './tones.ts';

/**
 * What the pixels alone tell, for `assurance` to judge.
 * @param values the model input: square, row-major, 0 … 1
 * @param grayLevels of the stored samples (grayLevelsOf); null if unknown
 */
export function measurePicture(values: Float32Array, grayLevels: number | null): PictureMeasures {
  const side = Math.sqrt(values.length);
  const content = contentRect(values, side);
  return {
    grayLevels,
    ...tonesOf(values, side, content),
    sharpness: sharpnessOf(values, side),
    content,
    lettering: letteringIn(values, side),
  };
}
