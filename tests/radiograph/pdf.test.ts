import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  decodePicture,
  factsOf,
  pdfHoldsRadiograph,
  RadiographError,
  sniffFormat,
  toRadiograph,
  type DecodedPicture,
} from '../../src/radiograph/index.ts';
import { maxDifference } from '../fixtures/compare.ts';
import { encodeJpeg2000 } from '../fixtures/dicom-packages.ts';
import { flateImage, FULL_PAGE, writePdf, type PdfImage, type PdfPage } from '../fixtures/pdf.ts';
import { concat } from '../fixtures/png.ts';
import { noiseByte } from '../fixtures/sources.ts';
import './dicom/local-files.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Sample = (x: number, y: number, channel: number) => number;

const [width, height] = [68, 88];
const noise: Sample = (x, y, channel) => noiseByte(x, y, channel);
const soft: Sample = (x, y) => Math.round(128 + 60 * Math.sin(x / 9) + 60 * Math.cos(y / 7));

const open = (bytes: Bytes): Promise<DecodedPicture> => decodePicture(new Blob([bytes]));
const codesOf = (picture: DecodedPicture): string[] =>
  factsOf(picture)
    .warnings.map(({ code }) => code)
    .filter((code) => code !== 'few-pixels');
const refusal = async (bytes: Bytes): Promise<RadiographError> => {
  const error: unknown = await open(bytes).then(
    () => new Error('It was opened'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RadiographError);
  return error as RadiographError;
};
const expected = (sample: Sample, white = 255): Float64Array =>
  Float64Array.from(
    { length: width * height },
    (_, i) => sample(i % width, Math.floor(i / width), 0) / white,
  );
/** One document with one picture on a page. */
const alone = (image: PdfImage, page: PdfPage = FULL_PAGE): Promise<Bytes> =>
  writePdf({ images: [image], pages: [page] });
const apart = async (bytes: Bytes, wanted: Float64Array): Promise<number> =>
  maxDifference((await toRadiograph(await open(bytes))).pixels, wanted);

async function jpegImage(entries = '/ColorSpace /DeviceGray'): Promise<PdfImage> {
  const grey = Uint8Array.from({ length: width * height }, (_, i) =>
    soft(i % width, Math.floor(i / width), 0),
  );
  const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: 98 })
    .toBuffer();
  return { width, height, bytes: Uint8Array.from(bytes), entries: `/Filter /DCTDecode ${entries}` };
}

describe('the picture inside', () => {
  it('is a JPEG', async () => {
    const picture = await open(await alone(await jpegImage()));
    expect(factsOf(picture)).toMatchObject({ format: 'pdf', width, height, bitsStored: 8 });
    expect(codesOf(picture)).toEqual([]);
    const { pixels } = await toRadiograph(picture);
    expect(maxDifference(pixels, expected(soft))).toBeLessThan(4 / 255);
  });

  it('is a JPEG with black and white the other way round', async () => {
    const image = await jpegImage('/ColorSpace /DeviceGray /Decode [1 0]');
    const turned = expected(soft).map((value) => 1 - value);
    expect(await apart(await alone(image), turned)).toBeLessThan(4 / 255);
  });

  it('is a JPEG of colors, or packed once more', async () => {
    const bytes = Uint8Array.from(
      await sharp(
        Uint8Array.from({ length: width * height * 3 }, (_, i) =>
          soft(Math.floor(i / 3) % width, Math.floor(i / 3 / width), 0),
        ),
        { raw: { width, height, channels: 3 } },
      )
        .jpeg({ quality: 98 })
        .toBuffer(),
    );
    const entries = '/Filter [/DCTDecode] /ColorSpace [/ICCBased 500 0 R]';
    const objects = { 500: '<< /N 3 /Alternate /DeviceRGB >>' };
    const image = { width, height, bytes, entries };
    expect(await apart(await writePdf({ images: [image], objects }), expected(soft))).toBeLessThan(
      5 / 255,
    );
    const { deflate } = await import('../fixtures/deflate.ts');
    const twice = {
      ...{ width, height, bytes: await deflate(bytes) },
      entries: '/Filter [/FlateDecode /DCTDecode] /ColorSpace /DeviceRGB',
    };
    expect(await apart(await alone(twice), expected(soft))).toBeLessThan(5 / 255);
  });

  it.each([8, 12, 16] as const)('is a JPEG 2000 of %i bits', async (bits) => {
    const white = 2 ** bits - 1;
    const sample: Sample = (x, y) => Math.round((soft(x, y, 0) / 255) * white);
    const cells = Array.from({ length: width * height }, (_, i) =>
      sample(i % width, Math.floor(i / width), 0),
    );
    const data =
      bits === 8 ? Uint8Array.from(cells) : new Uint8Array(Uint16Array.from(cells).buffer);
    const bytes = await encodeJpeg2000({ width, height, bits, bytes: data });
    const image = { width, height, bytes, entries: '/Filter /JPXDecode' };
    expect(await apart(await alone(image), expected(sample, white))).toBeLessThan(1e-4);
  });

  it.each([
    [8, undefined],
    [8, 'png'],
    [8, 'tiff'],
    [16, undefined],
    [16, 'png'],
    [4, undefined],
    [1, 'png'],
  ] as const)('is plain samples of %i bits, predictor %s', async (bits, predictor) => {
    const white = 2 ** bits - 1;
    const sample: Sample = (x, y) =>
      bits === 16
        ? (noiseByte(x, y, 0) << 8) | noiseByte(y, x, 1)
        : noiseByte(x, y, 0) >> (8 - bits);
    const image = await flateImage(width, height, sample, {
      bits,
      ...(predictor && { predictor }),
    });
    expect(await apart(await alone(image), expected(sample, white))).toBeLessThan(1e-6);
  });

  it('of 16 bits that hold 12 has the white of 12', async () => {
    const sample: Sample = (x, y) => (noiseByte(x, y, 0) << 4) | 15;
    const picture = await open(await alone(await flateImage(width, height, sample, { bits: 16 })));
    expect(codesOf(picture)).toEqual(['fewer-bits']);
    const { pixels } = await toRadiograph(picture);
    expect(maxDifference(pixels, expected(sample, 4095))).toBeLessThan(1e-6);
  });

  it('is plain samples of three colors', async () => {
    const image = await flateImage(width, height, noise, { samples: 3, predictor: 'png' });
    const luminance: Sample = (x, y) =>
      0.299 * noise(x, y, 0) + 0.587 * noise(x, y, 1) + 0.114 * noise(x, y, 2);
    const picture = await open(await alone(image));
    expect(codesOf(picture)).toEqual(['color-picture']);
    const { pixels } = await toRadiograph(picture);
    expect(maxDifference(pixels, expected(luminance))).toBeLessThan(1e-5);
  });

  it('has a palette, as a text or as a stream', async () => {
    const table = Array.from({ length: 256 }, (_, i) => (255 - i).toString(16).padStart(2, '0'));
    const entries = `/ColorSpace [/Indexed /DeviceGray 255 <${table.join('')}>]`;
    const image = await flateImage(width, height, noise, { entries });
    const turned = expected(noise).map((value) => 1 - value);
    expect(await apart(await alone(image), turned)).toBeLessThan(1e-5);
  });
});

describe('the page', () => {
  const corner: Sample = (x, y) => (x < 20 && y < 10 ? 255 : 60);

  /** Where the white corner lies: as fractions of the picture as it is shown. */
  async function cornerOf(page: PdfPage): Promise<string> {
    const image = await flateImage(width, height, corner);
    const { pixels, ...size } = await toRadiograph(await open(await alone(image, page)));
    const at = (x: number, y: number) => (pixels[y * size.width + x] ?? 0) > 0.9;
    const [right, bottom] = [size.width - 2, size.height - 2];
    const found = [
      at(1, 1) && 'upper left',
      at(right, 1) && 'upper right',
      at(1, bottom) && 'lower left',
      at(right, bottom) && 'lower right',
    ].filter(Boolean);
    return `${found.join(', ')}, ${size.width < size.height ? 'upright' : 'lying'}`;
  }

  it.each([
    [0, 'upper left, upright'],
    [90, 'upper right, lying'],
    [180, 'lower right, upright'],
    [270, 'lower left, lying'],
    [-90, 'lower left, lying'],
  ])('turned by %i', async (rotate, place) => {
    expect(await cornerOf({ ...FULL_PAGE, rotate })).toBe(place);
  });

  it('with the picture turned on it', async () => {
    const lying: PdfPage = {
      content: 'q 0 612 -792 0 792 0 cm /Im0 Do Q',
      box: [0, 0, 792, 612],
    };
    expect(await cornerOf(lying)).toBe('lower left, lying');
    expect(await cornerOf({ ...lying, rotate: 90 })).toBe('upper left, upright');
    // Mirrored by the writer.
    expect(await cornerOf({ content: '-612 0 0 792 612 0 cm /Im0 Do' })).toBe(
      'upper right, upright',
    );
  });

  it('that draws the picture out of shape: it is shown so', async () => {
    const image = await flateImage(width, height, noise);
    const page: PdfPage = { content: '600 0 0 388 6 6 cm /Im0 Do' };
    expect(factsOf(await open(await alone(image, page)))).toMatchObject({
      width: Math.round(((width * 600) / width / 388) * height),
      height,
    });
  });

  it('may lie packed in an object stream, its lengths apart, its content plain', async () => {
    const image = await flateImage(width, height, noise, { predictor: 'png' });
    for (const plan of [
      { packed: true },
      { packed: true, lengthsApart: true },
      { lengthsApart: true },
      { contentFilter: 'none' },
    ] as const) {
      const bytes = await writePdf({
        images: [image],
        pages: [{ ...FULL_PAGE, rotate: 180 }],
        ...plan,
      });
      const { pixels } = await toRadiograph(await open(bytes));
      expect(maxDifference(pixels, expected(noise).reverse())).toBeLessThan(1e-6);
    }
  });

  it('may draw it through a form', async () => {
    const image = await flateImage(width, height, corner);
    const form =
      '<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Matrix [612 0 0 792 0 0] /Length 7 >>\nstream\n/Im0 Do\nendstream';
    const bytes = await writePdf({
      images: [image],
      pages: [{ content: 'q /Im9 Do Q' }],
      objects: {
        500: form,
        // Takes the place of the one before, as later versions do.
        2: '<< /Type /Pages /Kids [100 0 R] /Count 1 /MediaBox [0 0 612 792] /Resources << /XObject << /Im0 10 0 R /Im9 500 0 R >> >> >>',
      },
    });
    expect(factsOf(await open(bytes))).toMatchObject({ width, height });
  });

  it('may lie anywhere in a large file, as may objects across the borders of what is looked through', async () => {
    const image = await flateImage(width, height, noise);
    // Object 12 begins a few bytes before and behind the first million, one place after the other.
    const sound = await writePdf({
      images: [await flateImage(2, 2, noise), await flateImage(2, 2, noise), image],
      pages: [{ content: '612 0 0 792 0 0 cm /Im2 Do' }],
    });
    const place = String.fromCharCode(...sound.subarray(0, 2000)).indexOf('12 0 obj');
    for (const before of [-40, -35, -34, -33, -32, -31, -8, -4, 0]) {
      const filler = new Uint8Array(1_000_000 + before - place).fill(0x20);
      const bytes = concat([sound.subarray(0, 15), filler, sound.subarray(15)]);
      expect(await apart(bytes, expected(noise))).toBeLessThan(1e-6);
    }
  });

  it('with bytes before it is still a PDF', async () => {
    const bytes = await alone(await flateImage(width, height, noise));
    const mailed = concat([Uint8Array.of(0xef, 0xbb, 0xbf, 13, 10), bytes]);
    expect(sniffFormat(mailed)).toBe('pdf');
    expect(await apart(mailed, expected(noise))).toBeLessThan(1e-6);
  });
});

describe('several pictures', () => {
  const logo = () => flateImage(20, 10, () => 9);
  const film = () => flateImage(width, height, noise);

  it('the one that fills the page is read, with a word about more', async () => {
    const content = 'q 544 0 0 704 6 80 cm /Im1 Do Q q 150 0 0 70 6 6 cm /Im0 Do Q';
    const few = 'q 544 0 0 704 6 80 cm /Im1 Do Q q 250 0 0 150 6 6 cm /Im0 Do Q';
    const images = [await logo(), await film()];
    const small = await open(await writePdf({ images, pages: [{ content }] }));
    expect(factsOf(small)).toMatchObject({ width, height });
    // A logo is no second picture.
    expect(codesOf(small)).toEqual([]);
    const large = await open(await writePdf({ images, pages: [{ content: few }] }));
    expect(codesOf(large)).toEqual(['first-frame-only']);
    const pages = [FULL_PAGE, FULL_PAGE];
    const two = await open(await writePdf({ images: [await film()], pages }));
    expect(codesOf(two)).toEqual(['first-frame-only']);
  });

  it('a report with a small figure is no radiograph', async () => {
    const content = 'q 200 0 0 200 6 80 cm /Im1 Do Q q 150 0 0 70 6 6 cm /Im0 Do Q';
    const bytes = await writePdf({ images: [await logo(), await film()], pages: [{ content }] });
    const error = await refusal(bytes);
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain('without a radiograph');
    expect(await pdfHoldsRadiograph(new Blob([bytes]))).toBe(false);
  });

  it('a page cut into bands is not shown as one of them', async () => {
    const content = 'q 612 0 0 396 0 396 cm /Im0 Do Q q 612 0 0 396 0 0 cm /Im1 Do Q';
    const bytes = await writePdf({ images: [await film(), await film()], pages: [{ content }] });
    expect((await refusal(bytes)).message).toContain('cut into pieces');
  });
});

describe('what cannot be opened has a name and a way on', () => {
  const text: PdfPage = { content: 'BT /F1 12 Tf (A report) Tj ET' };

  it('text alone', async () => {
    const error = await refusal(await writePdf({ images: [], pages: [text] }));
    expect(error.message).toContain('without a radiograph');
    expect(error.remedy).toMatch(/PNG or JPEG/);
  });

  it.each([false, true])('encrypted, packed: %s', async (packed) => {
    const image = await flateImage(width, height, noise);
    const trailer = '/Encrypt 500 0 R';
    const objects = { 500: '<< /Filter /Standard /V 2 >>' };
    const bytes = await writePdf({ images: [image], trailer, objects, packed });
    const error = await refusal(bytes);
    expect(error.message).toContain('password');
    expect(error.remedy).toMatch(/password.*PNG or JPEG/);
  });

  it.each([
    ['CCITT', '/Filter /CCITTFaxDecode /ColorSpace /DeviceGray'],
    ['JBIG2', '/Filter /JBIG2Decode /ColorSpace /DeviceGray'],
    ['ASCII85Decode', '/Filter [/ASCII85Decode /DCTDecode] /ColorSpace /DeviceGray'],
    ['CMYK', '/Filter /DCTDecode /ColorSpace /DeviceCMYK'],
    ['Separation', '/Filter /FlateDecode /ColorSpace [/Separation /Black /DeviceGray 5 0 R]'],
  ])('%s', async (words, entries) => {
    const image = { width, height, bytes: new Uint8Array(100), entries };
    const error = await refusal(await alone(image));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain(words);
    expect(error.remedy).toMatch(/PNG or JPEG/);
    expect(error.remedy).not.toMatch(/copy the file again/i);
  });

  it('pixels that are not all there', async () => {
    const image = await flateImage(width, height, noise);
    const taller = { ...image, height: height + 40 };
    expect((await refusal(await alone(taller))).code).toBe('truncated-picture');
    const whole = await alone(image);
    const at = whole.length - 700 - (width * height) / 2;
    expect(await refusal(whole.slice(0, Math.floor(at)))).toBeInstanceOf(RadiographError);
  });

  it('whatever happens to its bytes', async () => {
    const image = await flateImage(20, 24, noise, { predictor: 'png' });
    const files = await Promise.all([
      writePdf({ images: [image] }),
      writePdf({ images: [image], packed: true, lengthsApart: true }),
      writePdf({ images: [await jpegImage()] }),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.option(fc.nat(), { freq: 3 }),
        async (file, changes, cut) => {
          const bytes = file.slice(0, cut === null ? file.length : cut % file.length);
          if (bytes.length > 5) {
            for (const [at, value] of changes) bytes[5 + (at % (bytes.length - 5))] = value;
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
      { numRuns: 250 },
    );
  }, 60_000);
});
