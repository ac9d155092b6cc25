import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampView,
  fitScale,
  fitView,
  isFitted,
  maxScale,
  panBy,
  toPicture,
  visibleRegion,
  zoomAt,
} from '../../src/elements/viewer/view-transform.ts';

const size = fc.record({
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('view', () => {
  it('fits the whole picture, touching two sides', () => {
    fc.assert(
      fc.property(size, size, (stage, picture) => {
        const view = fitView(stage, picture);
        expect(isFitted(view, stage, picture)).toBe(true);
        const seen = visibleRegion(view, stage, picture);
        expect(seen.width).toBeCloseTo(picture.width, 3);
        expect(seen.height).toBeCloseTo(picture.height, 3);
      }),
    );
  });

  it('keeps the point under the pointer where it is, unless an edge forbids it', () => {
    const stage = { width: 800, height: 600 };
    const picture = { width: 2000, height: 1500 };
    const start = zoomAt(fitView(stage, picture), 4, { x: 400, y: 300 }, stage, picture);
    fc.assert(
      fc.property(share, share, fc.double({ min: 0.8, max: 1.25, noNaN: true }), (x, y, factor) => {
        const point = { x: 200 + 400 * x, y: 150 + 300 * y };
        const before = toPicture(start, stage, point);
        const after = toPicture(zoomAt(start, factor, point, stage, picture), stage, point);
        expect(after.x).toBeCloseTo(before.x, 6);
        expect(after.y).toBeCloseTo(before.y, 6);
      }),
    );
  });

  it('never leaves fit … max, nor shows empty space beside a large picture', () => {
    fc.assert(
      fc.property(
        size,
        size,
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (stage, picture, scale, centerX, centerY) => {
          const view = clampView({ scale, centerX, centerY }, stage, picture);
          expect(view.scale).toBeGreaterThanOrEqual(fitScale(stage, picture) * 0.999999);
          expect(view.scale).toBeLessThanOrEqual(maxScale(stage, picture) * 1.000001);
          const seen = visibleRegion(view, stage, picture);
          const wide = Math.min(picture.width, stage.width / view.scale);
          const tall = Math.min(picture.height, stage.height / view.scale);
          expect(seen.width).toBeCloseTo(wide, 3);
          expect(seen.height).toBeCloseTo(tall, 3);
        },
      ),
    );
  });

  it('moves with the finger, and back', () => {
    const stage = { width: 100, height: 100 };
    const picture = { width: 1000, height: 1000 };
    const view = zoomAt(fitView(stage, picture), 5, { x: 50, y: 50 }, stage, picture);
    const moved = panBy(view, { x: 10, y: -20 }, stage, picture);
    expect(moved.centerX).toBeCloseTo(view.centerX - 20, 9);
    expect(moved.centerY).toBeCloseTo(view.centerY + 40, 9);
    const back = panBy(moved, { x: -10, y: 20 }, stage, picture);
    expect(back.centerX).toBeCloseTo(view.centerX, 9);
  });
});
