import { describe, expect, it } from 'vitest';
import { limitsOf, operatingFigures, thresholdFor, wilson } from '../../src/assurance/index.ts';
import type { OperatingCurve } from '../../src/model/index.ts';

const curve: OperatingCurve = {
  label: 'COVID',
  thresholds: [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.001],
  truePositives: [40, 39, 38, 36, 30, 20, 0],
  falsePositives: [60, 30, 12, 6, 3, 1, 0],
  positives: 40,
  negatives: 60,
};

describe('the Wilson interval', () => {
  it('is that of the textbooks', () => {
    // R. Newcombe, Stat. Med. 17:857 (1998), table I, method 3.
    for (const [found, total, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const figure = wilson(found, total);
      expect(figure.value).toBe(found / total);
      expect(figure.low).toBeCloseTo(low, 4);
      expect(figure.high).toBeCloseTo(high, 4);
    }
  });

  it('says nothing from nothing', () => {
    expect(wilson(0, 0)).toEqual({ value: Number.NaN, low: 0, high: 1 });
  });
});

describe('a threshold', () => {
  it('is the highest that finds, or the lowest that spares, the share asked for', () => {
    expect(thresholdFor(curve, { kind: 'sensitivity', value: 0.95 })).toBe(0.3);
    expect(thresholdFor(curve, { kind: 'sensitivity', value: 0.951 })).toBe(0.1);
    expect(thresholdFor(curve, { kind: 'sensitivity', value: 0.999 })).toBe(0);
    expect(thresholdFor(curve, { kind: 'specificity', value: 0.95 })).toBe(0.7);
    expect(thresholdFor(curve, { kind: 'specificity', value: 0.9 })).toBe(0.5);
    expect(thresholdFor(curve, { kind: 'specificity', value: 0.999 })).toBe(1.001);
  });

  it('is one of two that enclose what is uncertain, and never cross', () => {
    expect(limitsOf(curve, { sensitivity: 0.95, specificity: 0.95 })).toEqual({
      low: 0.3,
      high: 0.7,
    });
    expect(limitsOf(curve, { sensitivity: 0.5, specificity: 0.5 })).toEqual({
      low: 0.9,
      high: 0.9,
    });
  });
});

describe('what it is worth', () => {
  it('is counted, and carried to the prevalence by Bayes’ rule', () => {
    const figures = operatingFigures(curve, 0.5, 0.1);
    expect(figures.sensitivity).toEqual(wilson(36, 40));
    expect(figures.specificity).toEqual(wilson(54, 60));
    expect(figures.positivePredictive.value).toBeCloseTo(0.09 / (0.09 + 0.09), 12);
    expect(figures.negativePredictive.value).toBeCloseTo(0.81 / (0.81 + 0.01), 12);
    for (const each of [figures.positivePredictive, figures.negativePredictive]) {
      expect(each.low).toBeLessThan(each.value);
      expect(each.high).toBeGreaterThan(each.value);
    }
  });

  it('between two places of the curve is that of the next higher one', () => {
    expect(operatingFigures(curve, 0.31, 0.1).sensitivity.value).toBe(36 / 40);
    expect(operatingFigures(curve, 2, 0.1).sensitivity.value).toBe(0);
  });
});
