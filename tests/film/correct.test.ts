import { describe, expect, it } from 'vitest';
import { MODEL_SIZE, toModelInput } from '../../src/preprocess/index.ts';
import { correctFilm } from '../../src/film/correct.ts';
import { setLevels } from '../../src/film/levels.ts';
import { measureLight } from '../../src/film/light.ts';
import { reduceMoire } from '../../src/film/moire.ts';
import type { GreyImage } from '../../src/film/types.ts';
import { makeScene, SCENE_KINDS, type Scene } from '../fixtures/film-scene.ts';

const CASES = 24;

function inputOf(image: GreyImage): Float32Array {
  return toModelInput(image.data, image.width, image.height);
}

function originalOf(scene: Scene): GreyImage {
  return { width: scene.originalSize, height: scene.originalSize, data: scene.original };
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

describe('a corrected film', () => {
  it('differs from the original by less than 0.03 in the model input, on average', () => {
    const offs: number[] = [];
    const untouched: number[] = [];
    for (let i = 0; i < CASES; i++) {
      const kind = SCENE_KINDS[i % SCENE_KINDS.length];
      const scene = makeScene({ kind, seed: 3000 + i, width: 640, height: 480 });
      const original = inputOf(originalOf(scene));
      offs.push(meanDifference(inputOf(correctFilm(scene.photo, scene.corners)), original));
      untouched.push(meanDifference(inputOf(scene.photo), original));
    }
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    console.log(
      `model input of ${CASES} photographed films with their true corners: mean difference ` +
        `${mean(offs).toFixed(4)} (largest ${Math.max(...offs).toFixed(4)}); ` +
        `of the photographs as they are: ${mean(untouched).toFixed(4)}`,
    );
    expect(offs.every(Number.isFinite)).toBe(true);
    expect(mean(offs)).toBeLessThan(0.03);
    // The measure can tell: nothing corrected is far off.
    expect(mean(untouched)).toBeGreaterThan(0.1);
  }, 300_000);

  it('keeps to 0 … 1 and says what was done', () => {
    const scene = makeScene({ kind: 'light box', seed: 5, width: 480, height: 360 });
    const film = correctFilm(scene.photo, scene.corners);
    expect(film.data).toHaveLength(film.width * film.height);
    expect(film.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(film.evened).toBe(true);
    expect(film.patternRemoved).toBe(false);
  });

  it('is turned and mirrored as the person says', () => {
    const scene = makeScene({ kind: 'light box', seed: 6, width: 480, height: 360 });
    const upright = correctFilm(scene.photo, scene.corners);
    const { width, height } = upright;
    const at = (x: number, y: number): number => upright.data[y * width + x];
    const turned = correctFilm(scene.photo, scene.corners, { turns: 1, mirrored: false });
    expect([turned.width, turned.height]).toEqual([height, width]);
    // Clockwise: the top left corner goes to the top right.
    expect(turned.data[turned.width - 1]).toBe(at(0, 0));
    expect(turned.data[0]).toBe(at(0, height - 1));
    const around = correctFilm(scene.photo, scene.corners, { turns: 2, mirrored: false });
    expect(around.data[0]).toBe(at(width - 1, height - 1));
    const left = correctFilm(scene.photo, scene.corners, { turns: 3, mirrored: false });
    expect(left.data[0]).toBe(at(width - 1, 0));
    const mirrored = correctFilm(scene.photo, scene.corners, { turns: 0, mirrored: true });
    expect(mirrored.data[0]).toBe(at(width - 1, 0));
  });
});

describe('the light behind the film', () => {
  /** A film that is the same all over, on a box that is brighter on the left. */
  function plainFilm(surround: boolean, inside: (u: number, v: number) => number): Scene {
    const scene = makeScene({ kind: 'bright surroundings', seed: 9, width: 400, height: 300 });
    const data = new Float32Array(400 * 300);
    for (let y = 0; y < 300; y++) {
      for (let x = 0; x < 400; x++) {
        const light = 0.9 - 0.4 * (x / 400);
        const onFilm = x >= 100 && x < 300 && y >= 50 && y < 250;
        const value = onFilm ? 0.7 * inside((x - 100) / 200, (y - 50) / 200) : surround ? 1 : 0.02;
        data[y * 400 + x] = onFilm || surround ? light * value : value;
      }
    }
    return {
      ...scene,
      photo: { width: 400, height: 300, data },
      corners: [
        { x: 100, y: 50 },
        { x: 300, y: 50 },
        { x: 300, y: 250 },
        { x: 100, y: 250 },
      ],
    };
  }

  it('is measured on the light box around it', () => {
    const { photo, corners } = plainFilm(true, () => 0.8);
    const light = measureLight(photo, corners);
    const expected = (u: number): number => (0.9 - 0.4 * ((100 + 200 * u) / 400)) / 0.7;
    for (const u of [0.1, 0.5, 0.9]) {
      const ratio = (light?.at(u, 0.5) ?? 0) / (light?.at(0.5, 0.5) ?? 1);
      expect(ratio).toBeCloseTo(expected(u) / expected(0.5), 1);
    }
  });

  it('is not guessed from the film: large soft shades inside it are lungs', () => {
    const lungs = (u: number): number => 0.8 - 0.4 * Math.exp(-(((u - 0.3) / 0.15) ** 2));
    const { photo, corners } = plainFilm(true, lungs);
    const film = correctFilm(photo, corners);
    const row = Math.floor(film.height / 2) * film.width;
    const at = (u: number): number => film.data[row + Math.floor(u * film.width)];
    // Right and left of the shade the film is equally bright again, and the shade is as deep as it was.
    expect(Math.abs(at(0.85) - at(0.62))).toBeLessThan(0.06);
    expect(at(0.62) - at(0.3)).toBeGreaterThan(0.7);
    // Where no light box is seen, nothing is evened and it is said.
    const dark = plainFilm(false, lungs);
    expect(measureLight(dark.photo, dark.corners)).toBeNull();
    expect(correctFilm(dark.photo, dark.corners).evened).toBe(false);
  });

  it('is not measured where the camera shows nothing but white', () => {
    const { photo, corners } = plainFilm(true, () => 0.5);
    const burnt = photo.data.map((value, i) => (i % 400 >= 100 && i % 400 < 300 ? value : 1));
    for (let y = 0; y < 300; y++) if (y < 50 || y >= 250) burnt.fill(1, y * 400, y * 400 + 400);
    expect(measureLight({ ...photo, data: burnt }, corners)).toBeNull();
  });
});

describe('moiré', () => {
  it('is taken out, and nothing else is', () => {
    const plan = { kind: 'light box', seed: 3012, width: 960, height: 720 } as const;
    const clean = makeScene(plan);
    const striped = makeScene({ ...plan, moire: { height: 0.15, period: 5 } });
    const reference = correctFilm(clean.photo, clean.corners);
    const film = correctFilm(striped.photo, striped.corners);
    expect(reference.patternRemoved).toBe(false);
    expect(film.patternRemoved).toBe(true);
    const left = meanDifference(film.data, reference.data);
    console.log(`moiré of ±15 %: ${left.toFixed(4)} off the film without it`);
    expect(left).toBeLessThan(0.02);
  }, 120_000);

  it('is not seen in noise, ribs or an edge', () => {
    const width = 300;
    const data = Float32Array.from({ length: width * width }, (_, i) => {
      const x = i % width;
      const noise = Math.sin(i * 12.9898) * 43758.5453;
      const ribs = 0.2 * Math.sin(x / 5);
      return (x > 140 ? 0.3 : 0.6) + ribs + 0.1 * (noise - Math.floor(noise));
    });
    const before = data.slice();
    expect(reduceMoire({ width, height: width, data })).toBe(false);
    expect(data).toEqual(before);
    expect(reduceMoire({ width: 20, height: 20, data: new Float32Array(400) })).toBe(false);
  });
});

describe('levels', () => {
  it('do not blow an empty sheet up into noise', () => {
    const size = MODEL_SIZE;
    const data = Float32Array.from({ length: size * size }, (_, i) => 0.6 + 0.004 * (i % 3));
    setLevels({ width: size, height: size, data });
    expect(Math.max(...data) - Math.min(...data)).toBeLessThan(0.3);
    const black = new Float32Array(100);
    setLevels({ width: 10, height: 10, data: black });
    expect([...black].every((value) => value === 0)).toBe(true);
  });
});
