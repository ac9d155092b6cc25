/**
 * Is the model input this GPU computes the one the CPU computes? The known-answer test feeds the
 * network from memory, so it says nothing of the compute pass before it.
 */
import { MODEL_SIZE, pictureToModelInput, type GpuPreprocessor } from '../../preprocess/index.ts';
import { ReadBack } from './evidence/read-back.ts';
import type { DecodedPicture, PictureSamples, RadiographFacts } from '../../radiograph/types.ts';

/** The definition of DESIGN.md allows this much between CPU and GPU, for every pixel. */
const TOLERANCE = 0.001;
// Neither a multiple of 224 nor square: every pixel of the input is made of fractions.
const WIDTH = 331;
const HEIGHT = 270;

/**
 * Compares both ways on a picture of samples and on a bitmap.
 * @returns null if they agree, else what is wrong; rejects only if the device is lost
 */
export async function checkGpuInput(
  device: GPUDevice,
  preprocessor: GpuPreprocessor,
): Promise<string | null> {
  const samples = testSamples();
  const facts: RadiographFacts = {
    width: WIDTH,
    height: HEIGHT,
    bitsStored: 8,
    format: 'png',
    attributes: {},
    warnings: [],
  };
  const picture: DecodedPicture = { kind: 'samples', samples, facts };
  const expected = pictureToModelInput(picture);
  const pixels = new ImageData(new Uint8ClampedArray(samples.data), WIDTH, HEIGHT);
  const bitmap = await createImageBitmap(pixels, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  // In a scope, so that a shader this driver refuses is an answer and not the end of the worker.
  device.pushErrorScope('validation');
  let thrown: unknown = null;
  const buffers: GPUBuffer[] = [];
  try {
    buffers.push(preprocessor.run(picture));
    buffers.push(preprocessor.run({ kind: 'bitmap', bitmap, facts }));
  } catch (error) {
    thrown = error;
  }
  try {
    const refused = await device.popErrorScope();
    if (thrown) return thrown instanceof Error ? thrown.message : 'the compute pass failed';
    if (refused) return refused.message;
    for (const buffer of buffers) {
      const back = new ReadBack(device, buffer, MODEL_SIZE * MODEL_SIZE * 4);
      const worst = largestDifference(await back.values(), expected);
      if (!(worst <= TOLERANCE)) return `a pixel is off by ${worst.toPrecision(2)}`;
    }
    return null;
  } finally {
    bitmap.close();
    for (const buffer of buffers) buffer.destroy();
  }
}

/** Opaque color noise with edges; wraps so that neighbors differ. */
function testSamples(): PictureSamples {
  const data = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    data[i * 4] = (i * 37) & 255;
    data[i * 4 + 1] = (i * 101 + 13) & 255;
    data[i * 4 + 2] = (i >> 3) & 255;
    data[i * 4 + 3] = 255;
  }
  return { width: WIDTH, height: HEIGHT, layout: 'rgbx', data, white: 255 };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    // Written so that a NaN counts as wrong.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
