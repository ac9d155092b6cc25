import { describe, expect, it } from 'vitest';
import { assess } from '../../src/assurance/index.ts';
import { CLASS_LABELS } from '../../src/model/index.ts';
import {
  countFilters,
  filterCases,
  flagsOf,
  NO_FILTER,
  Selection,
  sortCases,
} from '../../src/session/index.ts';
import type { Case, CaseState } from '../../src/session/index.ts';
import type { RadiographWarning } from '../../src/radiograph/types.ts';
import { Pace } from '../../src/base/pace.ts';

function entry(order: number, state: CaseState, name = `p${order}`): Case {
  return { id: `case-${order}`, order, name, source: null, thumbnail: null, state };
}

function done(logits: number[], warnings: RadiographWarning['code'][] = []): CaseState {
  return {
    phase: 'done',
    light: false,
    assessment: assess(logits, 1),
    assurance: {
      refusal: null,
      cautions: [],
      labels: CLASS_LABELS,
      assessment: assess(logits, 1),
    } as never,
    reading: {
      recovery: null,
      picture: { warnings: warnings.map((code) => ({ code, message: code })) },
    } as never,
  };
}

const failed: CaseState = { phase: 'failed', fault: { code: 'x', message: 'm', remedy: 'r' } };
/** Logits that give Normal the probability `p` and share the rest evenly. */
const normal = (p: number): number[] => {
  const other = Math.log((1 - p) / 3);
  return [other, other, Math.log(p), other];
};
const orders = (cases: readonly Case[]) => cases.map(({ order }) => order);

describe('look at these first', () => {
  it('puts what is least like Normal first, and of equals the least sure', () => {
    const cases = [
      entry(1, done(normal(0.99))),
      // Both certainly not Normal; the second is torn between two classes.
      entry(2, done([9, -9, -9, -9])),
      entry(3, done([9, 8.9, -9, -9])),
      entry(4, failed),
      entry(5, done(normal(0.4))),
      entry(6, { phase: 'queued' }),
    ];
    const order = { key: 'look-first', descending: false } as const;
    expect(orders(sortCases(cases, order))).toEqual([4, 3, 2, 5, 1, 6]);
    expect(orders(sortCases(cases, { ...order, descending: true }))).toEqual([1, 5, 2, 3, 4, 6]);
  });

  it('puts what was not read before everything, then by what is to be done', () => {
    const triaged = (triage: 'refer' | 'uncertain' | 'not-flagged', serious = false): CaseState => {
      const state = done(normal(triage === 'not-flagged' ? 0.2 : 0.9));
      if (state.phase !== 'done') throw new Error();
      const cautions = serious ? [{ code: 'rotated', severity: 'serious' } as const] : [];
      return { ...state, assurance: { ...state.assurance, triage, cautions } };
    };
    const refused = done([9, 0, 0, 0]);
    if (refused.phase !== 'done') throw new Error();
    const refusal = { code: 'blank-picture', message: '', remedy: '' } as const;
    const cases = [
      entry(1, triaged('not-flagged')),
      entry(2, triaged('uncertain')),
      entry(3, triaged('not-flagged', true)),
      entry(4, triaged('refer')),
      entry(5, { ...refused, assurance: { ...refused.assurance, refusal } }),
      entry(6, { phase: 'queued' }),
    ];
    expect(orders(sortCases(cases, { key: 'look-first', descending: false }))).toEqual([
      5, 4, 3, 2, 1, 6,
    ]);
  });

  it('stands on the place of Normal that the logits here assume', () => {
    expect(CLASS_LABELS.indexOf('Normal')).toBe(2);
  });

  it('sorts ten thousand within a blink', () => {
    const cases = Array.from({ length: 10_000 }, (_, index) =>
      entry(index, done(normal(0.01 + 0.98 * ((index * 7919) % 10_000) * 1e-4))),
    );
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      sortCases(cases, { key: 'look-first', descending: false });
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(100);
  });
});

describe('filters and flags', () => {
  const cases = [
    entry(1, done([9, 0, 0, 0], ['few-pixels', 'color-picture'])),
    entry(2, done([0, 0, 0.4, 0])),
    entry(3, done([0, 0, 9, 0])),
    entry(4, failed),
    entry(5, { phase: 'reading' }),
  ];

  it('an unsure answer is a flag, before those of the file', () => {
    expect(flagsOf(cases[1])).toEqual(['unsure']);
    expect(flagsOf(cases[0])).toEqual(['few-pixels', 'color-picture']);
    expect(flagsOf(cases[3])).toEqual([]);
  });

  it('a refusal is the only flag and takes the place of the class; hints are none', () => {
    const state = done([9, 0, 0, 0]);
    if (state.phase !== 'done') throw new Error();
    const refused: CaseState = {
      ...state,
      assurance: {
        ...state.assurance,
        refusal: { code: 'blank-picture', message: '', remedy: '' },
      },
    };
    expect(flagsOf(entry(1, refused))).toEqual(['blank-picture']);
    expect(orders(filterCases([entry(1, refused)], { ...NO_FILTER, kind: 'COVID' }))).toEqual([]);
    expect(orders(filterCases([entry(1, refused)], { ...NO_FILTER, kind: 'failed' }))).toEqual([1]);
    const cautioned: CaseState = {
      ...state,
      assurance: {
        ...state.assurance,
        cautions: [
          { code: 'rotated', severity: 'serious' },
          { code: 'border', severity: 'hint' },
        ],
      },
    };
    expect(flagsOf(entry(1, cautioned))).toEqual(['rotated']);
  });

  it('by class, by what is missing, by flag', () => {
    const by = (filter: Partial<typeof NO_FILTER>) =>
      orders(filterCases(cases, { ...NO_FILTER, ...filter }));
    expect(by({})).toEqual([1, 2, 3, 4, 5]);
    expect(by({ kind: 'Normal' })).toEqual([2, 3]);
    expect(by({ kind: 'failed' })).toEqual([4]);
    expect(by({ kind: 'waiting' })).toEqual([5]);
    expect(by({ flag: 'any' })).toEqual([1, 2]);
    expect(by({ flag: 'none' })).toEqual([3]);
    expect(by({ flag: 'few-pixels' })).toEqual([1]);
    expect(by({ kind: 'Normal', flag: 'unsure' })).toEqual([2]);
    expect(orders(sortCases(cases, { key: 'flags', descending: true }))).toEqual([1, 2, 3, 4, 5]);
  });

  it('are counted', () => {
    const { kinds, flags } = countFilters(cases);
    expect(Object.fromEntries(kinds)).toEqual({ COVID: 1, Normal: 2, failed: 1, waiting: 1 });
    expect(Object.fromEntries(flags)).toEqual({ 'few-pixels': 1, 'color-picture': 1, unsure: 1 });
  });
});

describe('marks', () => {
  const list = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
  const ids = (selection: Selection) => [...selection.ids].sort();

  it('single ones, and ranges in both directions from the last single one', () => {
    const selection = new Selection();
    selection.toggle('c');
    selection.extend(list, 'e');
    expect(ids(selection)).toEqual(['c', 'd', 'e']);
    selection.extend(list, 'b');
    expect(ids(selection)).toEqual(['b', 'c', 'd', 'e']);
    selection.toggle('d');
    expect(ids(selection)).toEqual(['b', 'c', 'e']);
  });

  it('a range with nowhere to begin is one row; what is hidden is not marked', () => {
    const selection = new Selection();
    selection.extend(list, 'b');
    expect(ids(selection)).toEqual(['b']);
    selection.all(list);
    expect(selection.size).toBe(5);
    selection.keep(list.slice(0, 2));
    expect(ids(selection)).toEqual(['a', 'b']);
    selection.clear();
    expect(selection.size).toBe(0);
  });
});

describe('pace', () => {
  it('tells nothing before it knows, then files per second and time left', () => {
    let now = 0;
    const pace = new Pace(() => now);
    pace.restart();
    for (let file = 0; file < 4; file += 1) {
      now += 500;
      pace.tick();
    }
    expect(pace.state(10)).toBeNull();
    now += 500;
    pace.tick();
    expect(pace.state(10)).toEqual({ perSecond: 2, secondsLeft: 5 });
  });

  it('follows a change of speed within its window and slows down while nothing comes', () => {
    let now = 0;
    const pace = new Pace(() => now);
    pace.restart();
    for (let file = 0; file < 30; file += 1) {
      now += 1000;
      pace.tick();
    }
    for (let file = 0; file < 200; file += 1) {
      now += 100;
      pace.tick();
    }
    expect(pace.state(100)?.perSecond).toBeCloseTo(10, 1);
    now += 14_000;
    expect(pace.state(100)?.perSecond).toBeLessThan(2);
  });
});
