import { describe, expect, it } from 'vitest';
import { proposeCorners } from '../../src/film/corners.ts';
import { worstOff } from '../fixtures/film-corners.ts';
import { makeScene, SCENE_KINDS } from '../fixtures/film-scene.ts';

const CASES = 200;
/** The share of the film's diagonal that a corner may be off. */
const NEAR = 0.02;

describe('the corners of a film', () => {
  it(`are found within ${NEAR * 100} % of the diagonal in at least 90 % of ${CASES} photographs`, () => {
    const offs: number[] = [];
    const lines: string[] = [];
    for (let i = 0; i < CASES; i++) {
      const kind = SCENE_KINDS[i % SCENE_KINDS.length];
      const scene = makeScene({ kind, seed: 1000 + i, width: 480, height: 360, phantomSize: 128 });
      const proposal = proposeCorners({ layout: 'float', ...scene.photo });
      offs.push(worstOff(proposal.corners, scene));
    }
    for (const [k, kind] of SCENE_KINDS.entries()) {
      const own = offs.filter((_, i) => i % SCENE_KINDS.length === k).sort((a, b) => a - b);
      const near = own.filter((off) => off <= NEAR).length;
      lines.push(
        `  ${kind}: ${near} of ${own.length}, median ${(own[own.length >> 1] * 100).toFixed(2)} % of the diagonal`,
      );
    }
    const near = offs.filter((off) => off <= NEAR).length;
    console.log(
      `corners within ${NEAR * 100} % of the diagonal: ${near} of ${CASES}\n${lines.join('\n')}`,
    );
    expect(near).toBeGreaterThanOrEqual(0.9 * CASES);
  }, 300_000);

  it('are said to be unknown where there is no film', () => {
    const width = 320;
    const height = 240;
    const data = Float32Array.from(
      { length: width * height },
      (_, i) => 0.4 + 0.2 * Math.sin(i / 9000) + 0.02 * Math.sin(i * 12.9898),
    );
    const proposal = proposeCorners({ layout: 'float', width, height, data });
    expect(proposal.found).toBe(false);
    expect(proposal.corners).toHaveLength(4);
    for (const { x, y } of proposal.corners) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(height);
    }
  });

  it('are found whatever the picture’s size is, down to one that holds nothing', () => {
    const scene = makeScene({ kind: 'light box', seed: 1006, width: 1200, height: 900 });
    expect(
      worstOff(proposeCorners({ layout: 'float', ...scene.photo }).corners, scene),
    ).toBeLessThan(NEAR);
    const dot = proposeCorners({
      layout: 'float',
      width: 1,
      height: 1,
      data: Float32Array.of(0.5),
    });
    expect(dot.found).toBe(false);
  });
});
