import { describe, expect, it } from 'vitest';
import { chestPhantom, unit } from '../../src/model/phantom.ts';
import golden from '../fixtures/phantom-golden.json' with { type: 'json' };

/** Mean over a rectangle given in shares of the picture. */
function meanOf(
  pixels: Float32Array,
  size: number,
  [left, top, right, bottom]: readonly [number, number, number, number],
): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.floor(top * size); row < bottom * size; row += 1) {
    for (let column = Math.floor(left * size); column < right * size; column += 1) {
      sum += pixels[row * size + column];
      count += 1;
    }
  }
  return sum / count;
}

describe('the chest phantom', () => {
  it('hashes integers as the fixture says', () => {
    for (const [a, b, c, value] of golden.hash) expect(unit(a, b, c)).toBe(value);
  });

  it.each(golden.cases)(
    'has its golden pixels: $size px, variant $variant',
    ({ size, variant, mean, samples }) => {
      const pixels = chestPhantom(size, variant);
      for (const [row, column, value] of samples) {
        expect(Math.abs(pixels[row * size + column] - value)).toBeLessThan(1e-6);
      }
      expect(pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length).toBeCloseTo(mean, 6);
    },
  );

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('looks like a chest: variant %i', (variant) => {
    const size = 224;
    const pixels = chestPhantom(size, variant);
    expect(Math.min(...pixels)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...pixels)).toBeLessThanOrEqual(1);
    const middle = meanOf(pixels, size, [0.47, 0.3, 0.53, 0.6]);
    const upperLungs = [
      meanOf(pixels, size, [0.22, 0.2, 0.36, 0.3]),
      meanOf(pixels, size, [0.64, 0.2, 0.78, 0.3]),
    ];
    const belly = meanOf(pixels, size, [0.25, 0.88, 0.75, 0.98]);
    const corner = meanOf(pixels, size, [0, 0, 0.1, 0.05]);
    for (const lung of upperLungs) {
      expect(middle - lung).toBeGreaterThan(0.25);
      expect(belly - lung).toBeGreaterThan(0.25);
    }
    expect(corner).toBeLessThan(0.1);
  });

  it('shows the heart on the patient’s left', () => {
    const pixels = chestPhantom(224, 0);
    const left = meanOf(pixels, 224, [0.58, 0.55, 0.68, 0.7]);
    const right = meanOf(pixels, 224, [0.32, 0.55, 0.42, 0.7]);
    expect(left - right).toBeGreaterThan(0.1);
  });

  it('puts more into the lungs of the sick kinds', () => {
    const lungs = [0, 1, 2, 3].map((variant) => {
      const pixels = chestPhantom(224, variant);
      return (
        meanOf(pixels, 224, [0.2, 0.4, 0.35, 0.65]) + meanOf(pixels, 224, [0.68, 0.4, 0.8, 0.65])
      );
    });
    for (const sick of lungs.slice(1)) expect(sick).toBeGreaterThan(lungs[0] + 0.03);
  });

  it.each([
    [0, 0],
    [1.5, 0],
    [5000, 0],
    [8, -1],
    [8, 0.5],
  ])('refuses size %d, variant %d', (size, variant) => {
    expect(() => chestPhantom(size, variant)).toThrow(RangeError);
  });
});
