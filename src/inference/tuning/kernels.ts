/** The kernels that the training of a tail needs, by name: no operation of tfjs's is shipped for them. */
import { engine, tensor, type Tensor } from '@tensorflow/tfjs-core';

export function run(kernel: string, inputs: Record<string, Tensor>, attrs: object = {}): Tensor {
  return engine().runKernel(kernel, inputs, attrs as never);
}

export const mul = (a: Tensor, b: Tensor): Tensor => run('Multiply', { a, b });
export const add = (a: Tensor, b: Tensor): Tensor => run('Add', { a, b });
export const reshape = (x: Tensor, shape: readonly number[]): Tensor =>
  run('Reshape', { x }, { shape });
export const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  run('BatchMatMul', { a, b }, { transposeA, transposeB });

/** Of a layer's output: 1 where ReLU6 let through, 0 where it cut off on either side. */
export function open(y: Tensor): Tensor {
  const six = tensor(Float32Array.of(6), [], 'float32');
  const above = run('Step', { x: y }, { alpha: 0 });
  return mul(above, run('Step', { x: run('Sub', { a: six, b: y }) }, { alpha: 0 }));
}

export function windowOf(stride: number): object {
  return { strides: [stride, stride], pad: 'same', dilations: [1, 1], dimRoundingMode: undefined };
}

/** [1, places of all pictures, depth] */
export function flat(x: Tensor): Tensor {
  const depth = x.shape[x.shape.length - 1];
  return reshape(x, [1, x.size / depth, depth]);
}
