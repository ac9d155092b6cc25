/** A JPEG that has its end but not its middle: browsers show it half gray and complain of nothing. */
import fc from 'fast-check';
import sharp, { type JpegOptions } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { chestPhantom } from '../../src/model/phantom.ts';
import { DamagedPictureError, TruncatedPictureError } from '../../src/radiograph/errors.ts';
import { readJpegParts } from '../../src/radiograph/formats/jpeg/jpeg-parts.ts';
import { checkScans } from '../../src/radiograph/formats/jpeg/jpeg-scan.ts';
import { without, writeBlockJpeg } from '../fixtures/jpeg.ts';

const SIDE = 256;
const SOUND = { missing: 0, garbled: false };
let phantom: Uint8Array;

beforeAll(() => {
  phantom = Uint8Array.from(chestPhantom(SIDE, 1), (value) => value * 255);
});

async function encode(
  options: JpegOptions,
  color: boolean,
  width = 611,
  height = 507,
): Promise<Uint8Array> {
  const picture = sharp(phantom, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .resize(width, height, { fit: 'fill' })
    .toColourspace(color ? 'srgb' : 'b-w');
  return new Uint8Array(await picture.jpeg(options).toBuffer());
}

const KINDS: readonly (readonly [string, JpegOptions, boolean])[] = [
  ['grey', {}, false],
  ['grey, own tables', { optimiseCoding: true, quality: 97 }, false],
  ['4:2:0', {}, true],
  ['4:4:4', { chromaSubsampling: '4:4:4' }, true],
  ['progressive, grey', { progressive: true }, false],
  ['progressive, 4:2:0', { progressive: true }, true],
  ['as mozjpeg writes it', { mozjpeg: true }, true],
];

/** The way the app finds it: by what the scans lack, or by a structure that cannot be read at all. */
function isFound(bytes: Uint8Array): boolean {
  try {
    const { missing, garbled } = look(bytes);
    return missing > 0.02 || garbled;
  } catch (reason) {
    if (reason instanceof TruncatedPictureError || reason instanceof DamagedPictureError)
      return true;
    throw reason;
  }
}

const look = (bytes: Uint8Array) => checkScans(bytes, readJpegParts(bytes));

describe('a whole JPEG', () => {
  it.each(KINDS)('%s is found whole at every size', async (_, options, color) => {
    for (const [width, height] of [
      [1, 1],
      [8, 8],
      [9, 17],
      [16, 33],
      [300, 7],
      [611, 507],
    ] as const) {
      const bytes = await encode(options, color, width, height);
      expect(look(bytes), `${width} × ${height}`).toEqual(SOUND);
    }
  });

  it('with restart markers, without, and with bytes behind its pixels', async () => {
    const grey = (x: number, y: number) => (x * 37 + y * 11) % 256;
    for (const interval of [0, 1, 7, 20, 1000]) {
      const bytes = writeBlockJpeg(20, 15, grey, interval);
      expect(look(bytes), `every ${interval}`).toEqual(SOUND);
      // The fixture is a JPEG that others read too.
      const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      expect(data[0]).toBe(grey(0, 0));
      expect(data.at(-1)).toBe(grey(19, 14));
    }
  });

  it('whose tables are elsewhere is not judged', () => {
    const bytes = writeBlockJpeg(4, 4, () => 90, 0);
    const tables = bytes.findIndex((value, at) => value === 0xff && bytes[at + 1] === 0xc4);
    const length = 2 + ((bytes[tables + 2] ?? 0) << 8) + (bytes[tables + 3] ?? 0);
    expect(look(without(bytes, tables, length))).toEqual(SOUND);
  });
});

describe('a JPEG without its middle', () => {
  // A later pass of a progressive picture is fine detail and cannot be followed alone.
  it.each(KINDS)('%s: found wherever it was lost', async (_, options, color) => {
    const bytes = await encode(options, color);
    const scans = readJpegParts(bytes).scans.filter(
      (scan) => !scan.refining && scan.to - scan.from > 1000,
    );
    expect(scans.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.constantFrom(...scans),
        fc.double({ min: 0, max: 0.7, noNaN: true }),
        fc.double({ min: 0.1, max: 0.29, noNaN: true }),
        (scan, start, length) => {
          const all = scan.to - scan.from;
          const spoiled = without(
            bytes,
            scan.from + Math.floor(start * all),
            Math.floor(length * all),
          );
          expect(isFound(spoiled)).toBe(true);
        },
      ),
      {
        numRuns: 60,
        // In one kind this joins two bytes to a marker that is none of a scan's: refused while read.
        examples: scans.map((scan) => [scan, 0.0002983293556085919, 0.1]),
      },
    );
  });

  it('says how much: the last third of the blocks', () => {
    const bytes = writeBlockJpeg(30, 30, (x, y) => (x * 31 + y * 17) % 251, 30);
    const { scans } = readJpegParts(bytes);
    const [scan] = scans;
    if (!scan) throw new Error('The fixture has no pixels.');
    const restarts: number[] = [];
    for (let at = scan.from; at < scan.to; at++) {
      if (bytes[at] === 0xff && (bytes[at + 1] ?? 0) >= 0xd0) restarts.push(at);
    }
    expect(restarts).toHaveLength(29);
    const lost = without(bytes, restarts[19], scan.to - restarts[19]);
    expect(look(lost).missing).toBeCloseTo(1 / 3, 9);
    // One whole interval in the middle.
    const [from, to] = [restarts[9], restarts[10]];
    expect(look(without(bytes, from, to - from)).missing).toBeCloseTo(1 / 30, 9);
    // A part of one interval: the others are whole.
    const part = look(without(bytes, from + 2, 12));
    expect(part.missing).toBeGreaterThan(0);
    expect(part.missing).toBeLessThan(1 / 30);
  });

  it('knows noise by codes that mean nothing', () => {
    const bytes = writeBlockJpeg(30, 30, (x, y) => (x * 31 + y * 17) % 251, 0);
    const [scan] = readJpegParts(bytes).scans;
    if (!scan) throw new Error('The fixture has no pixels.');
    // Nine ones are no code of the table.
    const spoiled = bytes.slice();
    for (let at = scan.from + 100; at < scan.from + 120; at += 2) spoiled.set([0xff, 0], at);
    expect(look(spoiled).garbled).toBe(true);
  });
});
