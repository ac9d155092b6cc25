/** Every transfer syntax and every pixel format, from files made here; dcmjs agrees that they are DICOM. */
import dcmjs from 'dcmjs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { toModelInput, pictureToModelInput } from '../../../src/preprocess/index.ts';
import { decodePicture, factsOf, toRadiograph } from '../../../src/radiograph/index.ts';
import { decodeGreyJpeg } from '../../../src/radiograph/dicom/codecs/jpeg-12bit.ts';
import type { DecodeOptions } from '../../../src/radiograph/types.ts';
import { el, encapsulated, SYNTAX, words, writeDicom, type Picture } from '../../fixtures/dicom.ts';
import { encodeJpeg12, encodeLossless, encodeRle } from '../../fixtures/dicom-encoders.ts';
import { encodeHtj2k, encodeJpeg2000, encodeJpegLs } from '../../fixtures/dicom-packages.ts';
import './local-files.ts';

const width = 61;
const height = 47;

/** A smooth picture with an edge and a little noise, as a radiograph has. */
const picture12 = Uint16Array.from({ length: width * height }, (_, i) => {
  const [x, y] = [i % width, Math.floor(i / width)];
  const noise = (i * 7919) % 23;
  return Math.min(4095, Math.round(300 + 40 * x + 25 * y + noise + (x > 30 ? 400 : 0)));
});
const high = Uint8Array.from(picture12, (value) => value >> 8);
const low = Uint8Array.from(picture12, (value) => value & 255);
const raw12 = { width, height, bits: 12, bytes: words(picture12) };
const base: Picture = { width, height, bitsStored: 12, pixels: words(picture12) };

async function open(picture: Picture, options: DecodeOptions = {}) {
  return decodePicture(new Blob([writeDicom({ ...base, ...picture })]), options);
}

async function greys(picture: Partial<Picture>, options: DecodeOptions = {}): Promise<number[]> {
  const opened = await toRadiograph(await open({ ...base, ...picture }, options));
  return Array.from(opened.pixels);
}

const meanDifference = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

describe('transfer syntaxes', () => {
  it('writes what dcmjs reads', () => {
    for (const syntax of [SYNTAX.explicit, SYNTAX.implicit, SYNTAX.deflated]) {
      const file = writeDicom({ ...base, syntax });
      const data = dcmjs.data.DicomMessage.readFile(file.buffer, { ignoreErrors: false });
      const set = dcmjs.data.DicomMetaDictionary.naturalizeDataset(data.dict);
      expect(set).toMatchObject({ Rows: height, Columns: width, BitsStored: 12, Modality: 'CR' });
      const pixels = set.PixelData as ArrayBuffer | ArrayBuffer[];
      const bytes = new Uint8Array(Array.isArray(pixels) ? pixels[0] : pixels);
      expect(Buffer.from(bytes).equals(words(picture12))).toBe(true);
    }
  });

  it('reads what dcmjs writes', async () => {
    const dict = new dcmjs.data.DicomDict({
      '00020010': { vr: 'UI', Value: [SYNTAX.explicit] },
    });
    const us = (value: number) => ({ vr: 'US', Value: [value] });
    dict.dict = {
      '00080060': { vr: 'CS', Value: ['DX'] },
      '00280002': us(1),
      '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
      '00280010': us(height),
      '00280011': us(width),
      '00280100': us(16),
      '00280101': us(12),
      '00280102': us(11),
      '00280103': us(0),
      '7FE00010': { vr: 'OW', Value: [words(picture12).buffer] },
    };
    const file = new Uint8Array(dict.write() as ArrayBuffer);
    const opened = await toRadiograph(await decodePicture(new Blob([file])));
    expect(Array.from(opened.pixels)).toEqual(await greys({}));
  });

  it.each([
    ['implicit', { syntax: SYNTAX.implicit }],
    ['deflated', { syntax: SYNTAX.deflated }],
    ['big endian', { syntax: SYNTAX.bigEndian, pixels: words(picture12, false) }],
    ['no preamble', { preamble: false }],
    ['a bare explicit data set', { preamble: false, meta: false }],
    ['a bare implicit data set', { preamble: false, meta: false, syntax: SYNTAX.implicit }],
    [
      'a bare big-endian data set',
      { preamble: false, meta: false, syntax: SYNTAX.bigEndian, pixels: words(picture12, false) },
    ],
  ] as [string, Partial<Picture>][])('%s: the same pixels', async (_, picture) => {
    expect(await greys(picture)).toEqual(await greys({}));
  });

  it('RLE, in one piece and in three', async () => {
    const packed = encodeRle([high, low]);
    const expected = await greys({});
    expect(await greys({ syntax: SYNTAX.rle, pixels: encapsulated([packed]) })).toEqual(expected);
    const third = 2 * Math.floor(packed.length / 6);
    const pieces = [
      packed.slice(0, third),
      packed.slice(third, 2 * third),
      packed.slice(2 * third),
    ];
    expect(await greys({ syntax: SYNTAX.rle, pixels: encapsulated(pieces) })).toEqual(expected);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('JPEG lossless with predictor %i', async (predictor) => {
    const packed = encodeLossless(picture12, width, height, 12, predictor);
    const syntax = predictor === 1 ? SYNTAX.lossless1 : SYNTAX.lossless;
    expect(await greys({ syntax, pixels: encapsulated([packed]) })).toEqual(await greys({}));
  });

  it('JPEG-LS and JPEG 2000 and HTJ2K, lossless', async () => {
    const expected = await greys({});
    const packed = [
      [SYNTAX.jpegLs, await encodeJpegLs(raw12)],
      [SYNTAX.jpeg2000, await encodeJpeg2000(raw12)],
      [SYNTAX.htj2k, await encodeHtj2k(raw12)],
    ] as const;
    for (const [syntax, bytes] of packed) {
      expect(await greys({ syntax, pixels: encapsulated([bytes]) }), syntax).toEqual(expected);
    }
  });

  it('JPEG-LS near, JPEG 2000 and HTJ2K lossy, JPEG of 12 bits: within 2 %', async () => {
    const expected = await greys({});
    const packed = [
      [SYNTAX.jpegLsNear, await encodeJpegLs(raw12, 3)],
      [SYNTAX.jpeg2000Lossy, await encodeJpeg2000(raw12, 8)],
      [SYNTAX.htj2k.replace('201', '203'), await encodeHtj2k(raw12, false)],
      [SYNTAX.extended, encodeJpeg12(picture12, width, height, 12)],
      [SYNTAX.extended, encodeJpeg12(picture12, width, height, 12, 5)],
    ] as const;
    for (const [syntax, bytes] of packed) {
      const found = await greys({ syntax, pixels: encapsulated([bytes]) });
      const difference = meanDifference(found, expected);
      expect(difference, syntax).toBeGreaterThan(0);
      expect(difference, syntax).toBeLessThan(0.02);
    }
  });

  it('our decoder of sequential JPEG is libjpeg’s to a grey level', async () => {
    const bytes8 = Uint8Array.from(picture12, (value) => value >> 4);
    for (const quality of [30, 75, 98]) {
      const jpeg = await sharp(bytes8, { raw: { width, height, channels: 1 } })
        .toColourspace('b-w')
        .jpeg({ quality, progressive: false })
        .toBuffer();
      const expected = await sharp(jpeg).toColourspace('b-w').raw().toBuffer();
      const found = decodeGreyJpeg(new Uint8Array(jpeg), width, height, 8);
      const apart = Array.from(found, (value, i) => Math.abs(value - expected[i]));
      expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    }
  });

  it('JPEG of 8 bits, grey and color', async () => {
    const bytes8 = Uint8Array.from(picture12, (value) => value >> 4);
    const eight = { bitsAllocated: 8, bitsStored: 8 };
    const expected = await greys({ ...eight, pixels: bytes8 });
    const grey = sharp(bytes8, { raw: { width, height, channels: 1 } });
    const jpeg = await grey.toColourspace('b-w').jpeg({ quality: 95 }).toBuffer();
    const syntax = SYNTAX.baseline;
    const found = await greys({ ...eight, syntax, pixels: encapsulated([jpeg]) });
    expect(meanDifference(found, expected)).toBeLessThan(0.01);
    const rgb = Uint8Array.from({ length: 3 * bytes8.length }, (_, i) => bytes8[Math.floor(i / 3)]);
    const color = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    const photometric = 'YBR_FULL_422';
    const more = { ...eight, photometric, samplesPerPixel: 3, syntax };
    const colored = await greys({ ...more, pixels: encapsulated([color]) });
    expect(meanDifference(colored, expected)).toBeLessThan(0.01);
  });

  it('the first frame of many, by a table of offsets and without one', async () => {
    const first = encodeRle([high, low]);
    const second = encodeRle([low, high]);
    const [a, b] = [first.slice(0, 200), first.slice(200)];
    const syntax = SYNTAX.rle;
    const tabled = encapsulated([a, b, second], [0, 16 + first.length]);
    const expected = await greys({});
    expect(await greys({ syntax, frames: 2, pixels: tabled })).toEqual(expected);
    expect(await greys({ syntax, frames: 2, pixels: encapsulated([first, second]) })).toEqual(
      expected,
    );
    const offsets = new BigUint64Array([0n, BigInt(16 + first.length)]);
    const lengths = new BigUint64Array([BigInt(first.length), BigInt(second.length)]);
    const extended = [
      el(0x7fe00001, 'OV', new Uint8Array(offsets.buffer)),
      el(0x7fe00002, 'OV', new Uint8Array(lengths.buffer)),
    ];
    const pixels = encapsulated([a, b, second]);
    expect(await greys({ syntax, frames: 2, pixels, more: extended })).toEqual(expected);
    const facts = factsOf(await open({ ...base, syntax, frames: 2, pixels: tabled }));
    expect(facts.attributes.frames).toBe(2);
    expect(facts.warnings.map(({ code }) => code)).toEqual(['first-frame-only', 'few-pixels']);
  });
});

describe('pixel formats', () => {
  it('MONOCHROME1 and an inverse presentation are turned around, once', async () => {
    const window = [el(0x00281050, 'DS', '2000'), el(0x00281051, 'DS', '3000')];
    const straight = await greys({ more: window });
    const turned = straight.map((value) => 1 - value);
    const inverse = el(0x20500020, 'CS', 'INVERSE');
    const close = (found: number[]) => found.every((v, i) => Math.abs(v - turned[i]) < 2e-5);
    const photometric = 'MONOCHROME1';
    expect(close(await greys({ photometric, more: window }))).toBe(true);
    expect(close(await greys({ more: [...window, inverse] }))).toBe(true);
    expect(close(await greys({ photometric, more: [...window, inverse] }))).toBe(true);
  });

  it('signed, shifted, and with junk above the stored bits: the same picture', async () => {
    const window = [el(0x00281050, 'DS', '2000'), el(0x00281051, 'DS', '3000')];
    const expected = await greys({ more: window });
    const signed = Uint16Array.from(picture12, (value) => value - 2048);
    const rescale = [el(0x00281052, 'DS', '2048'), el(0x00281053, 'DS', '1')];
    expect(
      await greys({ signed: true, pixels: words(signed), more: [...window, ...rescale] }),
    ).toEqual(expected);
    const shifted = Uint16Array.from(picture12, (value) => value << 3);
    expect(await greys({ highBit: 14, pixels: words(shifted), more: window })).toEqual(expected);
    const junk = Uint16Array.from(picture12, (value, i) => value | ((i % 16) << 12));
    expect(await greys({ pixels: words(junk), more: window })).toEqual(expected);
  });

  it('a window is DICOM’s linear function to the letter', async () => {
    const more = [el(0x00281050, 'DS', '1500\\100'), el(0x00281051, 'DS', '1000\\5')];
    const found = await greys({ more });
    const expected = Array.from(picture12, (x) => {
      const y = (x - (1500 - 0.5)) / (1000 - 1) + 0.5;
      return Math.min(1, Math.max(0, y));
    });
    expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-5);
  });

  it('a window that shows nothing is passed over; a table counts by the bits it uses', async () => {
    const plain = await greys({});
    const blind = [el(0x00281050, 'DS', '60000'), el(0x00281051, 'DS', '10')];
    expect(await greys({ more: blind })).toEqual(plain);
    const lut = (bits: number, values: number[]) => [
      el(0x00283010, 'SQ', [
        [el(0x00283002, 'US', [values.length, 0, bits]), el(0x00283006, 'US', values)],
      ]),
    ];
    const ramp = Array.from({ length: 4096 }, (_, i) => i);
    // A table of 12 bits that calls itself one of 16.
    const named16 = await greys({ more: lut(16, ramp) });
    const off = named16.map((value, i) => Math.abs(value - picture12[i] / 4095));
    expect(Math.max(...off)).toBeLessThan(1e-5);
    const squared = ramp.map((value) => Math.round((value * value) / 4095));
    const found = await greys({ more: lut(12, squared) });
    const expected = Array.from(picture12, (value) => squared[value] / 4095);
    expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-5);
  });

  it('a modality table, in place of slope and intercept, of unsigned and of signed pictures', async () => {
    const window = [el(0x00281050, 'DS', '500'), el(0x00281051, 'DS', '1000')];
    const expected = (value: number) => Math.min(1, Math.max(0, (value / 4 - 499.5) / 999 + 0.5));
    const table = Array.from({ length: 4096 }, (_, i) => Math.floor(i / 4));
    const modality = (first: number) =>
      el(0x00283000, 'SQ', [
        [el(0x00283002, 'US', [table.length, first & 0xffff, 10]), el(0x00283006, 'US', table)],
      ]);
    const plain = await greys({ more: [...window, modality(0)] });
    const wanted = Array.from(picture12, (value) => expected(4 * Math.floor(value / 4)));
    expect(Math.max(...plain.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(1e-5);
    const shifted = Uint16Array.from(picture12, (value) => value - 2048);
    const signed = await greys({
      ...{ signed: true, pixels: words(shifted) },
      more: [...window, modality(-2048)],
    });
    expect(signed).toEqual(plain);
  });

  it('windows of the kinds SIGMOID and LINEAR_EXACT', async () => {
    const window = (shape: string) => [
      el(0x00281050, 'DS', '2000'),
      el(0x00281051, 'DS', '1000'),
      el(0x00281056, 'CS', shape),
    ];
    const rules: [string, (x: number) => number][] = [
      ['SIGMOID', (x) => 1 / (1 + Math.exp((-4 * (x - 2000)) / 1000))],
      ['LINEAR_EXACT', (x) => Math.min(1, Math.max(0, (x - 2000) / 1000 + 0.5))],
    ];
    for (const [shape, rule] of rules) {
      const found = await greys({ more: window(shape) });
      const apart = found.map((value, i) => Math.abs(value - rule(picture12[i])));
      expect(Math.max(...apart), shape).toBeLessThan(1e-5);
    }
  });

  it('padding from one value to another, signed too', async () => {
    const values = Int16Array.from(picture12, (value) => value - 2048);
    values.fill(-2000, 0, 3 * width);
    values.fill(-1990, 3 * width, 6 * width);
    const more = [
      el(0x00280120, 'SS', [-2000]),
      el(0x00280121, 'SS', [-1990]),
      el(0x00281050, 'DS', '-3000'),
      el(0x00281051, 'DS', '100'),
    ];
    // Under this window everything is white but padding; it shows nothing, and is passed over.
    const grey = await greys({ signed: true, pixels: words(values), more });
    expect(grey.slice(0, 6 * width).every((value) => value === 0)).toBe(true);
    expect(Math.max(...grey.slice(6 * width))).toBe(1);
  });

  it('without a window: 8 bits as they are, more by their own percentiles, without padding', async () => {
    const eight = Uint8Array.from(picture12, (value) => value >> 5);
    const found = await greys({ bitsAllocated: 8, bitsStored: 8, pixels: eight });
    expect(found.map((value) => Math.round(value * 255))).toEqual(Array.from(eight));
    const padded = picture12.slice();
    padded.fill(0xffff & 4095, 0, 20 * width);
    const more = [el(0x00280120, 'US', [4095])];
    const grey = await greys({ pixels: words(padded), more });
    expect(grey.slice(0, 20 * width).every((value) => value === 0)).toBe(true);
    const rest = grey.slice(20 * width);
    expect(Math.max(...rest)).toBe(1);
    expect(Math.min(...rest)).toBe(0);
  });

  it('RGB and YBR by pixel and by plane, YBR 4:2:2, palettes: their brightness', async () => {
    const eight = Uint8Array.from(picture12, (value) => value >> 4);
    const common = { bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3 };
    const expected = Array.from(eight, (value) => value / 255);
    const same = (found: number[]) => found.every((v, i) => Math.abs(v - expected[i]) < 1 / 500);
    const count = eight.length;
    const byPixel = Uint8Array.from({ length: 3 * count }, (_, i) => eight[Math.floor(i / 3)]);
    const byPlane = Uint8Array.from({ length: 3 * count }, (_, i) => eight[i % count]);
    expect(same(await greys({ ...common, photometric: 'RGB', pixels: byPixel }))).toBe(true);
    expect(same(await greys({ ...common, photometric: 'RGB', planar: 1, pixels: byPlane }))).toBe(
      true,
    );
    const ybr = Uint8Array.from({ length: 3 * count }, (_, i) =>
      i % 3 === 0 ? eight[i / 3] : 128,
    );
    expect(same(await greys({ ...common, photometric: 'YBR_FULL', pixels: ybr }))).toBe(true);
    const rle = encapsulated([encodeRle([eight, eight, eight])]);
    const packed = { ...common, photometric: 'RGB', syntax: SYNTAX.rle, pixels: rle };
    expect(same(await greys(packed))).toBe(true);
    const even = Uint8Array.from({ length: 60 * height }, (_, i) => eight[i]);
    const subsampled = Uint8Array.from({ length: 2 * even.length }, (_, i) =>
      i % 4 < 2 ? even[2 * Math.floor(i / 4) + (i % 4)] : 128,
    );
    const half = await greys({
      ...common,
      width: 60,
      photometric: 'YBR_FULL_422',
      pixels: subsampled,
    });
    expect(half.map((value) => Math.round(value * 255))).toEqual(Array.from(even));
    const table = Array.from({ length: 256 }, (_, i) => (255 - i) * 257);
    const palette = [1, 2, 3].flatMap((channel) => [
      el(0x00281100 + channel, 'US', [256, 0, 16]),
      el(0x00281200 + channel, 'OW', words(table)),
    ]);
    const indexed = await greys({
      ...{ bitsAllocated: 8, bitsStored: 8, photometric: 'PALETTE COLOR' },
      pixels: Uint8Array.from(eight, (value) => 255 - value),
      more: palette,
    });
    expect(same(indexed)).toBe(true);
    const red = Uint8Array.from({ length: 3 * count }, (_, i) => (i % 3 === 0 ? 200 : 0));
    const facts = factsOf(await open({ ...base, ...common, photometric: 'RGB', pixels: red }));
    expect(facts.warnings.map(({ code }) => code)).toContain('color-picture');
  });

  it('color through every codec that has it', async () => {
    const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 31) % 251);
    const common = { bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, photometric: 'RGB' };
    const raw = { width, height, bits: 8, components: 3 as const, bytes: rgb };
    const expected = await greys({ ...common, pixels: rgb });
    const files = [
      [SYNTAX.jpeg2000, await encodeJpeg2000(raw)],
      [SYNTAX.htj2k, await encodeHtj2k(raw)],
      [SYNTAX.jpegLs, await encodeJpegLs(raw, 0, 2)],
    ] as const;
    for (const [syntax, bytes] of files) {
      expect(await greys({ ...common, syntax, pixels: encapsulated([bytes]) }), syntax).toEqual(
        expected,
      );
    }
  });

  it('for viewing: the whole range, and every window of the file in its place', async () => {
    const more = [
      el(0x00281050, 'DS', '1500\\2500'),
      el(0x00281051, 'DS', '1001\\2001'),
      el(0x00281055, 'LO', 'NORMAL\\SOFT'),
    ];
    for (const photometric of ['MONOCHROME1', 'MONOCHROME2']) {
      const viewed = await toRadiograph(
        await open({ ...base, photometric, more }, { purpose: 'viewing' }),
      );
      const presets = viewed.presets ?? [];
      expect(presets.map(({ name }) => name)).toEqual(['NORMAL', 'SOFT']);
      // The first window over the viewed range is what the model sees.
      const [{ center, width: wide }] = presets;
      const model = await greys({ photometric, more });
      const apart = Array.from(viewed.pixels, (value, i) =>
        Math.abs(Math.min(1, Math.max(0, (value - center) / wide + 0.5)) - model[i]),
      );
      expect(Math.max(...apart)).toBeLessThan(1e-3);
    }
  });

  it('a picture above the limit is made smaller, its spacing larger', async () => {
    const more = [
      el(0x00181164, 'DS', '0.1\\0.2'),
      el(0x00281050, 'DS', '2000'),
      el(0x00281051, 'DS', '4000'),
    ];
    const small = await open({ ...base, more }, { maxPixels: 700 });
    const facts = factsOf(small);
    expect(facts.width * facts.height).toBeLessThanOrEqual(700);
    expect(facts.attributes.spacingPlane).toBe('detector');
    expect(facts.attributes.pixelSpacing?.[0]).toBeCloseTo((0.1 * height) / facts.height);
    const whole = await toRadiograph(await open({ ...base, more }));
    const a = pictureToModelInput(small, 8);
    const b = toModelInput(whole.pixels, whole.width, whole.height, 8);
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(0.02);
  });
});
