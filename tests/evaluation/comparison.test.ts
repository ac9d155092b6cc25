import { describe, expect, it } from 'vitest';
import { compare, type EvaluatedPicture } from '../../src/evaluation/index.ts';

const CLASSES = ['a', 'b'];

/** A picture that the run answered with the class of this number. */
function picture(path: string, label: string, answer: number | null): EvaluatedPicture {
  return {
    path,
    label,
    origin: 'ward',
    logits: answer === null ? null : [0, 0],
    probabilities: answer === null ? null : CLASSES.map((_, k) => (k === answer ? 0.8 : 0.2)),
    refused: null,
    sets: {},
    failure: answer === null ? { code: 'damaged', message: 'It is damaged.' } : null,
  };
}

/** Of twelve shared pictures the first gets eight right, the second eleven. */
const first = {
  classes: CLASSES,
  pictures: [
    ...[0, 0, 0, 0, 1, 1].map((answer, at) => picture(`a${at}`, 'a', answer)),
    ...[1, 1, 1, 1, 0, 0].map((answer, at) => picture(`b${at}`, 'b', answer)),
    picture('only in the first', 'a', 0),
    picture('knee', 'knees', 0),
  ],
};
const second = {
  classes: CLASSES,
  pictures: [
    ...[1, 0, 0, 0, 0, 0].map((answer, at) => picture(`a${at}`, 'a', answer)),
    ...[1, 1, 1, 1, 1, 1].map((answer, at) => picture(`b${at}`, 'b', answer)),
    picture('only in the first', 'a', null),
    picture('only in the second', 'b', 1),
  ],
};

describe('two runs', () => {
  const result = compare(first, second, { samples: 200 });

  it('are compared on the pictures that both read, each by its class', () => {
    expect(result).toMatchObject({ shared: 12, onlyFirst: 1, onlySecond: 1 });
    expect(result.accuracies).toEqual([8 / 12, 11 / 12]);
    expect(result.perClass.map(({ label, images, recalls }) => [label, images, recalls])).toEqual([
      ['a', 6, [4 / 6, 5 / 6]],
      ['b', 6, [4 / 6, 1]],
    ]);
  });

  it('differ by McNemar’s exact test on the discordant ones, with an interval', () => {
    // One against four: 2 · (1 + 5) / 2⁵.
    expect(result.test).toMatchObject({ firstOnly: 1, secondOnly: 4 });
    expect(result.test.p).toBeCloseTo(12 / 32, 12);
    expect(result.perClass.map(({ test }) => [test.firstOnly, test.secondOnly])).toEqual([
      [1, 2],
      [0, 2],
    ]);
    expect(result.difference?.value).toBeCloseTo(3 / 12, 12);
    expect(result.difference?.low).toBeLessThan(0.25);
    expect(result.difference?.high).toBeGreaterThan(0.25);
  });

  it('name the pictures that only one gets right, and which', () => {
    expect(result.discordant.map(({ path, answers, right }) => [path, answers, right])).toEqual([
      ['a0', ['a', 'b'], 0],
      ['a4', ['b', 'a'], 1],
      ['a5', ['b', 'a'], 1],
      ['b4', ['a', 'b'], 1],
      ['b5', ['a', 'b'], 1],
    ]);
  });

  it('of models with other classes are compared on the classes that both know', () => {
    const other = {
      classes: ['b', 'c'],
      pictures: [picture('b0', 'b', 0), picture('a0', 'a', 0), picture('c0', 'c', 1)],
    };
    const little = compare(first, other, { samples: 20 });
    // Its first class is the other's second: "b" is right for both.
    expect(little).toMatchObject({ shared: 1, onlySecond: 1, discordant: [] });
    expect(little.perClass.map(({ label, images }) => [label, images])).toEqual([['b', 1]]);
    expect(little.accuracies).toEqual([1, 1]);
  });

  it('with nothing in common say so', () => {
    const nothing = compare(first, { classes: CLASSES, pictures: [] }, { samples: 20 });
    expect(nothing).toMatchObject({ shared: 0, onlyFirst: 13, difference: null });
  });
});
