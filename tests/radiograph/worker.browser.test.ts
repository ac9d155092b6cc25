import { afterAll, describe, expect, it } from 'vitest';
import type { FaultData } from '../../src/base/fault.ts';
import { pictureToModelInput } from '../../src/preprocess/index.ts';
import {
  decodePicture,
  fromWire,
  TruncatedPictureError,
  type DecodedPicture,
  type RadiographFacts,
} from '../../src/radiograph/index.ts';
import { maxDifference } from '../fixtures/compare.ts';
import { cut, exif, withExif, writeBmp, writeGif } from '../fixtures/images.ts';
import { writePng } from '../fixtures/png.ts';
import { noiseByte } from '../fixtures/sources.ts';

interface Reply {
  readonly kind: DecodedPicture['kind'];
  readonly facts: RadiographFacts;
  readonly input: Float32Array;
  readonly thumbnail: ImageBitmap;
  readonly error?: FaultData;
}

const url = (wish: string) => {
  const address = new URL('../fixtures/decode-worker.ts', import.meta.url);
  for (const [name, value] of new URLSearchParams(wish)) address.searchParams.set(name, value);
  return address;
};
const start = (wish: string) => new Worker(url(wish), { type: 'module' });

const plain = start('');
const likeSafari = start('without=ImageDecoder');
const noisy = start('without=ImageDecoder&noise=1');
afterAll(() => [plain, likeSafari, noisy].forEach((worker) => worker.terminate()));

function inWorker(worker: Worker, file: Blob): Promise<Reply> {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Reply>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(file);
  });
}

const grey = (x: number, y: number) => noiseByte(x, y, 1);
const codesOf = (reply: Reply) => reply.facts.warnings.map(({ code }) => code);
const size = { width: 150, height: 120 };

async function pngs(): Promise<Blob[]> {
  const files = [
    await writePng({ ...size, bitDepth: 8, colorType: 0, sample: grey }),
    await writePng({ ...size, bitDepth: 16, colorType: 2, sample: (x, y) => grey(x, y) * 257 }),
    await writePng({ ...size, bitDepth: 8, colorType: 6, sample: (x, y, c) => grey(x, y + c) }),
  ];
  return files.map((bytes) => new Blob([bytes]));
}

async function others(): Promise<Blob[]> {
  const canvas = new OffscreenCanvas(150, 120);
  canvas.getContext('2d')?.fillRect(20, 20, 50, 50);
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg' });
  const onItsHead = withExif(new Uint8Array(await jpeg.arrayBuffer()), exif(3));
  return [
    new Blob([writeBmp(150, 120, grey)]),
    new Blob([writeGif(150, 120, [grey])]),
    jpeg,
    new Blob([onItsHead]),
    await canvas.convertToBlob({ type: 'image/webp' }),
  ];
}

describe('in a worker', () => {
  it('gives the numbers it gives in the page', async () => {
    for (const file of [...(await pngs()), ...(await others())]) {
      const reply = await inWorker(plain, file);
      expect(reply.facts).toMatchObject(size);
      expect(reply.input).toEqual(pictureToModelInput(await decodePicture(file)));
      expect([reply.thumbnail.width, reply.thumbnail.height]).toEqual([64, 51]);
    }
  });

  it('sends its errors in a form that keeps their class', async () => {
    const { error } = await inWorker(plain, new Blob([cut(writeBmp(50, 50, grey), 0.5)]));
    expect(error && fromWire(error)).toBeInstanceOf(TruncatedPictureError);
  });
});

describe('in a browser without an ImageDecoder', () => {
  it('gives the same numbers: PNG by our own lines, the others through a bitmap', async () => {
    for (const file of await pngs()) {
      const reply = await inWorker(likeSafari, file);
      expect(reply.kind).not.toBe('bitmap');
      const direct = pictureToModelInput(await decodePicture(file));
      expect(maxDifference(reply.input, direct)).toBeLessThan(1e-6);
    }
    const files = await others();
    const turned = files[3];
    for (const file of files) {
      const reply = await inWorker(likeSafari, file);
      expect(reply.kind).toBe(file === turned ? 'samples' : 'bitmap');
      expect(codesOf(reply)).not.toContain('approximate-pixels');
      const direct = pictureToModelInput(await decodePicture(file));
      expect(maxDifference(reply.input, direct)).toBeLessThan(3 / 255);
    }
  });

  it('notes it where the canvas cannot be trusted, and keeps PNG exact', async () => {
    for (const file of await pngs()) {
      const reply = await inWorker(noisy, file);
      expect(codesOf(reply)).not.toContain('approximate-pixels');
      const direct = pictureToModelInput(await decodePicture(file));
      expect(maxDifference(reply.input, direct)).toBeLessThan(1e-6);
    }
    for (const file of await others()) {
      expect(codesOf(await inWorker(noisy, file))).toContain('approximate-pixels');
    }
  });
});
