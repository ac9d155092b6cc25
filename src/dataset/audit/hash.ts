/**
 * A perceptual hash: 64 bits that stay nearly the same when a picture is scaled, brightened, packed
 * anew or lettered. Signs of the lowest frequencies of a cosine transform about their median (after
 * C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010).
 */
export const HASH_SIDE = 32;
/** Frequencies a side; the constant one is left out and (8, 0) taken for it. */
const LOW = 8;

const COSINES = Float64Array.from({ length: (LOW + 1) * HASH_SIDE }, (_, at) => {
  const frequency = Math.floor(at / HASH_SIDE);
  return Math.cos(((2 * (at % HASH_SIDE) + 1) * frequency * Math.PI) / (2 * HASH_SIDE));
});

/**
 * @param pixels 32 × 32, row-major, any scale
 * @returns the upper and the lower 32 bits
 */
export function perceptualHash(pixels: ArrayLike<number>): readonly [number, number] {
  const across = new Float64Array(HASH_SIDE * (LOW + 1));
  for (let y = 0; y < HASH_SIDE; y++) {
    for (let u = 0; u <= LOW; u++) {
      let sum = 0;
      for (let x = 0; x < HASH_SIDE; x++) {
        sum += pixels[y * HASH_SIDE + x] * COSINES[u * HASH_SIDE + x];
      }
      across[y * (LOW + 1) + u] = sum;
    }
  }
  const coefficient = (u: number, v: number): number => {
    let sum = 0;
    for (let y = 0; y < HASH_SIDE; y++) {
      sum += across[y * (LOW + 1) + u] * COSINES[v * HASH_SIDE + y];
    }
    return sum;
  };
  const values = new Float64Array(64);
  for (let at = 1; at < 64; at++) values[at] = coefficient(at % LOW, Math.floor(at / LOW));
  values[0] = coefficient(LOW, 0);
  const sorted = Float64Array.from(values).sort();
  const median = (sorted[31] + sorted[32]) / 2;
  let upper = 0;
  let lower = 0;
  for (let at = 0; at < 32; at++) {
    if (values[at] > median) upper |= 1 << at;
    if (values[at + 32] > median) lower |= 1 << at;
  }
  return [upper >>> 0, lower >>> 0];
}

/** Bits in which two 32-bit words differ. */
export function differing(a: number, b: number): number {
  let bits = a ^ b;
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
