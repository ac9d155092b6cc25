import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePngLines } from '../../src/radiograph/formats/png/png.ts';
import { readPngChunks } from '../../src/radiograph/formats/png/png-chunks.ts';
import { writeGreyPng } from '../../src/radiograph/pixels/png-writer.ts';

describe('a written PNG', () => {
  const width = 37;
  const height = 23;
  const data = Float32Array.from({ length: width * height }, (_, i) => ((i * 31) % 256) / 255);

  it('holds the same greys for our own decoder and for another one', async () => {
    const file = await writeGreyPng({ width, height, data });
    expect(file.type).toBe('image/png');
    const bytes = new Uint8Array(await file.arrayBuffer());
    const expected = [...data].map((value) => Math.round(value * 255));
    const picture = await decodePngLines({ bytes, maxPixels: 1e6 }, readPngChunks(bytes));
    if (picture.kind !== 'samples') throw new Error(picture.kind);
    expect([...picture.samples.data]).toEqual(expected);
    const other = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(other.info).toMatchObject({ width, height });
    const step = other.info.channels;
    expect(expected.map((_, i) => other.data[i * step])).toEqual(expected);
  });

  it('keeps values inside 0 … 255', async () => {
    const file = await writeGreyPng({ width: 2, height: 1, data: Float32Array.of(-3, 7) });
    const { data: pixels } = await sharp(new Uint8Array(await file.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([pixels[0], pixels[pixels.length - 1]]).toEqual([0, 255]);
  });
});
