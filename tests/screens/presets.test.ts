import { describe, expect, it } from 'vitest';
import { invertPresets } from '../../src/radiograph/presets.ts';
import type { RadiographFacts, ViewPreset } from '../../src/radiograph/types.ts';
import { clampWindow, grayOf, windowOf } from '../../src/session/index.ts';
import { lengthOf, startLine, toStage } from '../../src/elements/viewer/measure.ts';
import { toPicture } from '../../src/elements/viewer/view-transform.ts';

const facts = (presets: ViewPreset[]): RadiographFacts => ({
  ...{ width: 1, height: 1, bitsStored: 12, format: 'dicom', attributes: {}, warnings: [] },
  presets,
});

describe('windows of a file', () => {
  const curve = Float32Array.of(0, 0.1, 0.6, 1);
  const preset: ViewPreset = { name: 'S', center: 0.4, width: 0.5, curve };

  it('are drawn along their curve, until they are pulled by hand', () => {
    const window = windowOf(preset);
    expect(grayOf(1 / 3, window)).toBe(Math.round(0.1 * 255));
    expect(grayOf(2 / 3, { ...window, inverted: true })).toBe(Math.round(255 * (1 - curve[2])));
    expect(clampWindow({ ...window, center: 0.41 })).toEqual({
      center: 0.41,
      width: 0.5,
      inverted: false,
    });
  });

  it('turn around with the picture: the inverted sample is inverted gray', () => {
    for (const one of [preset, { name: '', center: 0.3, width: 0.4 }]) {
      const [turned] = invertPresets(facts([one])).presets ?? [];
      for (const sample of [0, 1 / 3, 2 / 3, 1]) {
        const straight = grayOf(sample, windowOf(one));
        const inverted = grayOf(1 - sample, windowOf(turned));
        expect(Math.abs(255 - straight - inverted)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('the ruler', () => {
  it('measures across and down in their own millimeters', () => {
    const line = { start: { x: 10, y: 10 }, end: { x: 40, y: 50 } };
    expect(lengthOf(line, [0.1, 0.1])).toBeCloseTo(5);
    expect(lengthOf(line, [0.2, 0.1])).toBeCloseTo(Math.hypot(3, 8));
  });

  it('starts in the middle of what is in sight, and lies where the picture does', () => {
    const view = { scale: 2, centerX: 300, centerY: 200 };
    const stage = { width: 400, height: 300 };
    const picture = { width: 1000, height: 800 };
    const { start, end } = startLine(view, stage, picture);
    expect([start, end].map((point) => toStage(point, view, stage))).toEqual([
      { x: 100, y: 150 },
      { x: 300, y: 150 },
    ]);
    expect(toPicture(view, stage, toStage({ x: 7, y: 9 }, view, stage))).toEqual({ x: 7, y: 9 });
  });
});
