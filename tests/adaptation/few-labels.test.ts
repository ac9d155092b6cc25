import { describe, expect, it } from 'vitest';
import { fewestThatHelp } from '../../src/adaptation/few-labels.ts';
import type { FewLabels } from '../../src/model/index.ts';

const row = (labels: number, before: number, after: number): FewLabels['rows'][number] => ({
  labels,
  hospital: 'North',
  before: { accuracy: before, sureRight: null },
  after: { accuracy: after, sureRight: 0.9 },
});
const fewest = (...rows: FewLabels['rows']) => fewestThatHelp({ note: '', rows });

describe('the smallest number of labels that helps', () => {
  it('is the first with a gain on the mean of the hospitals', () => {
    expect(fewest(row(20, 0.5, 0.7), row(10, 0.5, 0.51), row(10, 0.4, 0.41))).toMatchObject({
      labels: 20,
      hospitals: 1,
    });
    expect(fewest(row(50, 0.5, 0.9), row(10, 0.5, 0.6), row(10, 0.4, 0.5))).toMatchObject({
      labels: 10,
      hospitals: 2,
      before: 0.45,
      after: 0.55,
    });
  });

  it('is none that made it worse in some hospital', () => {
    expect(fewest(row(10, 0.5, 0.8), row(10, 0.6, 0.59), row(20, 0.5, 0.8))?.labels).toBe(20);
    expect(fewest(row(10, 0.5, 0.4))).toBeNull();
    expect(fewest()).toBeNull();
  });
});
