import { describe, expect, it } from 'vitest';
import { activationOf } from '../../src/assurance/index.ts';
import type { Why } from '../../src/assurance/index.ts';

/** Two places a side; class 0 has the most of all, class 1 half of it, class 2 only counter-evidence. */
const why: Why = {
  side: 2,
  rect: { x: 0, y: 0, width: 1, height: 1 },
  maps: Float32Array.of(0, 8, 2, -4, 4, 4, 4, 4, -1, -1, -1, -1, 0, 0, 0, 1),
  biases: [0, 0, 0, 0],
  insideLungs: [null, null, null, null],
};

describe('an activation map', () => {
  it('has each place’s figure in its middle, by the most of the picture', () => {
    expect([...activationOf(why, 0, 2, 2)]).toEqual([0, 1, 0.25, 0]);
    expect([...activationOf(why, 1, 2, 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('is linear between the middles and level beyond them', () => {
    const row = activationOf(why, 0, 8, 2).slice(0, 8);
    [0, 0, 1 / 8, 3 / 8, 5 / 8, 7 / 8, 1, 1].forEach((value, index) =>
      expect(row[index]).toBeCloseTo(value, 6),
    );
    // Down the left column: 0, then 2 of 8 below.
    const column = activationOf(why, 0, 2, 8).filter((_, index) => index % 2 === 0);
    [0, 0, 1 / 32, 3 / 32, 5 / 32, 7 / 32, 0.25, 0.25].forEach((value, index) =>
      expect(column[index]).toBeCloseTo(value, 6),
    );
  });

  it('shows nothing of what speaks against a class', () => {
    expect(activationOf(why, 2, 5, 3).every((value) => value === 0)).toBe(true);
    const none = { ...why, maps: why.maps.map((value) => -Math.abs(value)) };
    expect(activationOf(none, 0, 3, 3).every((value) => value === 0)).toBe(true);
  });
});
