/** A picture's perceptual hash: the same for copies that were scaled or compressed once more. */
import { resample } from '../radiograph/index.ts';
import { MODEL_SIZE } from './types.ts';

const WIDTH = 9;
const HEIGHT = 8;

/**
 * dHash (N. Krawetz, "Kind of Like That", 2013) of the model input: scaled to 9 × 8 by area average,
 * one bit for each place that is darker than its right neighbor, row by row, the first bit the most
 * significant.
 * @param values 224 × 224, row-major, 0 … 1: the whole picture
 * @returns 16 hexadecimal digits
 */
export function pictureHash(values: Float32Array): string {
  const source = { layout: 'float' as const, data: values, width: MODEL_SIZE, height: MODEL_SIZE };
  const small = resample(source, WIDTH, HEIGHT);
  let text = '';
  for (let y = 0; y < HEIGHT; y++) {
    let row = 0;
    for (let x = 0; x < WIDTH - 1; x++) {
      row = 2 * row + (small[y * WIDTH + x + 1] > small[y * WIDTH + x] ? 1 : 0);
    }
    text += row.toString(16).padStart(2, '0');
  }
  return text;
}
