import { decode as peerDecode } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture, toRadiograph } from '../../src/radiograph/index.ts';
import { maxDifference } from '../fixtures/compare.ts';
import { exif } from '../fixtures/images.ts';
import {
  chunk,
  concat,
  header,
  pngBomb,
  SIGNATURE,
  writePng,
  type PngPlan,
} from '../fixtures/png.ts';
import { deflate } from '../fixtures/deflate.ts';
import { noiseByte } from '../fixtures/sources.ts';

const blobOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes], { type: 'text/plain' });
const open = async (bytes: Uint8Array<ArrayBuffer>, maxPixels?: number) =>
  toRadiograph(await decodePicture(blobOf(bytes), maxPixels ? { maxPixels } : {}));
const codesOf = (radiograph: { warnings: readonly { code: string }[] }) =>
  radiograph.warnings.map((warning) => warning.code);

/** Scattered samples of any depth. */
function scattered(bitDepth: number): PngPlan['sample'] {
  return (x, y, channel) => {
    const wide = noiseByte(x, y, 10 + channel) * 256 + noiseByte(x, y, 20 + channel);
    return wide >> (16 - bitDepth);
  };
}

/** What the pixel shows, straight from the plan. */
function shown(plan: PngPlan, x: number, y: number): number {
  const white = 2 ** plan.bitDepth - 1;
  const s = (channel: number) => plan.sample(x, y, channel);
  const luminance = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;
  const key = plan.transparency;
  const word = (i: number) => (key ? (key[2 * i] << 8) | key[2 * i + 1] : -1);
  switch (plan.colorType) {
    case 0:
      return s(0) === word(0) ? 0 : s(0) / white;
    case 4:
      return (s(0) / white) * (s(1) / white);
    case 3: {
      const [r, g, b] = plan.palette?.[s(0)] ?? [0, 0, 0];
      return (luminance(r, g, b) / 255) * ((key?.[s(0)] ?? 255) / 255);
    }
    case 2:
      return [0, 1, 2].every((i) => s(i) === word(i)) ? 0 : luminance(s(0), s(1), s(2)) / white;
    case 6:
      return (luminance(s(0), s(1), s(2)) / white) * (s(3) / white);
  }
}

const rainbow = Array.from(
  { length: 256 },
  (_, i) => [i, 255 - i, (i * 7) & 255] as [number, number, number],
);

const KINDS = [
  ...([1, 2, 4, 8, 16] as const).map((bitDepth) => ({ colorType: 0, bitDepth }) as const),
  ...([1, 2, 4, 8] as const).map((bitDepth) => ({ colorType: 3, bitDepth }) as const),
  ...([2, 4, 6] as const).flatMap((colorType) =>
    ([8, 16] as const).map((bitDepth) => ({ colorType, bitDepth })),
  ),
].flatMap((kind) => [
  { ...kind, interlaced: false },
  { ...kind, interlaced: true },
]);

function planOf(kind: (typeof KINDS)[number], width = 61, height = 43): PngPlan {
  const palette = kind.colorType === 3 ? { palette: rainbow.slice(0, 2 ** kind.bitDepth) } : {};
  return { ...kind, ...palette, width, height, sample: scattered(kind.bitDepth) };
}

describe('PNG by our own lines', () => {
  it.each(KINDS)('color type $colorType, $bitDepth bits, interlaced $interlaced', async (kind) => {
    const plan = planOf(kind);
    const bytes = await writePng(plan);
    // The file itself is sound: a peer reads the same size from it.
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 61, height: 43, format: 'png' });
    const radiograph = await open(bytes);
    const expected = Float64Array.from({ length: 61 * 43 }, (_, i) =>
      shown(plan, i % 61, Math.floor(i / 61)),
    );
    expect(radiograph).toMatchObject({ width: 61, height: 43, format: 'png' });
    expect(radiograph.bitsStored).toBe(kind.colorType === 3 ? 8 : kind.bitDepth);
    expect(maxDifference(radiograph.pixels, expected)).toBeLessThan(1e-6);
  });

  it.each(KINDS.filter((kind) => kind.bitDepth >= 8 && kind.colorType !== 3))(
    'agrees with fast-png: color type $colorType, $bitDepth bits, interlaced $interlaced',
    async (kind) => {
      const plan = planOf(kind);
      const peer = peerDecode(await writePng(plan), { checkCrc: true });
      const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[kind.colorType as 0 | 2 | 4 | 6];
      const samples = Array.from({ length: 61 * 43 * channels }, (_, i) => {
        const pixel = Math.floor(i / channels);
        return plan.sample(pixel % 61, Math.floor(pixel / 61), i % channels);
      });
      expect(Array.from(peer.data)).toEqual(samples);
    },
  );

  it.each([
    [1, 1],
    [1, 9],
    [9, 1],
    [2, 3],
    [5, 5],
    [8, 8],
  ])('every interlacing of %i × %i', async (width, height) => {
    const plan = planOf({ colorType: 0, bitDepth: 8, interlaced: true }, width, height);
    const radiograph = await open(await writePng(plan));
    const expected = Float64Array.from({ length: width * height }, (_, i) =>
      shown(plan, i % width, Math.floor(i / width)),
    );
    expect(maxDifference(radiograph.pixels, expected)).toBeLessThan(1e-6);
  });

  it.each([0, 1, 2, 3, 4])('filter %i on every line, 16 bits RGBA', async (filter) => {
    const plan = { ...planOf({ colorType: 6, bitDepth: 16, interlaced: false }), filter };
    const radiograph = await open(await writePng(plan));
    const expected = Float64Array.from({ length: 61 * 43 }, (_, i) =>
      shown(plan, i % 61, Math.floor(i / 61)),
    );
    expect(maxDifference(radiograph.pixels, expected)).toBeLessThan(1e-6);
  });

  // Two lines of one filter are undone together: even and odd heights, a lone line, a lone column.
  it.each([0, 1, 2, 3, 4])(
    'filter %i on every line, grey of 8 bits, to the last bit',
    async (filter) => {
      for (const [width, height] of [
        [1, 1],
        [1, 6],
        [7, 1],
        [2, 2],
        [61, 43],
        [300, 202], // more than one piece of the stream
      ]) {
        const kind = { colorType: 0, bitDepth: 8, interlaced: false } as const;
        const plan = { ...planOf(kind, width, height), filter };
        const { pixels } = await open(await writePng(plan));
        const expected = Array.from({ length: width * height }, (_, i) =>
          plan.sample(i % width, Math.floor(i / width), 0),
        );
        expect(Array.from(pixels, (value) => value * 255)).toEqual(
          expected.map((sample) => Math.fround(sample / 255) * 255),
        );
      }
    },
  );

  it('shows a transparent grey, a transparent color and a palette with alpha as black', async () => {
    const grey = planOf({ colorType: 0, bitDepth: 16, interlaced: false });
    const [first, second] = [grey.sample(3, 4, 0) >> 8, grey.sample(3, 4, 0) & 255];
    const rgb = planOf({ colorType: 2, bitDepth: 8, interlaced: false });
    const color = Uint8Array.from([0, 1, 2].flatMap((channel) => [0, rgb.sample(7, 8, channel)]));
    const palette = planOf({ colorType: 3, bitDepth: 8, interlaced: false });
    for (const plan of [
      { ...grey, transparency: Uint8Array.of(first, second) },
      { ...rgb, transparency: color },
      { ...palette, transparency: Uint8Array.from({ length: 200 }, (_, i) => i) },
    ]) {
      const radiograph = await open(await writePng(plan));
      const expected = Float64Array.from({ length: 61 * 43 }, (_, i) =>
        shown(plan, i % 61, Math.floor(i / 61)),
      );
      expect(maxDifference(radiograph.pixels, expected)).toBeLessThan(1e-6);
      expect(codesOf(radiograph)).toContain('alpha-flattened');
    }
  });

  it('says that a colored picture is colored, and says nothing of grey stored as RGB', async () => {
    const plan = planOf({ colorType: 2, bitDepth: 8, interlaced: false });
    expect(codesOf(await open(await writePng(plan)))).toContain('color-picture');
    const grey = { ...plan, sample: (x: number, y: number) => noiseByte(x, y, 3) };
    expect(codesOf(await open(await writePng(grey)))).not.toContain('color-picture');
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is turned by orientation %i as sharp turns it', async (o) => {
    const plan = { ...planOf({ colorType: 0, bitDepth: 8, interlaced: false }), exif: exif(o) };
    const bytes = await writePng(plan);
    const radiograph = await open(bytes);
    const { data, info } = await sharp(bytes)
      .autoOrient()
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([radiograph.width, radiograph.height]).toEqual([info.width, info.height]);
    expect(Array.from(radiograph.pixels, (v) => Math.round(v * 255))).toEqual(Array.from(data));
  });

  it('scales while decoding when there are too many pixels, keeping the mean', async () => {
    for (const kind of [
      { colorType: 0, bitDepth: 8, interlaced: false },
      { colorType: 2, bitDepth: 16, interlaced: false },
      { colorType: 0, bitDepth: 8, interlaced: true },
    ] as const) {
      const plan = planOf(kind, 301, 203);
      const radiograph = await open(await writePng(plan), 10_000);
      expect(radiograph.width * radiograph.height).toBeLessThanOrEqual(10_000);
      expect(radiograph.width / radiograph.height).toBeCloseTo(301 / 203, 1);
      expect(codesOf(radiograph)).toContain('scaled-while-decoding');
      let sum = 0;
      for (let i = 0; i < 301 * 203; i++) sum += shown(plan, i % 301, Math.floor(i / 301));
      const mean = radiograph.pixels.reduce((a, b) => a + b, 0) / radiograph.pixels.length;
      expect(mean).toBeCloseTo(sum / (301 * 203), 5);
    }
  });
});

describe('PNG without its end', () => {
  const plan: PngPlan = {
    width: 150,
    height: 130,
    bitDepth: 8,
    colorType: 0,
    sample: (x, y) => noiseByte(x, y, 3),
  };

  it.each([
    ['IEND', 12],
    ['IEND and the last checksum', 16],
    ['IEND and the end of the packed stream', 19],
  ])('lacks %s and is shown with a word about it', async (_, bytes) => {
    const whole = await writePng(plan);
    const radiograph = await open(whole.slice(0, whole.length - bytes));
    expect(maxDifference(radiograph.pixels, (await open(whole)).pixels)).toBe(0);
    expect(codesOf(radiograph)).toEqual(['end-missing']);
    expect(codesOf(await open(whole))).toEqual([]);
  });

  it('is refused when a line is missing', async () => {
    const whole = await writePng(plan);
    await expect(open(whole.slice(0, whole.length - 300))).rejects.toMatchObject({
      code: 'truncated-picture',
    });
  });

  it('is shown by its first picture where its animation is broken', async () => {
    const whole = await writePng({ ...plan, colorType: 2 });
    const moving = concat([
      whole.subarray(0, 33),
      chunk('acTL', Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 0)),
      whole.subarray(33),
    ]);
    const radiograph = await open(moving);
    expect(codesOf(radiograph)).toContain('first-frame-only');
    expect(maxDifference(radiograph.pixels, (await open(whole)).pixels)).toBe(0);
  });
});

describe('PNG of 16 bits that holds fewer', () => {
  /** A ramp up to `highest`, with or without sBIT. */
  const ramp = async (highest: number, said?: number, more: Partial<PngPlan> = {}) => {
    const bytes = await writePng({
      width: 150,
      height: 130,
      bitDepth: 16,
      colorType: 0,
      sample: (x) => Math.round((x / 149) * highest),
      ...more,
    });
    const bits = said === undefined ? [] : [chunk('sBIT', Uint8Array.of(said))];
    const radiograph = await open(concat([bytes.subarray(0, 33), ...bits, bytes.subarray(33)]));
    return {
      brightest: radiograph.pixels[149],
      bits: radiograph.bitsStored,
      codes: codesOf(radiograph),
    };
  };

  it.each([
    // The highest sample that is used, what sBIT says, and the white that follows.
    [1000, undefined, 1023],
    [3930, undefined, 4095],
    [3930, 12, 4095],
    [3930, 14, 16383],
    [15723, undefined, 16383],
    // Dark pictures of sixteen bits, and what is too dark to be any picture.
    [30000, undefined, 65535],
    [511, undefined, 65535],
    [3930, 16, 65535],
    // Spread over all sixteen bits, as the specification asks for.
    [62896, 12, 65535],
  ])('highest %i, sBIT %s: white is %i', async (highest, said, white) => {
    const found = await ramp(highest, said);
    expect(found.brightest).toBeCloseTo(highest / white, 4);
    expect(found.bits).toBe(Math.log2(white + 1));
    expect(found.codes).toEqual(white === 65_535 ? [] : ['fewer-bits']);
  });

  it('is the same in color, interlaced, and made smaller while it is opened', async () => {
    const { brightest } = await ramp(3930);
    for (const more of [{ colorType: 2 }, { interlaced: true }] as const) {
      expect((await ramp(3930, undefined, more)).brightest).toBeCloseTo(brightest, 4);
    }
    const bytes = await writePng({
      width: 150,
      height: 130,
      bitDepth: 16,
      colorType: 0,
      sample: () => 3930,
    });
    const small = await open(bytes, 5000);
    expect(small.pixels[0]).toBeCloseTo(3930 / 4095, 4);
    expect(codesOf(small)).toContain('fewer-bits');
  });
});

describe('PNG that is not what it should be', () => {
  const sound = () => writePng(planOf({ colorType: 0, bitDepth: 8, interlaced: false }, 200, 200));

  it('refuses a bomb by its header', async () => {
    await expect(open(pngBomb(60_000, 60_000))).rejects.toMatchObject({
      code: 'picture-too-large',
      message: expect.stringContaining('60,000 × 60,000') as string,
    });
  });

  it('stops reading when a small picture goes on for ever', async () => {
    const endless = await deflate(new Uint8Array(50_000_000));
    const bytes = concat([
      SIGNATURE,
      header({ width: 8, height: 8, bitDepth: 8, colorType: 0 }),
      chunk('IDAT', endless),
      chunk('IEND', new Uint8Array(0)),
    ]);
    const radiograph = await open(bytes);
    expect(radiograph.pixels).toEqual(new Float32Array(64));
  });

  it.each([0.001, 0.2, 0.5, 0.9, 0.999])('is cut off at %f of its length', async (share) => {
    const bytes = await sound();
    const part = bytes.slice(0, Math.max(20, Math.floor(bytes.length * share)));
    await expect(open(part)).rejects.toMatchObject({ code: 'truncated-picture' });
  });

  it('lacks a part of its lines although its end is there', async () => {
    const lines = await deflate(new Uint8Array(101 * 50));
    const bytes = concat([
      SIGNATURE,
      header({ width: 100, height: 100, bitDepth: 8, colorType: 0 }),
      chunk('IDAT', lines),
      chunk('IEND', new Uint8Array(0)),
    ]);
    await expect(open(bytes)).rejects.toMatchObject({ code: 'truncated-picture' });
  });

  it('has a flipped bit in its header, its pixels or nowhere that matters', async () => {
    const bytes = await sound();
    for (const at of [17, 1000, bytes.length - 200]) {
      const spoiled = bytes.slice();
      spoiled[at] ^= 4;
      await expect(open(spoiled)).rejects.toMatchObject({ code: 'damaged-picture' });
    }
    const comment = chunk('tEXt', Uint8Array.of(65, 0, 66));
    comment[9] ^= 1;
    const noted = concat([bytes.subarray(0, 33), comment, bytes.subarray(33)]);
    expect((await open(noted)).width).toBe(200);
  });

  it('has a palette picture without a palette, a filter that does not exist, no pixels', async () => {
    const plan = planOf({ colorType: 3, bitDepth: 8, interlaced: false });
    const bare: PngPlan = { ...plan };
    delete (bare as { palette?: unknown }).palette;
    await expect(open(await writePng(bare))).rejects.toMatchObject({ code: 'damaged-picture' });
    const odd = concat([
      SIGNATURE,
      header({ width: 3, height: 1, bitDepth: 8, colorType: 0 }),
      chunk('IDAT', await deflate(Uint8Array.of(9, 1, 2, 3))),
      chunk('IEND', new Uint8Array(0)),
    ]);
    await expect(open(odd)).rejects.toMatchObject({ code: 'damaged-picture' });
    const empty = concat([
      SIGNATURE,
      header({ width: 3, height: 1, bitDepth: 8, colorType: 0 }),
      chunk('IEND', new Uint8Array(0)),
    ]);
    await expect(open(empty)).rejects.toMatchObject({ code: 'truncated-picture' });
    const flat = pngBomb(0, 5);
    await expect(open(flat)).rejects.toMatchObject({ code: 'damaged-picture' });
  });

  it('stops at the signal', async () => {
    const controller = new AbortController();
    const promise = decodePicture(blobOf(await sound()), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(promise).rejects.toThrow('enough');
  });
});
