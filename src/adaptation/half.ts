/**
 * Activations are kept in half precision (IEEE 754 binary16): half the space for an error of at most
 * one part in two thousand, far below what augmentation changes.
 */
const bits = new Uint32Array(1);
const number = new Float32Array(bits.buffer);
const LARGEST = 65504;

/** Rounded to the nearest, ties to even; beyond the range the largest there is. */
export function toHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    number[0] = Math.abs(value) > LARGEST ? Math.sign(value) * LARGEST : value;
    const word = bits[0];
    const sign = (word >>> 16) & 0x8000;
    const exponent = ((word >>> 23) & 255) - 112;
    const mantissa = word & 0x7fffff;
    if (exponent <= 0) {
      // Too small for a full mantissa: whole multiples of 2⁻²⁴, rounded by the addition itself.
      halves[at] = sign | Math.round(Math.abs(number[0]) * 2 ** 24);
    } else {
      const kept = (exponent << 10) | (mantissa >>> 13);
      const rest = mantissa & 0x1fff;
      const up = rest > 0x1000 || (rest === 0x1000 && (kept & 1) === 1);
      halves[at] = sign | Math.min(kept + (up ? 1 : 0), 0x7bff);
    }
  }
  return halves;
}

let table: Float32Array | null = null;

/** @param target takes them; as long as `halves` */
export function fromHalf(halves: Uint16Array, target: Float32Array): void {
  table ??= Float32Array.from({ length: 0x10000 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  for (let at = 0; at < halves.length; at++) target[at] = table[halves[at]];
}
