import { describe, expect, it } from 'vitest';
import {
  calibrationError,
  classificationReport,
  confusionMatrix,
  confusionText,
  reliability,
  reportText,
} from '../../src/evaluation/index.ts';
import golden from '../fixtures/metrics-golden.json' with { type: 'json' };

describe('by hand', () => {
  // Ten pictures of two classes: of four a's three are found, of six b's four.
  const confusion = [
    [3, 1],
    [2, 4],
  ];

  it('counts what was answered for what is true', () => {
    const truth = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    const answers = [0, 0, 0, 1, 0, 0, 1, 1, 1, 1];
    expect(confusionMatrix(truth, answers, 2)).toEqual(confusion);
    expect(() => confusionMatrix([0], [2], 2)).toThrow(RangeError);
    expect(() => confusionMatrix([-1], [0], 2)).toThrow(RangeError);
    expect(() => confusionMatrix([0, 1], [0], 2)).toThrow(RangeError);
  });

  it('gives precision, recall and F1 of each class, and both averages', () => {
    const report = classificationReport(confusion);
    expect(report.accuracy).toBeCloseTo(7 / 10, 12);
    expect(report.perClass[0]).toEqual({ precision: 3 / 5, recall: 3 / 4, f1: 6 / 9, support: 4 });
    expect(report.perClass[1]).toEqual({ precision: 4 / 5, recall: 4 / 6, f1: 8 / 11, support: 6 });
    expect(report.macro.f1).toBeCloseTo((6 / 9 + 8 / 11) / 2, 12);
    expect(report.weighted.recall).toBeCloseTo(0.4 * 0.75 + (0.6 * 4) / 6, 12);
    expect(report.weighted.support).toBe(10);
  });

  it('leaves a class that never occurs out of the averages, and nothing is not a number', () => {
    const report = classificationReport([
      [2, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(report.macro.f1).toBe(1);
    expect(report.perClass[2]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    const nothing = classificationReport([[0]]);
    expect(nothing.accuracy).toBe(0);
    expect(nothing.weighted).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it('measures how far stated probabilities are from what came true', () => {
    // Four answers stated with 0.9, three right: |3 − 3.6| / 4.
    const four = [true, true, true, false].map((right) => ({ confidence: 0.9, right }));
    expect(calibrationError(four)).toBeCloseTo(0.15, 12);
    // In one bin too sure and too unsure cancel out; in two they add up.
    expect(
      calibrationError([
        { confidence: 0.9, right: true },
        { confidence: 0.5, right: false },
      ]),
    ).toBeCloseTo((0.1 + 0.5) / 2, 12);
    // The edge between two bins belongs to the lower one, so these two share a bin.
    expect(
      calibrationError(
        [
          { confidence: 0.5, right: true },
          { confidence: 0.3, right: false },
        ],
        2,
      ),
    ).toBeCloseTo(0.1, 12);
    expect(calibrationError([{ confidence: 0, right: true }])).toBe(1);
    expect(calibrationError([])).toBe(0);
  });

  it('writes the matrix with its names', () => {
    expect(confusionText(confusion, ['a', 'long'])).toBe(
      'rows: what it is; columns: what was answered\n\n      a  long\n   a  3     1\nlong  2     4\n',
    );
  });
});

describe(`against ${golden.madeWith}`, () => {
  for (const known of golden.cases) {
    const answers = known.probabilities.map((row) => row.indexOf(Math.max(...row)));
    const confusion = confusionMatrix(known.truth, answers, golden.labels.length);
    const report = classificationReport(confusion);

    it(`gives the same figures for ${known.name}`, () => {
      expect(confusion).toEqual(known.confusion);
      expect(report.accuracy).toBeCloseTo(known.accuracy, 12);
      expect(report.macro.f1).toBeCloseTo(known.macroF1, 12);
      expect(report.weighted.f1).toBeCloseTo(known.weightedF1, 12);
      for (const [at, label] of golden.labels.entries()) {
        const theirs = known.perClass[label as keyof typeof known.perClass];
        const ours = report.perClass[at];
        expect(ours.precision).toBeCloseTo(theirs.precision, 12);
        expect(ours.recall).toBeCloseTo(theirs.recall, 12);
        expect(ours.f1).toBeCloseTo(theirs['f1-score'], 12);
        expect(ours.support).toBe(theirs.support);
      }
      for (const which of ['macro', 'weighted'] as const) {
        const { precision, recall, f1, support } = report[which];
        const theirs = known[which];
        expect(precision).toBeCloseTo(theirs.precision, 12);
        expect(recall).toBeCloseTo(theirs.recall, 12);
        expect(f1).toBeCloseTo(theirs['f1-score'], 12);
        expect(support).toBe(theirs.support);
      }
      for (const [at, row] of confusion.entries()) {
        const sum = row.reduce((total, count) => total + count, 0);
        for (const [column, count] of row.entries()) {
          expect(sum > 0 ? count / sum : 0).toBeCloseTo(known.rowShares[at][column], 12);
        }
      }
      const stated = known.probabilities.map((row, at) => ({
        confidence: Math.max(...row),
        right: answers[at] === known.truth[at],
      }));
      expect(calibrationError(stated)).toBeCloseTo(known.calibrationError, 10);
      const bins = reliability(stated).filter((bin) => bin.answers > 0);
      expect(bins).toHaveLength(known.reliability.accuracy.length);
      for (const [at, bin] of bins.entries()) {
        expect(bin.accuracy).toBeCloseTo(known.reliability.accuracy[at], 10);
        expect(bin.confidence).toBeCloseTo(known.reliability.confidence[at], 10);
      }
    });

    if (known.text !== null) {
      it(`prints the same text for ${known.name}`, () => {
        expect(reportText(report, golden.labels, 4)).toBe(known.text);
      });
    }
  }
});
