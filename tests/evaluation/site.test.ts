/** A site's own figures, and pictures that the model was trained on. */
import { describe, expect, it } from 'vitest';
import { readSeen, siteFitOf, unseenOf, wasSeen } from '../../src/evaluation/index.ts';
import type { EvaluatedPicture } from '../../src/evaluation/index.ts';
import { CLASS_LABELS } from '../../src/model/manifest.ts';
import { unit } from '../../src/model/phantom.ts';

/** Three times as sure as right: of 30 pictures a class every fifth is answered as the next class. */
function pictures(perClass: number): EvaluatedPicture[] {
  return CLASS_LABELS.flatMap((label, k) =>
    Array.from({ length: perClass }, (_, at) => {
      const logits = CLASS_LABELS.map((_, c) => 3 * unit(at, k, c));
      logits[at % 5 === 0 ? (k + 1) % 4 : k] += 9;
      return {
        path: `${label}/${at}.png`,
        label,
        origin: null,
        logits,
        probabilities: [0.25, 0.25, 0.25, 0.25],
        refused: null,
        sets: {},
        failure: null,
      };
    }),
  );
}

describe('a site measured on its own pictures', () => {
  it('has its own temperature, sets and curves', () => {
    const measured = siteFitOf(pictures(40));
    if (!measured) throw new Error('not measured');
    const { siteFit, curves } = measured;
    expect(siteFit.pictures).toBe(160);
    // One in five is wrong: the logits are far too sure of themselves.
    expect(siteFit.temperature).toBeGreaterThan(2);
    expect(siteFit.levels.map(({ level }) => level)).toEqual([0.9, 0.95]);
    expect(curves.map(({ label, positives }) => [label, positives])).toEqual(
      CLASS_LABELS.map((label) => [label, 40]),
    );
    // Curves are of the fitted probabilities, not of those that were evaluated.
    expect(curves[0].thresholds.length).toBeGreaterThan(10);
  });

  it('needs thirty answered pictures of every class', () => {
    expect(siteFitOf(pictures(30))).not.toBeNull();
    expect(siteFitOf(pictures(29))).toBeNull();
    const refused = pictures(30).map((picture, at) =>
      at === 0 ? { ...picture, refused: 'not-a-frontal-chest' } : picture,
    );
    expect(siteFitOf(refused)).toBeNull();
  });
});

describe('pictures seen in training', () => {
  const bytes = Uint8Array.of(0x00, 0x00, 0x00, 0x0f, 0, 0, 0, 1, 0xff, 0, 0, 0, 0, 0, 0, 2).buffer;
  const whole = readSeen({ file: 'seen.bin', bits: 64, count: 2, distance: 2 }, bytes);

  it('are found by a hash that differs in few bits', () => {
    expect(wasSeen('0000000f00000001', whole)).toBe(true);
    expect(wasSeen('0000000f00000002', whole)).toBe(true);
    expect(wasSeen('0000000f0000000e', whole)).toBe(false);
    expect(wasSeen('ff00000080000002', whole)).toBe(true);
    expect(wasSeen('7e00000080000002', whole)).toBe(false);
  });

  it('are found by the first half where only that was kept', () => {
    const half = readSeen({ file: 'seen.bin', bits: 32, count: 4, distance: 0 }, bytes);
    expect(wasSeen('0000000fffffffff', half)).toBe(true);
    expect(wasSeen('0000000dffffffff', half)).toBe(false);
  });

  it('are left out of what remains', () => {
    const [first, second, third] = pictures(1);
    const all = [
      { ...first, hash: '0000000f00000001' },
      { ...second, hash: '1234567890abcdef' },
      third,
    ];
    expect(unseenOf(all, whole)).toEqual([all[1], third]);
  });

  it('are not read from a file of another length', () => {
    expect(() => readSeen({ file: 'seen.bin', bits: 64, count: 3, distance: 2 }, bytes)).toThrow(
      RangeError,
    );
  });
});
