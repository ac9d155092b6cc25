/**
 * A tail of the real one's form, but tiny: a block that halves the side, a block with a residual, the
 * last convolution. Numbers by formula, large enough that ReLU6 cuts on both sides somewhere.
 */
import type { Parameter, TailLayer, TailSpec } from './tail-graph.ts';

export const SMALL_SIDE = 6;
export const SMALL_DEPTH = 4;
export const SMALL_FEATURES = 10;

/** −1 … 1, without order, the same in every language: fractional parts of a sine. */
export function formula(at: number, seed: number): number {
  const value = Math.sin(at * 12.9898 + seed * 78.233) * 43758.5453;
  return 2 * (value - Math.floor(value)) - 1;
}

function layer(
  kind: 'pointwise' | 'depthwise',
  name: string,
  source: string,
  inputs: number,
  outputs: number,
  more: { readonly stride?: 1 | 2; readonly act?: boolean } = {},
): TailLayer {
  return { kind, name, source, inputs, outputs, stride: more.stride ?? 1, act: more.act ?? true };
}

const LAYERS: readonly TailLayer[] = [
  layer('pointwise', 'b0.exp', 'entry', SMALL_DEPTH, 8),
  layer('depthwise', 'b0.dw', 'b0.exp', 8, 8, { stride: 2 }),
  layer('pointwise', 'b0.pw', 'b0.dw', 8, 6, { act: false }),
  layer('pointwise', 'b1.exp', 'b0.pw', 6, 12),
  layer('depthwise', 'b1.dw', 'b1.exp', 12, 12),
  layer('pointwise', 'b1.pw', 'b1.dw', 12, 6, { act: false }),
  { kind: 'sum', name: 'b1.pw/add', sources: ['b1.pw', 'b0.pw'] },
  layer('pointwise', 'features', 'b1.pw/add', 6, SMALL_FEATURES),
];

export function smallTail(): TailSpec {
  const parameters = new Map<string, Parameter>();
  let seed = 1;
  const put = (name: string, shape: readonly number[], size: number): void => {
    const count = shape.reduce((product, side) => product * side, 1);
    const own = seed++;
    const values = Float32Array.from({ length: count }, (_, at) => size * formula(at, own));
    parameters.set(name, { shape, values });
  };
  for (const each of LAYERS) {
    if (each.kind === 'sum') continue;
    const name = each.name === 'features' ? 'conv_last' : each.name;
    const { inputs, outputs } = each;
    put(`${name}/w`, each.kind === 'pointwise' ? [inputs, outputs] : [3, 3, inputs, 1], 1.2);
    put(`${name}/b`, [outputs], 0.8);
  }
  return {
    entry: { entry: 'entry', side: SMALL_SIDE, depth: SMALL_DEPTH },
    layers: LAYERS,
    parameters,
  };
}

export function smallInput(count: number): Float32Array {
  const length = count * SMALL_SIDE * SMALL_SIDE * SMALL_DEPTH;
  return Float32Array.from({ length }, (_, at) => 3 * formula(at, 101));
}

/** As small as the slopes of a focal loss are: what half precision would make nothing of. */
export function smallSlope(count: number): Float32Array {
  const length = count * SMALL_FEATURES;
  return Float32Array.from({ length }, (_, at) => 1e-3 * formula(at, 202));
}
