import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random, splitByGroup, type Grouped } from '../../src/dataset/index.ts';

const PARTS = [
  { name: 'train', share: 0.7 },
  { name: 'validation', share: 0.15 },
  { name: 'test', share: 0.15 },
];

describe('seeded random numbers', () => {
  it('are the same for the same seed, others for another, and go on where they stood', () => {
    const draw = (seed: number): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const first = new Random(3);
    first.next();
    const second = Random.at(first.state);
    expect(second.next()).toBe(first.next());
  });

  it('are spread evenly', () => {
    const random = new Random(1);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) counts[random.below(10)]++;
    // Chi-squared with 9 degrees of freedom: above 27.9 once in a thousand seeds.
    const statistic = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(statistic).toBeLessThan(27.9);
  });

  it('shuffle every order about equally often', () => {
    const random = new Random(2);
    const seen = new Map<string, number>();
    for (let turn = 0; turn < 6000; turn++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('a split', () => {
  const pictures: fc.Arbitrary<Grouped[]> = fc.array(
    fc.record({
      label: fc.constantFrom('COVID', 'Normal', 'Viral Pneumonia'),
      group: fc.option(fc.nat(30).map(String)),
    }),
    { maxLength: 200 },
  );

  it('never divides a group and gives the same parts for the same seed', () => {
    fc.assert(
      fc.property(pictures, fc.nat(), (list, seed) => {
        const parts = splitByGroup(list, PARTS, seed);
        const homes = new Map<string, number>();
        for (const [at, { group }] of list.entries()) {
          if (group === null) continue;
          expect(homes.get(group) ?? parts[at]).toBe(parts[at]);
          homes.set(group, parts[at]);
        }
        expect(splitByGroup(list, PARTS, seed)).toEqual(parts);
      }),
    );
  });

  it('keeps each class at its share, to the picture where nothing is grouped', () => {
    const list = [
      ...Array.from({ length: 200 }, () => ({ label: 'COVID', group: null })),
      ...Array.from({ length: 40 }, () => ({ label: 'Normal', group: null })),
    ];
    const parts = splitByGroup(list, PARTS, 5);
    const counts = (label: string): number[] =>
      PARTS.map(
        (_, part) => parts.filter((p, at) => p === part && list[at].label === label).length,
      );
    expect(counts('COVID')).toEqual([140, 30, 30]);
    expect(counts('Normal')).toEqual([28, 6, 6]);
  });

  it('stays near the shares with groups of many sizes', () => {
    const random = new Random(11);
    const list = Array.from({ length: 2000 }, () => ({
      label: random.next() < 0.3 ? 'COVID' : 'Normal',
      group: String(random.below(500)),
    }));
    const parts = splitByGroup(list, PARTS, 1);
    for (const [part, { share }] of PARTS.entries()) {
      for (const label of ['COVID', 'Normal']) {
        const all = list.filter((picture) => picture.label === label).length;
        const mine = list.filter((picture, at) => picture.label === label && parts[at] === part);
        expect(Math.abs(mine.length / all - share)).toBeLessThan(0.03);
      }
    }
  });

  it('gives nothing to a part of share 0 and refuses shares that are none', () => {
    const list = Array.from({ length: 20 }, () => ({ label: 'a', group: null }));
    const parts = [
      { name: 'train', share: 1 },
      { name: 'test', share: 0 },
    ];
    expect(splitByGroup(list, parts, 0)).toEqual(new Array(20).fill(0));
    expect(() => splitByGroup(list, [{ name: 'x', share: 0 }], 0)).toThrow(RangeError);
    expect(() => splitByGroup(list, [{ name: 'x', share: -1 }], 0)).toThrow(RangeError);
    expect(splitByGroup([], parts, 0)).toEqual([]);
  });
});
