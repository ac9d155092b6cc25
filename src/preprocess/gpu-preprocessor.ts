/** The model input as a WebGPU compute pass: picture in, storage buffer out, nothing read back. */
import { Fault } from '../base/fault.ts';
import type { DecodedPicture, PictureSamples } from '../radiograph/types.ts';
import { FROM_BUFFER, FROM_TEXTURE, LAYOUTS } from './area-average.wgsl.ts';
import { pictureToModelInput } from './model-input.ts';
import { MODEL_SIZE } from './types.ts';

/** The device refused a run: out of memory, or a limit that it did not announce. */
export class GpuPreprocessError extends Fault {
  readonly code = 'gpu-preprocess-failed';

  constructor(cause: GPUError) {
    super(
      `The graphics processor could not prepare the picture (${cause.message}).`,
      'Choose another way of computing on the status page.',
      { cause },
    );
  }
}

export interface GpuPreprocessor {
  /**
   * Puts the work on the device's queue and returns at once. The picture stays open and may be
   * closed right after. The buffer (STORAGE | COPY_SRC | COPY_DST, size × size float32, row-major,
   * 0 … 1) belongs to the caller, who destroys it.
   */
  run(source: DecodedPicture): GPUBuffer;
  /** Waits for the runs so far. @throws GpuPreprocessError for the first that failed */
  settled(): Promise<void>;
  /** Frees what is kept between runs; buffers given out stay. */
  destroy(): void;
}

/** A target pixel that has to read more than this (extreme strips) is summed on the CPU. */
const MOST_READS = 8192;

const WORKGROUP = 8;
const PLAN_BYTES = 32;
/** Nobody has to call `settled`: older runs are forgotten. */
const MOST_PENDING = 64;

interface Upload {
  readonly data: Uint8Array | Uint16Array | Float32Array;
  readonly layout: number;
  readonly white: number;
}

/**
 * Pictures too large for the device's limits, or of extreme shape, are averaged on the CPU and only
 * the result is uploaded: the same numbers, slower.
 */
export function createGpuPreprocessor(
  device: GPUDevice,
  size: number = MODEL_SIZE,
): GpuPreprocessor {
  const { limits, queue } = device;
  let samplesBuffer: GPUBuffer | null = null;
  let texture: GPUTexture | null = null;
  let pending: Promise<GPUError | null>[] = [];

  /** Errors of what `work` asks of the device are kept for `settled`. */
  const watched = <T>(work: () => T): T => {
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    try {
      return work();
    } finally {
      // On a lost device these reject; `device.lost` is where that is dealt with.
      const scopes = [device.popErrorScope(), device.popErrorScope()];
      pending.push(...scopes.map((scope) => scope.catch(() => null)));
      if (pending.length > MOST_PENDING) pending = pending.slice(-MOST_PENDING);
    }
  };

  const { fromBuffer, fromTexture, planBuffer } = watched(() => ({
    fromBuffer: createPipeline(device, FROM_BUFFER),
    fromTexture: createPipeline(device, FROM_TEXTURE),
    planBuffer: device.createBuffer({
      size: PLAN_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    }),
  }));
  const mostBytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

  const fits = (picture: DecodedPicture, upload: Upload | null): boolean => {
    const { width, height } = picture.kind === 'pixels' ? picture.radiograph : picture.facts;
    const reads = (Math.ceil(width / size) + 1) * (Math.ceil(height / size) + 1);
    if (reads > MOST_READS) return false;
    return upload
      ? upload.data.byteLength + 4 <= mostBytes
      : Math.max(width, height) <= limits.maxTextureDimension2D;
  };

  /** The kept buffer, or a larger one in its place: a batch of equal pictures allocates once. */
  const bufferOf = (bytes: number): GPUBuffer => {
    const needed = Math.ceil(bytes / 4) * 4;
    if (!samplesBuffer || samplesBuffer.size < needed) {
      samplesBuffer?.destroy();
      samplesBuffer = device.createBuffer({
        size: needed,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      });
    }
    return samplesBuffer;
  };

  /** Not an sRGB format: values are to be averaged as stored, as the training data were. */
  const textureOf = (width: number, height: number): GPUTexture => {
    if (!texture || texture.width < width || texture.height < height) {
      texture?.destroy();
      texture = device.createTexture({
        size: [width, height],
        format: 'rgba8unorm',
        usage:
          GPUTextureUsage.TEXTURE_BINDING |
          GPUTextureUsage.COPY_DST |
          GPUTextureUsage.RENDER_ATTACHMENT,
      });
    }
    return texture;
  };

  const dispatch = (
    pipeline: GPUComputePipeline,
    source: GPUBindingResource,
    output: GPUBuffer,
  ): void => {
    const bindGroup = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: planBuffer } },
        { binding: 1, resource: { buffer: output } },
        { binding: 2, resource: source },
      ],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    const groups = Math.ceil(size / WORKGROUP);
    pass.dispatchWorkgroups(groups, groups);
    pass.end();
    queue.submit([encoder.finish()]);
  };

  const writePlan = (width: number, height: number, layout: number, white: number): void => {
    const plan = new ArrayBuffer(PLAN_BYTES);
    new Uint32Array(plan).set([width, height, size, layout]);
    new Float32Array(plan)[4] = 1 / white;
    queue.writeBuffer(planBuffer, 0, plan);
  };

  const fill = (picture: DecodedPicture, output: GPUBuffer): void => {
    const upload = uploadOf(picture);
    if (!fits(picture, upload)) {
      queue.writeBuffer(output, 0, pictureToModelInput(picture, size) as Float32Array<ArrayBuffer>);
    } else if (picture.kind === 'bitmap') {
      const { width, height } = picture.bitmap;
      const target = textureOf(width, height);
      queue.copyExternalImageToTexture(
        { source: picture.bitmap },
        { texture: target, premultipliedAlpha: false },
        [width, height],
      );
      writePlan(width, height, 0, 1);
      dispatch(fromTexture, target.createView(), output);
    } else if (upload) {
      const { width, height } = picture.kind === 'samples' ? picture.samples : picture.radiograph;
      const target = bufferOf(upload.data.byteLength);
      writeSamples(queue, target, upload.data);
      writePlan(width, height, upload.layout, upload.white);
      dispatch(fromBuffer, { buffer: target }, output);
    }
  };

  return {
    run(picture) {
      return watched(() => {
        const output = device.createBuffer({
          size: size * size * 4,
          usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
        });
        try {
          fill(picture, output);
        } catch (error) {
          output.destroy();
          throw error;
        }
        return output;
      });
    },
    async settled() {
      const runs = pending;
      pending = [];
      const failed = (await Promise.all(runs)).find((error) => error !== null);
      if (failed) throw new GpuPreprocessError(failed);
    },
    destroy() {
      samplesBuffer?.destroy();
      texture?.destroy();
      planBuffer.destroy();
      samplesBuffer = null;
      texture = null;
    },
  };
}

function createPipeline(device: GPUDevice, code: string): GPUComputePipeline {
  return device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'average' },
  });
}

function uploadOf(picture: DecodedPicture): Upload | null {
  switch (picture.kind) {
    case 'bitmap':
      return null;
    case 'pixels':
      return { data: picture.radiograph.pixels, layout: LAYOUTS.floats, white: 1 };
    case 'samples': {
      const { data, white } = picture.samples;
      return { data, layout: layoutOf(picture.samples), white };
    }
  }
}

function layoutOf({ layout, data }: PictureSamples): number {
  if (layout !== 'grey') return LAYOUTS[layout];
  return data instanceof Uint8Array ? LAYOUTS.bytes : LAYOUTS.words;
}

/** The queue takes multiples of four bytes: the last few go by themselves. */
function writeSamples(queue: GPUQueue, target: GPUBuffer, data: Upload['data']): void {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  const whole = bytes.length & ~3;
  if (whole > 0) queue.writeBuffer(target, 0, bytes, 0, whole);
  if (whole < bytes.length) {
    const tail = new Uint8Array(4);
    tail.set(bytes.subarray(whole));
    queue.writeBuffer(target, whole, tail);
  }
}
