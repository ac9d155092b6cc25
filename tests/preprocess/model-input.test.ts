import { describe, expect, it } from 'vitest';
import { MODEL_SIZE, toModelInput } from '../../src/preprocess/index.ts';
import golden from '../fixtures/preprocess-golden.json' with { type: 'json' };
import { maxDifference } from '../fixtures/compare.ts';
import { referenceModelInput } from '../fixtures/reference-preprocess.ts';
import { makeSource, type Source, type SourceKind } from '../fixtures/sources.ts';

const SIZES: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 2],
  [2, 1],
  [1, 224],
  [1, 1000],
  [1000, 1],
  [3, 5],
  [5, 3],
  [111, 113],
  [223, 223],
  [224, 224],
  [225, 225],
  [223, 225],
  [100, 900],
  [900, 100],
  [299, 299],
  [448, 448],
  [447, 449],
  [1024, 1024],
  [1023, 769],
];
const KINDS: readonly SourceKind[] = ['noise', 'ramp-x', 'ramp-y', 'checker', 'waves'];

describe('toModelInput', () => {
  it.each(SIZES)('agrees with the float64 reference at %i × %i', (width, height) => {
    for (const kind of KINDS) {
      const pixels = Float32Array.from(makeSource({ kind, width, height, seed: 5 }));
      const expected = referenceModelInput(pixels, width, height);
      const input = toModelInput(pixels, width, height);
      expect(input).toHaveLength(MODEL_SIZE * MODEL_SIZE);
      expect(maxDifference(input, expected), kind).toBeLessThan(1e-6);
    }
  });

  it('agrees with the float64 reference at 4096 × 3000', () => {
    const pixels = Float32Array.from(
      makeSource({ kind: 'noise', width: 4096, height: 3000, seed: 9 }),
    );
    const expected = referenceModelInput(pixels, 4096, 3000);
    expect(maxDifference(toModelInput(pixels, 4096, 3000), expected)).toBeLessThan(1e-6);
  });

  it('agrees with the golden vectors that the training side is tested against', () => {
    expect(golden.cases.length).toBeGreaterThan(20);
    for (const { mean, samples, ...rest } of golden.cases) {
      const source = rest as Source;
      const pixels = Float32Array.from(makeSource(source));
      const input = toModelInput(pixels, source.width, source.height, golden.size);
      for (const [row, column, value] of samples) {
        expect(input[row * golden.size + column]).toBeCloseTo(value, 5);
      }
      const sum = input.reduce((total, value) => total + value, 0);
      expect(sum / input.length).toBeCloseTo(mean, 5);
    }
  });

  it('gives a picture of the model size back unchanged', () => {
    const pixels = Float32Array.from(
      makeSource({ kind: 'noise', width: 224, height: 224, seed: 2 }),
    );
    expect(toModelInput(pixels, 224, 224)).toEqual(pixels);
  });

  it('refuses an array that does not fit the size', () => {
    expect(() => toModelInput(new Float32Array(5), 2, 3)).toThrow(RangeError);
    expect(() => toModelInput(new Float32Array(0), 0, 3)).toThrow(RangeError);
    expect(() => toModelInput(new Float32Array(1), 1, 1, 0)).toThrow(RangeError);
  });
});
