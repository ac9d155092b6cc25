/** The discrete Fourier transform in two dimensions, radix 2, in place. */

export interface Fft2 {
  readonly size: number;
  /** `re` and `im`: size × size, row-major. The inverse divides by size². */
  run(re: Float32Array, im: Float32Array, inverse: boolean): void;
}

/** @param size a power of two */
export function createFft2(size: number): Fft2 {
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  const reversed = new Uint32Array(size);
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
  const lineRe = new Float64Array(size);
  const lineIm = new Float64Array(size);

  function line(
    re: Float32Array,
    im: Float32Array,
    from: number,
    step: number,
    sign: number,
  ): void {
    for (let i = 0; i < size; i++) {
      const at = from + reversed[i] * step;
      lineRe[i] = re[at];
      lineIm[i] = im[at];
    }
    for (let half = 1; half < size; half *= 2) {
      const turn = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const wr = cos[k * turn];
          const wi = sign * sin[k * turn];
          const a = start + k;
          const b = a + half;
          const tr = lineRe[b] * wr - lineIm[b] * wi;
          const ti = lineRe[b] * wi + lineIm[b] * wr;
          lineRe[b] = lineRe[a] - tr;
          lineIm[b] = lineIm[a] - ti;
          lineRe[a] += tr;
          lineIm[a] += ti;
        }
      }
    }
    for (let i = 0; i < size; i++) {
      re[from + i * step] = lineRe[i];
      im[from + i * step] = lineIm[i];
    }
  }

  return {
    size,
    run(re, im, inverse) {
      const sign = inverse ? 1 : -1;
      for (let y = 0; y < size; y++) line(re, im, y * size, 1, sign);
      for (let x = 0; x < size; x++) line(re, im, x, size, sign);
      if (!inverse) return;
      const gain = 1 / (size * size);
      for (let i = 0; i < re.length; i++) {
        re[i] *= gain;
        im[i] *= gain;
      }
    },
  };
}
