import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateShares, siteVerdict } from '../../src/assurance/site-test.ts';
import type { Hospitals } from '../../src/model/index.ts';

const HOSPITALS: Hospitals = {
  dimensions: 2,
  list: [
    { name: 'North', count: 400, mean: [1, -1], spread: [2, 0.5] },
    { name: 'South', count: 90, mean: [-3, 4], spread: [1, 1] },
  ],
  test: {
    statistic: 'standardized-mean',
    minimum: 30,
    threshold: 0.5,
    falseAlarms: { images: 100, found: 5 },
  },
  note: '',
};
/** A site whose pictures lie here on average. */
const site = (pictures: number, ...mean: number[]) => ({
  pictures,
  sums: mean.map((each) => each * pictures),
});

describe('whether a site looks like a hospital the model knows', () => {
  it('says nothing before it has enough pictures', () => {
    expect(siteVerdict(HOSPITALS, site(29, 50, 50))).toEqual({
      kind: 'too-few',
      pictures: 29,
      minimum: 30,
    });
  });

  it('measures the distance to the nearest hospital in its own spread', () => {
    // (0.8/2)² and (0.1/0.5)²: the root of their mean is √0.1.
    const verdict = siteVerdict(HOSPITALS, site(30, 1.8, -0.9));
    expect(verdict).toMatchObject({ kind: 'alike', hospitals: 2, nearest: { hospital: 'North' } });
    if (verdict.kind === 'alike') expect(verdict.nearest.statistic).toBeCloseTo(Math.sqrt(0.1));
  });

  it('is different beyond the threshold from every one, whatever one it is nearest to', () => {
    expect(siteVerdict(HOSPITALS, site(60, -3, 4.8))).toMatchObject({
      kind: 'different',
      nearest: { hospital: 'South' },
    });
    expect(siteVerdict(HOSPITALS, site(60, -3, 4.7))).toMatchObject({ kind: 'alike' });
  });

  it('refuses sums of other dimensions', () => {
    expect(() => siteVerdict(HOSPITALS, site(30, 1))).toThrow(RangeError);
  });
});

describe('how common each class is', () => {
  const even = [0.25, 0.25, 0.25, 0.25];

  it('is the mean answer where every answer is certain', () => {
    const answers = [0, 0, 0, 1, 2, 2, 2, 2].map((top) => even.map((_, k) => (k === top ? 1 : 0)));
    expect(estimateShares(answers, even)).toEqual([3 / 8, 1 / 8, 4 / 8, 0]);
  });

  it('finds the shares behind answers made with others', () => {
    // Two kinds of picture, seen with likelihoods 8:2 and 3:7; 30 of 100 are of the first class.
    const likelihood = [
      [0.8, 0.2],
      [0.3, 0.7],
    ];
    const posterior = (seen: number): number[] => {
      const joint = [0, 1].map((k) => 0.5 * likelihood[k][seen]);
      return joint.map((each) => each / (joint[0] + joint[1]));
    };
    const often = Math.round(1000 * (0.3 * 0.8 + 0.7 * 0.3));
    const answers = Array.from({ length: 1000 }, (_, i) => posterior(i < often ? 0 : 1));
    const shares = estimateShares(answers, [0.5, 0.5]);
    expect(shares?.[0]).toBeCloseTo(0.3, 2);
  });

  it('always sums to 1, and needs pictures', () => {
    expect(estimateShares([], even)).toBeNull();
    const answer = fc
      .array(fc.double({ min: 1e-4, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
      .map((list) => list.map((each) => each / list.reduce((sum, other) => sum + other, 0)));
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 20 }), (answers) => {
        const shares = estimateShares(answers, even) ?? [];
        expect(shares.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
        expect(shares.every((each) => each >= 0 && each <= 1)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
