/**
 * A model input seen through an affine matrix: torch's affine_grid and grid_sample (bilinear,
 * align_corners = false, zeros outside), as training/fieldray_training/augment.py uses them.
 */

import type { AffineMatrix } from './types.ts';

/**
 * @param source [side × side] row-major
 * @param out takes the answer, as large; must not be `source`
 */
export function warp(
  source: Float32Array,
  side: number,
  matrix: AffineMatrix,
  out: Float32Array,
): void {
  const [a, b, c, d, e, f] = matrix;
  const at = (column: number, row: number): number =>
    column >= 0 && column < side && row >= 0 && row < side ? source[row * side + column] : 0;
  for (let row = 0, place = 0; row < side; row++) {
    const y = (2 * row + 1) / side - 1;
    for (let column = 0; column < side; column++, place++) {
      const x = (2 * column + 1) / side - 1;
      const sourceX = ((a * x + b * y + c + 1) * side - 1) / 2;
      const sourceY = ((d * x + e * y + f + 1) * side - 1) / 2;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const right = sourceX - left;
      const down = sourceY - top;
      out[place] =
        (1 - down) * ((1 - right) * at(left, top) + right * at(left + 1, top)) +
        down * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
    }
  }
}
