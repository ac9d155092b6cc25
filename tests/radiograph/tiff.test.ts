import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  decodePicture,
  factsOf,
  RadiographError,
  sniffFormat,
  toRadiograph,
  type DecodedPicture,
} from '../../src/radiograph/index.ts';
import { maxDifference } from '../fixtures/compare.ts';
import { concat } from '../fixtures/png.ts';
import { noiseByte } from '../fixtures/sources.ts';
import { writeTiff, type TiffPlan } from '../fixtures/tiff.ts';
import './dicom/local-files.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const open = (bytes: Bytes, maxPixels?: number): Promise<DecodedPicture> =>
  decodePicture(new Blob([bytes]), maxPixels ? { maxPixels } : {});
const codesOf = (picture: DecodedPicture): string[] =>
  factsOf(picture).warnings.map(({ code }) => code);
const refusal = async (bytes: Bytes): Promise<RadiographError> => {
  const error: unknown = await open(bytes).then(
    () => new Error('It was opened'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RadiographError);
  return error as RadiographError;
};

const [width, height] = [150, 131];
const noise: TiffPlan['sample'] = (x, y, channel) => noiseByte(x, y, channel);
/** Two bytes of noise, so that a swapped byte shows. */
const wide: TiffPlan['sample'] = (x, y, channel) =>
  (noiseByte(x, y, channel) << 8) | noiseByte(y, x, channel + 1);

function expected(plan: Pick<TiffPlan, 'sample'>, white: number): Float64Array {
  return Float64Array.from(
    { length: width * height },
    (_, i) => plan.sample(i % width, Math.floor(i / width), 0) / white,
  );
}

const PLACES: readonly Partial<TiffPlan>[] = [
  {},
  { rows: 16 },
  { tile: 32 },
  { tile: 48, bigEndian: true },
  { rows: 7, big: true },
  { tile: 64, big: true, bigEndian: true },
];
const PACKED: readonly Partial<TiffPlan>[] = [
  { packing: 'none' },
  { packing: 'packbits' },
  { packing: 'lzw' },
  { packing: 'lzw', differences: true },
  { packing: 'deflate' },
  { packing: 'deflate', differences: true },
];
const named = (plans: readonly Partial<TiffPlan>[]) =>
  plans.map((plan) => [JSON.stringify(plan), plan] as const);

describe('grey', () => {
  for (const [packing, packed] of named(PACKED)) {
    it.each(named(PLACES))(`is exact, ${packing} in %s`, async (_, place) => {
      for (const bits of [8, 16]) {
        const plan = { sample: bits === 8 ? noise : wide, bits };
        const bytes = await writeTiff({ width, height, ...plan, ...packed, ...place });
        const picture = await open(bytes);
        const { pixels } = await toRadiograph(picture);
        expect(maxDifference(pixels, expected(plan, 2 ** bits - 1))).toBeLessThan(1e-6);
        expect(factsOf(picture)).toMatchObject({ format: 'tiff', bitsStored: bits, warnings: [] });
      }
    });
  }

  it.each([1, 2, 4, 10, 12, 14])('of %i bits, packed without gaps', async (bits) => {
    const sample: TiffPlan['sample'] = (x, y, c) => wide(x, y, c) >> (16 - bits);
    const { pixels } = await toRadiograph(
      await open(await writeTiff({ width, height, bits, sample })),
    );
    expect(maxDifference(pixels, expected({ sample }, 2 ** bits - 1))).toBeLessThan(1e-6);
  });

  it('is turned around where white is 0', async () => {
    for (const bits of [8, 16]) {
      const sample = bits === 8 ? noise : wide;
      const bytes = await writeTiff({ width, height, bits, sample, photometric: 0 });
      const { pixels } = await toRadiograph(await open(bytes));
      const turned = expected({ sample }, 2 ** bits - 1).map((value) => 1 - value);
      expect(maxDifference(pixels, turned)).toBeLessThan(1e-6);
    }
  });

  it('lies over black where it is transparent', async () => {
    const sample: TiffPlan['sample'] = (x, y, channel) =>
      channel === 1 ? (x < 75 ? 255 : 51) : noise(x, y, 0);
    const bytes = await writeTiff({
      ...{ width, height, sample, samples: 2, photometric: 1 },
      tags: { 338: [3, [2]] },
    });
    const picture = await open(bytes);
    expect(codesOf(picture)).toContain('alpha-flattened');
    const { pixels } = await toRadiograph(picture);
    const over = expected({ sample: (x, y) => noise(x, y, 0) * (x < 75 ? 1 : 0.2) }, 255);
    expect(maxDifference(pixels, over)).toBeLessThan(0.51 / 255);
  });
});

describe('files of 16 bits that hold fewer', () => {
  const twelve: TiffPlan['sample'] = (x, y, c) => wide(x, y, c) >> 4;

  it('have the white of so many bits, which is said', async () => {
    const picture = await open(await writeTiff({ width, height, bits: 16, sample: twelve }));
    expect(codesOf(picture)).toEqual(['fewer-bits']);
    expect(factsOf(picture).bitsStored).toBe(12);
    const { pixels } = await toRadiograph(picture);
    expect(maxDifference(pixels, expected({ sample: twelve }, 4095))).toBeLessThan(1e-6);
  });

  it('follow what the file says of its highest value', async () => {
    const dark: TiffPlan['sample'] = (x, y, c) => wide(x, y, c) >> 7;
    const tags = { 281: [3, [4095]] } as const;
    const picture = await open(await writeTiff({ width, height, bits: 16, sample: dark, tags }));
    const { pixels } = await toRadiograph(picture);
    expect(maxDifference(pixels, expected({ sample: dark }, 4095))).toBeLessThan(1e-6);
  });

  it('are turned around within those bits where white is 0', async () => {
    const plan = { width, height, bits: 16, sample: twelve, photometric: 0 };
    const { pixels } = await toRadiograph(await open(await writeTiff(plan)));
    const turned = expected({ sample: twelve }, 4095).map((value) => 1 - value);
    expect(maxDifference(pixels, turned)).toBeLessThan(1e-6);
  });

  it('are not stretched when they are dark pictures of 15 bits', async () => {
    const sample: TiffPlan['sample'] = (x, y, c) => wide(x, y, c) >> 1;
    const picture = await open(await writeTiff({ width, height, bits: 16, sample }));
    expect(codesOf(picture)).toEqual([]);
  });
});

describe('color', () => {
  const luminance = (sample: TiffPlan['sample'], white: number): Float64Array =>
    expected(
      {
        sample: (x, y) =>
          0.299 * sample(x, y, 0) + 0.587 * sample(x, y, 1) + 0.114 * sample(x, y, 2),
      },
      white,
    );

  it.each([
    [8, false],
    [8, true],
    [16, false],
    [16, true],
  ] as const)('is its brightness, %i bits, planes: %s', async (bits, planes) => {
    const sample = bits === 8 ? noise : wide;
    const plan = { width, height, bits, sample, samples: 3, planes, rows: 20 };
    for (const differences of [false, true]) {
      const packing = differences ? 'lzw' : 'packbits';
      const picture = await open(await writeTiff({ ...plan, packing, differences }));
      expect(codesOf(picture)).toEqual(['color-picture']);
      const { pixels } = await toRadiograph(picture);
      expect(maxDifference(pixels, luminance(sample, 2 ** bits - 1))).toBeLessThan(1e-5);
    }
  });

  it('that shows none is grey', async () => {
    const sample: TiffPlan['sample'] = (x, y) => noise(x, y, 0);
    const picture = await open(await writeTiff({ width, height, sample, samples: 3, tile: 32 }));
    expect(codesOf(picture)).toEqual([]);
    const { pixels } = await toRadiograph(picture);
    expect(maxDifference(pixels, expected({ sample }, 255))).toBeLessThan(1e-5);
  });

  it('comes from a palette of 16 bits, or of 8 in 16', async () => {
    const greys = Array.from({ length: 256 }, (_, i) => 255 - i);
    for (const gain of [1, 257]) {
      const map = [greys, greys, greys].flat().map((value) => value * gain);
      const plan = { width, height, sample: noise, photometric: 3 };
      const picture = await open(await writeTiff({ ...plan, tags: { 320: [3, map] } }));
      const { pixels } = await toRadiograph(picture);
      const turned = expected({ sample: noise }, 255).map((value) => 1 - value);
      expect(maxDifference(pixels, turned)).toBeLessThan(1e-5);
      expect(codesOf(picture)).toEqual([]);
    }
  });
});

describe('what libtiff writes', () => {
  const soft = (x: number, y: number): number =>
    Math.round(128 + 60 * Math.sin(x / 9) + 60 * Math.cos(y / 7));
  const raw = (channels: 1 | 3) =>
    sharp(
      Uint8Array.from({ length: width * height * channels }, (_, i) => {
        const pixel = Math.floor(i / channels);
        return soft(pixel % width, Math.floor(pixel / width));
      }),
      { raw: { width, height, channels } },
    );

  it.each(['none', 'lzw', 'deflate', 'packbits', 'jpeg'] as const)('%s', async (compression) => {
    for (const channels of [1, 3] as const) {
      for (const tile of [false, true]) {
        const image = channels === 1 ? raw(1).toColourspace('b-w') : raw(3);
        const bytes = Uint8Array.from(
          await image
            .tiff({ compression, tile, tileWidth: 64, tileHeight: 64, quality: 100 })
            .toBuffer(),
        );
        const { pixels } = await toRadiograph(await open(bytes));
        const apart = maxDifference(pixels, expected({ sample: soft }, 255));
        expect(apart).toBeLessThan(compression === 'jpeg' ? 5 / 255 : 1e-5);
      }
    }
  });

  it('BigTIFF', async () => {
    const image = raw(1).toColourspace('b-w').tiff({ bigtiff: true, compression: 'lzw' });
    const { pixels } = await toRadiograph(await open(Uint8Array.from(await image.toBuffer())));
    expect(maxDifference(pixels, expected({ sample: soft }, 255))).toBeLessThan(1e-6);
  });
});

describe('what the tags say', () => {
  it('orientation counts', async () => {
    const tags = { 274: [3, [6]] } as const;
    const picture = await open(await writeTiff({ width, height, sample: noise, tags }));
    expect(factsOf(picture)).toMatchObject({ width: height, height: width });
    const { pixels } = await toRadiograph(picture);
    expect(pixels[height - 1] * 255).toBeCloseTo(noise(0, 0, 0), 3);
  });

  it('pixels that are not square are shown in their true proportions', async () => {
    const tags = { 282: [5, [204, 1]], 283: [5, [98, 1]] } as const;
    const picture = await open(await writeTiff({ width, height, sample: noise, tags }));
    expect(factsOf(picture)).toMatchObject({ width, height: Math.round((height * 204) / 98) });
  });

  it('a resolution of 0, or of another world, is none', async () => {
    for (const x of [0, 10_000]) {
      const tags = { 282: [5, [x, 1]], 283: [5, [98, 1]] } as const;
      const picture = await open(await writeTiff({ width, height, sample: noise, tags }));
      expect(factsOf(picture)).toMatchObject({ width, height });
    }
  });

  it('the first page is read, with a word about more; smaller copies are no pages', async () => {
    const plan = { width, height, sample: noise };
    expect(codesOf(await open(await writeTiff({ ...plan, pages: [{}] })))).toEqual([
      'first-frame-only',
    ]);
    const copy = { 254: [4, [1]] } as const;
    expect(codesOf(await open(await writeTiff({ ...plan, pages: [copy, copy] })))).toEqual([]);
  });

  it('a large picture is made smaller', async () => {
    const bytes = await writeTiff({ width: 400, height: 300, sample: () => 200, rows: 10 });
    const picture = await open(bytes, 30_000);
    expect(codesOf(picture)).toEqual(['scaled-while-decoding']);
    expect(factsOf(picture)).toMatchObject({ width: 200, height: 150 });
    expect((await toRadiograph(picture)).pixels[0] * 255).toBeCloseTo(200, 2);
  });

  it('DICM at 128 makes it DICOM', () => {
    const dual = concat([
      Uint8Array.from('II*\0'.padEnd(128, '\0'), (each) => each.charCodeAt(0)),
      Uint8Array.from('DICM', (each) => each.charCodeAt(0)),
      new Uint8Array(64),
    ]);
    expect(sniffFormat(dual)).toBe('dicom');
    dual.fill(0, 128, 132);
    expect(sniffFormat(dual)).toBe('tiff');
  });
});

describe('what cannot be opened has a name', () => {
  it.each([
    ['fax compression', { 259: [3, [4]] }],
    ['old kind', { 259: [3, [6]] }],
    ['rare way of packing', { 259: [3, [50_000]] }],
    ['no whole numbers', { 339: [3, [3]] }],
    ['CMYK', { 262: [3, [5]] }],
    ['rare color model', { 262: [3, [8]] }],
  ] as const)('%s', async (words, tags) => {
    const error = await refusal(await writeTiff({ width, height, sample: noise, tags }));
    expect(error.code).toBe('unsupported-variant');
    expect(error.message).toContain(words);
  });

  it('a picture too large is refused by its head', async () => {
    const tags = { 256: [4, [60_000]], 257: [4, [60_000]], 278: [4, [60_000]] } as const;
    const bytes = await writeTiff({ width: 8, height: 8, sample: noise, tags });
    expect((await refusal(bytes)).code).toBe('picture-too-large');
  });

  it.each([
    ['cut', (bytes: Bytes) => bytes.slice(0, bytes.length - 300), 'truncated-picture'],
    ['only its first bytes', (bytes: Bytes) => bytes.slice(0, 8), 'truncated-picture'],
  ] as const)('%s', async (_, spoil, code) => {
    const bytes = await writeTiff({ width, height, sample: noise });
    expect((await refusal(spoil(bytes))).code).toBe(code);
  });

  it('a strip that unpacks to less than it should', async () => {
    for (const packing of ['lzw', 'deflate', 'packbits'] as const) {
      const sound = await writeTiff({ width, height, sample: noise, packing, rows: height });
      const short = await writeTiff({ width, height: 90, sample: noise, packing, rows: height });
      // The directory of the taller one behind the pixels of the shorter one.
      const tags = { 257: [4, [height]], 278: [4, [height]] } as const;
      const bytes = await writeTiff({ width, height: 90, sample: noise, packing, tags });
      expect(short.length).toBeLessThan(sound.length);
      expect((await refusal(bytes)).code).toBe('truncated-picture');
    }
  });

  it('a loop of pages ends', async () => {
    const bytes = await writeTiff({ width, height, sample: noise, pages: [{}] });
    const view = new DataView(bytes.buffer);
    const first = view.getUint32(4, true);
    const next = first + 2 + view.getUint16(first, true) * 12;
    view.setUint32(next, first, true);
    expect(codesOf(await open(bytes))).toEqual(['first-frame-only']);
  });

  it('whatever happens to its bytes', async () => {
    const files = await Promise.all([
      writeTiff({ width: 40, height: 30, sample: noise, packing: 'lzw', tile: 16 }),
      writeTiff({
        width: 40,
        height: 30,
        sample: wide,
        bits: 16,
        packing: 'deflate',
        rows: 5,
        samples: 3,
      }),
      writeTiff({ width: 40, height: 30, sample: wide, bits: 12, packing: 'packbits', big: true }),
      sharp(new Uint8Array(40 * 30 * 3), { raw: { width: 40, height: 30, channels: 3 } })
        .tiff({ compression: 'jpeg' })
        .toBuffer()
        .then((buffer) => Uint8Array.from(buffer)),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.option(fc.nat(), { freq: 3 }),
        async (file, changes, cut) => {
          const bytes = file.slice(0, cut === null ? file.length : cut % file.length);
          // Most of what matters stands at the end, in the directory.
          for (const [at, value] of changes) {
            const reach = Math.min(300, bytes.length);
            if (reach > 0) bytes[bytes.length - 1 - (at % reach)] = value;
          }
          const began = performance.now();
          const outcome: unknown = await open(bytes).catch((error: unknown) => error);
          expect(performance.now() - began).toBeLessThan(2000);
          if (!(outcome instanceof Error)) return;
          expect(outcome).toBeInstanceOf(RadiographError);
          expect(['unexpected-decode-error', 'out-of-memory']).not.toContain(
            Reflect.get(outcome, 'code'),
          );
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);
});
