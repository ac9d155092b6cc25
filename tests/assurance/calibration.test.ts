import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess, certaintyOf, LogitsUnusable, softmax } from '../../src/assurance/index.ts';

const logit = fc.double({ min: -50, max: 50, noNaN: true });
const four = fc.tuple(logit, logit, logit, logit);
const temperature = fc.double({ min: 0.05, max: 20, noNaN: true });

describe('softmax', () => {
  it('gives the textbook values', () => {
    // exp(1..4) / sum, computed with 30 digits.
    const expected = [0.032058603280085, 0.087144318742032, 0.23688281808991, 0.643914259887972];
    softmax([1, 2, 3, 4]).forEach((p, i) => expect(p).toBeCloseTo(expected[i], 14));
  });

  it('divides by the temperature before the exponential', () => {
    const [a, b] = softmax([2, 0], 2) as [number, number];
    expect(a / b).toBeCloseTo(Math.E, 12);
  });

  it('survives logits whose exponential overflows', () => {
    expect(softmax([1000, 999, -1000, 0])[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  });

  it('sums to one, keeps the order, and does not mind a shift of all logits', () => {
    fc.assert(
      fc.property(four, temperature, logit, (logits, t, shift) => {
        const p = softmax(logits, t);
        expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
        const shifted = softmax(
          logits.map((x) => x + shift),
          t,
        );
        p.forEach((x, i) => expect(shifted[i]).toBeCloseTo(x, 9));
        for (let i = 1; i < 4; i++) {
          if (logits[i] > logits[0]) {
            expect(p[i]).toBeGreaterThanOrEqual(p[0]);
          }
        }
      }),
    );
  });

  it.each([[[Number.NaN, 0, 0, 0]], [[Number.POSITIVE_INFINITY, 0, 0, 0]], [[]]])(
    'refuses %j',
    (logits) => {
      expect(() => softmax(logits)).toThrow(LogitsUnusable);
    },
  );

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a temperature of %d', (t) => {
    expect(() => softmax([1, 2, 3, 4], t)).toThrow(LogitsUnusable);
  });
});

describe('assess', () => {
  it('names the most resembled class in the order of the labels', () => {
    expect(assess([5, 1, 0, -1], 1).label).toBe('COVID');
    expect(assess([0, 5, 0, -1], 1).label).toBe('Lung_Opacity');
    expect(assess([0, 1, 5, -1], 1).label).toBe('Normal');
    expect(assess([0, 1, 0, 5], 1).label).toBe('Viral Pneumonia');
  });

  it('takes the first of equals and gives them no margin', () => {
    const { top, margin, entropy, certainty } = assess([1, 1, 1, 1], 1);
    expect({ top, margin, certainty }).toEqual({ top: 0, margin: 0, certainty: 'unsure' });
    expect(entropy).toBeCloseTo(1, 12);
  });

  it('margin and entropy belong to the probabilities', () => {
    fc.assert(
      fc.property(four, temperature, (logits, t) => {
        const { probabilities, top, margin, entropy, certainty } = assess(
          Float32Array.from(logits),
          t,
        );
        const sorted = [...probabilities].sort((a, b) => b - a) as [number, number, number, number];
        expect(probabilities[top]).toBe(sorted[0]);
        expect(margin).toBeCloseTo(sorted[0] - sorted[1], 12);
        const nats = -sorted.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
        expect(entropy).toBeCloseTo(nats / Math.log(4), 9);
        expect(certainty).toBe(certaintyOf(sorted[0]));
      }),
    );
  });

  it('a higher temperature never makes it surer', () => {
    fc.assert(
      fc.property(four, (logits) => {
        const cold = assess(logits, 1);
        const warm = assess(logits, 2);
        expect(warm.probabilities[warm.top]).toBeLessThanOrEqual(
          cold.probabilities[cold.top] + 1e-12,
        );
      }),
    );
  });

  it('refuses another number of classes', () => {
    expect(() => assess([1, 2, 3], 1)).toThrow(/3 numbers instead of 4/);
  });
});

describe('certaintyOf', () => {
  it('cuts where its comment says', () => {
    expect([1, 0.9, 0.8999, 0.6, 0.5999, 0.25].map((p) => certaintyOf(p))).toEqual([
      'clear',
      'clear',
      'likely',
      'likely',
      'unsure',
      'unsure',
    ]);
  });
});
