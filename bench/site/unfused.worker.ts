/** The whole of @tensorflow/tfjs on WASM with the network as frameworks export it by default. */
import * as Comlink from 'comlink';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import { SIDE, type Contender, type Run } from './contender.ts';

let model: tf.GraphModel | null = null;

const contender: Contender = {
  async open(base) {
    const absolute = (url: string): string => new URL(url, import.meta.url).href;
    // As in the app: the threaded build hangs when it is minified, and has one thread (tfjs#8513).
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setWasmPaths({
      'tfjs-backend-wasm.wasm': absolute(plainUrl),
      'tfjs-backend-wasm-simd.wasm': absolute(simdUrl),
      'tfjs-backend-wasm-threaded-simd.wasm': absolute(simdUrl),
    });
    if (!(await tf.setBackend('wasm')) || tf.getBackend() !== 'wasm') {
      throw new Error('TensorFlow.js did not start its WASM backend.');
    }
    model = await tf.loadGraphModel(new URL('networks/unfused/model.json', base).href);
  },
  async run(values): Promise<Run> {
    if (!model) throw new Error('The network is not open.');
    const three = new Float32Array(values.length * 3);
    for (let at = 0; at < three.length; at += 1) three[at] = values[Math.floor(at / 3)];
    const begun = performance.now();
    const x = tf.tensor4d(three, [1, SIDE, SIDE, 3]);
    const outputs = model.execute({ input: x }, ['logits', 'features']) as tf.Tensor[];
    const [logits] = await Promise.all(outputs.map((tensor) => tensor.data<'float32'>()));
    const ms = performance.now() - begun;
    tf.dispose([x, ...outputs]);
    return { logits: [...logits], ms };
  },
};
Comlink.expose(contender);
