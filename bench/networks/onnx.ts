/**
 * The served network as ONNX (opset 13) for onnxruntime: the same weights to the bit, batch norm
 * folded, laid out as onnxruntime wants them (NCHW, OIHW), padding written out, ReLU6 as Clip. Its
 * optimizer may fuse what it likes. Field numbers are those of onnx.proto3.
 */
import { bytes, integer, join, message, text, type Message } from './protobuf.ts';
import { asConvolution, floatWeight, type GraphNode, type ShippedNetwork } from './shipped.ts';

const OPSET = 13;
const IR_VERSION = 8;
const FLOAT = 1;
const INTEGER_ATTRIBUTE = 2;
const INTEGERS_ATTRIBUTE = 7;

/** Inputs: `input` [1,1,224,224] in 0 … 1. Outputs: `logits` [1,4], `features` [1,1280,7,7]. */
export function toOnnx(network: ShippedNetwork): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph(network);
  for (const node of network.nodes) graph.add(node);
  return graph.toBytes();
}

class OnnxGraph {
  readonly #network: ShippedNetwork;
  readonly #nodes: Uint8Array[] = [];
  readonly #initializers = new Map<string, Uint8Array>();
  /** Side of every feature map so far. */
  readonly #side = new Map<string, number>();

  constructor(network: ShippedNetwork) {
    this.#network = network;
    this.#constant('relu6/low', [], Float32Array.of(0));
    this.#constant('relu6/high', [], Float32Array.of(6));
  }

  add(node: GraphNode): void {
    const [first, second, third] = node.input;
    if (asConvolution(node)) {
      this.#convolution(node);
      return;
    }
    switch (node.op) {
      case 'Const':
        return;
      case 'Placeholder':
        this.#side.set(node.name, this.#network.manifest.input.shape[1]);
        return;
      case 'Sub': {
        const { shape, values } = floatWeight(this.#network, second);
        this.#constant(second, shape, values);
        this.#emit('Sub', [first, second], node.name);
        this.#side.set(node.name, this.#sideOf(first));
        return;
      }
      case 'AddV2':
        this.#emit('Add', [first, second], node.name);
        this.#side.set(node.name, this.#sideOf(first));
        return;
      case 'Mean':
        this.#emit('GlobalAveragePool', [first], `${node.name}/square`);
        this.#emit('Flatten', [`${node.name}/square`], node.name, [attribute('axis', 1)]);
        return;
      case '_FusedMatMul':
        for (const name of [second, third]) {
          const { shape, values } = floatWeight(this.#network, name);
          this.#constant(name, shape, values);
        }
        this.#emit('Gemm', [first, second, third], node.name);
        return;
      default:
        throw new Error(`The benchmark cannot write ${node.op} as ONNX.`);
    }
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const size = this.#network.manifest.input.shape[1];
    const { logits, features } = this.#network.manifest.outputs;
    const side = this.#sideOf(features);
    const graph = [
      ...this.#nodes.map((node) => bytes(1, node)),
      text(2, 'fieldray'),
      ...[...this.#initializers.values()].map((tensor) => bytes(5, tensor)),
      message(11, valueInfo(this.#network.manifest.input.name, [1, 1, size, size])),
      message(12, valueInfo(logits, [1, 4])),
      message(12, valueInfo(features, [1, 1280, side, side])),
    ];
    return join([
      integer(1, IR_VERSION),
      text(2, 'fieldray-bench'),
      message(7, graph),
      message(8, [text(1, ''), integer(2, OPSET)]),
    ]);
  }

  #convolution(node: GraphNode): void {
    const convolution = asConvolution(node);
    if (!convolution) return;
    const { depthwise, stride, relu6, source, kernel, bias } = convolution;
    const weight = floatWeight(this.#network, kernel);
    const [tall, wide, inputs, outputs] = weight.shape;
    const channels = depthwise ? inputs : outputs;
    const shape = [channels, depthwise ? 1 : inputs, tall, wide];
    this.#constant(kernel, shape, toOihw(weight.values, weight.shape));
    const biases = floatWeight(this.#network, bias);
    this.#constant(bias, biases.shape, biases.values);

    const side = this.#sideOf(source);
    const next = Math.ceil(side / stride);
    // SAME as TensorFlow means it: an odd pixel of padding goes to the bottom and the right.
    const padding = Math.max((next - 1) * stride + tall - side, 0);
    const before = Math.floor(padding / 2);
    const after = padding - before;
    this.#emit('Conv', [source, kernel, bias], relu6 ? `${node.name}/sum` : node.name, [
      attribute('strides', [stride, stride]),
      attribute('pads', [before, before, after, after]),
      attribute('kernel_shape', [tall, wide]),
      attribute('group', depthwise ? inputs : 1),
    ]);
    if (relu6) this.#emit('Clip', [`${node.name}/sum`, 'relu6/low', 'relu6/high'], node.name);
    this.#side.set(node.name, next);
  }

  #sideOf(name: string): number {
    const side = this.#side.get(name);
    if (side === undefined) throw new Error(`“${name}” is used before it is there.`);
    return side;
  }

  #emit(op: string, inputs: readonly string[], output: string, attributes: Message = []): void {
    this.#nodes.push(
      join([
        ...inputs.map((name) => text(1, name)),
        text(2, output),
        text(3, output),
        text(4, op),
        ...attributes,
      ]),
    );
  }

  #constant(name: string, shape: readonly number[], values: Float32Array): void {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const dimensions = shape.map((length) => integer(1, length));
    this.#initializers.set(
      name,
      join([...dimensions, integer(2, FLOAT), text(8, name), bytes(9, raw)]),
    );
  }
}

/** [height, width, a, b] → [b, a, height, width]; for a depthwise kernel (b = 1) [a, 1, height, width]. */
export function toOihw(values: Float32Array, shape: readonly number[]): Float32Array {
  const [tall, wide, a, b] = shape;
  const out = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += 1) {
    const last = from % b;
    const channel = Math.floor(from / b) % a;
    const place = Math.floor(from / (a * b));
    out[(last * a + channel) * tall * wide + place] = values[from];
  }
  return out;
}

function attribute(name: string, value: number | readonly number[]): Uint8Array {
  const content =
    typeof value === 'number'
      ? [integer(3, value), integer(20, INTEGER_ATTRIBUTE)]
      : [...value.map((each) => integer(8, each)), integer(20, INTEGERS_ATTRIBUTE)];
  return message(5, [text(1, name), ...content]);
}

function valueInfo(name: string, shape: readonly number[]): Message {
  const dimensions = shape.map((length) => message(1, [integer(1, length)]));
  const tensor = message(1, [integer(1, FLOAT), message(2, dimensions)]);
  return [text(1, name), message(2, [tensor])];
}
