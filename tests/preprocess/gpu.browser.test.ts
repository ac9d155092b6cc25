import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createGpuPreprocessor,
  MODEL_SIZE,
  pictureToModelInput,
  type GpuPreprocessor,
} from '../../src/preprocess/index.ts';
import type {
  DecodedPicture,
  PictureSamples,
  RadiographFacts,
} from '../../src/radiograph/types.ts';
import { maxDifference } from '../fixtures/compare.ts';
import golden from '../fixtures/preprocess-golden.json';
import { referenceModelInput } from '../fixtures/reference-preprocess.ts';
import { makeSource, noiseByte, type Source, type SourceKind } from '../fixtures/sources.ts';

/** What issue and design ask of every pixel. */
const TOLERANCE = 0.001;

let device: GPUDevice;
let gpu: GpuPreprocessor;

beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('This browser gives no WebGPU adapter: start it with its flag');
  device = await adapter.requestDevice();
  gpu = createGpuPreprocessor(device);
});

afterAll(() => {
  gpu.destroy();
  device.destroy();
});

async function valuesOf(buffer: GPUBuffer): Promise<Float32Array> {
  const copy = device.createBuffer({
    size: buffer.size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(copy.getMappedRange().slice(0));
  copy.destroy();
  buffer.destroy();
  return values;
}

async function onGpu(picture: DecodedPicture, preprocessor = gpu): Promise<Float32Array> {
  const values = await valuesOf(preprocessor.run(picture));
  await preprocessor.settled();
  return values;
}

const factsFor = (width: number, height: number): RadiographFacts => ({
  width,
  height,
  bitsStored: 8,
  format: 'png',
  attributes: {},
  warnings: [],
});

function floats(source: Source): DecodedPicture {
  const { width, height } = source;
  const pixels = Float32Array.from(makeSource(source));
  return { kind: 'pixels', radiograph: { ...factsFor(width, height), pixels } };
}

function samples(layout: PictureSamples['layout'], width: number, height: number, words = false) {
  const count = width * height * (layout === 'grey' ? 1 : 4);
  const white = words ? 65535 : 255;
  const data = words ? new Uint16Array(count) : new Uint8Array(count);
  for (let i = 0; i < count; i++) data[i] = noiseByte(i, 1, 6) * (words ? 257 : 1);
  const picture: PictureSamples = { width, height, layout, data, white };
  return { kind: 'samples', samples: picture, facts: factsFor(width, height) } as const;
}

async function bitmap(width: number, height: number): Promise<DecodedPicture> {
  const image = new ImageData(width, height);
  for (let i = 0; i < image.data.length; i++) {
    image.data[i] = i % 4 === 3 ? 255 : noiseByte(i, 2, 8);
  }
  const made = await createImageBitmap(image, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  return { kind: 'bitmap', bitmap: made, facts: factsFor(width, height) };
}

const SIZES: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 300],
  [300, 1],
  [3, 5],
  [223, 223],
  [224, 224],
  [225, 225],
  [223, 225],
  [299, 301],
  [448, 448],
  [447, 449],
  [100, 900],
  [1024, 769],
];
const KINDS: readonly SourceKind[] = ['noise', 'ramp-x', 'checker', 'waves'];

describe('the compute pass', () => {
  it.each(SIZES)('agrees with the float64 reference at %i × %i', async (width, height) => {
    for (const kind of KINDS) {
      const source = { kind, width, height, seed: 3 };
      const expected = referenceModelInput(makeSource(source), width, height);
      expect(maxDifference(await onGpu(floats(source)), expected), kind).toBeLessThan(
        TOLERANCE / 100,
      );
    }
  });

  it('agrees with the golden vectors', async () => {
    for (const { samples: spots, mean, ...rest } of golden.cases) {
      const input = await onGpu(floats(rest as Source));
      for (const [row, column, value] of spots) {
        expect(Math.abs(input[row * golden.size + column] - value)).toBeLessThan(TOLERANCE / 10);
      }
      const sum = input.reduce((total, value) => total + value, 0);
      expect(Math.abs(sum / input.length - mean)).toBeLessThan(TOLERANCE / 10);
    }
  });

  it.each([
    ['grey', 301, 203, false],
    ['grey', 301, 203, true],
    ['grey', 1, 1, false],
    ['grey', 3, 1, true],
    ['rgbx', 301, 203, false],
    ['bgrx', 301, 203, false],
    ['rgba', 301, 203, false],
    ['bgra', 101, 603, false],
  ] as const)(
    'reads decoded bytes as the CPU does: %s %i × %i, 16 bits %s',
    async (layout, width, height, words) => {
      const picture = samples(layout, width, height, words);
      const expected = pictureToModelInput(picture);
      expect(maxDifference(await onGpu(picture), expected)).toBeLessThan(TOLERANCE / 100);
    },
  );

  it.each([
    [1, 1],
    [301, 203],
    [640, 1000],
    [97, 31],
  ])('reads a bitmap as a texture, not through sRGB: %i × %i', async (width, height) => {
    const picture = await bitmap(width, height);
    const expected = pictureToModelInput(picture);
    expect(maxDifference(await onGpu(picture), expected)).toBeLessThan(TOLERANCE / 10);
  });

  it('lays transparency over black', async () => {
    const image = new ImageData(240, 240);
    for (let i = 0; i < image.data.length; i++) image.data[i] = noiseByte(i, 3, 8) | 128;
    const made = await createImageBitmap(image, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
    const data = new Uint8Array(image.data.buffer);
    const straight: PictureSamples = { width: 240, height: 240, layout: 'rgba', data, white: 255 };
    const facts = factsFor(240, 240);
    const expected = pictureToModelInput({ kind: 'samples', samples: straight, facts });
    const input = await onGpu({ kind: 'bitmap', bitmap: made, facts });
    expect(maxDifference(input, expected)).toBeLessThan(TOLERANCE);
  });

  it('agrees at 4096 × 3000, as bytes and as a bitmap', async () => {
    const bytes = samples('grey', 4096, 3000);
    const pixels = Float64Array.from(bytes.samples.data, (value) => value / 255);
    const expected = referenceModelInput(pixels, 4096, 3000);
    expect(maxDifference(await onGpu(bytes), expected)).toBeLessThan(TOLERANCE / 10);
    const picture = await bitmap(4096, 3000);
    const cpu = pictureToModelInput(picture);
    expect(maxDifference(await onGpu(picture), cpu)).toBeLessThan(TOLERANCE / 10);
  });

  it('leaves what is beyond the device to the CPU: long strips, wide bitmaps', async () => {
    const strip = samples('grey', 2_000_000, 3);
    expect(await onGpu(strip)).toEqual(pictureToModelInput(strip));
    const wide = await bitmap(device.limits.maxTextureDimension2D + 1, 4);
    expect(await onGpu(wide)).toEqual(pictureToModelInput(wide));
  });

  it('keeps runs apart that wait in the queue together', async () => {
    const pictures = [
      samples('grey', 400, 300),
      samples('rgbx', 500, 250),
      await bitmap(320, 320),
      samples('grey', 100, 100, true),
      await bitmap(640, 200),
      samples('bgrx', 250, 500),
    ];
    const buffers = pictures.map((picture) => gpu.run(picture));
    for (const [i, buffer] of buffers.entries()) {
      expect(buffer.size).toBe(MODEL_SIZE * MODEL_SIZE * 4);
      const difference = maxDifference(await valuesOf(buffer), pictureToModelInput(pictures[i]));
      expect(difference, `picture ${i}`).toBeLessThan(TOLERANCE / 10);
    }
    await gpu.settled();
  });

  it('makes other sizes, and reports what the device refuses', async () => {
    const other = createGpuPreprocessor(device, 30);
    const picture = samples('grey', 100, 80);
    const expected = pictureToModelInput(picture, 30);
    expect(maxDifference(await onGpu(picture, other), expected)).toBeLessThan(TOLERANCE / 100);
    other.destroy();
    other.run(picture);
    await expect(other.settled()).rejects.toMatchObject({ code: 'gpu-preprocess-failed' });
  });
});
