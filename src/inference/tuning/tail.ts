/**
 * The end of the network with its gradients, on whatever backend is active: forward keeps what backward
 * needs, backward adds to the gradients, a step moves the weights with Adam. Written with kernels by
 * name, so that nothing of tfjs's own differentiation has to be shipped, and so that between forward and
 * backward the caller may take its time with the loss. Batch norm is folded into the weights already.
 */
import { engine, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { add, flat, mul, open, product, reshape, run, windowOf } from './kernels.ts';
import { weightName, type TailLayer, type TailSpec } from './tail-graph.ts';

export interface StepSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Everything that changes; by the names the weights have in the graph. */
export interface TailState {
  readonly steps: number;
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly first: Readonly<Record<string, Float32Array>>;
  readonly second: Readonly<Record<string, Float32Array>>;
}

type Named = Map<string, Tensor>;

interface Tape {
  readonly count: number;
  /** Output of each layer, and the input, by name: [count, side, side, depth]. */
  readonly outputs: Named;
}

export class Tail {
  readonly #spec: TailSpec;
  readonly #weights: Named = new Map();
  readonly #first: Named = new Map();
  readonly #second: Named = new Map();
  #gradients: Named = new Map();
  #tape: Tape | null = null;
  #steps = 0;
  readonly #last: TailLayer;

  constructor(spec: TailSpec) {
    this.#spec = spec;
    this.#last = spec.layers[spec.layers.length - 1];
    for (const [name, { shape, values }] of spec.parameters) {
      this.#weights.set(name, tensor(values, [...shape], 'float32'));
      for (const moments of [this.#first, this.#second]) {
        moments.set(name, tensor(new Float32Array(values.length), [...shape], 'float32'));
      }
    }
  }

  /**
   * @param values [count, side, side, depth] activations at the entry
   * @param keep what a following `backward` needs; the former tape is forgotten
   * @returns [count, features]: the mean of the last map over its places
   */
  async forward(values: Float32Array, count: number, keep: boolean): Promise<Float32Array> {
    this.#forget();
    const { entry, side, depth } = this.#spec.entry;
    const pooled = tidy(() => {
      const outputs: Named = new Map();
      outputs.set(entry, tensor(values, [count, side, side, depth], 'float32'));
      for (const layer of this.#spec.layers) outputs.set(layer.name, this.#layer(layer, outputs));
      if (keep) {
        for (const each of outputs.values()) engine().keep(each);
        this.#tape = { count, outputs };
      }
      const last = taken(outputs, this.#last.name);
      return run('Mean', { x: last }, { axis: [1, 2], keepDims: false });
    });
    try {
      return await pooled.data<'float32'>();
    } finally {
      pooled.dispose();
    }
  }

  /** @param slope [count, features] of the last `forward`; what it says is added to the gradients */
  backward(slope: Float32Array): void {
    const tape = this.#tape;
    if (!tape) throw new RangeError('Nothing was kept to go back through.');
    const before = this.#gradients;
    const grown: Named = new Map(before);
    tidy(() => {
      const slopes: Named = new Map();
      const last = taken(tape.outputs, this.#last.name);
      const [count, side, , depth] = last.shape;
      const places = side * side;
      const each = tensor(slope, [count, 1, depth], 'float32');
      const share = tensor(new Float32Array(places).fill(1 / places), [1, places, 1], 'float32');
      slopes.set(this.#last.name, reshape(mul(each, share), last.shape));
      for (const layer of [...this.#spec.layers].reverse()) this.#back(layer, tape, slopes, grown);
      for (const gradient of grown.values()) engine().keep(gradient);
    });
    for (const [name, gradient] of before) if (grown.get(name) !== gradient) gradient.dispose();
    this.#gradients = grown;
    this.#forget();
  }

  /** Adam (arXiv:1412.6980) as src/adaptation/adam.ts has it, in float32; the gradients begin anew. */
  step({ learningRate, beta1, beta2, epsilon }: StepSettings): void {
    this.#steps++;
    const rate1 = learningRate / (1 - beta1 ** this.#steps);
    const rate2 = 1 / (1 - beta2 ** this.#steps);
    for (const [name, gradient] of this.#gradients) {
      const [weights, first, second] = [this.#weights, this.#first, this.#second].map((named) =>
        taken(named, name),
      );
      const moved = tidy(() => {
        const constant = (value: number): Tensor => tensor(Float32Array.of(value), [], 'float32');
        const m = add(mul(first, constant(beta1)), mul(gradient, constant(1 - beta1)));
        const v = add(
          mul(second, constant(beta2)),
          mul(mul(gradient, gradient), constant(1 - beta2)),
        );
        const size = add(run('Sqrt', { x: mul(v, constant(rate2)) }), constant(epsilon));
        const change = run('RealDiv', { a: mul(m, constant(rate1)), b: size });
        return [m, v, run('Sub', { a: weights, b: change })];
      });
      for (const [at, named] of [this.#first, this.#second, this.#weights].entries()) {
        taken(named, name).dispose();
        named.set(name, moved[at]);
      }
      gradient.dispose();
    }
    this.#gradients = new Map();
  }

  /** What was added up since the last step. */
  gradients(): Promise<Record<string, Float32Array>> {
    return values(this.#gradients);
  }

  /** Waits for everything under way. */
  async state(): Promise<TailState> {
    return {
      steps: this.#steps,
      weights: await values(this.#weights),
      first: await values(this.#first),
      second: await values(this.#second),
    };
  }

  weights(): Promise<Record<string, Float32Array>> {
    return values(this.#weights);
  }

  /** @param state of a tail with the same layers; without moments the steps begin anew */
  restore(state: Pick<TailState, 'weights'> & Partial<TailState>): void {
    this.#steps = state.steps ?? 0;
    for (const [name, { shape, values: delivered }] of this.#spec.parameters) {
      const put = (named: Named, given: Float32Array | undefined): void => {
        if (given && given.length !== delivered.length) throw new RangeError(`${name}: size`);
        named.get(name)?.dispose();
        named.set(name, tensor(given ?? new Float32Array(delivered.length), [...shape], 'float32'));
      };
      put(this.#weights, state.weights[name] ?? delivered);
      put(this.#first, state.first?.[name]);
      put(this.#second, state.second?.[name]);
    }
  }

  dispose(): void {
    this.#forget();
    for (const named of [this.#weights, this.#first, this.#second, this.#gradients]) {
      for (const each of named.values()) each.dispose();
      named.clear();
    }
  }

  #layer(layer: TailLayer, outputs: Named): Tensor {
    if (layer.kind === 'sum') {
      const [a, b] = layer.sources.map((name) => taken(outputs, name));
      return add(a, b);
    }
    const x = taken(outputs, layer.source);
    const [filter, bias] = this.#parametersOf(layer);
    const activation = layer.act ? 'relu6' : 'linear';
    if (layer.kind === 'depthwise') {
      return run(
        'FusedDepthwiseConv2D',
        { x, filter, bias },
        { ...windowOf(layer.stride), dataFormat: 'NHWC', activation, leakyreluAlpha: 0 },
      );
    }
    const [count, side] = x.shape;
    const y = run(
      '_FusedMatMul',
      { a: flat(x), b: reshape(filter, [1, layer.inputs, layer.outputs]), bias },
      { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0 },
    );
    return reshape(y, [count, side, side, layer.outputs]);
  }

  /** Takes the slope of the layer's output, gives that of its input and of its weights. */
  #back(layer: TailLayer, tape: Tape, slopes: Named, gradients: Named): void {
    const dy = taken(slopes, layer.name);
    const give = (name: string, slope: Tensor): void => {
      const had = slopes.get(name);
      slopes.set(name, had ? add(had, slope) : slope);
    };
    if (layer.kind === 'sum') {
      for (const source of layer.sources) give(source, dy);
      return;
    }
    const x = taken(tape.outputs, layer.source);
    const y = taken(tape.outputs, layer.name);
    const [filter] = this.#parametersOf(layer);
    const dz = layer.act ? mul(dy, open(y)) : dy;
    const grow = (part: 'w' | 'b', gradient: Tensor): void => {
      const name = `${weightName(layer)}/${part}`;
      const had = gradients.get(name);
      gradients.set(name, had ? add(had, gradient) : gradient);
    };
    const first = layer.source === this.#spec.entry.entry;
    const shape = reshape(dz, [dz.size / layer.outputs, layer.outputs]);
    grow('b', run('Sum', { x: shape }, { axis: [0], keepDims: false }));
    if (layer.kind === 'depthwise') {
      const window = windowOf(layer.stride);
      const filterShape = filter.shape;
      grow(
        'w',
        run('DepthwiseConv2dNativeBackpropFilter', { x, dy: dz }, { ...window, filterShape }),
      );
      const inputShape = x.shape;
      if (first) return;
      const inputs = { dy: dz, filter };
      give(
        layer.source,
        run('DepthwiseConv2dNativeBackpropInput', inputs, { ...window, inputShape }),
      );
      return;
    }
    const slope = flat(dz);
    grow('w', reshape(product(flat(x), slope, true, false), filter.shape));
    if (first) return;
    const weights = reshape(filter, [1, layer.inputs, layer.outputs]);
    give(layer.source, reshape(product(slope, weights, false, true), x.shape));
  }

  #parametersOf(layer: { readonly name: string }): [Tensor, Tensor] {
    const name = weightName(layer);
    return [taken(this.#weights, `${name}/w`), taken(this.#weights, `${name}/b`)];
  }

  #forget(): void {
    for (const each of this.#tape?.outputs.values() ?? []) each.dispose();
    this.#tape = null;
  }
}

function taken(named: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const found = named.get(name);
  if (!found) throw new RangeError(`“${name}” is no part of the tail.`);
  return found;
}

async function values(named: ReadonlyMap<string, Tensor>): Promise<Record<string, Float32Array>> {
  const lists: Record<string, Float32Array> = {};
  for (const [name, each] of named) lists[name] = await each.data<'float32'>();
  return lists;
}
