import { describe, expect, it } from 'vitest';
import { opacityOf, viridis, viridisTable } from '../../src/elements/overlay/color-map.ts';
import { sharePixels } from '../../src/elements/overlay/field-image.ts';
import { placementOf } from '../../src/elements/overlay/scene.ts';
import { toPicture } from '../../src/elements/viewer/view-transform.ts';

/** Björn Ottosson, A perceptual color space for image processing, 2020. */
function oklab([red, green, blue]: readonly [number, number, number]): [number, number, number] {
  const linear = (value: number): number => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

describe('the color map', () => {
  it('is viridis: its published ends and middle, to what the polynomial keeps', () => {
    // matplotlib's table at 0, 128 and 255.
    for (const [share, published] of [
      [0, [68, 1, 84]],
      [128 / 255, [33, 145, 140]],
      [1, [253, 231, 37]],
    ] as const) {
      const color = viridis(share);
      color.forEach((value, index) =>
        expect(Math.abs(value - (published[index] ?? 0))).toBeLessThanOrEqual(4),
      );
    }
    expect(viridis(-3)).toEqual(viridis(0));
    expect(viridis(7)).toEqual(viridis(1));
  });

  it('is even to the eye: lightness only rises, by steps much alike', () => {
    const shades = Array.from({ length: 17 }, (_, step) => oklab(viridis(step / 16))[0]);
    const steps = shades.slice(1).map((shade, index) => shade - (shades[index] ?? 0));
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    for (const step of steps) {
      expect(step).toBeGreaterThan(0.5 * mean);
      expect(step).toBeLessThan(1.6 * mean);
    }
  });

  it('leaves the radiograph as it is where there is no evidence', () => {
    expect(opacityOf(0)).toBe(0);
    expect(opacityOf(0.25)).toBe(0.5);
    expect(opacityOf(0.9)).toBe(1);
    expect([...viridisTable().slice(0, 4)]).toEqual([...viridis(0), 0]);
  });
});

describe('the map as pixels', () => {
  it('has the color and the opacity of each share, clamped at the ends', () => {
    const pixels = sharePixels(Float32Array.of(0, 64 / 255, 1, 3, -2));
    const at = (place: number): number[] => [...pixels.slice(4 * place, 4 * place + 4)];
    expect(at(0)).toEqual([...viridis(0), 0]);
    expect(at(1)).toEqual([...viridis(64 / 255), 128]);
    expect(at(2)).toEqual([...viridis(1), 255]);
    expect(at(3)).toEqual(at(2));
    expect(at(4)).toEqual(at(0));
  });
});

describe('where it lies', () => {
  it('is where the picture lies, at every zoom, place and density', () => {
    const stage = { width: 640, height: 480 };
    const picture = { width: 400, height: 300 };
    const view = { scale: 3, centerX: 120, centerY: 200 };
    for (const ratio of [1, 2.5]) {
      const place = placementOf(view, stage, picture, ratio);
      // The picture point under a corner of the stage is the one the viewer says lies there.
      const point = toPicture(view, stage, { x: 0, y: 0 });
      expect(-place.x / place.width).toBeCloseTo(point.x / picture.width, 12);
      expect(-place.y / place.height).toBeCloseTo(point.y / picture.height, 12);
      expect(place.width).toBeCloseTo(ratio * 1200, 9);
    }
  });
});
