/** Whatever happens to a file's bytes, the answer is a picture or an error with a name. */
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readBmp } from '../../src/radiograph/formats/bmp.ts';
import { readGif } from '../../src/radiograph/formats/gif.ts';
import { decodePicture, RadiographError, sniffFormat } from '../../src/radiograph/index.ts';
import { readJpeg } from '../../src/radiograph/formats/jpeg/jpeg.ts';
import { nameOther } from '../../src/radiograph/formats/other.ts';
import { readHeifSize } from '../../src/radiograph/formats/heif/boxes.ts';
import { readWebp } from '../../src/radiograph/formats/webp.ts';
import { exif, withExif, writeBmp, writeGif } from '../fixtures/images.ts';
import { avifOf, turned } from '../fixtures/avif.ts';
import { chunk, concat, writePng } from '../fixtures/png.ts';
import { noiseByte } from '../fixtures/sources.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The file with some bytes changed, mostly in its first part, and maybe cut. */
const spoiled = (file: Bytes): fc.Arbitrary<Bytes> =>
  fc
    .record({
      changes: fc.array(
        fc.tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 255 })),
        { maxLength: 6 },
      ),
      near: fc.boolean(),
      length: fc.option(fc.integer({ min: 0, max: file.length }), { nil: file.length, freq: 3 }),
    })
    .map(({ changes, near, length }) => {
      const bytes = file.slice(0, length);
      const reach = near ? Math.min(80, bytes.length) : bytes.length;
      for (const [at, value] of changes) if (reach > 0) bytes[at % reach] = value;
      return bytes;
    });

const photo = () =>
  sharp(
    Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => noiseByte(i, 0, 4)),
    { raw: { width: 40, height: 30, channels: 3 } },
  );
const grey = (x: number, y: number) => noiseByte(x, y, 1);

describe('spoiled files', () => {
  it('PNG: every outcome has a name', async () => {
    const files: Bytes[] = [];
    for (const interlaced of [false, true]) {
      files.push(
        await writePng({
          width: 33,
          height: 21,
          bitDepth: 8,
          colorType: 2,
          interlaced,
          sample: grey,
        }),
      );
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files).chain(spoiled), async (bytes) => {
        const outcome: unknown = await decodePicture(new Blob([bytes])).catch((e: unknown) => e);
        if (!(outcome instanceof Error)) return;
        expect(outcome).toBeInstanceOf(RadiographError);
        expect(['unexpected-decode-error', 'out-of-memory']).not.toContain(
          Reflect.get(outcome, 'code'),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('PNG: chunks of any content, with a right checksum', async () => {
    const sound = await writePng({
      width: 9,
      height: 7,
      bitDepth: 4,
      colorType: 3,
      palette: [[1, 2, 3]],
      sample: (x, y) => grey(x, y) & 15,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('PLTE', 'tRNS', 'IDAT', 'eXIf', 'acTL', 'IHDR'),
        fc.uint8Array({ maxLength: 40 }),
        async (type, content) => {
          const bytes = concat([sound.subarray(0, 33), chunk(type, content), sound.subarray(33)]);
          const outcome: unknown = await decodePicture(new Blob([bytes])).catch((e: unknown) => e);
          if (!(outcome instanceof Error)) return;
          expect(outcome).toBeInstanceOf(RadiographError);
          expect(['unexpected-decode-error', 'out-of-memory']).not.toContain(
            Reflect.get(outcome, 'code'),
          );
        },
      ),
    );
  });

  it('JPEG, WebP, BMP, GIF, AVIF: headers are read or refused by name', async () => {
    const jpeg = withExif(Uint8Array.from(await photo().jpeg().toBuffer()), exif(6));
    const readers: readonly [Bytes, (bytes: Bytes) => unknown][] = [
      [jpeg, readJpeg],
      [Uint8Array.from(await photo().webp().toBuffer()), readWebp],
      [Uint8Array.from(await photo().withMetadata({ orientation: 6 }).webp().toBuffer()), readWebp],
      [writeBmp(20, 10, grey), readBmp],
      [writeGif(20, 10, [grey, grey]), readGif],
      [turned(avifOf(), 1), readHeifSize],
    ];
    for (const [file, read] of readers) {
      fc.assert(
        fc.property(spoiled(file), (bytes) => {
          try {
            read(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(RadiographError);
          }
        }),
        { numRuns: 500 },
      );
    }
  });

  it('no first bytes at all make the recognition fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (head) => {
        sniffFormat(head);
        nameOther(head);
      }),
    );
  });
});
