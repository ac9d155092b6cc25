/**
 * How bright the light behind the film is from place to place, judged only by the light box that is
 * seen around it: what is large and smooth inside the film are lungs, and they must stay as they are.
 * A surface of second order is fitted to the logarithm of the light (the light multiplies what the
 * film lets through), robustly, because clips, hands and other films lie on light boxes too.
 */
import { homographyOf, invertHomography, solve } from './homography.ts';
import { scaleQuad } from './geometry.ts';
import { resample } from '../radiograph/index.ts';
import type { GreyImage, Quad } from './types.ts';

/** Relative brightness at (u, v), each 0 … 1 over the film; about 1 in the middle. */
export interface Light {
  at(u: number, v: number): number;
}

const LOOK_SIZE = 256;
/** The ring around the film in which the light box is looked for, in film lengths. */
const INNER = 0.025;
const OUTER = 0.3;
/** A camera that shows the box as pure white says nothing of its unevenness. */
const BURNT = 0.985;
const LEAST_PLACES = 120;
/** Brightest to darkest over the film; more than this is no light box. */
const MOST_RANGE = 4;

interface Place {
  readonly u: number;
  readonly v: number;
  readonly value: number;
}

/** Null where too little of the light box is seen to judge it. */
export function measureLight(photo: GreyImage, corners: Quad): Light | null {
  const factor = Math.min(1, LOOK_SIZE / Math.max(photo.width, photo.height));
  const width = Math.max(8, Math.round(photo.width * factor));
  const height = Math.max(8, Math.round(photo.height * factor));
  const data = resample({ layout: 'float', ...photo }, width, height);
  const places = litPlaces({ width, height, data }, scaleQuad(corners, factor));
  if (!places) return null;
  const surface = fitSurface(places);
  if (!surface) return null;
  return usable(surface) ? surface : null;
}

function litPlaces(image: GreyImage, corners: Quad): Place[] | null {
  const { width, height, data } = image;
  const toFilm = invertHomography(
    homographyOf(
      [
        { x: 0, y: 0 },
        { x: 1, y: 0 },
        { x: 1, y: 1 },
        { x: 0, y: 1 },
      ],
      corners,
    ),
  );
  const ring: Place[] = [];
  const film: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const w = toFilm[6] * (x + 0.5) + toFilm[7] * (y + 0.5) + toFilm[8];
      // Behind the camera, as it were: beyond the horizon of the film's plane.
      if (w <= 0) continue;
      const u = (toFilm[0] * (x + 0.5) + toFilm[1] * (y + 0.5) + toFilm[2]) / w;
      const v = (toFilm[3] * (x + 0.5) + toFilm[4] * (y + 0.5) + toFilm[5]) / w;
      const away = Math.max(-u, u - 1, -v, v - 1);
      const i = y * width + x;
      const value = data[i];
      if (away < 0) film.push(value);
      else if (away > INNER && away < OUTER && even(image, i)) ring.push({ u, v, value });
    }
  }
  if (ring.length < LEAST_PLACES || film.length < LEAST_PLACES) return null;
  // A light box is at least about as bright as the clearest part of the film on it.
  const clear = quantile(film, 0.9);
  const white = quantile(
    ring.map(({ value }) => value),
    0.95,
  );
  if (white < clear * 1.02) return null;
  const lit = ring.filter(({ value }) => value > 0.5 * white && value < BURNT);
  const burnt = ring.filter(({ value }) => value >= BURNT).length;
  return lit.length >= LEAST_PLACES && burnt < lit.length ? lit : null;
}

/** No edge runs through these nine pixels. */
function even({ width, data }: GreyImage, i: number): boolean {
  let least = Infinity;
  let most = -Infinity;
  for (let dy = -width; dy <= width; dy += width) {
    for (let dx = -1; dx <= 1; dx++) {
      least = Math.min(least, data[i + dy + dx]);
      most = Math.max(most, data[i + dy + dx]);
    }
  }
  return most - least < 0.06 + 0.06 * most;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const TERMS = 6;

function terms(u: number, v: number): readonly number[] {
  const x = 2 * u - 1;
  const y = 2 * v - 1;
  return [1, x, y, x * x, x * y, y * y];
}

/**
 * Weighted least squares with Tukey's weights; what is darker than the surface counts as lying on
 * the box sooner than what is brighter. A little ridge on all but the level keeps sides on which
 * nothing is seen from running away.
 */
function fitSurface(places: readonly Place[]): Light | null {
  const rows = places.map(({ u, v, value }) => ({ t: terms(u, v), log: Math.log(value) }));
  let weights = rows.map(() => 1);
  let found: number[] = [];
  for (let round = 0; round < 8; round++) {
    const normal = Array.from({ length: TERMS }, () => new Array<number>(TERMS + 1).fill(0));
    for (let n = 0; n < rows.length; n++) {
      const { t, log } = rows[n];
      for (let i = 0; i < TERMS; i++) {
        for (let k = 0; k < TERMS; k++) normal[i][k] += weights[n] * t[i] * t[k];
        normal[i][TERMS] += weights[n] * t[i] * log;
      }
    }
    for (let i = 1; i < TERMS; i++) normal[i][i] += 0.01 * rows.length;
    try {
      found = solve(normal);
    } catch {
      return null;
    }
    const off = rows.map(
      ({ t, log }) => log - t.reduce((sum, value, i) => sum + value * found[i], 0),
    );
    const spread = Math.max(0.015, 1.48 * quantile(off.map(Math.abs), 0.5));
    weights = off.map((d) => {
      const reach = d / (spread * (d < 0 ? 3 : 5));
      return Math.abs(reach) < 1 ? (1 - reach * reach) ** 2 : 0;
    });
    if (weights.filter((weight) => weight > 0).length < LEAST_PLACES) return null;
  }
  const [level, ...shape] = found;
  if (!Number.isFinite(level)) return null;
  const log = (u: number, v: number): number => {
    const t = terms(u, v);
    return shape.reduce((sum, value, i) => sum + value * t[i + 1], 0);
  };
  return { at: (u, v) => Math.exp(log(u, v)) };
}

function usable(light: Light): boolean {
  let least = Infinity;
  let most = 0;
  for (let j = 0; j <= 8; j++) {
    for (let i = 0; i <= 8; i++) {
      const value = light.at(i / 8, j / 8);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return most / least < MOST_RANGE;
}

/** Divides the light out of a corrected film, in place. */
export function evenOut({ width, height, data }: GreyImage, light: Light): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[y * width + x] /= light.at((x + 0.5) / width, (y + 0.5) / height);
    }
  }
}
