import { describe, expect, it } from 'vitest';
import {
  decodePicture,
  factsOf,
  sniffFormat,
  toRadiograph,
  type RadiographError,
} from '../../src/radiograph/index.ts';
import { avifOf, turned } from '../fixtures/avif.ts';

const refusalOf = (bytes: Uint8Array<ArrayBuffer>): Promise<RadiographError> =>
  decodePicture(new Blob([bytes])).then(
    () => Promise.reject(new Error('It was opened')),
    (error: unknown) => error as RadiographError,
  );

const brandOf = (...brands: string[]): Uint8Array<ArrayBuffer> => {
  const text = `ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`;
  return Uint8Array.from(`\0\0\0${String.fromCharCode(text.length + 4)}${text}`, (each) =>
    each.charCodeAt(0),
  );
};

describe('AVIF', () => {
  it('is read where the browser decodes it', async () => {
    const picture = await decodePicture(new Blob([avifOf()]));
    expect(factsOf(picture)).toMatchObject({ format: 'avif', width: 48, height: 32 });
    const { pixels } = await toRadiograph(picture);
    // Left half dark, right half bright, the lower left corner white.
    expect(pixels[5 * 48 + 5] * 255).toBeCloseTo(40, -1);
    expect(pixels[5 * 48 + 43] * 255).toBeCloseTo(200, -1);
    expect(pixels[30 * 48 + 2] * 255).toBeCloseTo(255, -1);
  });

  it.each([1, 2, 3])('is turned by %i quarters, once', async (quarters) => {
    const picture = await decodePicture(new Blob([turned(avifOf(), quarters)]));
    const { pixels, width, height } = await toRadiograph(picture);
    expect([width, height]).toEqual(quarters === 2 ? [48, 32] : [32, 48]);
    // The white corner goes against the clock: lower right, upper right, upper left.
    const [x, y] = [
      [width - 2, height - 2],
      [width - 2, 1],
      [1, 1],
    ][quarters - 1];
    expect(pixels[y * width + x]).toBeGreaterThan(0.9);
  });

  it('cut or damaged has a name', async () => {
    const bytes = avifOf();
    expect((await refusalOf(bytes.slice(0, bytes.length - 30))).code).toBe('truncated-picture');
    const damaged = bytes.slice();
    damaged.fill(0xff, bytes.length - 40);
    expect((await refusalOf(damaged)).code).toBe('damaged-picture');
  });

  it('too large is refused by its head', async () => {
    const bytes = avifOf();
    const view = new DataView(bytes.buffer);
    const at = String.fromCharCode(...bytes).indexOf('ispe') + 8;
    view.setUint32(at, 60_000);
    view.setUint32(at + 4, 60_000);
    expect((await refusalOf(bytes)).code).toBe('picture-too-large');
  });
});

describe('HEIC', () => {
  it('says what to set on the phone where the browser cannot open it', async () => {
    const bytes = avifOf();
    bytes.set(brandOf('heic').subarray(4, 12), 4);
    // The kinds behind it say AVIF as well.
    bytes.fill(0x20, 16, 28);
    const error = await refusalOf(bytes);
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain('HEIC');
    expect(error.remedy).toContain('Most Compatible');
  });

  it('is told from AVIF and from video by what the file says it is', () => {
    expect(sniffFormat(brandOf('mif1', 'mif1', 'avif'))).toBe('avif');
    expect(sniffFormat(brandOf('mif1', 'mif1', 'heic'))).toBe('heic');
    expect(sniffFormat(brandOf('avis', 'avif'))).toBe('avif');
    expect(sniffFormat(brandOf('mp42', 'isom'))).toBeNull();
  });
});
