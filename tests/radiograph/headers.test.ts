import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { readBmp } from '../../src/radiograph/formats/bmp.ts';
import { readGif } from '../../src/radiograph/formats/gif.ts';
import { fittedSize } from '../../src/radiograph/formats/header.ts';
import { readJpeg } from '../../src/radiograph/formats/jpeg/jpeg.ts';
import { readWebp } from '../../src/radiograph/formats/webp.ts';
import { exifOrientation, withoutTurning } from '../../src/radiograph/formats/exif.ts';
import { readJpegParts } from '../../src/radiograph/formats/jpeg/jpeg-parts.ts';
import { sniffFormat } from '../../src/radiograph/index.ts';
import { ascii, cut, exif, jpegHead, withExif, writeBmp, writeGif } from '../fixtures/images.ts';
import { concat } from '../fixtures/png.ts';
import { noiseByte } from '../fixtures/sources.ts';

const grey = (x: number, y: number) => noiseByte(x, y, 1);

function photo(width: number, height: number): Sharp {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => noiseByte(i, 0, 4));
  return sharp(data, { raw: { width, height, channels: 3 } });
}

describe('JPEG header', () => {
  it.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['4:4:4 with optimized tables', { chromaSubsampling: '4:4:4', mozjpeg: true }],
  ] as const)('reads %s files', async (_, options) => {
    const bytes = await photo(131, 77).jpeg(options).toBuffer();
    expect(readJpeg(bytes)).toMatchObject({ width: 131, height: 77, orientation: 1 });
  });

  it('reads grey and the orientation, in either byte order', async () => {
    const bytes = await photo(131, 77).greyscale().jpeg().toBuffer();
    for (const orientation of [1, 3, 6, 8]) {
      for (const little of [true, false]) {
        const turned = withExif(bytes, exif(orientation, little));
        expect(readJpeg(turned)).toMatchObject({ width: 131, height: 77, orientation });
      }
    }
    expect(readJpeg(withExif(bytes, exif(99)))).toMatchObject({ orientation: 1 });
    expect(readJpeg(withExif(bytes, exif(6).subarray(0, 11)))).toMatchObject({ orientation: 1 });
  });

  it('refuses CMYK by name', async () => {
    const bytes = await photo(40, 30).toColourspace('cmyk').jpeg().toBuffer();
    expect(() => readJpeg(bytes)).toThrow(expect.objectContaining({ code: 'cmyk-picture' }));
  });

  it('refuses what browsers do not decode', () => {
    for (const options of [{ precision: 12 }, { frame: 0xc3 }, { frame: 0xc9 }]) {
      expect(() => readJpeg(jpegHead(10, 10, options))).toThrow(
        expect.objectContaining({ code: 'unsupported-variant' }),
      );
    }
    expect(() => readJpeg(jpegHead(10, 0))).toThrow(
      expect.objectContaining({ code: 'unsupported-variant' }),
    );
    expect(() => readJpeg(jpegHead(10, 10, { components: 2 }))).toThrow(
      expect.objectContaining({ code: 'damaged-picture' }),
    );
  });

  it('knows a cut file wherever it was cut, even with a whole thumbnail inside', async () => {
    const thumbnail = await photo(16, 16).jpeg().toBuffer();
    const bytes = withExif(await photo(131, 77).jpeg().toBuffer(), thumbnail);
    for (const share of [0.05, 0.1, 0.3, 0.6, 0.9, 0.999]) {
      expect(() => readJpeg(cut(bytes, share))).toThrow(
        expect.objectContaining({ code: 'truncated-picture' }),
      );
    }
    // Bytes after the end are common and harmless.
    const trailing = new Uint8Array(bytes.length + 50);
    trailing.set(bytes);
    expect(readJpeg(trailing)).toMatchObject({ width: 131 });
  });
});

describe('JPEG whose parts are not as they should be, and whose pixels are all there', () => {
  const trailer = Uint8Array.from({ length: 400 }, (_, i) => (i * 37 + 11) & 0x7f);

  it.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['restart markers and 4:4:4', { chromaSubsampling: '4:4:4' }],
  ] as const)('%s: no end marker, with or without something behind it', async (_, options) => {
    const bytes = Uint8Array.from(await photo(131, 77).jpeg(options).toBuffer());
    const open = bytes.slice(0, -2);
    expect(readJpegParts(bytes).endMissing).toBe(false);
    expect(readJpegParts(open).endMissing).toBe(true);
    expect(readJpeg(open)).toMatchObject({ width: 131, height: 77 });
    expect(readJpeg(bytes.slice(0, -1))).toMatchObject({ width: 131, height: 77 });
    // Samsung's cameras write text and numbers behind the picture; others a second picture.
    expect(readJpeg(concat([open, trailer]))).toMatchObject({ width: 131 });
    const small = Uint8Array.from(await photo(16, 16).jpeg().toBuffer());
    expect(readJpeg(concat([open, small]))).toMatchObject({ width: 131, height: 77 });
    // A part that is cut off behind the pixels.
    expect(readJpeg(concat([open, Uint8Array.of(0xff, 0xfe, 0x40, 0)]))).toMatchObject({
      width: 131,
    });
  });

  it('progressive and cut between two passes is cut off all the same', async () => {
    const bytes = Uint8Array.from(await photo(131, 77).jpeg({ progressive: true }).toBuffer());
    const { scans } = readJpegParts(bytes);
    expect(scans.length).toBeGreaterThan(4);
    for (const { to } of scans.slice(0, -1)) {
      expect(() => readJpeg(bytes.slice(0, to))).toThrow(
        expect.objectContaining({ code: 'truncated-picture' }),
      );
    }
  });

  it('bytes between its parts are passed over, and told of', async () => {
    const bytes = Uint8Array.from(await photo(131, 77).jpeg().toBuffer());
    const second = 4 + ((bytes[4] << 8) | bytes[5]);
    const between = (junk: Uint8Array<ArrayBuffer>) =>
      readJpegParts(concat([bytes.subarray(0, second), junk, bytes.subarray(second)]));
    expect(readJpegParts(bytes).rubbishInside).toBe(false);
    expect(between(ascii('\0\0junk'))).toMatchObject({
      header: { width: 131, height: 77 },
      endMissing: false,
      rubbishInside: true,
    });
    // The standard allows any number of these before a marker.
    expect(between(Uint8Array.of(0xff, 0xff, 0xff)).rubbishInside).toBe(false);
  });

  it('a part that reaches into the one behind it is refused, whatever that one said', async () => {
    const damaged = expect.objectContaining({ code: 'damaged-picture' }) as unknown;
    const bytes = Uint8Array.from(
      withExif(await photo(131, 77).jpeg({ mozjpeg: true }).toBuffer(), exif(6)),
    );
    const parts: number[] = [];
    for (let at = 2; bytes[at + 1] !== 0xda; at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3])) {
      parts.push(at);
    }
    expect(parts.length).toBeGreaterThan(4);
    for (const at of parts.slice(0, -1)) {
      for (const more of [1, 3, 7]) {
        const wrong = bytes.slice();
        const length = more + ((bytes[at + 2] << 8) | bytes[at + 3]);
        wrong.set([length >> 8, length & 255], at + 2);
        expect(() => readJpegParts(wrong), `${more} more at ${at}`).toThrow(damaged);
      }
    }
  });

  it('rubbish where a table was is refused: decoders would take a standard table', async () => {
    const bytes = Uint8Array.from(await photo(131, 77).jpeg({ mozjpeg: true }).toBuffer());
    const table = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc4);
    const lost = bytes.slice();
    lost[table] = 0;
    expect(() => readJpegParts(lost)).toThrow(expect.objectContaining({ code: 'damaged-picture' }));
  });

  it('of two EXIF parts the first counts, and none of them turns it a second time', async () => {
    const bytes = Uint8Array.from(await photo(131, 77).jpeg().toBuffer());
    const twice = withExif(withExif(bytes, exif(1)), exif(6));
    const header = readJpeg(twice);
    expect(header).toMatchObject({ orientation: 6 });
    const upright = readJpegParts(withoutTurning(twice, header)).header;
    expect(upright.exif?.map(([from, to]) => exifOrientation(twice.subarray(from, to)))).toEqual([
      6, 1,
    ]);
    const patched = withoutTurning(twice, header);
    for (const part of header.exif ?? []) {
      expect(exifOrientation(patched.subarray(...part))).toBe(1);
    }
    const other = readJpeg(withExif(withExif(bytes, exif(6)), exif(1)));
    expect(other.orientation).toBe(1);
    expect(other.exif).toHaveLength(2);
  });
});

describe('WebP header', () => {
  it.each([
    ['lossy', {}],
    ['lossless', { lossless: true }],
  ])('reads %s files', async (_, options) => {
    const bytes = await photo(131, 77).webp(options).toBuffer();
    expect(readWebp(bytes)).toMatchObject({ width: 131, height: 77, animated: false });
    expect(() => readWebp(cut(bytes, 0.5))).toThrow(
      expect.objectContaining({ code: 'truncated-picture' }),
    );
  });

  it('reads files whose length is counted wrong, or whose filling byte is missing', async () => {
    const bytes = Uint8Array.from(await photo(131, 77).webp().toBuffer());
    const view = new DataView(bytes.buffer);
    for (const change of [-20, 1, 400]) {
      view.setUint32(4, bytes.length - 8 + change, true);
      expect(readWebp(bytes)).toMatchObject({ width: 131, height: 77 });
    }
    expect(readWebp(concat([bytes, ascii('EXIF\x90\0\0\0cut')]))).toMatchObject({ width: 131 });
  });

  it('reads extended files: alpha, orientation, animation', async () => {
    const alpha = await photo(131, 77).ensureAlpha(0.5).webp().toBuffer();
    expect(readWebp(alpha)).toMatchObject({ width: 131, height: 77 });
    const turned = await photo(131, 77).withMetadata({ orientation: 6 }).webp().toBuffer();
    expect(readWebp(turned)).toMatchObject({ width: 131, height: 77, orientation: 6 });
    const gif = writeGif(20, 10, [grey, (x, y) => 255 - grey(x, y)]);
    const moving = await sharp(gif, { animated: true }).webp().toBuffer();
    expect(readWebp(moving)).toMatchObject({ width: 20, height: 10, animated: true });
  });
});

describe('GIF header', () => {
  it('reads the size and whether there are more frames', async () => {
    const still = writeGif(300, 20, [grey]);
    const { data } = await sharp(still).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect(data[301]).toBe(grey(1, 1) & 254); // the fixture itself is sound
    expect(readGif(still)).toMatchObject({ width: 300, height: 20, animated: false });
    expect(readGif(writeGif(30, 20, [grey, grey]))).toMatchObject({ animated: true });
  });

  it('needs its first frame whole, and no more', () => {
    const still = writeGif(300, 20, [grey]);
    expect(readGif(still.slice(0, -1))).toMatchObject({ width: 300 });
    for (const share of [0.01, 0.1, 0.5, 0.99]) {
      expect(() => readGif(cut(still, share))).toThrow(
        expect.objectContaining({ code: 'truncated-picture' }),
      );
    }
  });
});

describe('BMP header', () => {
  it('is known whatever its reserved bytes hold, and a text never is', () => {
    const bytes = writeBmp(31, 17, grey);
    bytes.set([7, 0, 9, 1], 6);
    expect(sniffFormat(bytes)).toBe('bmp');
    expect(readBmp(bytes)).toMatchObject({ width: 31, height: 17 });
    expect(sniffFormat(ascii('BMI of the patients, by age and sex, in the year'))).toBeNull();
  });

  it('reads both row orders and knows a cut file', () => {
    for (const topDown of [true, false]) {
      const bytes = writeBmp(31, 17, grey, topDown);
      expect(readBmp(bytes)).toMatchObject({ width: 31, height: 17 });
      expect(() => readBmp(cut(bytes, 0.9))).toThrow(
        expect.objectContaining({ code: 'truncated-picture' }),
      );
    }
  });

  it('refuses a size of zero and another format inside', () => {
    const empty = writeBmp(31, 17, grey);
    new DataView(empty.buffer).setInt32(18, 0, true);
    expect(() => readBmp(empty)).toThrow(expect.objectContaining({ code: 'damaged-picture' }));
    const wrapped = writeBmp(31, 17, grey);
    new DataView(wrapped.buffer).setUint32(30, 4, true);
    expect(() => readBmp(wrapped)).toThrow(
      expect.objectContaining({ code: 'unsupported-variant' }),
    );
  });
});

describe('fittedSize', () => {
  it('keeps the shape and the limit, down to strips', () => {
    expect(fittedSize(300, 200, 60_000)).toEqual({ width: 300, height: 200 });
    for (const [width, height] of [
      [10_000, 10_000],
      [20_000, 5_000],
      [1, 90_000_000],
      [90_000_000, 1],
    ]) {
      const fitted = fittedSize(width, height, 16_000_000);
      expect(fitted.width * fitted.height).toBeLessThanOrEqual(16_000_000);
      expect(fitted.width * fitted.height).toBeGreaterThan(15_900_000);
      expect(Math.min(fitted.width, fitted.height)).toBeGreaterThanOrEqual(1);
    }
  });
});
