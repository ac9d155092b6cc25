/** onnxruntime-web on WASM (SIMD) with the same weights as ONNX. */
import * as Comlink from 'comlink';
import * as ort from 'onnxruntime-web/wasm';
import moduleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { SIDE, type Contender, type Run } from './contender.ts';

let session: ort.InferenceSession | null = null;

const contender: Contender = {
  async open(base, threads) {
    const absolute = (url: string): string => new URL(url, import.meta.url).href;
    // Not bundled: its threads are workers that load this very file again.
    ort.env.wasm.wasmPaths = { mjs: absolute(moduleUrl), wasm: absolute(wasmUrl) };
    ort.env.wasm.numThreads = threads;
    if (threads > 1 && !crossOriginIsolated) {
      throw new Error('Threads need a cross-origin isolated page.');
    }
    session = await ort.InferenceSession.create(new URL('networks/network.onnx', base).href, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
    // onnxruntime falls back to one thread without an error.
    if (ort.env.wasm.numThreads !== threads) {
      throw new Error(`onnxruntime took ${ort.env.wasm.numThreads} threads instead of ${threads}.`);
    }
  },
  async run(values): Promise<Run> {
    if (!session) throw new Error('The network is not open.');
    const begun = performance.now();
    const input = new ort.Tensor('float32', values, [1, 1, SIDE, SIDE]);
    const { logits, features } = await session.run({ input });
    const read = [await logits.getData(), await features.getData()];
    const ms = performance.now() - begun;
    return { logits: [...(read[0] as Float32Array)], ms };
  },
};
Comlink.expose(contender);
