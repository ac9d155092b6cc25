/** Extra: real radiographs, where there is a folder with them beside the checkout. */
import { existsSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture, sniffFormat, toRadiograph } from '../../src/radiograph/index.ts';
import { readJpegParts } from '../../src/radiograph/formats/jpeg/jpeg-parts.ts';
import { checkScans } from '../../src/radiograph/formats/jpeg/jpeg-scan.ts';
import { readTar } from '../fixtures/tar.ts';

const data = new URL('../../../shared/data/', import.meta.url);
const absent = !existsSync(data);
if (absent) console.info('Skipped: ../shared/data is not here, so no real radiographs are read.');

describe.skipIf(absent)('real files', () => {
  it.each([
    'radiographs-covid.tar',
    'radiographs-lung-opacity.tar',
    'radiographs-normal.tar',
    'radiographs-viral-pneumonia.tar',
    'not-a-chest-radiograph.tar',
  ])('of %s are taken for whole, with the size they have', async (name) => {
    let seen = 0;
    for await (const { name: file, bytes } of readTar(new URL(name, data), 25)) {
      if (sniffFormat(bytes) !== 'jpeg') continue;
      const { width, height } = await sharp(bytes).metadata();
      const parts = readJpegParts(bytes);
      expect(parts.header, file).toMatchObject({ width, height });
      expect(checkScans(bytes, parts), file).toEqual({ missing: 0, garbled: false });
      seen++;
    }
    expect(seen).toBeGreaterThan(5);
  });

  it('of lung-masks.tar decode to what sharp reads', async () => {
    let seen = 0;
    for await (const { name: file, bytes } of readTar(new URL('lung-masks.tar', data), 150)) {
      if (sniffFormat(bytes) !== 'png') continue;
      const radiograph = await toRadiograph(await decodePicture(new Blob([bytes])));
      const expected = await sharp(bytes).toColourspace('b-w').raw().toBuffer();
      const levels = Array.from(radiograph.pixels, (value) => Math.round(value * 255));
      expect(Buffer.from(levels).equals(expected), file).toBe(true);
      seen++;
    }
    expect(seen).toBeGreaterThan(5);
  });

  it('of dicom.tar are recognized', async () => {
    for await (const { name: file, bytes } of readTar(new URL('dicom.tar', data))) {
      if (!file.endsWith('.dcm')) continue;
      expect(sniffFormat(bytes.subarray(0, 512)), file).toBe('dicom');
    }
  });
});
