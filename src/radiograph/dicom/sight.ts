/**
 * What pixels look like, where a header may be wrong about them: neighbors in a picture are alike.
 * A reading in the wrong order of bytes, colors or rows is rough where the right one is smooth.
 * A few thousand samples are looked at.
 */

const MOST_ROWS = 96;
const MOST_COLUMNS = 192;

export interface Roughness {
  /** Mean step from a pixel to the one below, as a share of the mean distance from the mean. */
  readonly down: number;
  /** The same to the one at its right. */
  readonly across: number;
}

/** @param value of the pixel with this index, row by row */
export function roughness(
  value: (index: number) => number,
  width: number,
  height: number,
): Roughness {
  const stepX = Math.max(1, Math.floor((width - 1) / MOST_COLUMNS));
  const stepY = Math.max(1, Math.floor((height - 1) / MOST_ROWS));
  let [sum, count, down, across] = [0, 0, 0, 0];
  const seen: number[] = [];
  for (let y = 0; y < height - 1; y += stepY) {
    for (let x = 0; x < width - 1; x += stepX) {
      const at = y * width + x;
      const here = value(at);
      seen.push(here);
      sum += here;
      down += Math.abs(value(at + width) - here);
      across += Math.abs(value(at + 1) - here);
      count++;
    }
  }
  if (count === 0) return { down: 0, across: 0 };
  const mean = sum / count;
  let spread = 0;
  for (const one of seen) spread += Math.abs(one - mean);
  return spread === 0 ? { down: 0, across: 0 } : { down: down / spread, across: across / spread };
}

/** A reading that is much smoother than another one, which is rough. */
export function muchSmoother(one: Roughness, other: Roughness): boolean {
  const [a, b] = [one.down + one.across, other.down + other.across];
  return b > 0.3 && a < 0.5 * b;
}

/** Rows that do not belong under each other, as with a wrong width. */
export function isSheared({ down, across }: Roughness): boolean {
  return down > 0.7 && down > 4 * across;
}

/** Two neighbors below 0.6 of the other's: three samples a pixel read in the wrong order. */
export function smootherDown(one: Roughness, other: Roughness): boolean {
  return one.down < 0.6 * other.down;
}

/**
 * What three channels are, where that shows: in RGB they rise and fall together, in YBR the second
 * and the third stay near the middle. Null where neither is clear.
 * @param value of a channel (0 … 2) of the pixel with this index, 0 … 1
 */
export function colorsSeen(
  value: (index: number, channel: number) => number,
  pixels: number,
): 'rgb' | 'ybr' | null {
  const step = Math.max(1, Math.floor(pixels / 20_000));
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  const products = [0, 0, 0];
  let count = 0;
  for (let at = 0; at < pixels; at += step, count++) {
    const first = value(at, 0);
    for (let channel = 0; channel < 3; channel++) {
      const one = value(at, channel);
      sums[channel] += one;
      squares[channel] += one * one;
      products[channel] += one * first;
    }
  }
  const mean = sums.map((sum) => sum / count);
  const deviation = squares.map((sum, i) => Math.sqrt(Math.max(0, sum / count - mean[i] ** 2)));
  const [own] = deviation;
  if (own < 0.01) return null;
  const together = [1, 2].map((i) => {
    const shared = products[i] / count - mean[0] * mean[i];
    return deviation[i] < 1e-6 ? 0 : shared / (own * deviation[i]);
  });
  const moves = deviation[1] > 0.25 * own && deviation[2] > 0.25 * own;
  if (moves && together.every((correlation) => correlation > 0.5)) return 'rgb';
  const rests = [1, 2].every((i) => Math.abs(mean[i] - 0.5) < 0.12 && deviation[i] < 0.2 * own);
  return rests ? 'ybr' : null;
}
