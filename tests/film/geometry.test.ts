import { describe, expect, it } from 'vitest';
import { estimateAspect, measureAspect } from '../../src/film/film-size.ts';
import { areaOf, isConvex, orderCorners } from '../../src/film/geometry.ts';
import { applyHomography, homographyOf, invertHomography } from '../../src/film/homography.ts';
import { rectify } from '../../src/film/rectify.ts';
import type { Quad } from '../../src/film/types.ts';
import { makeScene, SCENE_KINDS } from '../fixtures/film-scene.ts';

const SQUARE: Quad = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];
const TILTED: Quad = [
  { x: 210, y: 95 },
  { x: 701, y: 160 },
  { x: 655, y: 590 },
  { x: 120, y: 505 },
];

describe('homography', () => {
  it('takes every corner to its place, and back', () => {
    const there = homographyOf(SQUARE, TILTED);
    const back = invertHomography(there);
    for (let i = 0; i < 4; i++) {
      const at = applyHomography(there, SQUARE[i]);
      expect(at.x).toBeCloseTo(TILTED[i].x, 8);
      expect(at.y).toBeCloseTo(TILTED[i].y, 8);
      const home = applyHomography(back, TILTED[i]);
      expect(home.x).toBeCloseTo(SQUARE[i].x, 8);
      expect(home.y).toBeCloseTo(SQUARE[i].y, 8);
    }
  });

  it('keeps straight lines straight', () => {
    const map = homographyOf(SQUARE, TILTED);
    const [a, b, c] = [0.1, 0.45, 0.9].map((t) => applyHomography(map, { x: t, y: 0.2 + 0.6 * t }));
    expect((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).toBeCloseTo(0, 6);
  });

  it('refuses three corners on one line', () => {
    const flat: Quad = [TILTED[0], { x: 220, y: 105 }, { x: 230, y: 115 }, TILTED[3]];
    const line: Quad = [flat[0], flat[1], flat[2], { x: 240, y: 125 }];
    expect(() => homographyOf(line, SQUARE)).toThrow(RangeError);
  });
});

describe('corners', () => {
  it('come in one order, whatever order they are given in', () => {
    const ordered = orderCorners([TILTED[2], TILTED[0], TILTED[3], TILTED[1]]);
    expect(ordered).toEqual(TILTED);
    expect(areaOf(ordered)).toBeGreaterThan(0);
    expect(isConvex(ordered)).toBe(true);
    const crossed: Quad = [TILTED[0], TILTED[2], TILTED[1], TILTED[3]];
    expect(isConvex(crossed)).toBe(false);
  });
});

describe('the sheet’s width by its height', () => {
  it('is measured exactly from a tilted photograph, and drawn to a size that films have', () => {
    let worst = 0;
    let wrong = 0;
    for (let seed = 0; seed < 60; seed++) {
      const scene = makeScene({
        kind: SCENE_KINDS[seed % 6],
        seed,
        width: 64,
        height: 48,
        phantomSize: 16,
      });
      worst = Math.max(
        worst,
        Math.abs(Math.log(measureAspect(scene.corners, 64, 48) / scene.aspect)),
      );
      const told = estimateAspect(scene.corners, 64, 48);
      // 24 × 30 and 35 × 43 differ by 1.7 %: one may be taken for the other.
      if (Math.abs(Math.log(told / scene.aspect)) > 0.02) wrong++;
    }
    console.log(
      `width by height, measured from the corners: off by ${worst.toExponential(1)} at most`,
    );
    expect(worst).toBeLessThan(1e-6);
    expect(wrong).toBe(0);
  });

  it('stays what it was measured to be where no film has that shape', () => {
    const strip: Quad = [
      { x: 100, y: 300 },
      { x: 900, y: 300 },
      { x: 900, y: 600 },
      { x: 100, y: 600 },
    ];
    expect(estimateAspect(strip, 1000, 900)).toBeCloseTo(800 / 300, 6);
  });
});

describe('rectify', () => {
  it('gives a straight crop back pixel for pixel', () => {
    const data = Float32Array.from({ length: 40 * 30 }, (_, i) => ((i * 7919) % 101) / 101);
    const crop: Quad = [
      { x: 5, y: 4 },
      { x: 25, y: 4 },
      { x: 25, y: 19 },
      { x: 5, y: 19 },
    ];
    const film = rectify({ width: 40, height: 30, data }, crop, 20, 15);
    for (let y = 0; y < 15; y++) {
      for (let x = 0; x < 20; x++) {
        expect(film.data[y * 20 + x]).toBeCloseTo(data[(y + 4) * 40 + x + 5], 5);
      }
    }
  });

  it('averages what it shrinks: single pixels of a checkerboard become its mean', () => {
    const side = 240;
    const data = Float32Array.from(
      { length: side * side },
      (_, i) => ((i % side) + Math.floor(i / side)) % 2,
    );
    for (const target of [96, 60, 25]) {
      const film = rectify(
        { width: side, height: side, data },
        [
          { x: 0, y: 0 },
          { x: side, y: 0 },
          { x: side, y: side },
          { x: 0, y: side },
        ],
        target,
        target,
      );
      const off = film.data.reduce((most, value) => Math.max(most, Math.abs(value - 0.5)), 0);
      // Without area sampling this would be 0.5.
      expect(off).toBeLessThan(0.2);
      expect(film.data.reduce((sum, value) => sum + value, 0) / film.data.length).toBeCloseTo(
        0.5,
        2,
      );
    }
  });
});
