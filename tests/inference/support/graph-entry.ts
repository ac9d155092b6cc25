/** What the build makes of tfjs's interpreter, for a test in Node. */
export { loadGraphModel } from '@tensorflow/tfjs-converter';
export { setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
export type { Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
