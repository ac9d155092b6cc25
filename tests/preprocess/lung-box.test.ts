/**
 * Box, crop and hash against a reference in Python, which holds the training to the same numbers. The
 * file is written by tests/fixtures/write-lung-box-golden.py.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/lung-box-golden.json' with { type: 'json' };
import { unit } from '../../src/model/phantom.ts';
import {
  cropTo,
  locateLungs,
  lungFeatures,
  pictureHash,
  type CropRule,
  type PlacedMaps,
} from '../../src/preprocess/index.ts';

const SIZE = 224;
const rule = golden.rule as unknown as CropRule;
const free: CropRule = { ...rule, limits: {} };

/** As `ellipses` and `mask_of` in the script. */
function mapsOf(entry: (typeof golden.maps)[number]): PlacedMaps {
  const { side } = golden;
  const whole = Float32Array.from({ length: side * side }, (_, at) => {
    const x = ((at % side) + 0.5) / side;
    const y = (Math.floor(at / side) + 0.5) / side;
    const inside = entry.ellipses.some(
      ([cx, cy, a, b]) => ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 <= 1,
    );
    return inside ? 0.97 : 0.02;
  });
  for (const [x, y] of entry.stray) whole[y * side + x] = 0.97;
  return { side, visible: new Float32Array(side * side), whole };
}

/** As `picture` in the script. */
function picture(row: number): Float32Array {
  return Float32Array.from({ length: SIZE * SIZE }, (_, at) => {
    const slope = ((at % SIZE) + 2 * Math.floor(at / SIZE)) / (3 * SIZE);
    return 0.25 + 0.5 * slope + 0.2 * (unit(at, row, 5) - 0.5);
  });
}

describe('the box around the lungs', () => {
  it.each(golden.maps)('is that of the reference: $name', (entry) => {
    const maps = mapsOf(entry);
    const { box } = locateLungs(maps, free);
    expect(box && [box.left, box.top, box.right, box.bottom]).toEqual(entry.box);
    const judged = locateLungs(maps, rule);
    expect(judged.why).toBe(entry.broken);
    if (entry.broken === null) expect(judged.box).toEqual(box);
    else expect(judged.box).toBeNull();
  });

  it('is taken from the map that the rule names', () => {
    const maps = mapsOf(golden.maps[0]);
    expect(locateLungs(maps, { ...free, map: 'visible' })).toEqual({ box: null, why: 'empty' });
  });

  it('does not follow a map that holds no numbers', () => {
    const nothing = new Float32Array(golden.side ** 2).fill(Number.NaN);
    const maps = { side: golden.side, visible: nothing, whole: nothing };
    expect(locateLungs(maps, rule)).toEqual({ box: null, why: 'empty' });
  });

  it('lies inside the picture, is not empty and holds nearly all of the mask', () => {
    const point = fc.tuple(fc.nat(27), fc.nat(27));
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 0.05, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (points, trim, margin) => {
          const side = 28;
          const whole = new Float32Array(side * side);
          for (const [x, y] of points) whole[y * side + x] = 1;
          const { box } = locateLungs({ side, visible: whole, whole }, { ...free, trim, margin });
          if (!box) throw new Error('no box');
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(SIZE);
          expect(box.bottom).toBeLessThanOrEqual(SIZE);
          expect(box.right).toBeGreaterThan(box.left);
          expect(box.bottom).toBeGreaterThan(box.top);
          const scale = SIZE / side;
          let outside = 0;
          let all = 0;
          for (const [at, inside] of whole.entries()) {
            if (!inside) continue;
            all++;
            const x = (at % side) * scale;
            const y = Math.floor(at / side) * scale;
            const within =
              x >= box.left && x + scale <= box.right && y >= box.top && y + scale <= box.bottom;
            if (!within) outside++;
          }
          // Each of the four sides may leave out the trimmed share; rounding may add a pixel to that.
          expect(outside).toBeLessThanOrEqual(4 * trim * all + 1e-6);
        },
      ),
    );
  });
});

it('an empty map has features of nothing', () => {
  expect(lungFeatures(new Float32Array(112 * 112), 112, 0.5).area).toBe(0);
});

describe('the crop', () => {
  it.each(golden.crops)('of $box is that of the reference', ({ row, box, step, values }) => {
    const [left, top, right, bottom] = box;
    const crop = cropTo(picture(row), { left, top, right, bottom });
    expect(crop).toHaveLength(SIZE * SIZE);
    const some = crop.filter((_, at) => at % step === 0);
    expect(some).toHaveLength(values.length);
    for (const [at, value] of values.entries()) expect(some[at]).toBeCloseTo(value, 6);
  });

  it('of everything is the picture itself', () => {
    const whole = picture(3);
    expect(cropTo(whole, { left: 0, top: 0, right: SIZE, bottom: SIZE })).toEqual(whole);
  });
});

it.each(golden.hashes)('the hash of picture $row is that of the reference', ({ row, hash }) => {
  expect(pictureHash(picture(row))).toBe(hash);
});
