/**
 * A picture as 16-bit samples in halving sizes, so that drawing a part costs about as much as its
 * pixels on the screen and never as much as the whole picture.
 */
export interface Level {
  readonly width: number;
  readonly height: number;
  /** Row-major, 0 … 65535. */
  readonly samples: Uint16Array;
  /** Level pixels per full-resolution pixel, across and down. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Stops halving below this: smaller levels save nothing. */
const SMALLEST_SIDE = 256;

/** @param pixels row-major, 0 … 1 (values outside are clamped) */
export function buildPyramid(pixels: Float32Array, width: number, height: number): Level[] {
  const samples = new Uint16Array(width * height);
  for (let index = 0; index < samples.length; index += 1) {
    const value = pixels[index] ?? 0;
    samples[index] = value <= 0 ? 0 : value >= 1 ? 65_535 : Math.round(value * 65_535);
  }
  const levels: Level[] = [{ width, height, samples, scaleX: 1, scaleY: 1 }];
  let last = levels[0];
  while (last && Math.min(last.width, last.height) >= 2 * SMALLEST_SIDE) {
    last = halve(last, width, height);
    levels.push(last);
  }
  return levels;
}

/** Means of 2 × 2; an odd last row or column is folded into its neighbor's mean. */
function halve(level: Level, fullWidth: number, fullHeight: number): Level {
  const width = Math.floor(level.width / 2);
  const height = Math.floor(level.height / 2);
  const samples = new Uint16Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const above = 2 * y * level.width;
    const below = above + level.width;
    for (let x = 0; x < width; x += 1) {
      const left = 2 * x;
      const sum =
        (level.samples[above + left] ?? 0) +
        (level.samples[above + left + 1] ?? 0) +
        (level.samples[below + left] ?? 0) +
        (level.samples[below + left + 1] ?? 0);
      samples[y * width + x] = (sum + 2) >> 2;
    }
  }
  return { width, height, samples, scaleX: width / fullWidth, scaleY: height / fullHeight };
}

/** The coarsest level that still has at least `scale` pixels per picture pixel. */
export function levelFor(levels: readonly Level[], scale: number): Level {
  let best = levels[0];
  for (const level of levels) if (level.scaleX >= scale) best = level;
  if (!best) throw new RangeError('A pyramid has at least one level.');
  return best;
}

/** Samples between which the middle `share` of all pixels lie, 0 … 1, from the smallest level. */
export function middleRange(levels: readonly Level[], share = 0.98): [number, number] {
  const level = levels[levels.length - 1];
  if (!level || level.samples.length === 0) return [0, 1];
  const histogram = new Uint32Array(1024);
  for (const sample of level.samples) {
    const bin = sample >> 6;
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  const tail = (level.samples.length * (1 - share)) / 2;
  const low = firstBin(histogram, tail, 1);
  const high = firstBin(histogram, tail, -1);
  return high > low ? [low / 1023, high / 1023] : [0, 1];
}

function firstBin(histogram: Uint32Array, tail: number, step: 1 | -1): number {
  let sum = 0;
  let bin = step === 1 ? 0 : histogram.length - 1;
  for (; bin >= 0 && bin < histogram.length; bin += step) {
    sum += histogram[bin] ?? 0;
    if (sum > tail) break;
  }
  return Math.min(histogram.length - 1, Math.max(0, bin));
}
