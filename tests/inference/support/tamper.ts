/**
 * Hurts the worker it is imported into, from the inside, the way real devices do. Imported before
 * the shipped worker (tamper-worker.ts); nothing of this is in the app. What to do is in the
 * worker's name (for its whole life) or in a message (for the next picture).
 */
export interface Tampering {
  /** This browser's WASM knows no SIMD. */
  noSimd?: boolean;
  /** Lockdown Mode and some policies: no WebAssembly at all. */
  noWasm?: boolean;
  /** Every convolution on WASM takes so many milliseconds longer: a weak processor. */
  slowWasm?: number;
  /** `navigator.gpu` is there, the adapter is null. */
  noAdapter?: boolean;
  /** The software adapter passes for a real one with this name. */
  pretendGpu?: string;
  /** Multiplies what WebGL gives back: a driver that computes wrongly. */
  wrongWebgl?: boolean;
}

/** What happens as soon as the next inference begins; `lose-now` at once. */
export interface Ambush {
  ambush: 'lose-now' | 'hang' | 'destroy-device' | 'lose-context' | 'throw-uncaught';
}

const orders = JSON.parse(self.name || '{}') as Tampering;
const devices: GPUDevice[] = [];
const contexts: WebGL2RenderingContext[] = [];
let armed: Ambush['ambush'] | null = null;

if (orders.noSimd) {
  const validate = WebAssembly.validate.bind(WebAssembly);
  // Only the SIMD probe is this short; real modules go on to the real check.
  WebAssembly.validate = (bytes) => bytes.byteLength > 64 && validate(bytes);
}

if (orders.noWasm) Reflect.deleteProperty(globalThis, 'WebAssembly');

if (orders.slowWasm !== undefined) {
  const pause = orders.slowWasm;
  const slowed = (instance: WebAssembly.Instance): WebAssembly.Instance => {
    const exports: Record<string, unknown> = { ...instance.exports };
    for (const [name, value] of Object.entries(exports)) {
      // Only the convolutions have so many parameters.
      if (typeof value !== 'function' || value.length < 15) continue;
      const run = value as (...args: unknown[]) => unknown;
      exports[name] = (...args: unknown[]) => {
        const until = performance.now() + pause;
        while (performance.now() < until);
        return run(...args);
      };
    }
    return { exports } as unknown as WebAssembly.Instance;
  };
  const streaming = WebAssembly.instantiateStreaming.bind(WebAssembly);
  WebAssembly.instantiateStreaming = async (source, imports) => {
    const result = await streaming(source, imports);
    return { ...result, instance: slowed(result.instance) };
  };
}

const gpu = (navigator as { gpu?: GPU }).gpu;
if (gpu) {
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async (options) => {
    if (orders.noAdapter) return null;
    const adapter = await requestAdapter(options);
    if (!adapter) return null;
    if (orders.pretendGpu) {
      const info = { vendor: orders.pretendGpu, isFallbackAdapter: false };
      Object.defineProperty(adapter, 'info', { value: info });
    }
    const requestDevice = adapter.requestDevice.bind(adapter);
    adapter.requestDevice = async (descriptor) => {
      const device = await requestDevice(descriptor);
      devices.push(device);
      return device;
    };
    return adapter;
  };
}

const canvasContext = Reflect.get(OffscreenCanvas.prototype, 'getContext') as (
  this: OffscreenCanvas,
  ...args: unknown[]
) => unknown;
OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...args: unknown[]) {
  const context = canvasContext.apply(this, args);
  if (args[0] !== 'webgl2' || !context) return context;
  const gl = context as WebGL2RenderingContext;
  contexts.push(gl);
  if (orders.pretendGpu) {
    const getParameter = gl.getParameter.bind(gl);
    // 0x9246: UNMASKED_RENDERER_WEBGL.
    gl.getParameter = (name) => (name === 0x9246 ? orders.pretendGpu : getParameter(name));
  }
  if (orders.wrongWebgl) {
    const getBufferSubData = gl.getBufferSubData.bind(gl) as (...a: unknown[]) => void;
    gl.getBufferSubData = (...inner: unknown[]) => {
      getBufferSubData(...inner);
      const target = inner[2];
      if (target instanceof Float32Array) target.forEach((x, i) => (target[i] = x * 1.1));
    };
    const readPixels = gl.readPixels.bind(gl) as (...a: unknown[]) => void;
    gl.readPixels = (...inner: unknown[]) => {
      readPixels(...inner);
      const target = inner[6];
      if (target instanceof Float32Array) target.forEach((x, i) => (target[i] = x * 1.1));
    };
  }
  return gl;
} as typeof OffscreenCanvas.prototype.getContext;

self.addEventListener('message', (event: MessageEvent<Partial<Ambush>>) => {
  if (!event.data.ambush) return;
  if (event.data.ambush === 'lose-now') {
    devices.at(-1)?.destroy();
    contexts.at(-1)?.getExtension('WEBGL_lose_context')?.loseContext();
  } else {
    armed = event.data.ambush;
  }
  event.stopImmediatePropagation();
});

const post = self.postMessage.bind(self) as (message: unknown, transfer?: Transferable[]) => void;
(self as { postMessage: unknown }).postMessage = (message: unknown, transfer?: Transferable[]) => {
  post(message, transfer ?? []);
  const step = (message as { step?: string }).step;
  if (step !== 'inference' || armed === null) return;
  const what = armed;
  armed = null;
  if (what === 'hang') for (;;);
  if (what === 'destroy-device') setTimeout(() => devices.at(-1)?.destroy(), 1);
  if (what === 'lose-context') {
    setTimeout(() => contexts.at(-1)?.getExtension('WEBGL_lose_context')?.loseContext(), 1);
  }
  if (what === 'throw-uncaught') {
    setTimeout(() => {
      throw new Error('something nobody catches');
    });
    const until = performance.now() + 20;
    while (performance.now() < until);
  }
};
