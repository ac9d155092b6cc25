/**
 * The operations that the interpreter of graphs can call. The build puts them in place of the package's
 * own list, which has all of tfjs in it (see vite.config.ts); the package leaves that file open for this.
 * They are what the kernels of `wasm-kernels.ts` can run. A graph with another one fails its known-answer
 * test with “… is not a function” or “Unknown op”, and the operation is added here.
 */
import { resizeBilinear } from '@tensorflow/tfjs-core/dist/ops/image/resize_bilinear.js';
import { resizeNearestNeighbor } from '@tensorflow/tfjs-core/dist/ops/image/resize_nearest_neighbor.js';

export {
  add,
  avgPool,
  cast,
  clipByValue,
  conv2d,
  depthwiseConv2d,
  div,
  expandDims,
  fused,
  matMul,
  mean,
  mul,
  pad,
  relu,
  relu6,
  reshape,
  scalar,
  squeeze,
  sub,
  tensor1d,
  transpose,
} from '@tensorflow/tfjs-core';

export const image = { resizeBilinear, resizeNearestNeighbor };
