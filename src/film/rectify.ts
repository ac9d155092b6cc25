/** The sheet seen from straight in front: every target pixel averages the area it covers in the photograph. */
import { applyHomography, homographyOf, type Homography } from './homography.ts';
import { distance, scaleQuad } from './geometry.ts';
import { resample } from '../radiograph/index.ts';
import type { GreyImage, Quad } from './types.ts';

/** Longer side of a corrected film: more than a photograph of one resolves. */
export const MOST_SIDE = 2048;
const LEAST_SIDE = 64;
/** Samples along one side of a target pixel's area. */
const MOST_SAMPLES = 4;

/**
 * As large as the photograph has detail for, `MOST_SIDE` at the most.
 * @param aspect width by height of the sheet
 */
export function rectifiedSize(corners: Quad, aspect: number): { width: number; height: number } {
  const [tl, tr, br, bl] = corners;
  const across = Math.max(distance(tl, tr), distance(bl, br));
  const down = Math.max(distance(tl, bl), distance(tr, br));
  const wide = Math.max(across, down * aspect);
  const fit = Math.min(1, MOST_SIDE / wide, MOST_SIDE / (wide / aspect));
  return {
    width: Math.max(LEAST_SIDE, Math.round(wide * fit)),
    height: Math.max(LEAST_SIDE, Math.round((wide * fit) / aspect)),
  };
}

/**
 * The part of `source` inside `corners`, as a rectangle of the given size.
 * Corners are in pixels with centers at (i + 0.5).
 * @throws RangeError when the corners enclose nothing
 */
export function rectify(
  source: GreyImage,
  corners: Quad,
  width: number,
  height: number,
): GreyImage {
  // Where the photograph is far finer than the target, the exact area average makes it smaller first.
  const shrink = Math.floor(
    Math.min(
      (distance(corners[0], corners[1]) + distance(corners[3], corners[2])) / (2 * width),
      (distance(corners[0], corners[3]) + distance(corners[1], corners[2])) / (2 * height),
    ),
  );
  if (shrink >= 2)
    return rectify(smaller(source, shrink), scaleQuad(corners, 1 / shrink), width, height);
  const map = homographyOf(
    [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: width, y: height },
      { x: 0, y: height },
    ],
    corners,
  );
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = average(source, map, x, y);
  }
  return { width, height, data };
}

/** A whole number of source pixels a pixel; what is left over at the far borders is dropped. */
function smaller(source: GreyImage, factor: number): GreyImage {
  const width = Math.floor(source.width / factor);
  const height = Math.floor(source.height / factor);
  const cropped = new Float32Array(width * factor * height * factor);
  for (let y = 0; y < height * factor; y++) {
    const row = source.data.subarray(y * source.width, y * source.width + width * factor);
    cropped.set(row, y * width * factor);
  }
  const whole = {
    layout: 'float',
    width: width * factor,
    height: height * factor,
    data: cropped,
  } as const;
  return { width, height, data: resample(whole, width, height) };
}

function average(source: GreyImage, h: Homography, x: number, y: number): number {
  const w = h[6] * (x + 0.5) + h[7] * (y + 0.5) + h[8];
  const here = applyHomography(h, { x: x + 0.5, y: y + 0.5 });
  // How far one step across and down goes in the photograph.
  const across = Math.hypot(h[0] - h[6] * here.x, h[3] - h[6] * here.y) / Math.abs(w);
  const down = Math.hypot(h[1] - h[7] * here.x, h[4] - h[7] * here.y) / Math.abs(w);
  const nx = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(across - 0.1)));
  const ny = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(down - 0.1)));
  if (nx === 1 && ny === 1) return bilinear(source, here.x, here.y);
  let sum = 0;
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const u = x + (i + 0.5) / nx;
      const v = y + (j + 0.5) / ny;
      const d = h[6] * u + h[7] * v + h[8];
      sum += bilinear(source, (h[0] * u + h[1] * v + h[2]) / d, (h[3] * u + h[4] * v + h[5]) / d);
    }
  }
  return sum / (nx * ny);
}

function bilinear({ width, height, data }: GreyImage, x: number, y: number): number {
  const px = Math.min(width - 1, Math.max(0, x - 0.5));
  const py = Math.min(height - 1, Math.max(0, y - 0.5));
  const left = Math.floor(px);
  const top = Math.floor(py);
  const right = left + 1 < width ? left + 1 : left;
  const upper = top * width;
  const lower = top + 1 < height ? upper + width : upper;
  const fx = px - left;
  const fy = py - top;
  return (
    (data[upper + left] * (1 - fx) + data[upper + right] * fx) * (1 - fy) +
    (data[lower + left] * (1 - fx) + data[lower + right] * fx) * fy
  );
}
