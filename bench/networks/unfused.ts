/**
 * The served network as frameworks export it by default: three equal channels, 2x − 1 in two
 * operations, and Conv2D, batch norm and ReLU6 each on their own. The same function of the picture;
 * the batch norms only add the biases, which costs what any batch norm costs.
 */
import { asConvolution, floatWeight, type GraphNode, type ShippedNetwork } from './shipped.ts';

const CHANNELS = 3;
const EPSILON = 0.001;

export interface GraphModelFiles {
  readonly modelJson: string;
  readonly weights: Uint8Array;
}

/** One weight file named `weights.bin` beside the model.json. */
export function toUnfused(network: ShippedNetwork): GraphModelFiles {
  const writer = new GraphWriter();
  const size = network.manifest.input.shape[1];
  for (const node of network.nodes) {
    const convolution = asConvolution(node);
    if (convolution) {
      addConvolution(writer, network, node);
    } else if (node.op === 'Placeholder') {
      writer.node(node.name, node.op, [], {
        ...node.attr,
        shape: { shape: { dim: [-1, size, size, CHANNELS].map((n) => ({ size: String(n) })) } },
      });
    } else if (node.op === 'Sub') {
      // The served graph doubles its first kernels and subtracts a half.
      writer.constant('input/two', [], Float32Array.of(2));
      writer.constant('input/one', [], Float32Array.of(1));
      writer.node('input/doubled', 'Mul', [node.input[0], 'input/two'], node.attr);
      writer.node(node.name, 'Sub', ['input/doubled', 'input/one'], node.attr);
    } else if (node.op !== 'Const') {
      for (const name of node.input) {
        const weight = network.weights.get(name);
        if (weight) writer.constant(name, weight.shape, weight.values);
      }
      writer.node(node.name, node.op, node.input, node.attr);
    }
  }
  return writer.files();
}

function addConvolution(writer: GraphWriter, network: ShippedNetwork, node: GraphNode): void {
  const convolution = asConvolution(node);
  if (!convolution) return;
  const { depthwise, relu6, source, kernel, bias } = convolution;
  const weight = floatWeight(network, kernel);
  const first = weight.shape[2] === 1 && !depthwise;
  const [tall, wide, inputs, outputs] = weight.shape;
  const shape = first ? [tall, wide, CHANNELS, outputs] : [tall, wide, inputs, outputs];
  writer.constant(kernel, shape, first ? spread(weight.values, outputs) : weight.values);

  const shift = floatWeight(network, bias).values;
  const parts = {
    gamma: new Float32Array(shift.length).fill(1),
    beta: shift,
    mean: new Float32Array(shift.length),
    variance: new Float32Array(shift.length).fill(1 - EPSILON),
  };
  for (const [part, values] of Object.entries(parts)) {
    writer.constant(`${node.name}/${part}`, [shift.length], values);
  }
  const { data_format, strides, dilations, padding, T } = node.attr;
  const op = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
  const attributes = {
    T,
    data_format,
    strides,
    dilations,
    padding,
    explicit_paddings: { list: {} },
  };
  writer.node(`${node.name}/conv`, op, [source, kernel], attributes);
  const norm = relu6 ? `${node.name}/norm` : node.name;
  const inputsOfNorm = Object.keys(parts).map((part) => `${node.name}/${part}`);
  writer.node(norm, 'FusedBatchNormV3', [`${node.name}/conv`, ...inputsOfNorm], {
    T,
    U: T,
    data_format,
    epsilon: { f: EPSILON },
    is_training: { b: false },
  });
  if (relu6) writer.node(node.name, 'Relu6', [norm], { T });
}

/** [h,w,1,out] for x − 0.5 → [h,w,3,out] for 2x − 1: halved, and shared out over the channels. */
function spread(values: Float32Array, outputs: number): Float32Array {
  const out = new Float32Array(values.length * CHANNELS);
  for (let place = 0; place < values.length / outputs; place += 1) {
    for (let channel = 0; channel < CHANNELS; channel += 1) {
      for (let k = 0; k < outputs; k += 1) {
        out[(place * CHANNELS + channel) * outputs + k] =
          values[place * outputs + k] / 2 / CHANNELS;
      }
    }
  }
  return out;
}

class GraphWriter {
  readonly #nodes: object[] = [];
  readonly #specs = new Map<string, object>();
  readonly #data: Uint8Array[] = [];

  node(name: string, op: string, input: readonly string[], attr: object): void {
    this.#nodes.push({ name, op, input, attr });
  }

  constant(name: string, shape: readonly number[], values: Float32Array | Int32Array): void {
    if (this.#specs.has(name)) return;
    const dtype = values instanceof Int32Array ? 'int32' : 'float32';
    const kind = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    const tensorShape = { dim: shape.map((length) => ({ size: String(length) })) };
    this.node(name, 'Const', [], {
      dtype: { type: kind },
      value: { tensor: { dtype: kind, tensorShape } },
    });
    this.#specs.set(name, { name, shape, dtype });
    this.#data.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  files(): GraphModelFiles {
    const weights = [...this.#specs.values()];
    const model = {
      format: 'graph-model',
      modelTopology: { node: this.#nodes, library: {}, versions: { producer: 1286 } },
      weightsManifest: [{ paths: ['weights.bin'], weights }],
    };
    return { modelJson: JSON.stringify(model), weights: Buffer.concat(this.#data) };
  }
}
