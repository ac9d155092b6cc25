/**
 * Fine repeating patterns (a screen's or a grid's lines beating with the camera's pixels) are sharp
 * peaks in the spectrum, where anatomy has none. They are looked for in the mean spectrum of some
 * tiles; where there are any, every tile has its own peaks near them brought down to the level
 * around them (after Wei et al., "Median-Gaussian filtering framework for Moiré pattern noise removal
 * from X-ray microscopy image", Micron 2012), tile by tile because perspective changes the period.
 */
import { createFft2, type Fft2 } from './fft.ts';
import type { GreyImage } from './types.ts';

const TILE = 128;
/** Fewer waves than this across the film could be ribs, fewer than this in a tile cannot be told. */
const FEWEST_ACROSS = 40;
const FEWEST_IN_TILE = 7;
/** A peak stands this many times above the spectrum around it. */
const HEIGHT = 6;
/** In one tile, where the noise is not averaged away. */
const TILE_HEIGHT = 2.5;
/** Tiles looked at across, and as many down. */
const LOOKED_AT = 6;
/** How far a peak may move from tile to tile, and how wide it is, in cycles a tile. */
const DRIFT = 4;

/** Takes the pattern out, in place. @returns whether there was one */
export function reduceMoire(image: GreyImage): boolean {
  if (image.width < TILE || image.height < TILE) return false;
  const fft = createFft2(TILE);
  const across = (FEWEST_ACROSS * TILE) / Math.min(image.width, image.height);
  const slowest = Math.max(FEWEST_IN_TILE, across);
  const peaks = findPeaks(image, fft, slowest);
  if (!peaks) return false;
  filter(image, fft, peaks);
  return true;
}

const WINDOW = Float64Array.from({ length: TILE }, (_, i) =>
  Math.sin((Math.PI * (i + 0.5)) / TILE),
);

/** Places of the spectrum in which a pattern lives (drift allowed); null where there is none. */
function findPeaks(image: GreyImage, fft: Fft2, slowest: number): Int32Array | null {
  const power = new Float64Array(TILE * TILE);
  const work = workspace();
  for (let k = 0; k < LOOKED_AT * LOOKED_AT; k++) {
    const x = Math.round(((image.width - TILE) * (k % LOOKED_AT)) / (LOOKED_AT - 1));
    const y = Math.round(((image.height - TILE) * Math.floor(k / LOOKED_AT)) / (LOOKED_AT - 1));
    readTile(image, x, y, work.re);
    work.im.fill(0);
    fft.run(work.re, work.im, false);
    // The root keeps one tile with a bright label from speaking for all.
    for (let i = 0; i < power.length; i++)
      power[i] += Math.sqrt(Math.hypot(work.re[i], work.im[i]));
  }
  const fast = (kx: number, ky: number): boolean => kx * kx + ky * ky >= slowest * slowest;
  const marks = new Set<number>();
  for (let ky = -TILE / 2; ky < TILE / 2; ky++) {
    for (let kx = -TILE / 2; kx < TILE / 2; kx++) {
      if (!fast(kx, ky)) continue;
      if (power[index(kx, ky)] < Math.sqrt(HEIGHT) * levelAround(power, kx, ky)) continue;
      for (let dy = -DRIFT; dy <= DRIFT; dy++) {
        for (let dx = -DRIFT; dx <= DRIFT; dx++) {
          if (!fast(kx + dx, ky + dy)) continue;
          // A place and its mirror belong together: the picture has no imaginary part.
          marks.add(index(kx + dx, ky + dy));
          marks.add(index(-kx - dx, -ky - dy));
        }
      }
    }
  }
  return marks.size > 0 ? Int32Array.from(marks) : null;
}

function workspace(): { re: Float32Array; im: Float32Array } {
  return { re: new Float32Array(TILE * TILE), im: new Float32Array(TILE * TILE) };
}

/** The picture mirrored outward by half a tile, so that its borders lie in the middle of tiles too. */
function framed({ width, height, data }: GreyImage): GreyImage {
  const wide = width + TILE;
  const high = height + TILE;
  const out = new Float32Array(wide * high);
  for (let y = 0; y < high; y++) {
    const from = mirrored(y - TILE / 2, height) * width;
    for (let x = 0; x < wide; x++) out[y * wide + x] = data[from + mirrored(x - TILE / 2, width)];
  }
  return { width: wide, height: high, data: out };
}

function mirrored(at: number, length: number): number {
  if (at < 0) return -1 - at;
  return at < length ? at : 2 * length - 1 - at;
}

/** Two neighboring tiles at a time, one as the real and one as the imaginary part. */
function filter(image: GreyImage, fft: Fft2, marks: Int32Array): void {
  const frame = framed(image);
  const sum = new Float32Array(frame.data.length);
  const weight = new Float32Array(frame.data.length);
  const { re, im } = workspace();
  const across = starts(frame.width);
  for (const y of starts(frame.height)) {
    for (let k = 0; k < across.length; k += 2) {
      const x = across[k];
      const next = across[k + 1] ?? null;
      const mean = readTile(frame, x, y, re);
      const nextMean = next === null ? 0 : readTile(frame, next, y, im);
      if (next === null) im.fill(0);
      fft.run(re, im, false);
      lowerPeaks(re, im, marks);
      fft.run(re, im, true);
      addTile(frame.width, sum, weight, re, x, y, mean);
      if (next !== null) addTile(frame.width, sum, weight, im, next, y, nextMean);
    }
  }
  for (let y = 0; y < image.height; y++) {
    const from = (y + TILE / 2) * frame.width + TILE / 2;
    for (let x = 0; x < image.width; x++) {
      image.data[y * image.width + x] = sum[from + x] / weight[from + x];
    }
  }
}

const sizes = new Float64Array(TILE * TILE);

/** The same gain for a place and its mirror keeps the two tiles apart. */
function lowerPeaks(re: Float32Array, im: Float32Array, marks: Int32Array): void {
  for (let i = 0; i < sizes.length; i++) {
    const mirror = index(-(i % TILE), -Math.floor(i / TILE));
    sizes[i] = Math.sqrt(re[i] ** 2 + im[i] ** 2 + re[mirror] ** 2 + im[mirror] ** 2);
  }
  for (const i of marks) {
    const around = levelAround(sizes, i % TILE, Math.floor(i / TILE));
    if (sizes[i] < TILE_HEIGHT * around) continue;
    re[i] *= around / sizes[i];
    im[i] *= around / sizes[i];
  }
}

function addTile(
  width: number,
  sum: Float32Array,
  weight: Float32Array,
  tile: Float32Array,
  x: number,
  y: number,
  mean: number,
): void {
  for (let dy = 0; dy < TILE; dy++) {
    for (let dx = 0; dx < TILE; dx++) {
      const w = WINDOW[dx] * WINDOW[dy];
      const to = (y + dy) * width + x + dx;
      sum[to] += w * (tile[dy * TILE + dx] + mean * w);
      weight[to] += w * w;
    }
  }
}

/** Half-overlapping tiles, the last one at the end. */
function starts(length: number): number[] {
  const places: number[] = [];
  for (let at = 0; at < length - TILE; at += TILE / 2) places.push(at);
  places.push(length - TILE);
  return places;
}

/** Windowed, around its mean (returned), which would leak into everything. */
function readTile({ width, data }: GreyImage, x: number, y: number, to: Float32Array): number {
  let mean = 0;
  for (let dy = 0; dy < TILE; dy++) {
    for (let dx = 0; dx < TILE; dx++) mean += data[(y + dy) * width + x + dx];
  }
  mean /= TILE * TILE;
  for (let dy = 0; dy < TILE; dy++) {
    for (let dx = 0; dx < TILE; dx++) {
      const value = data[(y + dy) * width + x + dx] - mean;
      to[dy * TILE + dx] = value * WINDOW[dx] * WINDOW[dy];
    }
  }
  return mean;
}

function index(kx: number, ky: number): number {
  // TILE is a power of two.
  return (ky & (TILE - 1)) * TILE + (kx & (TILE - 1));
}

const RING: readonly (readonly [number, number])[] = Array.from({ length: 12 }, (_, k) => {
  const angle = (k * Math.PI) / 6;
  return [Math.round(6 * Math.cos(angle)), Math.round(6 * Math.sin(angle))] as const;
});
const around = new Float64Array(RING.length);

/** The middle value on a ring six places away: what the spectrum would be without the peak. */
function levelAround(values: Float64Array, kx: number, ky: number): number {
  for (let k = 0; k < RING.length; k++) around[k] = values[index(kx + RING[k][0], ky + RING[k][1])];
  around.sort();
  return around[RING.length >> 1] + 1e-9;
}
