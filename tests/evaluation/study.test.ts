import { describe, expect, it } from 'vitest';
import { PLACES, studyOf, topOf, type Answer } from '../../src/evaluation/index.ts';
import golden from '../fixtures/metrics-golden.json' with { type: 'json' };

interface KnownAreas {
  readonly roc: number;
  readonly averagePrecision: number;
}

const answer = (truth: number, probabilities: number[], more: Partial<Answer> = {}): Answer => ({
  path: `${truth}.png`,
  truth,
  probabilities,
  origin: null,
  refused: null,
  sets: {},
  ...more,
});

describe('the study of a collection', () => {
  it('sums up every figure of the same answers', () => {
    const answers = [
      answer(0, [0.9, 0.1], { origin: 'a', sets: { '0.9': [0], '0.95': [0, 1] } }),
      answer(0, [0.3, 0.7], { origin: 'a', sets: { '0.9': [1], '0.95': [1, 0] } }),
      answer(1, [0.4, 0.6], { origin: 'b', sets: { '0.9': [1], '0.95': [1] } }),
      answer(1, [0.95, 0.05], {
        refused: 'not-a-frontal-chest',
        sets: { '0.9': [0], '0.95': [0] },
      }),
    ];
    const study = studyOf(answers, ['x', 'y'], { samples: 50 });
    expect(study.images).toBe(4);
    expect(study.report.accuracy).toBe(0.5);
    expect(study.accuracy?.value).toBe(0.5);
    expect(study.confusion).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(study.accuracyOfAccepted).toBeCloseTo(2 / 3, 12);
    expect(study.refusals).toEqual({ 'not-a-frontal-chest': 1 });
    expect(study.errors).toEqual([3, 1]);
    expect(study.coverage).toEqual([
      { nominal: 0.9, observed: 0.5, perClass: [0.5, 0.5], meanSize: 1 },
      { nominal: 0.95, observed: 0.75, perClass: [1, 0.5], meanSize: 1.5 },
    ]);
    expect(study.origins).toEqual([
      { origin: 'a', images: 2, accuracy: 0.5, recalls: [0.5, null] },
      { origin: 'b', images: 1, accuracy: 1, recalls: [null, 1] },
    ]);
  });

  it('refuses answers that do not fit the classes', () => {
    expect(() => studyOf([answer(0, [1])], ['x', 'y'])).toThrow(/0\.png/);
    expect(() => studyOf([answer(0, [Number.NaN, 1])], ['x', 'y'])).toThrow(RangeError);
    expect(() => studyOf([answer(2, [0.5, 0.5])], ['x', 'y'])).toThrow(RangeError);
  });

  it('says that there is no area where a class is missing', () => {
    const study = studyOf([answer(0, [0.9, 0.1]), answer(0, [0.2, 0.8])], ['x', 'y']);
    expect(study.macroRoc).toBeNull();
    expect(study.curves.map(({ roc }) => roc)).toEqual([null, null]);
  });

  it('puts a band around each curve that holds the curve itself', () => {
    const known = golden.cases[0];
    const study = studyOf(
      known.truth.map((truth, at) => answer(truth, known.probabilities[at])),
      golden.labels,
      { samples: 200 },
    );
    for (const { curve, rocBand, precisionBand } of study.curves) {
      expect(rocBand).toHaveLength(PLACES + 1);
      expect(rocBand[PLACES]).toEqual({ value: 1, low: 1, high: 1 });
      expect(precisionBand[0]).toBeNull();
      for (const [at, place] of rocBand.entries()) {
        expect(place!.low).toBeLessThanOrEqual(place!.value);
        expect(place!.high).toBeGreaterThanOrEqual(place!.value);
        // At or beyond the last point left of here, not beyond the next one.
        const alarms = (at / PLACES) * curve.negatives;
        const left = curve.points.filter((point) => point.falsePositives <= alarms).at(-1);
        const right = curve.points.find((point) => point.falsePositives > alarms) ?? left;
        const found = place!.value * curve.positives;
        expect(found).toBeGreaterThanOrEqual((left?.truePositives ?? 0) - 1e-9);
        expect(found).toBeLessThanOrEqual((right?.truePositives ?? 0) + 1e-9);
      }
    }
  });

  it('takes the first of equals', () => {
    expect(topOf([0.4, 0.4, 0.2])).toBe(0);
  });

  for (const known of golden.cases) {
    it(`gives scikit-learn's areas for ${known.name}`, () => {
      const study = studyOf(
        known.truth.map((truth, at) => answer(truth, known.probabilities[at])),
        golden.labels,
        { samples: 30 },
      );
      const curves = known.curves as Partial<Record<string, KnownAreas>>;
      for (const [k, label] of golden.labels.entries()) {
        const { roc, precision } = study.curves[k];
        const theirs = curves[label];
        if (theirs) {
          expect(roc?.value).toBeCloseTo(theirs.roc, 9);
          expect(precision?.value).toBeCloseTo(theirs.averagePrecision, 9);
        } else expect([roc, precision]).toEqual([null, null]);
      }
      expect(study.macroF1?.value).toBeCloseTo(known.macroF1, 12);
      expect(study.accuracy?.value).toBeCloseTo(known.accuracy, 12);
      if (known.macroRoc === null) expect(study.macroRoc).toBeNull();
      else expect(study.macroRoc?.value).toBeCloseTo(known.macroRoc, 9);
      expect(study.calibrationError).toBeCloseTo(known.calibrationError, 9);
      for (const { roc } of study.curves) {
        if (!roc) continue;
        expect(roc.low).toBeLessThanOrEqual(roc.value);
        expect(roc.high).toBeGreaterThanOrEqual(roc.value);
      }
    });
  }
});
