/**
 * tfjs's backends, each loaded when it is asked for. A worker starts exactly one of them; trying
 * another one means another worker, so that nothing of a failed one stays behind.
 */
import * as tf from '@tensorflow/tfjs-core';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import { BackendUnavailable, DeviceLost, SoftwareOnly } from '../../errors.ts';
import type { BackendId } from '../../types.ts';
import { hasWasmSimd, webglFacts, webgpuFacts, type GpuFacts } from './adapter.ts';

export interface StartedBackend {
  readonly adapter: string | null;
  readonly detail: string;
  readonly device: GPUDevice | null;
  readonly lost: Promise<Error>;
  /** False from the moment of a loss, even before its event could be delivered. */
  readonly alive: () => boolean;
}

const NEVER = new Promise<never>(() => undefined);
const yes = (): boolean => true;

export interface StartOptions {
  /** Also start a GPU that the processor only imitates (a choice by hand). */
  readonly allowSoftware: boolean;
}

/** @throws BackendUnavailable or SoftwareOnly with the reason in plain words */
export async function startBackend(
  backend: BackendId,
  options: StartOptions,
): Promise<StartedBackend> {
  switch (backend) {
    case 'wasm':
      return startWasm();
    case 'webgpu':
      return startWebgpu(options);
    case 'webgl':
      return startWebgl(options);
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      await activate('cpu');
      return { adapter: null, detail: 'plain JavaScript', device: null, lost: NEVER, alive: yes };
  }
}

/** `setBackend` may say false, and tfjs then computes on another backend without a word. */
async function activate(backend: BackendId): Promise<void> {
  if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend) {
    throw new BackendUnavailable(`The browser could not start ${backend}.`);
  }
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}

async function startWasm(): Promise<StartedBackend> {
  if (typeof WebAssembly !== 'object') {
    throw new BackendUnavailable('This browser has no WebAssembly.');
  }
  const { setWasmPaths } = await import('./wasm-kernels.ts');
  // The threaded build hangs when it is minified, and its pool is one thread (tfjs#8513).
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': absolute(plainUrl),
    'tfjs-backend-wasm-simd.wasm': absolute(simdUrl),
    // Never fetched; tfjs wants all three names.
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(simdUrl),
  });
  await activate('wasm');
  const simd = hasWasmSimd();
  return {
    adapter: null,
    detail: simd
      ? 'with SIMD'
      : 'without SIMD: this browser is about four times slower than needed',
    device: null,
    lost: NEVER,
    alive: yes,
  };
}

function refuseSoftware(name: string, facts: GpuFacts, options: StartOptions): void {
  if (facts.software && !options.allowSoftware) {
    throw new SoftwareOnly(name, facts.name);
  }
}

async function startWebgpu(options: StartOptions): Promise<StartedBackend> {
  const facts = await webgpuFacts();
  if (!facts) throw new BackendUnavailable('This browser offers no WebGPU device.');
  refuseSoftware('WebGPU', facts, options);
  await import('@tensorflow/tfjs-backend-webgpu');
  await activate('webgpu');
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  const lost = new Promise<Error>((resolve) => {
    void device.lost.then((info) => resolve(new DeviceLost(info.message || info.reason)));
    // Out of memory on a GPU is no exception: it comes here, and the numbers are garbage.
    device.addEventListener('uncapturederror', (event) => {
      resolve(new DeviceLost(event.error.message));
    });
  });
  return { adapter: facts.name, detail: facts.name, device, lost, alive: yes };
}

async function startWebgl(options: StartOptions): Promise<StartedBackend> {
  const facts = webglFacts();
  if (!facts) throw new BackendUnavailable('This browser offers no WebGL 2 in the background.');
  refuseSoftware('WebGL', facts, options);
  const { setWebGLContext } = await import('@tensorflow/tfjs-backend-webgl');
  // Our own canvas: the loss of its context must reach us, not only the console (tfjs#756), and in
  // Safari tfjs would look for a canvas element, which a worker has not.
  const canvas = new OffscreenCanvas(300, 150);
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    premultipliedAlpha: false,
    preserveDrawingBuffer: false,
    depth: false,
    stencil: false,
  });
  if (!gl) throw new BackendUnavailable('This browser refused a second WebGL context.');
  const lost = new Promise<Error>((resolve) => {
    canvas.addEventListener('webglcontextlost', () => resolve(new DeviceLost('context lost')));
  });
  setWebGLContext(2, gl);
  await activate('webgl');
  return {
    adapter: facts.name,
    detail: facts.name,
    device: null,
    lost,
    alive: () => !gl.isContextLost(),
  };
}
