import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { driftOf, type DriftPicture } from '../../src/records/statistics/drift.ts';
import { kappaOf } from '../../src/records/statistics/kappa.ts';
import {
  performanceBy,
  performanceOf,
  weekOf,
  type Outcome,
} from '../../src/records/statistics/performance.ts';
import {
  atLeast,
  chiSquare,
  kolmogorovSmirnov,
  upperGamma,
} from '../../src/records/statistics/tests.ts';
import { LABELS } from './support.ts';

function pairsOf(table: readonly (readonly number[])[]): [string, string][] {
  return table.flatMap((row, i) =>
    row.flatMap((count, j) =>
      Array.from({ length: count }, (): [string, string] => [`${i}`, `${j}`]),
    ),
  );
}

describe("Cohen's kappa", () => {
  it('is what Fleiss (1981) computes for his 100 patients', () => {
    const kappa = kappaOf(
      pairsOf([
        [75, 1, 4],
        [5, 4, 1],
        [0, 0, 10],
      ]),
    );
    expect(kappa.value).toBeCloseTo(0.676, 3);
    expect(kappa.standardError).toBeCloseTo(0.088, 3);
    expect(kappa).toMatchObject({ count: 100, agreed: 89 });
  });

  it('has the error that repeated samples show', () => {
    const table = [
      [30, 8, 2],
      [5, 25, 6],
      [3, 4, 17],
    ];
    const all = pairsOf(table);
    const { value, standardError, low, high } = kappaOf(all);
    const random = new Random(7);
    const samples = Array.from(
      { length: 3000 },
      () => kappaOf(all.map(() => all[random.below(all.length)])).value,
    );
    const mean = samples.reduce((sum, each) => sum + each, 0) / samples.length;
    const spread = Math.sqrt(
      samples.reduce((sum, each) => sum + (each - mean) ** 2, 0) / samples.length,
    );
    expect(Math.abs(spread / standardError - 1)).toBeLessThan(0.06);
    expect(low).toBeCloseTo(value - 1.96 * standardError, 3);
    expect(high).toBeCloseTo(value + 1.96 * standardError, 3);
  });

  it('says nothing where everything is one class, or nothing was compared', () => {
    expect(kappaOf([]).value).toBeNaN();
    expect(kappaOf(pairsOf([[40]])).value).toBeNaN();
    expect(kappaOf(pairsOf([[20, 0], [0, 20]])).value).toBe(1); // prettier-ignore
  });
});

// Golden numbers: scipy. Stephens' correction comes closer to the exact p than the plain limit (0.067) does.
const KS_EXACT = 0.04986516751222633;
const CHI2_SF = [4.79500122e-1, 5.00435212e-2, 3.09004646e-2, 1.69447439e-5];
const BINOM = [0.05083044536950036, 0.39499393286246337];

describe('the tests behind the drift watch', () => {
  it('agree with scipy', () => {
    const a = [0.1, 0.4, 0.7, 1.2, 1.9, 2.2, 2.8, 3.1];
    const b = [1.0, 1.5, 2.4, 2.9, 3.3, 3.9, 4.4, 4.8, 5.0, 5.5];
    const ks = kolmogorovSmirnov(a, b);
    expect(ks.distance).toBeCloseTo(0.6, 12);
    expect(Math.abs(ks.p - KS_EXACT)).toBeLessThan(0.02);
    for (const [at, [x, freedom]] of [
      [0.5, 1],
      [3.84, 1],
      [12.3, 5],
      [40, 10],
    ].entries()) {
      expect(upperGamma(freedom / 2, x / 2)).toBeCloseTo(CHI2_SF[at], 9);
    }
    const chi = chiSquare([50, 30, 20], [30, 40, 30]);
    expect(chi.statistic).toBeCloseTo(8.428571428571429, 10);
    expect(chi.freedom).toBe(2);
    expect(chi.p).toBeCloseTo(0.014783, 5);
    expect(atLeast(5, 100, 0.02)).toBeCloseTo(BINOM[0], 10);
    expect(atLeast(1, 50, 0.01)).toBeCloseTo(BINOM[1], 10);
  });

  it('put rare classes together before they compare', () => {
    const { freedom } = chiSquare([50, 50, 1, 0], [50, 50, 0, 1]);
    expect(freedom).toBe(1);
    expect(chiSquare([10, 0], [0, 0]).p).toBe(1);
  });

  it('find something in five of a hundred samples of one distribution, as a test at 5 % does', () => {
    const random = new Random(3);
    const draw = (n: number): number[] => Array.from({ length: n }, () => random.next());
    let found = 0;
    for (let n = 0; n < 2000; n += 1) {
      if (kolmogorovSmirnov(draw(100), draw(100)).p < 0.05) found += 1;
    }
    expect(found / 2000).toBeGreaterThan(0.025);
    expect(found / 2000).toBeLessThan(0.065);
  });
});

const DAY = 86_400_000;
function outcome(over: Partial<Outcome> = {}): Outcome {
  return {
    keptAt: Date.parse('2026-11-30T08:00:00Z'),
    device: 'A',
    network: 'Normal',
    refused: false,
    reader: 'Normal',
    readerOther: false,
    diagnosis: null,
    seconds: 60,
    ...over,
  };
}

describe('how it does here', () => {
  it('counts per class against words or diagnoses, and says where they are too few', () => {
    const outcomes = [
      ...Array.from({ length: 32 }, () => outcome({ network: 'COVID', reader: 'COVID' })),
      ...Array.from({ length: 8 }, () => outcome({ network: 'Normal', reader: 'COVID' })),
      ...Array.from({ length: 10 }, () => outcome()),
      ...Array.from({ length: 5 }, () => outcome({ readerOther: true, reader: null })),
      ...Array.from({ length: 5 }, () => outcome({ network: null, refused: true, seconds: null })),
      outcome({ reader: null, diagnosis: 'COVID', seconds: 200 }),
    ];
    const words = performanceOf(outcomes, LABELS, 'words');
    expect(words).toMatchObject({ studies: 61, compared: 55, enough: true });
    expect(words.kappa.agreed).toBe(42);
    const covid = words.classes[0];
    expect(covid).toMatchObject({
      label: 'COVID',
      sensitivity: { found: 32, total: 40, value: 0.8, enough: true },
      specificity: { found: 15, total: 15, value: 1, enough: false },
    });
    // Wilson's interval for 32 of 40, computed apart.
    expect(covid.sensitivity.low).toBeCloseTo(0.6524, 3);
    expect(covid.sensitivity.high).toBeCloseTo(0.895, 3);
    expect(words.refused).toMatchObject({ found: 5, total: 61 });
    expect(words.time).toEqual({ count: 56, median: 60, enough: true });
    // A word that nothing fits counts against the network's class.
    expect(words.classes[2].specificity).toMatchObject({ found: 32, total: 45 });
    const diagnoses = performanceOf(outcomes, LABELS, 'diagnoses');
    expect(diagnoses).toMatchObject({ compared: 1, enough: false });
    expect(performanceOf([], LABELS, 'words').time.median).toBeNaN();
  });

  it('is told by week and by device', () => {
    const outcomes = [
      outcome({ device: 'B' }),
      outcome({ keptAt: Date.parse('2026-11-29T23:00:00Z') }),
      outcome({ keptAt: Date.parse('2027-01-02T12:00:00Z') }),
    ];
    expect(performanceBy('device', outcomes, LABELS, 'words').map(({ group }) => group)).toEqual([
      'A',
      'B',
    ]);
    const weeks = performanceBy('week', outcomes, LABELS, 'words');
    expect(weeks.map(({ group }) => group)).toEqual(['2026-W48', '2026-W49', '2026-W53']);
    expect(weeks[0].performance.studies).toBe(1);
    expect(weekOf(Date.parse('2024-12-30T00:00:00Z'))).toBe('2025-W01');
    expect(weekOf(Date.parse('2021-01-03T23:59:00Z'))).toBe('2020-W53');
  });
});

describe('the drift watch', () => {
  function pictures(
    count: number,
    seed: number,
    of: (random: Random, at: number) => Partial<DriftPicture>,
  ): DriftPicture[] {
    const random = new Random(seed);
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    return Array.from({ length: count }, (_, at) => ({
      at: at * DAY,
      label: LABELS[random.below(4)],
      refused: random.next() < 0.03,
      fit: 2 + normal(),
      measured: { blurred: 0.3 + 0.1 * normal(), 'too-dark': 0.5 + 0.1 * normal() },
      ...of(random, at),
    }));
  }

  it('stays quiet while nothing changes, site after site', () => {
    let alarms = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const drift = driftOf(
        pictures(400, seed, () => ({})),
        { refused: 0.03 },
      );
      expect(drift).toMatchObject({ enough: true, first: 200, last: 100 });
      if (drift.changed) alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(4);
  });

  it.each([
    ['fit', (_: Random, at: number) => (at >= 300 ? { fit: 1 } : {})],
    ['classes', (_: Random, at: number) => (at >= 300 ? { label: 'COVID' } : {})],
    ['refusals', (r: Random, at: number) => (at >= 300 ? { refused: r.next() < 0.4 } : {})],
    [
      'quality:blurred',
      (r: Random, at: number) =>
        at >= 300 ? { measured: { blurred: 0.5 + 0.1 * r.next(), 'too-dark': 0.5 } } : {},
    ],
  ])('says when %s has changed', (what, of) => {
    const drift = driftOf(pictures(400, 5, of));
    expect(drift.changed).toBe(true);
    expect(drift.findings.filter(({ changed }) => changed).map((each) => each.what)).toContain(
      what,
    );
  });

  it('compares refusals with the model card from the beginning', () => {
    const many = pictures(150, 9, (random) => ({ refused: random.next() < 0.35 }));
    const drift = driftOf(many, { refused: 0.02 });
    expect(drift.findings[0]).toMatchObject({ what: 'refusals-card', changed: true });
    expect(driftOf(many).changed).toBe(false);
  });

  it('says nothing of too few, and calls no trifle a change', () => {
    expect(driftOf(pictures(99, 1, () => ({})))).toMatchObject({ enough: false, changed: false });
    expect(driftOf([])).toMatchObject({ enough: false, first: 0, last: 0 });
    const shares = pictures(400, 3, (_, at) => ({
      label: at >= 300 && at % 10 === 0 ? 'COVID' : LABELS[at % 4],
    }));
    expect(driftOf(shares).findings.find(({ what }) => what === 'classes')!.changed).toBe(false);
  });
});
