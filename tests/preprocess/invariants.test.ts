import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureToModelInput, toModelInput } from '../../src/preprocess/index.ts';
import type { DecodedPicture, PictureSamples } from '../../src/radiograph/types.ts';
import { toRadiograph } from '../../src/radiograph/index.ts';
import { maxDifference } from '../fixtures/compare.ts';

const side = fc.integer({ min: 1, max: 60 });
const targetSize = fc.integer({ min: 1, max: 24 });

const picture = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    pixels: fc
      .array(fc.integer({ min: 0, max: 255 }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((bytes) => Float32Array.from(bytes, (byte) => byte / 255)),
  }),
);

const mean = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / values.length;

describe('toModelInput, whatever the picture', () => {
  it('keeps a constant picture constant', () => {
    fc.assert(
      fc.property(
        side,
        side,
        targetSize,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (w, h, n, v) => {
          const input = toModelInput(new Float32Array(w * h).fill(v), w, h, n);
          expect(maxDifference(input, new Float32Array(n * n).fill(v))).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('stays between the darkest and the brightest pixel', () => {
    fc.assert(
      fc.property(picture, targetSize, ({ pixels, width, height }, size) => {
        const input = toModelInput(pixels, width, height, size);
        expect(Math.min(...input)).toBeGreaterThanOrEqual(Math.min(...pixels) - 1e-6);
        expect(Math.max(...input)).toBeLessThanOrEqual(Math.max(...pixels) + 1e-6);
      }),
    );
  });

  it('keeps the mean whenever both axes shrink', () => {
    fc.assert(
      fc.property(picture, targetSize, ({ pixels, width, height }, size) => {
        fc.pre(width >= size && height >= size);
        const input = toModelInput(pixels, width, height, size);
        expect(Math.abs(mean(input) - mean(pixels))).toBeLessThan(1e-5);
      }),
    );
  });

  it('turns with the picture: transposing before or after is the same', () => {
    fc.assert(
      fc.property(picture, targetSize, ({ pixels, width, height }, size) => {
        const turned = toModelInput(transpose(pixels, width, height), height, width, size);
        const input = toModelInput(pixels, width, height, size);
        expect(maxDifference(turned, transpose(input, size, size))).toBeLessThan(1e-6);
      }),
    );
  });
});

const LAYOUTS = ['grey', 'rgbx', 'bgrx', 'rgba', 'bgra'] as const;

const samples: fc.Arbitrary<PictureSamples> = fc
  .tuple(side, side, fc.constantFrom(...LAYOUTS), fc.boolean())
  .chain(([width, height, layout, wide]) => {
    const words = wide && layout === 'grey';
    const count = width * height * (layout === 'grey' ? 1 : 4);
    const white = words ? 65535 : 255;
    return fc
      .array(fc.integer({ min: 0, max: white }), { minLength: count, maxLength: count })
      .map((values) => ({
        width,
        height,
        layout,
        white,
        data: words ? Uint16Array.from(values) : Uint8Array.from(values),
      }));
  });

describe('pictureToModelInput on decoded bytes', () => {
  it('gives the numbers of the long way round', async () => {
    await fc.assert(
      fc.asyncProperty(samples, targetSize, async (source, size) => {
        const { width, height } = source;
        const decoded: DecodedPicture = {
          kind: 'samples',
          samples: source,
          facts: { width, height, bitsStored: 8, format: 'png', attributes: {}, warnings: [] },
        };
        const radiograph = await toRadiograph(decoded);
        expect(maxDifference(radiograph.pixels, byHand(source))).toBeLessThan(1e-6);
        const long = toModelInput(radiograph.pixels, width, height, size);
        expect(maxDifference(pictureToModelInput(decoded, size), long)).toBeLessThan(1e-6);
      }),
    );
  });
});

/** Luminance over black, pixel by pixel. */
function byHand({ layout, data, white, width, height }: PictureSamples): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) => {
    if (layout === 'grey') return data[i] / white;
    const [first, green, third, alpha] = data.subarray(4 * i, 4 * i + 4);
    const [red, blue] = layout.startsWith('rgb') ? [first, third] : [third, first];
    const opacity = layout.endsWith('a') ? alpha / 255 : 1;
    return ((0.299 * red + 0.587 * green + 0.114 * blue) / 255) * opacity;
  });
}

function transpose(pixels: Float32Array, width: number, height: number): Float32Array {
  return Float32Array.from(
    { length: pixels.length },
    (_, i) => pixels[(i % height) * width + Math.floor(i / height)],
  );
}
