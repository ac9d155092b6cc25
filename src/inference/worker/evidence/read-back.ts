/** Copies a model input from the GPU to memory for the lung network, which is fed from there. */
export class ReadBack {
  readonly #staging: GPUBuffer;

  /** Puts the copy on the device's queue; `source` (COPY_SRC) may be destroyed right after. */
  constructor(device: GPUDevice, source: GPUBuffer, bytes: number) {
    this.#staging = device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, this.#staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
  }

  async values(): Promise<Float32Array> {
    try {
      await this.#staging.mapAsync(GPUMapMode.READ);
      return new Float32Array(this.#staging.getMappedRange().slice(0));
    } finally {
      this.#staging.destroy();
    }
  }
}
