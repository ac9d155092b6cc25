/** Edges that do not care how bright the light is: the gradient of the logarithm. */
import type { GreyImage } from './types.ts';

export interface EdgeMap {
  readonly width: number;
  readonly height: number;
  /** Gradient of the logarithm, per pixel. */
  readonly gx: Float32Array;
  readonly gy: Float32Array;
  /** Places of edge ridges (thinned), as indices. */
  readonly ridge: Int32Array;
  /** What counts as an edge here: well above the noise. */
  readonly threshold: number;
}

/** Keeps the noise of the dark parts down: below it brightness counts nearly linearly. */
const DARK = 0.1;
const LEAST_THRESHOLD = 0.018;

export function findEdges(image: GreyImage): EdgeMap {
  const { width, height } = image;
  const logs = blur(
    image.data.map((value) => Math.log(DARK + Math.max(0, value))),
    width,
    height,
  );
  const gx = new Float32Array(width * height);
  const gy = new Float32Array(width * height);
  const size = new Float32Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      // Scharr: the direction is right to a degree.
      const a = logs[i - width - 1];
      const b = logs[i - width];
      const c = logs[i - width + 1];
      const d = logs[i - 1];
      const e = logs[i + 1];
      const f = logs[i + width - 1];
      const g = logs[i + width];
      const h = logs[i + width + 1];
      gx[i] = (3 * (c - a) + 10 * (e - d) + 3 * (h - f)) / 32;
      gy[i] = (3 * (f - a) + 10 * (g - b) + 3 * (h - c)) / 32;
      size[i] = Math.hypot(gx[i], gy[i]);
    }
  }
  const threshold = Math.max(LEAST_THRESHOLD, 2.2 * median(size));
  return { width, height, gx, gy, ridge: thin(size, gx, gy, width, height, threshold), threshold };
}

/** The middle value of a sample of them. */
function median(values: Float32Array): number {
  const step = Math.max(1, Math.floor(values.length / 8000));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += step) sample.push(values[i]);
  sample.sort((a, b) => a - b);
  return sample[sample.length >> 1] ?? 0;
}

/** Only where the gradient is largest across the edge. */
function thin(
  size: Float32Array,
  gx: Float32Array,
  gy: Float32Array,
  width: number,
  height: number,
  threshold: number,
): Int32Array {
  const kept: number[] = [];
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const i = y * width + x;
      const here = size[i];
      if (here < threshold) continue;
      const dx = Math.round(gx[i] / here);
      const dy = Math.round(gy[i] / here);
      const step = dy * width + dx;
      if (here >= size[i + step] && here >= size[i - step]) kept.push(i);
    }
  }
  return Int32Array.from(kept);
}

const KERNEL = [0.0545, 0.2442, 0.4026, 0.2442, 0.0545];

function blur(data: Float32Array, width: number, height: number): Float32Array {
  const across = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -2; k <= 2; k++) {
        sum += KERNEL[k + 2] * data[y * width + Math.min(width - 1, Math.max(0, x + k))];
      }
      across[y * width + x] = sum;
    }
  }
  const both = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let k = -2; k <= 2; k++) {
      const from = Math.min(height - 1, Math.max(0, y + k)) * width;
      const weight = KERNEL[k + 2];
      for (let x = 0; x < width; x++) both[y * width + x] += weight * across[from + x];
    }
  }
  return both;
}
