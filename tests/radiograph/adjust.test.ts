import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustPicture, changesPicture, combineAdjustments } from '../../src/radiograph/index.ts';
import type {
  Adjustment,
  DecodedPicture,
  PictureSamples,
  RadiographFacts,
} from '../../src/radiograph/index.ts';
import { toRadiograph } from '../../src/radiograph/index.ts';

const facts = (width: number, height: number): RadiographFacts => ({
  width,
  height,
  bitsStored: 8,
  format: 'png',
  attributes: { pixelSpacing: [0.2, 0.1] },
  warnings: [],
});

function grey(width: number, height: number, data: readonly number[]): DecodedPicture {
  const samples: PictureSamples = {
    width,
    height,
    layout: 'grey',
    data: Uint8Array.from(data),
    white: 255,
  };
  return { kind: 'samples', samples, facts: facts(width, height) };
}

const cells = (picture: DecodedPicture): number[] => {
  if (picture.kind !== 'samples') throw new Error('no samples');
  return [...picture.samples.data];
};

// 1 2 3
// 4 5 6
const SIX = [1, 2, 3, 4, 5, 6];

describe('a turned picture', () => {
  it.each([
    [90, 2, 3, [4, 1, 5, 2, 6, 3]],
    [180, 3, 2, [6, 5, 4, 3, 2, 1]],
    [270, 2, 3, [3, 6, 2, 5, 1, 4]],
  ] as const)('%d degrees clockwise', (rotate, width, height, expected) => {
    const turned = adjustPicture(grey(3, 2, SIX), { rotate });
    expect(cells(turned)).toEqual(expected);
    expect(turned).toMatchObject({
      samples: { width, height },
      facts: {
        width,
        height,
        attributes: { pixelSpacing: rotate === 180 ? [0.2, 0.1] : [0.1, 0.2] },
      },
    });
  });

  it('is the same in floats', async () => {
    const pixels = Float32Array.from(SIX, (value) => value / 10);
    const picture: DecodedPicture = { kind: 'pixels', radiograph: { ...facts(3, 2), pixels } };
    const turned = await toRadiograph(
      adjustPicture(picture, { rotate: 90, invert: true, crop: CROP }),
    );
    // Columns 2 and 3 of both rows, turned: 5 2 / 6 3, inverted.
    expect([...turned.pixels].map((value) => Math.round(value * 10))).toEqual([5, 8, 4, 7]);
    expect(turned).toMatchObject({ width: 2, height: 2 });
  });
});

const CROP = { x: 1 / 3, y: 0, width: 2 / 3, height: 1 };

describe('a cropped picture', () => {
  it('holds the part, before it is turned', () => {
    expect(cells(adjustPicture(grey(3, 2, SIX), { crop: CROP }))).toEqual([2, 3, 5, 6]);
    expect(cells(adjustPicture(grey(3, 2, SIX), { crop: CROP, rotate: 180 }))).toEqual([
      6, 5, 3, 2,
    ]);
  });

  it('keeps four bytes a pixel together', () => {
    const data = Uint8Array.from([1, 1, 1, 255, 2, 2, 2, 255, 3, 3, 3, 255, 4, 4, 4, 255]);
    const samples: PictureSamples = { width: 2, height: 2, layout: 'rgba', data, white: 255 };
    const picture: DecodedPicture = { kind: 'samples', samples, facts: facts(2, 2) };
    const right = adjustPicture(picture, { crop: { x: 0.5, y: 0, width: 0.5, height: 1 } });
    expect(cells(right)).toEqual([2, 2, 2, 255, 4, 4, 4, 255]);
  });

  it('never vanishes', () => {
    const crop = { x: 0.99, y: 2, width: 1e-9, height: 0 };
    expect(cells(adjustPicture(grey(3, 2, SIX), { crop }))).toEqual([6]);
  });

  it('refuses what is no number', () => {
    const crop = { x: Number.NaN, y: 0, width: 1, height: 0.5 };
    expect(() => adjustPicture(grey(3, 2, SIX), { crop })).toThrow(TypeError);
  });
});

describe('an inverted picture', () => {
  it('turns 8 and 16 bits about their own white', () => {
    expect(cells(adjustPicture(grey(3, 2, SIX), { invert: true }))).toEqual([
      254, 253, 252, 251, 250, 249,
    ]);
    const samples: PictureSamples = {
      width: 2,
      height: 1,
      layout: 'grey',
      data: Uint16Array.of(0, 1000),
      white: 4095,
    };
    const picture: DecodedPicture = { kind: 'samples', samples, facts: facts(2, 1) };
    expect(cells(adjustPicture(picture, { invert: true }))).toEqual([4095, 3095]);
  });

  it('sees transparency as black, as every reader does', async () => {
    const data = Uint8Array.from([200, 200, 200, 0, 100, 100, 100, 255]);
    const samples: PictureSamples = { width: 2, height: 1, layout: 'bgra', data, white: 255 };
    const picture: DecodedPicture = { kind: 'samples', samples, facts: facts(2, 1) };
    const { pixels } = await toRadiograph(adjustPicture(picture, { invert: true }));
    expect(pixels[0]).toBeCloseTo(1, 6);
    expect(pixels[1]).toBeCloseTo(155 / 255, 6);
  });
});

describe('adjustments together', () => {
  it('leaves the picture alone when they undo each other', () => {
    const twice = combineAdjustments({ rotate: 180, invert: true }, { rotate: 180, invert: true });
    expect(changesPicture(twice)).toBe(false);
    const picture = grey(3, 2, SIX);
    expect(adjustPicture(picture, twice)).toBe(picture);
  });

  it('do in one step what they do in two', () => {
    // Twelfths of 12 × 12 pixels: a crop of a crop still ends at whole pixels.
    const side = fc.integer({ min: 0, max: 1 });
    const crop = fc.record({ x: side, y: side }).map(({ x, y }) => ({
      x: x / 2,
      y: y / 2,
      width: 0.5,
      height: 0.5,
    }));
    const adjustment: fc.Arbitrary<Adjustment> = fc.record(
      {
        crop,
        rotate: fc.constantFrom(0, 90, 180, 270),
        invert: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const data = Array.from({ length: 144 }, (_, i) => i);
    fc.assert(
      fc.property(adjustment, adjustment, (first, then) => {
        const steps = adjustPicture(adjustPicture(grey(12, 12, data), first), then);
        const once = adjustPicture(grey(12, 12, data), combineAdjustments(first, then));
        expect(cells(once)).toEqual(cells(steps));
      }),
    );
  });
});
