/**
 * A real graph model, small enough to make in a test: the shape of MobileNetV2 (fused convolutions
 * with explicit padding, depthwise steps, a residual sum, relu6, 1280 features at 7×7, mean, dense),
 * a tenth of its work. Weights are seeded; the golden logits come from a float64 reference below,
 * written from the definition of each op and sharing nothing with tfjs.
 */
import { chestPhantom, parseManifest, type Manifest } from '../../../src/model/index.ts';
import type { ModelBytes } from '../../../src/model/types.ts';

export interface ConvLayer {
  readonly kind: 'conv' | 'depthwise';
  readonly name: string;
  readonly input: string;
  readonly kernel: number;
  readonly stride: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly relu6: boolean;
  /** conv: [k,k,in,out]; depthwise: [k,k,in,1]. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}
interface AddLayer {
  readonly kind: 'add';
  readonly name: string;
  readonly inputs: readonly [string, string];
}
export type Layer = ConvLayer | AddLayer;

export interface TestNetwork {
  readonly layers: readonly Layer[];
  readonly dense: Float32Array;
  readonly denseBias: Float32Array;
}

export interface Tensor3 {
  readonly side: number;
  readonly depth: number;
  readonly data: Float64Array;
}

/** Mulberry32: seeded, the same in every browser. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function gaussian(random: () => number, count: number, deviation: number): Float32Array {
  return Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random()) * deviation;
  });
}

const MOBILENET_V2 = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** 224 → 112 → 56 → 28 → 14 → 7, then 1280 features. `full`: MobileNetV2 1.0 as it is shipped. */
export function testNetwork(seed = 1, size: 'small' | 'full' = 'small'): TestNetwork {
  const random = randomSource(seed);
  // Random weights grow what they are given with every block; that far relu6 would cut all off.
  const gain = size === 'full' ? 1.2 : 2;
  const layers: Layer[] = [];
  let last = 'scaled';
  let depth = 1;
  const add = (
    kind: ConvLayer['kind'],
    name: string,
    kernel: number,
    stride: number,
    out: number,
    relu6: boolean,
  ): string => {
    const fanIn = kernel * kernel * (kind === 'conv' ? depth : 1);
    layers.push({
      kind,
      name,
      input: last,
      kernel,
      stride,
      inChannels: depth,
      outChannels: out,
      relu6,
      weights: gaussian(
        random,
        kernel * kernel * depth * (kind === 'conv' ? out : 1),
        Math.sqrt(gain / fanIn),
      ),
      bias: gaussian(random, out, 0.2),
    });
    depth = out;
    last = name;
    return name;
  };
  const bottleneck = (name: string, expand: number, out: number, stride: number): void => {
    const shortcut = last;
    const from = depth;
    if (expand > 1) add('conv', `${name}/expand`, 1, 1, from * expand, true);
    add('depthwise', `${name}/depthwise`, 3, stride, depth, true);
    const branch = add('conv', `${name}/project`, 1, 1, out, false);
    if (stride > 1 || from !== out) return;
    last = `${name}/sum`;
    layers.push({ kind: 'add', name: last, inputs: [branch, shortcut] });
  };
  if (size === 'full') {
    add('conv', 'stem', 3, 2, 32, true);
    // Expansion, channels, repeats, first stride: table 2 of the MobileNetV2 paper.
    for (const [t, c, n, s] of MOBILENET_V2) {
      for (let i = 0; i < n; i++) bottleneck(`block${c}-${i}`, t, c, i === 0 ? s : 1);
    }
  } else {
    add('conv', 'stem', 3, 2, 8, true);
    for (const [block, out] of [16, 16, 24, 32].entries()) bottleneck(`block${block}`, 1, out, 2);
    bottleneck('residual', 2, 32, 1);
  }
  add('conv', 'features', 1, 1, 1280, true);
  return {
    layers,
    dense: gaussian(random, 1280 * 4, 0.05),
    denseBias: gaussian(random, 4, 0.2),
  };
}

/** Float64 reference. `input`: 224 × 224, 0 … 1. */
export function referenceRun(
  network: TestNetwork,
  input: Float32Array,
): { logits: number[]; features: Float64Array } {
  const tensors = new Map<string, Tensor3>();
  const side = Math.sqrt(input.length);
  tensors.set('scaled', { side, depth: 1, data: Float64Array.from(input, (x) => x * 2 - 1) });
  for (const layer of network.layers) {
    if (layer.kind === 'add') {
      const [a, b] = layer.inputs.map((name) => tensors.get(name) as Tensor3) as [Tensor3, Tensor3];
      tensors.set(layer.name, { ...a, data: a.data.map((x, i) => x + b.data[i]) });
    } else {
      tensors.set(layer.name, convolve(layer, tensors.get(layer.input) as Tensor3));
    }
  }
  const features = (tensors.get('features') as Tensor3).data;
  const logits = [...network.denseBias].map((bias, label) => {
    let sum = bias;
    for (let channel = 0; channel < 1280; channel++) {
      let mean = 0;
      for (let place = 0; place < 49; place++) mean += features[place * 1280 + channel];
      sum += (mean / 49) * network.dense[channel * 4 + label];
    }
    return sum;
  });
  return { logits, features };
}

function convolve(layer: ConvLayer, input: Tensor3): Tensor3 {
  const { kernel, stride, inChannels, outChannels, weights, bias } = layer;
  const pad = (kernel - 1) / 2;
  const side = Math.floor((input.side + 2 * pad - kernel) / stride) + 1;
  const data = new Float64Array(side * side * outChannels);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * outChannels;
      for (let c = 0; c < outChannels; c++) data[at + c] = bias[c];
      for (let ky = 0; ky < kernel; ky++) {
        const iy = y * stride + ky - pad;
        if (iy < 0 || iy >= input.side) continue;
        for (let kx = 0; kx < kernel; kx++) {
          const ix = x * stride + kx - pad;
          if (ix < 0 || ix >= input.side) continue;
          const from = (iy * input.side + ix) * inChannels;
          const tap = (ky * kernel + kx) * inChannels;
          for (let i = 0; i < inChannels; i++) {
            const value = input.data[from + i];
            if (layer.kind === 'depthwise') {
              data[at + i] = data[at + i] + value * weights[tap + i];
              continue;
            }
            const row = (tap + i) * outChannels;
            for (let c = 0; c < outChannels; c++) {
              data[at + c] = data[at + c] + value * weights[row + c];
            }
          }
        }
      }
    }
  }
  if (layer.relu6) for (let i = 0; i < data.length; i++) data[i] = clamp6(data[i]);
  return { side, depth: outChannels, data };
}

const clamp6 = (x: number): number => (x < 0 ? 0 : x > 6 ? 6 : x);

export interface TestModelOptions {
  readonly seed?: number;
  /** `full` costs a second a golden input. */
  readonly size?: 'small' | 'full';
  readonly dtype?: 'float32' | 'float16' | 'uint8';
  readonly variants?: readonly number[];
  readonly tolerance?: number;
  readonly version?: string;
  /** Added to every golden logit: a model whose answers no backend gives. */
  readonly wrongBy?: number;
}

/** Graph, weights and manifest as the store would give them. */
export function makeTestModel(options: TestModelOptions = {}): ModelBytes<Manifest> {
  const network = testNetwork(options.seed, options.size);
  const dtype = options.dtype ?? 'float32';
  const packed = pack(network, dtype);
  const golden = (options.variants ?? [0, 1, 2]).map((variant) => ({
    input: 'phantom' as const,
    for: 'classifier' as const,
    variant,
    logits: referenceRun(packed.network, chestPhantom(224, variant)).logits.map(
      (logit) => logit + (options.wrongBy ?? 0),
    ),
  }));
  const file = (path: string, bytes: number) => ({ path, bytes, sha256: '0'.repeat(64) });
  const manifest = parseManifest({
    schema: 1,
    id: 'test-network',
    version: options.version ?? '2.0.0',
    created: '2026-01-01T00:00:00.000Z',
    labels: ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'],
    input: {
      name: 'input',
      shape: [1, 224, 224, 1],
      range: [0, 1],
      resize: 'box-squash',
      crop: null,
    },
    outputs: { logits: 'logits', features: 'features' },
    weights: { dtype },
    graph: 'model.json',
    files: [file('model.json', 1), ...packed.shards.map((s, i) => file(`w${i}.bin`, s.byteLength))],
    temperature: 1,
    golden,
    tolerance: options.tolerance ?? 0.001,
    evaluation: {
      groups: [{ name: 'none', images: 0, accuracy: 0 }],
      tables: [],
      trainingLog: [],
      keptEpoch: 0,
    },
    card: {
      title: 'Test network',
      summary: 'Seeded noise in the shape of the real one.',
      intendedUse: [],
      notFor: [],
      data: [],
      faults: [],
      shortcuts: [],
      counts: [],
    },
    licence: 'none',
    command: 'tests/inference/support/test-model.ts',
  });
  return {
    manifest,
    graph: { format: 'graph-model', modelTopology: graphOf(network), ...packed.file },
    shards: packed.shards,
  };
}

const s = (text: string) => ({ s: btoa(text) });
const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
const FLOAT = { T: { type: 'DT_FLOAT' } };
const shapeOf = (sides: number[]) => ({ shape: { dim: sides.map((n) => ({ size: String(n) })) } });

function graphOf(network: TestNetwork): object {
  const constant = (name: string, sides: number[], type = 'DT_FLOAT') => ({
    name,
    op: 'Const',
    attr: {
      dtype: { type },
      value: { tensor: { dtype: type, tensorShape: shapeOf(sides).shape } },
    },
  });
  const node: object[] = [
    {
      name: 'input',
      op: 'Placeholder',
      attr: { dtype: { type: 'DT_FLOAT' }, ...shapeOf([1, 224, 224, 1]) },
    },
    constant('two', []),
    constant('one', []),
    { name: 'doubled', op: 'Mul', input: ['input', 'two'], attr: FLOAT },
    { name: 'scaled', op: 'Sub', input: ['doubled', 'one'], attr: FLOAT },
  ];
  for (const layer of network.layers) {
    if (layer.kind === 'add') {
      node.push({ name: layer.name, op: 'AddV2', input: [...layer.inputs], attr: FLOAT });
      continue;
    }
    const { name, kernel, stride, inChannels, outChannels } = layer;
    const pad = (kernel - 1) / 2;
    const depthwise = layer.kind === 'depthwise';
    const last = depthwise ? 1 : outChannels;
    node.push(
      constant(`${name}/weights`, [kernel, kernel, inChannels, last]),
      constant(`${name}/bias`, [outChannels]),
      {
        name,
        op: depthwise ? 'FusedDepthwiseConv2dNative' : '_FusedConv2D',
        input: [layer.input, `${name}/weights`, `${name}/bias`],
        attr: {
          ...FLOAT,
          data_format: s('NHWC'),
          strides: ints(1, stride, stride, 1),
          dilations: ints(1, 1, 1, 1),
          padding: s(pad > 0 ? 'EXPLICIT' : 'VALID'),
          explicit_paddings: pad > 0 ? ints(0, 0, pad, pad, pad, pad, 0, 0) : { list: {} },
          fused_ops: { list: { s: ['BiasAdd', ...(layer.relu6 ? ['Relu6'] : [])].map(btoa) } },
          num_args: { i: '1' },
          epsilon: { f: 0 },
        },
      },
    );
  }
  node.push(
    constant('pooled/axes', [2], 'DT_INT32'),
    {
      name: 'pooled',
      op: 'Mean',
      input: ['features', 'pooled/axes'],
      attr: { ...FLOAT, Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } },
    },
    constant('logits/weights', [1280, 4]),
    constant('logits/bias', [4]),
    {
      name: 'logits',
      op: '_FusedMatMul',
      input: ['pooled', 'logits/weights', 'logits/bias'],
      attr: {
        ...FLOAT,
        transpose_a: { b: false },
        transpose_b: { b: false },
        fused_ops: { list: { s: [btoa('BiasAdd')] } },
        num_args: { i: '1' },
        epsilon: { f: 0 },
      },
    },
  );
  return { node, library: {}, versions: { producer: 1 } };
}

interface Packed {
  /** The network with the weights as they come back after the dtype's rounding. */
  readonly network: TestNetwork;
  readonly shards: ArrayBuffer[];
  readonly file: { readonly weightsManifest: object[] };
}

function pack(network: TestNetwork, dtype: 'float32' | 'float16' | 'uint8'): Packed {
  const specs: object[] = [];
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const put = (name: string, shape: number[], values: Float32Array): Float32Array => {
    const coded = encode(values, shape.length > 1 ? dtype : 'float32');
    specs.push({ name, shape, dtype: 'float32', ...coded.spec });
    parts.push(coded.bytes);
    return coded.values;
  };
  put('two', [], Float32Array.of(2));
  put('one', [], Float32Array.of(1));
  const layers = network.layers.map((layer): Layer => {
    if (layer.kind === 'add') return layer;
    const { name, kernel, inChannels, outChannels } = layer;
    const last = layer.kind === 'conv' ? outChannels : 1;
    const weights = put(`${name}/weights`, [kernel, kernel, inChannels, last], layer.weights);
    put(`${name}/bias`, [outChannels], layer.bias);
    return { ...layer, weights };
  });
  specs.push({ name: 'pooled/axes', shape: [2], dtype: 'int32' });
  parts.push(new Uint8Array(Int32Array.of(1, 2).buffer));
  const dense = put('logits/weights', [1280, 4], network.dense);
  put('logits/bias', [4], network.denseBias);
  // Two shards cut in the middle of a tensor, as a 4 MB limit would.
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  const cut = all.byteLength >> 1;
  return {
    network: { ...network, layers, dense },
    shards: [all.slice(0, cut).buffer, all.slice(cut).buffer],
    file: { weightsManifest: [{ paths: ['w0.bin', 'w1.bin'], weights: specs }] },
  };
}

function encode(
  values: Float32Array,
  dtype: 'float32' | 'float16' | 'uint8',
): { bytes: Uint8Array<ArrayBuffer>; spec: object; values: Float32Array } {
  if (dtype === 'float32') {
    return { bytes: new Uint8Array(Float32Array.from(values).buffer), spec: {}, values };
  }
  if (dtype === 'float16') {
    const halves = Uint16Array.from(values, toHalf);
    return {
      bytes: new Uint8Array(halves.buffer),
      spec: { quantization: { dtype } },
      values: Float32Array.from(halves, fromHalf),
    };
  }
  const min = Math.min(...values);
  const scale = (Math.max(...values) - min) / 255;
  const bytes = Uint8Array.from(values, (x) => Math.round((x - min) / scale));
  return {
    bytes,
    spec: { quantization: { dtype, min, scale } },
    values: Float32Array.from(bytes, (level) => level * scale + min),
  };
}

/** IEEE 754 half, for values whose size is between 2^-14 and 65504 (smaller ones become 0). */
function toHalf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign;
  let exponent = Math.floor(Math.log2(size));
  let mantissa = Math.round((size / 2 ** exponent - 1) * 1024);
  if (mantissa === 1024) {
    exponent++;
    mantissa = 0;
  }
  return sign | ((exponent + 15) << 10) | mantissa;
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  return exponent === 0 ? 0 : sign * 2 ** (exponent - 15) * (1 + (half & 1023) / 1024);
}
