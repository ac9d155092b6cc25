/** Neighbors this many places apart are compared with next neighbors. */
const APART = 6;

/**
 * How much of the picture's detail is fine: the mean squared difference of next neighbors over that of
 * neighbors six apart, times 36. A picture so blurred that it changes evenly over six places has 1;
 * the crisper, the more. It does not change with contrast or brightness.
 * @param values side × side, row-major
 */
export function sharpnessOf(values: Float32Array, side: number): number {
  let near = 0;
  let far = 0;
  for (let y = 0; y < side - APART; y++) {
    for (let x = 0; x < side - APART; x++) {
      const at = y * side + x;
      const value = values[at];
      near += (values[at + 1] - value) ** 2 + (values[at + side] - value) ** 2;
      far += (values[at + APART] - value) ** 2 + (values[at + APART * side] - value) ** 2;
    }
  }
  // Nothing at all in it: neither sharp nor blurred.
  return far > 1e-6 ? (near / far) * APART * APART : Number.NaN;
}
