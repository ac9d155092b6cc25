import { afterAll, describe, expect, it } from 'vitest';
import type { FaultData } from '../../src/fault.ts';
import { pictureToModelInput } from '../../src/preprocess/index.ts';
import {
  decodePicture,
  fromWire,
  TruncatedPictureError,
  type RadiographFacts,
} from '../../src/radiograph/index.ts';
import { cut, writeBmp, writeGif } from '../fixtures/images.ts';
import { writePng } from '../fixtures/png.ts';
import { noiseByte } from '../fixtures/sources.ts';

interface Reply {
  readonly facts: RadiographFacts;
  readonly input: Float32Array;
  readonly thumbnail: ImageBitmap;
  readonly error?: FaultData;
}

const worker = new Worker(new URL('../fixtures/decode-worker.ts', import.meta.url), {
  type: 'module',
});
afterAll(() => worker.terminate());

function inWorker(file: Blob): Promise<Reply> {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Reply>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(file);
  });
}

const grey = (x: number, y: number) => noiseByte(x, y, 1);

describe('in a worker', () => {
  it('gives the numbers it gives in the page', async () => {
    const size = { width: 150, height: 120 };
    const files = [
      await writePng({ ...size, bitDepth: 8, colorType: 0, sample: grey }),
      await writePng({ ...size, bitDepth: 16, colorType: 2, sample: (x, y) => grey(x, y) * 257 }),
      writeBmp(150, 120, grey),
      writeGif(150, 120, [grey]),
    ].map((bytes) => new Blob([bytes]));
    const canvas = new OffscreenCanvas(150, 120);
    const context = canvas.getContext('2d');
    context?.fillRect(20, 20, 50, 50);
    files.push(await canvas.convertToBlob({ type: 'image/jpeg' }));
    files.push(await canvas.convertToBlob({ type: 'image/webp' }));
    for (const file of files) {
      const reply = await inWorker(file);
      expect(reply.facts).toMatchObject(size);
      expect(reply.input).toEqual(pictureToModelInput(await decodePicture(file)));
      expect([reply.thumbnail.width, reply.thumbnail.height]).toEqual([64, 51]);
    }
  });

  it('sends its errors in a form that keeps their class', async () => {
    const { error } = await inWorker(new Blob([cut(writeBmp(50, 50, grey), 0.5)]));
    expect(error && fromWire(error)).toBeInstanceOf(TruncatedPictureError);
  });
});
