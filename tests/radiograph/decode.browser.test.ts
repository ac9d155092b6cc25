import { describe, expect, it } from 'vitest';
import {
  canvasIsTrustworthy,
  closePicture,
  decodePicture,
  factsOf,
  makeThumbnail,
  readBitmap,
  toRadiograph,
  type DecodedPicture,
  type Radiograph,
} from '../../src/radiograph/index.ts';
import { decodeToBitmap } from '../../src/radiograph/formats/canvas.ts';
import {
  decodeWithImageDecoder,
  imageDecoderIsTrustworthy,
} from '../../src/radiograph/formats/image-decoder.ts';
import { readPngChunks } from '../../src/radiograph/formats/png/png-chunks.ts';
import { decodePngLines } from '../../src/radiograph/formats/png/png.ts';
import { pictureToModelInput, toModelInput } from '../../src/preprocess/index.ts';
import { maxDifference } from '../fixtures/compare.ts';
import { without } from '../fixtures/jpeg.ts';
import { cut, exif, withExif, writeBmp, writeGif, type Grey } from '../fixtures/images.ts';
import { writePng, type PngPlan } from '../fixtures/png.ts';
import { noiseByte } from '../fixtures/sources.ts';

const soft: Grey = (x, y) => Math.round(128 + 60 * Math.sin(x / 9) + 60 * Math.cos(y / 7));
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
const codesOf = (picture: DecodedPicture) => factsOf(picture).warnings.map(({ code }) => code);
const open = (bytes: Uint8Array<ArrayBuffer>, maxPixels?: number) =>
  decodePicture(new Blob([bytes]), maxPixels ? { maxPixels } : {});

/** The code of the error, without printing a whole picture where there is none. */
const refusalOf = (bytes: Uint8Array<ArrayBuffer>) =>
  open(bytes).then(
    () => 'opened',
    (error: unknown) => (error as { code: string }).code,
  );

/** A canvas with the picture, grey unless colors are given. */
function draw(
  width: number,
  height: number,
  color: (x: number, y: number) => readonly [number, number, number],
): OffscreenCanvas {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    image.data.set([...color(i % width, Math.floor(i / width)), 255], 4 * i);
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

const greyCanvas = (width: number, height: number) =>
  draw(width, height, (x, y) => [soft(x, y), soft(x, y), soft(x, y)]);

function expected(width: number, height: number, grey: Grey): Float64Array {
  return Float64Array.from(
    { length: width * height },
    (_, i) => grey(i % width, Math.floor(i / width)) / 255,
  );
}

const difference = (radiograph: Radiograph, grey: Grey) =>
  maxDifference(radiograph.pixels, expected(radiograph.width, radiograph.height, grey));

describe('what this browser gives back', () => {
  it('is exact in Chromium, through the decoder and through a canvas', async () => {
    expect(await imageDecoderIsTrustworthy()).toBe(true);
    expect(await canvasIsTrustworthy()).toBe(true);
  });
});

const KINDS: readonly Pick<PngPlan, 'colorType' | 'bitDepth' | 'palette' | 'interlaced'>[] = [
  { colorType: 0, bitDepth: 1 },
  { colorType: 0, bitDepth: 8 },
  { colorType: 0, bitDepth: 8, interlaced: true },
  { colorType: 2, bitDepth: 8 },
  {
    colorType: 3,
    bitDepth: 4,
    palette: Array.from({ length: 16 }, (_, i) => [i * 9, 99, 255 - i]),
  },
  { colorType: 4, bitDepth: 8 },
  { colorType: 6, bitDepth: 8 },
];

describe('PNG', () => {
  it.each(KINDS)(
    'is the same by the browser and by our own lines: type $colorType, $bitDepth bits',
    async (kind) => {
      const sample: PngPlan['sample'] = (x, y, channel) =>
        noiseByte(x, y, channel) >> (8 - kind.bitDepth);
      const bytes = await writePng({ ...kind, width: 133, height: 121, sample });
      const layout = readPngChunks(bytes);
      const input = { bytes, maxPixels: 1e6 };
      const own = await toRadiograph(await decodePngLines(input, layout));
      const native = await decodeWithImageDecoder(input, layout, 'image/png');
      expect(native.kind).toBe('samples');
      const radiograph = await toRadiograph(native);
      expect(maxDifference(radiograph.pixels, own.pixels)).toBeLessThan(1e-6);
      expect(radiograph.warnings).toEqual(own.warnings);
      // And through a canvas, where alpha may cost a level.
      const bitmap = await toRadiograph(await decodeToBitmap(input, layout, 'image/png'));
      const loss = kind.colorType === 4 || kind.colorType === 6 ? 2 / 255 : 1e-6;
      expect(maxDifference(bitmap.pixels, own.pixels)).toBeLessThan(loss);
    },
  );

  it('keeps all sixteen bits', async () => {
    const sample: PngPlan['sample'] = (x, y) => x * 256 + y;
    const plan = { width: 200, height: 150, bitDepth: 16, colorType: 0, sample } as const;
    const radiograph = await toRadiograph(await open(await writePng(plan)));
    expect(radiograph.bitsStored).toBe(16);
    expect(radiograph.pixels[3 * 200 + 7]).toBeCloseTo((7 * 256 + 3) / 65535, 7);
  });
});

describe('JPEG', () => {
  it('gives its brightness as stored, grey or in color', async () => {
    const grey = await bytesOf(
      await greyCanvas(160, 120).convertToBlob({ type: 'image/jpeg', quality: 1 }),
    );
    const picture = await open(grey);
    expect(picture.kind).toBe('samples');
    expect(codesOf(picture)).toEqual([]);
    expect(difference(await toRadiograph(picture), soft)).toBeLessThan(3 / 255);

    const canvas = draw(160, 120, (x, y) => [soft(x, y), 255 - soft(x, y), 40]);
    const color = await open(
      await bytesOf(await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 })),
    );
    expect(codesOf(color)).toEqual(['color-picture']);
    const luminance: Grey = (x, y) => 0.299 * soft(x, y) + 0.587 * (255 - soft(x, y)) + 0.114 * 40;
    expect(difference(await toRadiograph(color), luminance)).toBeLessThan(4 / 255);
  });

  it('says the same with and without an ImageDecoder', async () => {
    const canvas = draw(160, 120, (x, y) => [soft(x, y), 255 - soft(x, y), 40]);
    const bytes = await bytesOf(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }));
    const header = { format: 'jpeg', width: 160, height: 120, bitsStored: 8 } as const;
    const full = { ...header, orientation: 1, animated: false };
    const bitmap = await decodeToBitmap({ bytes, maxPixels: 1e6 }, full, 'image/jpeg');
    expect(codesOf(bitmap)).toEqual(['color-picture']);
    const input = pictureToModelInput(bitmap);
    const direct = pictureToModelInput(await open(bytes));
    expect(maxDifference(input, direct)).toBeLessThan(2.5 / 255);
    closePicture(bitmap);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is turned by orientation %i as the browser turns it',
    async (o) => {
      const blob = await greyCanvas(96, 64).convertToBlob({ type: 'image/jpeg', quality: 1 });
      const bytes = withExif(await bytesOf(blob), exif(o));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
      const seen = readBitmap(bitmap);
      const radiograph = await toRadiograph(await open(bytes));
      expect([radiograph.width, radiograph.height]).toEqual([bitmap.width, bitmap.height]);
      const browser = Float64Array.from(radiograph.pixels, (_, i) => seen.data[4 * i] / 255);
      expect(maxDifference(radiograph.pixels, browser)).toBeLessThan(1.5 / 255);
    },
  );

  it('is scaled while decoding when it has too many pixels', async () => {
    const blob = await greyCanvas(640, 480).convertToBlob({ type: 'image/jpeg', quality: 1 });
    const picture = await open(await bytesOf(blob), 50_000);
    const { width, height } = factsOf(picture);
    expect(width * height).toBeLessThanOrEqual(50_000);
    expect(codesOf(picture)).toContain('scaled-while-decoding');
    const direct = toModelInput(Float32Array.from(expected(640, 480, soft)), 640, 480);
    expect(maxDifference(pictureToModelInput(picture), direct)).toBeLessThan(0.03);
  });
});

describe('WebP, BMP, GIF', () => {
  it('reads lossy WebP, whose brightness is of video range', async () => {
    const blob = await greyCanvas(160, 120).convertToBlob({ type: 'image/webp', quality: 0.99 });
    expect(blob.type).toBe('image/webp');
    const picture = await open(await bytesOf(blob));
    expect(factsOf(picture).format).toBe('webp');
    expect(difference(await toRadiograph(picture), soft)).toBeLessThan(8 / 255);
    const flat = draw(128, 128, (x) => (x < 64 ? [0, 0, 0] : [255, 255, 255]));
    const ends = await toRadiograph(
      await open(await bytesOf(await flat.convertToBlob({ type: 'image/webp', quality: 0.99 }))),
    );
    expect(ends.pixels[0]).toBeLessThan(0.01);
    expect(ends.pixels[127]).toBeGreaterThan(0.99);
  });

  it('reads BMP exactly', async () => {
    for (const topDown of [true, false]) {
      const picture = await open(writeBmp(131, 117, soft, topDown));
      expect(codesOf(picture)).toEqual([]);
      expect(difference(await toRadiograph(picture), soft)).toBeLessThan(1e-6);
    }
  });

  it('reads the first frame of a GIF, and says so', async () => {
    const picture = await open(writeGif(130, 120, [soft, (x, y) => 255 - soft(x, y)]));
    expect(codesOf(picture)).toEqual(['first-frame-only']);
    const even: Grey = (x, y) => soft(x, y) & 254;
    expect(difference(await toRadiograph(picture), even)).toBeLessThan(1e-6);
    expect(codesOf(await open(writeGif(130, 120, [soft])))).toEqual([]);
  });
});

describe('bad input', () => {
  it('opens one pixel, and says that it is little', async () => {
    const sample = () => 200;
    const bytes = await writePng({ width: 1, height: 1, bitDepth: 8, colorType: 0, sample });
    const picture = await open(bytes);
    expect(codesOf(picture)).toEqual(['few-pixels']);
    expect((await toRadiograph(picture)).pixels[0]).toBeCloseTo(200 / 255, 6);
  });

  it.each([0.3, 0.6, 0.95])('refuses files cut at %f', async (share) => {
    const canvas = greyCanvas(300, 200);
    const files = [
      await bytesOf(await canvas.convertToBlob({ type: 'image/png' })),
      await bytesOf(await canvas.convertToBlob({ type: 'image/jpeg' })),
      await bytesOf(await canvas.convertToBlob({ type: 'image/webp' })),
      writeBmp(300, 200, soft),
      writeGif(300, 200, [soft]),
    ];
    for (const file of files) {
      expect(await refusalOf(cut(file, share))).toBe('truncated-picture');
    }
  });

  it('refuses a JPEG that has its end but not its middle, which the browser alone would show', async () => {
    const blob = await greyCanvas(400, 300).convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = await bytesOf(blob);
    const middle = Math.floor(bytes.length / 2);
    const lost = without(bytes, middle, Math.floor(bytes.length / 4));
    const shown = await createImageBitmap(new Blob([lost]));
    expect([shown.width, shown.height]).toEqual([400, 300]);
    shown.close();
    expect(['truncated-picture', 'damaged-picture']).toContain(await refusalOf(lost));
  });

  it('refuses a JPEG whose parts do not follow one another, and pixels that cannot be unpacked', async () => {
    const blob = await greyCanvas(300, 200).convertToBlob({ type: 'image/jpeg' });
    const bytes = await bytesOf(blob);
    const shifted = bytes.slice();
    shifted[5] += 3;
    expect(await refusalOf(shifted)).toBe('damaged-picture');
    // The tables that the pixels need are gone, every length still fits.
    const tables = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xdb);
    const bare = bytes.slice();
    for (let at = tables; bare[at + 1] === 0xdb; at += 2 + bare[at + 3] + 256 * bare[at + 2]) {
      bare[at + 1] = 0xee;
    }
    expect(await refusalOf(bare)).toBe('damaged-picture');
  });

  it('stops at the signal while it decodes', async () => {
    const blob = await greyCanvas(2000, 1500).convertToBlob({ type: 'image/png' });
    for (const delay of [0, 5, 15]) {
      const controller = new AbortController();
      const promise = decodePicture(blob, { signal: controller.signal });
      setTimeout(() => controller.abort(new DOMException('Stop', 'AbortError')), delay);
      const outcome = await promise.then(closePicture, (error: unknown) => error);
      if (outcome !== undefined) expect(outcome).toMatchObject({ name: 'AbortError' });
    }
    const gone = AbortSignal.abort(new Error('before'));
    await expect(decodePicture(blob, { signal: gone })).rejects.toThrow('before');
  });
});

describe('thumbnail', () => {
  it('is small, keeps the shape, is never enlarged, and leaves the picture open', async () => {
    const picture = await open(writeBmp(400, 200, soft));
    const small = await makeThumbnail(picture, 96);
    expect([small.width, small.height]).toEqual([96, 48]);
    const direct = await makeThumbnail(picture, 1000);
    expect([direct.width, direct.height]).toEqual([400, 200]);
    expect(readBitmap(direct).data[4 * 17]).toBe(soft(17, 0));
  });
});
