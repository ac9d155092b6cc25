/** Whatever happens to a DICOM file's bytes: a picture or an error with a name, soon, and in little memory. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePicture, RadiographError } from '../../../src/radiograph/index.ts';
import {
  el,
  encapsulated,
  itemHead,
  PIXEL_DATA,
  SYNTAX,
  words,
  writeDicom,
  writeElements,
  EXPLICIT,
  type Picture,
} from '../../fixtures/dicom.ts';
import { encodeJpeg12, encodeLossless, encodeRle } from '../../fixtures/dicom-encoders.ts';
import { encodeHtj2k, encodeJpeg2000, encodeJpegLs } from '../../fixtures/dicom-packages.ts';
import { concat } from '../../fixtures/png.ts';
import sharp from 'sharp';
import './local-files.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const width = 128;
const height = 96;
const samples = Uint16Array.from({ length: width * height }, (_, i) => (i * 13 + (i >> 3)) % 4096);
const base: Picture = { width, height, bitsStored: 12, pixels: words(samples) };
const files = new Map<string, Bytes>();

/** A name, in under two seconds of computing (the machine may be busy with other things); also a picture, where the damage does not show. */
async function outcome(bytes: Bytes): Promise<string> {
  const begun = process.cpuUsage();
  const result: unknown = await decodePicture(new Blob([bytes])).then(
    ({ kind }) => kind,
    (error: unknown) => error,
  );
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(2000);
  if (!(result instanceof Error)) return String(result);
  expect(result).toBeInstanceOf(RadiographError);
  const code = String(Reflect.get(result, 'code'));
  if (code === 'unexpected-decode-error') throw result;
  return code;
}

beforeAll(async () => {
  const raw = { width, height, bits: 12, bytes: words(samples) };
  const eight = Uint8Array.from(samples, (value) => value >> 4);
  const jpeg = await sharp(eight, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg()
    .toBuffer();
  const high = Uint8Array.from(samples, (value) => value >> 8);
  const low = Uint8Array.from(samples, (value) => value & 255);
  const add = (name: string, picture: Partial<Picture>) =>
    files.set(name, writeDicom({ ...base, ...picture }));
  const packed = (syntax: string, bytes: Uint8Array) =>
    add(syntax, { syntax, pixels: encapsulated([bytes]) });
  add('explicit', {});
  add('implicit', { syntax: SYNTAX.implicit });
  add('big-endian', { syntax: SYNTAX.bigEndian });
  add('deflated', { syntax: SYNTAX.deflated });
  add('sequences', {
    more: [
      el(0x00283010, 'SQ', [
        [el(0x00283002, 'US', [4, 0, 12]), el(0x00283006, 'US', [0, 9, 99, 4095])],
      ]),
    ],
  });
  packed(SYNTAX.rle, encodeRle([high, low]));
  packed(SYNTAX.lossless1, encodeLossless(samples, width, height, 12, 1));
  packed(SYNTAX.extended, encodeJpeg12(samples, width, height, 20));
  packed(SYNTAX.jpegLs, await encodeJpegLs(raw));
  packed(SYNTAX.jpeg2000, await encodeJpeg2000(raw));
  packed(SYNTAX.htj2k, await encodeHtj2k(raw));
  add(SYNTAX.baseline, {
    ...{ syntax: SYNTAX.baseline, bitsAllocated: 8, bitsStored: 8 },
    pixels: encapsulated([Uint8Array.from(jpeg)]),
  });
});

describe('damaged DICOM', () => {
  it('whole files open', async () => {
    for (const [name, file] of files) expect(await outcome(file), name).toBe('samples');
    expect(files.size).toBe(12);
  });

  it('cut at every kilobyte (and in the header at every tenth byte): never a picture', async () => {
    let cuts = 0;
    for (const [name, file] of files) {
      // Behind the last fragment nothing is missed.
      const end = file.length - (name.includes('.4.') || name === SYNTAX.rle ? 12 : 0);
      for (let at = 4; at < end; at += at < 700 ? 10 : 1000) {
        cuts++;
        expect(await outcome(file.slice(0, at)), `${name} cut at ${at}`).not.toBe('samples');
      }
    }
    expect(cuts).toBeGreaterThan(500);
  }, 120_000);

  it('random bytes changed, anywhere, near the start, or near the pixels', async () => {
    const before = process.memoryUsage().rss;
    let most = before;
    const spoiled = fc
      .record({
        name: fc.constantFrom(...files.keys()),
        changes: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }),
        part: fc.constantFrom('all', 'header', 'stream'),
      })
      .map(({ name, changes, part }) => {
        const bytes = files.get(name)!.slice();
        const from = part === 'stream' ? 560 : part === 'header' ? 132 : 0;
        const span = part === 'all' ? bytes.length : 500;
        for (const [at, value] of changes)
          bytes[from + (at % Math.min(span, bytes.length - from))] = value;
        return bytes;
      });
    await fc.assert(
      fc.asyncProperty(spoiled, async (bytes) => {
        await outcome(bytes);
        most = Math.max(most, process.memoryUsage().rss);
      }),
      { numRuns: 600 },
    );
    console.info(`memory above the start: ${Math.round((most - before) / 1e6)} MB`);
    expect(most - before).toBeLessThan(512_000_000);
    for (const [name, file] of files) expect(await outcome(file), name).toBe('samples');
  }, 240_000);

  it('sequences a thousand deep, with lengths and without', async () => {
    let sized = writeElements([el(0x00080060, 'CS', 'CR')], EXPLICIT);
    for (let i = 0; i < 1000; i++) {
      const item = concat([itemHead(0xe000, sized.length), sized]);
      sized = writeElements([{ tag: 0x00081140, vr: 'SQ', value: item }], EXPLICIT);
    }
    const open = concat(
      Array.from({ length: 1000 }, () =>
        concat([
          writeElements([el(0x00081140, 'SQ', new Uint8Array(0), 0xffffffff)], EXPLICIT),
          itemHead(0xe000, 0xffffffff),
        ]),
      ),
    );
    const head = writeDicom({ ...base, meta: true }).slice(0, 132);
    const uid = writeElements([el(0x00020010, 'UI', SYNTAX.explicit)], EXPLICIT);
    for (const body of [sized, open]) {
      expect(await outcome(concat([head, uid, body]))).toBe('damaged-picture');
    }
  });

  it('lengths that overflow, and none where there must be one', async () => {
    const cases: [Partial<Picture>, string][] = [
      [{ more: [el(0x00080008, 'UT', 'x', 0xfffffff0)] }, 'truncated-picture'],
      [{ more: [el(0x00080008, 'UT', 'x', 0xffffffff)] }, 'damaged-picture'],
      [{ more: [el(0x00080008, 'CS', 'x', 0xfffe)] }, 'truncated-picture'],
      [{ width: 60_000, height: 60_000 }, 'picture-too-large'],
      [{ width: 9000, height: 9000 }, 'truncated-picture'],
      [{ width: 0 }, 'damaged-picture'],
      [{ bitsAllocated: 32, bitsStored: 32 }, 'unsupported-variant'],
      [{ samplesPerPixel: 4, photometric: 'CMYK' }, 'unsupported-variant'],
      [{ samplesPerPixel: 3 }, 'damaged-picture'],
      [{ highBit: 3 }, 'damaged-picture'],
    ];
    for (const [picture, code] of cases) {
      expect(await outcome(writeDicom({ ...base, ...picture })), JSON.stringify(picture)).toBe(
        code,
      );
    }
    const lengths = [
      [0xffffffff, 'damaged-picture'],
      [0xfffffffe, 'truncated-picture'],
      [2, 'damaged-picture'],
    ] as const;
    for (const [length, code] of lengths) {
      const pixels = el(PIXEL_DATA, 'OW', words(samples), length);
      const file = writeDicom({ width, height, bitsStored: 12, more: [pixels] });
      expect(await outcome(file), String(length)).toBe(code);
    }
  });

  it('deflate bombs, and streams that claim another picture', async () => {
    const zeros = el(0x00091010, 'OB', new Uint8Array(140_000_000));
    expect(await outcome(writeDicom({ ...base, syntax: SYNTAX.deflated, more: [zeros] }))).toBe(
      'picture-too-large',
    );
    for (const syntax of [
      SYNTAX.jpeg2000,
      SYNTAX.htj2k,
      SYNTAX.jpegLs,
      SYNTAX.extended,
      SYNTAX.lossless1,
    ]) {
      const file = files.get(syntax)!.slice();
      const other = writeDicom({ ...base, width: 64, syntax, pixels: file.slice(-20_000) });
      expect(await outcome(other), syntax).toBe('damaged-picture');
    }
    // Packing the bomb takes seconds on a busy machine; the limit of time for the app itself is outcome's own.
  }, 30_000);
});
