import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  bootstrap,
  curveOf,
  mcNemar,
  percentile,
  rank,
  reliability,
  rocArea,
} from '../../src/evaluation/index.ts';
import golden from '../fixtures/metrics-golden.json' with { type: 'json' };

interface KnownCurve {
  roc: number;
  averagePrecision: number;
  falsePositiveRate: number[];
  truePositiveRate: number[];
  thresholds: number[];
  precisions: number[];
  recalls: number[];
  cuts: number[];
}

describe('curves by hand', () => {
  it('gives half for ties, one for perfect, none where a kind is missing', () => {
    const area = (positive: boolean[], scores: number[]): number | null =>
      rocArea(curveOf(rank(positive, scores)));
    expect(area([true, false], [0.5, 0.5])).toBe(0.5);
    expect(area([true, true, false], [0.9, 0.8, 0.1])).toBe(1);
    expect(area([true, false, false], [0.1, 0.2, 0.3])).toBe(0);
    expect(area([true, true], [0.1, 0.2])).toBeNull();
    expect(averagePrecision(curveOf(rank([false, false], [0.1, 0.2])))).toBeNull();
    expect(averagePrecision(curveOf(rank([true, false, true], [3, 2, 1])))).toBeCloseTo(
      0.5 + 0.5 * (2 / 3),
      12,
    );
  });

  it('refuses lists that do not fit and scores that are none', () => {
    expect(() => rank([true], [])).toThrow(RangeError);
    expect(() => rank([true, false], [1, Number.NaN])).toThrow(RangeError);
  });

  it('counts a picture as often as it was drawn', () => {
    const ranking = rank([true, false, true], [3, 2, 1]);
    const curve = curveOf(ranking, [2, 3, 0]);
    expect(curve).toMatchObject({ positives: 2, negatives: 3 });
    expect(curve.points.map(({ truePositives }) => truePositives)).toEqual([2, 2, 2]);
    expect(rocArea(curve)).toBe(1);
  });
});

describe(`against ${golden.madeWith}`, () => {
  for (const known of golden.cases) {
    const curves = Object.entries(known.curves) as [string, KnownCurve][];
    for (const [label, theirs] of curves) {
      it(`draws the curves of ${label} for ${known.name}`, () => {
        const k = golden.labels.indexOf(label);
        const curve = curveOf(
          rank(
            known.truth.map((truth) => truth === k),
            known.probabilities.map((row) => row[k]),
          ),
        );
        expect(rocArea(curve)).toBeCloseTo(theirs.roc, 10);
        expect(averagePrecision(curve)).toBeCloseTo(theirs.averagePrecision, 10);
        expect(curve.points.map(({ threshold }) => threshold)).toEqual(theirs.thresholds);
        for (const [at, point] of curve.points.entries()) {
          expect(point.falsePositives / curve.negatives).toBeCloseTo(
            theirs.falsePositiveRate[at],
            12,
          );
          expect(point.truePositives / curve.positives).toBeCloseTo(
            theirs.truePositiveRate[at],
            12,
          );
        }
        for (const [at, cut] of theirs.cuts.entries()) {
          const point = curve.points.find(({ threshold }) => threshold === cut)!;
          const found = point.truePositives + point.falsePositives;
          expect(point.truePositives / found).toBeCloseTo(theirs.precisions[at], 12);
          expect(point.truePositives / curve.positives).toBeCloseTo(theirs.recalls[at], 12);
        }
      });
    }
  }

  it('gives the exact McNemar probability', () => {
    for (const { firstOnly, secondOnly, p } of golden.mcNemar) {
      const first = [...Array(firstOnly).fill(true), ...Array(secondOnly).fill(false), true, false];
      const second = [
        ...Array(firstOnly).fill(false),
        ...Array(secondOnly).fill(true),
        true,
        false,
      ];
      const test = mcNemar(first as boolean[], second as boolean[]);
      expect(test).toMatchObject({ firstOnly, secondOnly });
      expect(Math.abs(test.p - p)).toBeLessThan(1e-9 + 1e-9 * p);
    }
    expect(() => mcNemar([true], [])).toThrow(RangeError);
  });
});

describe('intervals', () => {
  it('takes percentiles as numpy does', () => {
    expect(percentile([1, 2, 3, 4], 0.25)).toBeCloseTo(1.75, 12);
    expect(percentile([5], 0.9)).toBe(5);
  });

  it('covers a share as the binomial says, and is the same for the same seed', () => {
    // 400 pictures, 320 right: the standard error of 0.8 is 0.02.
    const right = Array.from({ length: 400 }, (_, at) => at < 320);
    const classes = right.map(() => 0);
    const measure = (times: Uint32Array): number[] => [
      times.reduce((sum, count, at) => sum + (right[at] ? count : 0), 0) / 400,
    ];
    const [interval] = bootstrap(classes, measure);
    expect(interval?.value).toBe(0.8);
    expect(interval!.low).toBeGreaterThan(0.8 - 0.045);
    expect(interval!.low).toBeLessThan(0.8 - 0.033);
    expect(interval!.high).toBeGreaterThan(0.8 + 0.033);
    expect(interval!.high).toBeLessThan(0.8 + 0.045);
    expect(bootstrap(classes, measure)).toEqual([interval]);
    expect(bootstrap(classes, measure, { seed: 1 })).not.toEqual([interval]);
  });

  it('draws within classes and leaves out what is undefined', () => {
    const counts: number[] = [];
    const figures = bootstrap(
      [0, 0, 0, 1],
      (times) => {
        counts.push(times[3]);
        return [null, 1];
      },
      { samples: 20 },
    );
    expect(counts).toEqual(new Array(21).fill(1));
    expect(figures).toEqual([null, { value: 1, low: 1, high: 1 }]);
  });
});

describe('the reliability diagram', () => {
  it('has the bins of the calibration error and says which are empty', () => {
    const bins = reliability(
      [
        { confidence: 0.5, right: true },
        { confidence: 0.4, right: false },
        { confidence: 0.9, right: true },
      ],
      2,
    );
    expect(bins).toEqual([
      { low: 0, high: 0.5, answers: 2, confidence: 0.45, accuracy: 0.5 },
      { low: 0.5, high: 1, answers: 1, confidence: 0.9, accuracy: 1 },
    ]);
    expect(reliability([], 1)).toEqual([
      { low: 0, high: 1, answers: 0, confidence: null, accuracy: null },
    ]);
  });
});
