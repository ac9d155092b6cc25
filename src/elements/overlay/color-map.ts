/**
 * Viridis, the perceptually even color map of N. Smith and S. van der Walt (matplotlib 1.5, 2015; CC0):
 * lightness rises evenly from dark violet to yellow, so that a step of the value is a step to the
 * eye, in gray print and to the color-blind as well. Computed by the polynomial of sixth degree that
 * M. Zucker fitted to it (shadertoy.com/view/WlfXRN, 2019; CC0).
 */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Coefficients of t⁰ … t⁶, for red, green and blue. */
const COEFFICIENTS: readonly Rgb[] = [
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
];

/**
 * @param share 0 … 1; values outside are clamped
 * @returns sRGB, 0 … 255, whole numbers
 */
export function viridis(share: number): Rgb {
  const t = Math.min(1, Math.max(0, share));
  const channel = (index: 0 | 1 | 2): number => {
    const value = COEFFICIENTS.reduceRight((sum, row) => sum * t + row[index], 0);
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  };
  return [channel(0), channel(1), channel(2)];
}

/** How opaque a share is at full strength: little evidence leaves the radiograph as it is. */
export function opacityOf(share: number): number {
  return Math.min(1, Math.max(0, 2 * share));
}

/** 256 steps of color and opacity, 4 bytes each (red, green, blue, alpha). */
export function viridisTable(): Uint8ClampedArray {
  const table = new Uint8ClampedArray(4 * 256);
  for (let step = 0; step < 256; step += 1) {
    table.set([...viridis(step / 255), 255 * opacityOf(step / 255)], 4 * step);
  }
  return table;
}
