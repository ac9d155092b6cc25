import { describe, expect, it } from 'vitest';
import { Random, sampleItems, type LabelledItem } from '../../src/dataset/index.ts';
import { layOutMap } from '../../src/dataset/map/layout.ts';
import { principalComponents } from '../../src/dataset/map/pca.ts';
import { probe } from '../../src/dataset/map/probe.ts';

/** Two directions of known spread in forty columns, and a little noise. */
function spread(rows: number): Float32Array {
  const random = new Random(4);
  return Float32Array.from({ length: rows * 40 }, (_, at) => {
    const column = at % 40;
    const size = column === 7 ? 6 : column === 21 ? 3 : 0.1;
    return size * random.between(-1, 1) + column;
  });
}

describe('principal components', () => {
  const rows = 400;
  const values = spread(rows);
  const { scores, explained, count } = principalComponents(values, rows, 40, 3);

  it('are the directions of most spread, strongest first', () => {
    expect(count).toBe(3);
    expect(explained[0]).toBeCloseTo(0.795, 1);
    expect((explained[0] ?? 0) / (explained[1] ?? 1)).toBeGreaterThan(3);
    for (const [component, column] of [
      [0, 7],
      [1, 21],
    ] as const) {
      let product = 0;
      let a = 0;
      let b = 0;
      for (let row = 0; row < rows; row++) {
        const one = scores[row * 3 + component];
        const two = values[row * 40 + column] - column;
        product += one * two;
        a += one * one;
        b += two * two;
      }
      expect(Math.abs(product) / Math.sqrt(a * b)).toBeGreaterThan(0.99);
    }
  });

  it('are the same again, and live with fewer rows than asked for', () => {
    expect(principalComponents(values, rows, 40, 3).scores).toEqual(scores);
    expect(principalComponents(values, 3, 40, 10).count).toBe(2);
    expect([...principalComponents(new Float32Array(80), 2, 40, 2).scores]).toEqual([0, 0]);
  });
});

describe('the probe', () => {
  const rows = 300;
  const origins = Array.from({ length: rows }, (_, at) => ['a', 'b', 'c'][at % 3] ?? '');
  const none = new Array<null>(rows).fill(null);
  const clouds = (apart: number): Float32Array => {
    const random = new Random(2);
    return Float32Array.from({ length: rows * 6 }, (_, at) => {
      const row = Math.floor(at / 6);
      return random.between(-1, 1) + (at % 6 === row % 3 ? apart : 0);
    });
  };

  it('tells kinds that lie apart, on folds it never saw', () => {
    const told = probe({ values: clouds(3), columns: 6, kinds: origins, groups: none });
    expect(told?.balancedAccuracy).toBeGreaterThan(0.97);
    expect(told?.chance).toBeCloseTo(1 / 3);
    expect(told?.folds).toHaveLength(5);
  });

  it('guesses where there is nothing to tell', () => {
    const told = probe({ values: clouds(0), columns: 6, kinds: origins, groups: none });
    expect(told?.balancedAccuracy).toBeGreaterThan(0.2);
    expect(told?.balancedAccuracy).toBeLessThan(0.46);
  });

  it('is not fooled by copies of one picture: a group stays in one fold', () => {
    // Every picture is there ten times, its kind by chance: only copies could tell it.
    const random = new Random(5);
    const kinds = Array.from({ length: 30 }, () => (random.next() < 0.5 ? 'a' : 'b'));
    const looks = Float32Array.from({ length: 30 * 20 }, () => random.between(-1, 1));
    const values = Float32Array.from({ length: 300 * 20 }, (_, at) => looks[at % (30 * 20)] ?? 0);
    const all = Array.from({ length: 300 }, (_, row) => kinds[row % 30] ?? '');
    const groups = Array.from({ length: 300 }, (_, row) => String(row % 30));
    const apart = probe({ values, columns: 20, kinds: all, groups });
    const leaking = probe({ values, columns: 20, kinds: all, groups: groups.map(() => null) });
    expect(leaking?.balancedAccuracy).toBeGreaterThan(0.9);
    expect(apart?.balancedAccuracy).toBeLessThan(0.75);
  });

  it('leaves out kinds of a handful, and says nothing of one kind', () => {
    const few = origins.map((origin, at) => (origin === 'c' ? (at < 30 ? 'c' : null) : 'a'));
    expect(probe({ values: clouds(3), columns: 6, kinds: few, groups: none })).toBeNull();
  });
});

describe('a sample of a large folder', () => {
  const item = (label: string, origin: string): LabelledItem => ({
    path: '',
    label,
    origin,
    group: null,
    mask: null,
    open: () => Promise.reject(new Error('not read')),
  });
  const items = [
    ...Array.from({ length: 900 }, () => item('Normal', 'x')),
    ...Array.from({ length: 90 }, () => item('COVID', 'y')),
    ...Array.from({ length: 5 }, () => item('COVID', 'z')),
  ];

  it('has something of every class and origin, each once, the same again', () => {
    const chosen = sampleItems(items, 100);
    expect(chosen).toHaveLength(100);
    expect(new Set(chosen).size).toBe(100);
    const of = (from: number, to: number): number =>
      chosen.filter((at) => at >= from && at < to).length;
    expect(of(995 - 5, 995)).toBeGreaterThanOrEqual(4);
    expect(of(900, 990)).toBeGreaterThan(15);
    expect(of(0, 900)).toBeGreaterThan(of(900, 990));
    expect(sampleItems(items, 100)).toEqual(chosen);
  });

  it('is everything where that is little', () => {
    expect(sampleItems(items, 2000)).toHaveLength(items.length);
  });
});

it('the map keeps neighbors together, and is the same again', () => {
  const random = new Random(3);
  const scores = Float32Array.from({ length: 90 * 4 }, (_, at) => {
    const cluster = Math.floor(at / 4) % 3;
    return random.between(-1, 1) + (at % 4 === cluster ? 12 : 0);
  });
  const shares: number[] = [];
  const map = layOutMap(scores, 4, (share) => shares.push(share));
  expect(shares.at(-1)).toBe(1);
  expect(Math.min(...map)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...map)).toBeLessThanOrEqual(1);
  let same = 0;
  for (let row = 0; row < 90; row++) {
    let [best, nearest] = [Number.POSITIVE_INFINITY, -1];
    for (let other = 0; other < 90; other++) {
      const far =
        (map[2 * row] - map[2 * other]) ** 2 + (map[2 * row + 1] - map[2 * other + 1]) ** 2;
      if (other !== row && far < best) [best, nearest] = [far, other];
    }
    if (nearest % 3 === row % 3) same += 1;
  }
  expect(same).toBe(90);
  expect(layOutMap(scores, 4, () => undefined)).toEqual(map);
});
