/** The 8 × 8 inverse cosine transform (T.81 annex A.3.3), separable, in floating point. */

/** cosines[x * 8 + u] = c(u)/2 · cos((2x + 1)uπ / 16). */
const COSINES = Float64Array.from({ length: 64 }, (_, i) => {
  const x = i >> 3;
  const u = i & 7;
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

const half = new Float64Array(64);

/**
 * @param block 64 coefficients, row by row; becomes the 64 samples
 * @param rows a bit for each row of coefficients that is not all zeros
 */
export function inverseDct(block: Float64Array, rows: number): void {
  half.fill(0);
  for (let v = 0; v < 8; v++) {
    if ((rows & (1 << v)) === 0) continue;
    for (let u = 0; u < 8; u++) {
      const coefficient = block[v * 8 + u];
      if (coefficient === 0) continue;
      for (let x = 0; x < 8; x++) half[v * 8 + x] += coefficient * COSINES[x * 8 + u];
    }
  }
  block.fill(0);
  for (let v = 0; v < 8; v++) {
    if ((rows & (1 << v)) === 0) continue;
    for (let y = 0; y < 8; y++) {
      const weight = COSINES[y * 8 + v];
      for (let x = 0; x < 8; x++) block[y * 8 + x] += half[v * 8 + x] * weight;
    }
  }
}
