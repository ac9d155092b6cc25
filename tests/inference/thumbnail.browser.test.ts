import { describe, expect, it } from 'vitest';
import { thumbnailOf } from '../../src/inference/worker/thumbnail.ts';
import { pictureToModelInput } from '../../src/preprocess/index.ts';
import type { PictureSamples, RadiographFacts } from '../../src/radiograph/types.ts';

function factsOf(width: number, height: number): RadiographFacts {
  return { width, height, bitsStored: 8, format: 'png', attributes: {}, warnings: [] };
}

/** Left half black, right half white, a grey bar across the lowest quarter. */
function picture(width: number, height: number): PictureSamples {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width);
    data[i] = y >= height * 0.75 ? 128 : x >= width / 2 ? 255 : 0;
  }
  return { width, height, layout: 'grey', data, white: 255 };
}

describe('thumbnailOf', () => {
  it.each([
    [1024, 1024, 192, 192],
    [3000, 1500, 192, 96],
    [400, 2000, 38, 192],
    [100, 60, 100, 60],
    [1, 1, 1, 1],
  ])('%d×%d becomes %d×%d and shows the same', async (width, height, w, h) => {
    const samples = picture(width, height);
    const facts = factsOf(width, height);
    const values = pictureToModelInput({ kind: 'samples', samples, facts });
    const bitmap = await thumbnailOf(values, facts, 192);
    expect([bitmap.width, bitmap.height]).toEqual([w, h]);
    if (w === 1) return;
    const context = new OffscreenCanvas(w, h).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const at = (x: number, y: number) =>
      context?.getImageData(Math.floor(x * w), Math.floor(y * h), 1, 1).data[0];
    expect(at(0.2, 0.3)).toBeLessThan(4);
    expect(at(0.8, 0.3)).toBeGreaterThan(251);
    expect(Math.abs((at(0.5, 0.9) as number) - 128)).toBeLessThan(3);
  });
});
