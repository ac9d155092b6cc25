/**
 * Every lossless way of packing × every way of storing a sample: the model is given the same numbers.
 * The reference is worked out here from the values themselves, not read by the decoder.
 */
import { describe, expect, it } from 'vitest';
import { pictureToModelInput } from '../../../src/preprocess/index.ts';
import { decodePicture, toRadiograph } from '../../../src/radiograph/index.ts';
import { el, encapsulated, SYNTAX, words, writeDicom, type Picture } from '../../fixtures/dicom.ts';
import { encodeJpeg12, encodeLossless, encodeRle } from '../../fixtures/dicom-encoders.ts';
import { encodeHtj2k, encodeJpeg2000, encodeJpegLs } from '../../fixtures/dicom-packages.ts';
import './local-files.ts';

const width = 61;
const height = 47;
const PADDED_ROWS = 6;

interface Format {
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometric: 'MONOCHROME1' | 'MONOCHROME2';
}

const formats: Format[] = [8, 10, 12, 14, 16].flatMap((bitsStored) =>
  [false, true].flatMap((signed) =>
    (['MONOCHROME1', 'MONOCHROME2'] as const).map((photometric) => ({
      bitsStored,
      signed,
      photometric,
    })),
  ),
);

/** What the detector saw, 0 … 1: two slopes, an edge, a little noise. */
const light = Float64Array.from({ length: width * height }, (_, i) => {
  const [x, y] = [i % width, Math.floor(i / width)];
  return Math.min(1, 0.1 + x / 100 + y / 300 + ((i * 7919) % 23) / 400 + (x > 30 ? 0.1 : 0));
});

/** Stored values: from 1 up, the lowest of all being padding over the first rows. */
function storedOf({ bitsStored, signed }: Format): { values: Int32Array; least: number } {
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  const most = 2 ** bitsStored - 1 + least;
  const values = Int32Array.from(light, (share, i) =>
    i < PADDED_ROWS * width ? least : Math.round(least + 1 + share * (most - least - 1)),
  );
  return { values, least };
}

/** Rescaled to start at 0; a window over the middle half; the rule of docs/dicom.md by hand. */
function expectedOf(format: Format): Float32Array {
  const { values, least } = storedOf(format);
  const span = 2 ** format.bitsStored;
  const [center, wide] = [span / 2, span / 2];
  return Float32Array.from(values, (stored) => {
    if (stored === least) return 0;
    const value = stored - least;
    const grey = Math.min(1, Math.max(0, (value - (center - 0.5)) / (wide - 1) + 0.5));
    return format.photometric === 'MONOCHROME1' ? 1 - grey : grey;
  });
}

function pictureOf(format: Format): Picture {
  const { bitsStored, signed, photometric } = format;
  const { least } = storedOf(format);
  const span = 2 ** bitsStored;
  const us = signed ? 'SS' : 'US';
  return {
    ...{ width, height, bitsStored, signed, photometric },
    bitsAllocated: bitsStored === 8 ? 8 : 16,
    more: [
      el(0x00280120, us, [least]),
      el(0x00281050, 'DS', String(span / 2)),
      el(0x00281051, 'DS', String(span / 2)),
      el(0x00281052, 'DS', String(-least)),
      el(0x00281053, 'DS', '1'),
    ],
  };
}

/** As in memory: one or two bytes a sample, negative values in two's complement. */
function bytesOf(values: ArrayLike<number>, bits: number, littleEndian = true): Uint8Array {
  return bits === 8 ? Uint8Array.from(values, (v) => v & 255) : words(values, littleEndian);
}

type Packer = (format: Format, values: Int32Array) => Promise<Uint8Array> | Uint8Array;

const raw = ({ bitsStored, signed }: Format, values: ArrayLike<number>) => ({
  ...{ width, height, bits: bitsStored, signed },
  bytes: bytesOf(values, bitsStored),
});
/** Codecs without a sign get the bits alone. */
const unsigned = ({ bitsStored }: Format, values: Int32Array) =>
  values.map((value) => value & (2 ** bitsStored - 1));

const lossless: [string, string, Packer][] = [
  ['uncompressed, explicit', SYNTAX.explicit, (f, v) => bytesOf(v, f.bitsStored)],
  ['uncompressed, implicit', SYNTAX.implicit, (f, v) => bytesOf(v, f.bitsStored)],
  ['uncompressed, big endian', SYNTAX.bigEndian, (f, v) => bytesOf(v, f.bitsStored, false)],
  ['deflated', SYNTAX.deflated, (f, v) => bytesOf(v, f.bitsStored)],
  [
    'RLE',
    SYNTAX.rle,
    (f, v) => {
      const low = Uint8Array.from(v, (value) => value & 255);
      const high = Uint8Array.from(v, (value) => (value >> 8) & 255);
      return encapsulated([encodeRle(f.bitsStored === 8 ? [low] : [high, low])]);
    },
  ],
  ...[1, 4, 7].map((predictor): [string, string, Packer] => [
    `JPEG lossless, predictor ${predictor}`,
    predictor === 1 ? SYNTAX.lossless1 : SYNTAX.lossless,
    (f, v) =>
      encapsulated([encodeLossless(unsigned(f, v), width, height, f.bitsStored, predictor)]),
  ]),
  [
    'JPEG-LS',
    SYNTAX.jpegLs,
    async (f, v) =>
      encapsulated([await encodeJpegLs({ ...raw(f, unsigned(f, v)), signed: false })]),
  ],
  ['JPEG 2000', SYNTAX.jpeg2000, async (f, v) => encapsulated([await encodeJpeg2000(raw(f, v))])],
  ['HTJ2K', SYNTAX.htj2k, async (f, v) => encapsulated([await encodeHtj2k(raw(f, v))])],
  [
    'HTJ2K, by resolution',
    SYNTAX.htj2k.replace('201', '202'),
    async (f, v) => encapsulated([await encodeHtj2k(raw(f, v))]),
  ],
];

const nameOf = ({ bitsStored, signed, photometric }: Format): string =>
  `${bitsStored} bits, ${signed ? 'signed' : 'unsigned'}, ${photometric}`;

async function open(picture: Picture) {
  return decodePicture(new Blob([writeDicom(picture)]));
}

describe.each(lossless)('%s', (_, syntax, pack) => {
  it('gives the grey that the header means, in every format', async () => {
    for (const format of formats) {
      const { values } = storedOf(format);
      const pixels = await pack(format, values);
      const opened = await open({ ...pictureOf(format), syntax, pixels });
      const expected = expectedOf(format);
      const { pixels: found } = await toRadiograph(opened);
      let apart = 0;
      for (let i = 0; i < found.length; i++) {
        apart = Math.max(apart, Math.abs(found[i] - expected[i]));
      }
      // Half a step of the 16 bits in which grey is kept.
      expect(apart, nameOf(format)).toBeLessThan(1e-5);
    }
  });
});

describe('the model input', () => {
  it('is the same to the bit in every lossless syntax, whatever the format', async () => {
    for (const format of formats) {
      const { values } = storedOf(format);
      const inputs = new Set<string>();
      for (const [, syntax, pack] of lossless) {
        const pixels = await pack(format, values);
        const input = pictureToModelInput(await open({ ...pictureOf(format), syntax, pixels }), 32);
        inputs.add(Buffer.from(input.buffer).toString('base64'));
      }
      expect(inputs.size, nameOf(format)).toBe(1);
    }
  });
});

describe('lossy', () => {
  const plain = formats.filter(({ signed }) => !signed);
  const packers: [string, string, (format: Format) => boolean, Packer][] = [
    [
      'JPEG-LS near',
      SYNTAX.jpegLsNear,
      () => true,
      async (f, v) => encapsulated([await encodeJpegLs(raw(f, v), 2)]),
    ],
    [
      'JPEG 2000',
      SYNTAX.jpeg2000Lossy,
      () => true,
      async (f, v) => encapsulated([await encodeJpeg2000(raw(f, v), 6)]),
    ],
    [
      'HTJ2K',
      SYNTAX.htj2k.replace('201', '203'),
      () => true,
      async (f, v) => encapsulated([await encodeHtj2k(raw(f, v), false, 0.01)]),
    ],
    [
      'JPEG extended',
      SYNTAX.extended,
      // Whatever fits into 12 bits.
      ({ bitsStored }) => bitsStored >= 10 && bitsStored <= 12,
      (_, v) => encapsulated([encodeJpeg12(v, width, height, 4)]),
    ],
  ];
  it.each(packers)('%s: within 2 % on average', async (_, syntax, fits, pack) => {
    const mine = plain.filter(fits);
    expect(mine.length).toBeGreaterThan(1);
    for (const format of mine) {
      const { values } = storedOf(format);
      const pixels = await pack(format, values);
      // Padding does not survive a lossy codec: it is not declared here.
      const { more = [], ...rest } = pictureOf(format);
      const picture = { ...rest, more: more.filter(({ tag }) => tag !== 0x00280120) };
      const { pixels: found } = await toRadiograph(await open({ ...picture, syntax, pixels }));
      const { pixels: whole } = await toRadiograph(
        await open({ ...picture, pixels: bytesOf(values, format.bitsStored) }),
      );
      const sum = found.reduce((total, value, i) => total + Math.abs(value - whole[i]), 0);
      expect(sum / found.length, nameOf(format)).toBeGreaterThan(0);
      expect(sum / found.length, nameOf(format)).toBeLessThan(0.02);
    }
  });
});
