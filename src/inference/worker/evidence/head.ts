/**
 * The dense layer behind the pooled features, read from the graph's own weights: with it, what each
 * place of the feature map adds to a logit is exact, and no second copy of the weights is shipped.
 */
import * as v from 'valibot';
import { ModelUnusable } from '../../errors.ts';
import { CLASS_COUNT, FEATURE_DEPTH } from '../engine/engine.ts';

export interface DenseHead {
  /** [1280, classes] row-major. */
  readonly weights: Float32Array;
  /** [classes] */
  readonly biases: Float32Array;
}

const Graph = v.looseObject({
  modelTopology: v.looseObject({
    node: v.array(
      v.looseObject({ name: v.string(), op: v.string(), input: v.optional(v.array(v.string())) }),
    ),
  }),
  weightsManifest: v.array(
    v.looseObject({
      weights: v.array(
        v.looseObject({
          name: v.string(),
          shape: v.array(v.number()),
          dtype: v.picklist(['float32', 'int32', 'bool']),
          quantization: v.optional(
            v.looseObject({
              dtype: v.string(),
              min: v.optional(v.number()),
              scale: v.optional(v.number()),
            }),
          ),
        }),
      ),
    }),
  ),
});
type Spec = v.InferOutput<typeof Graph>['weightsManifest'][number]['weights'][number];

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
};

/**
 * @param graph parsed model.json, @param shards its weights, @param logits name of the output node
 * @throws ModelUnusable if the logits are not one dense layer over 1280 features
 */
export function denseHead(
  graph: unknown,
  shards: readonly ArrayBuffer[],
  logits: string,
): DenseHead {
  const parsed = v.safeParse(Graph, graph);
  if (!parsed.success) throw new ModelUnusable('its last layer cannot be found');
  const nodes = new Map(parsed.output.modelTopology.node.map((node) => [node.name, node]));
  const names = layerInputs(nodes, logits);
  const specs = parsed.output.weightsManifest.flatMap((group) => group.weights);
  const weights = valuesOf(names.weights, specs, shards, FEATURE_DEPTH * CLASS_COUNT);
  const biases = valuesOf(names.biases, specs, shards, CLASS_COUNT);
  return { weights, biases };
}

/** Any weight of a graph, by its name. */
export interface WeightReader {
  /** Numbers it has; 0 if there is none of this name. */
  countOf(name: string): number;
  /** @throws ModelUnusable if it is not there or has another size */
  read(name: string, count: number): Float32Array;
}

/** @throws ModelUnusable */
export function weightReader(graph: unknown, shards: readonly ArrayBuffer[]): WeightReader {
  const parsed = v.safeParse(Graph, graph);
  if (!parsed.success) throw new ModelUnusable('its weights are named in an unknown way');
  const specs = parsed.output.weightsManifest.flatMap((group) => group.weights);
  return {
    countOf: (name) => {
      const spec = specs.find((each) => each.name === name);
      return spec ? spec.shape.reduce((product, side) => product * side, 1) : 0;
    },
    read: (name, count) => valuesOf(name, specs, shards, count),
  };
}

type Nodes = ReadonlyMap<string, { readonly op: string; readonly input?: string[] | undefined }>;

/** Fused, or as matrix product and addition; renaming nodes in between are stepped over. */
function layerInputs(nodes: Nodes, logits: string): { weights: string; biases: string } {
  const through = (name: string): string => {
    const clean = name.replace(/:0$/, '');
    const node = nodes.get(clean);
    return node?.op === 'Identity' && node.input?.[0] ? through(node.input[0]) : clean;
  };
  const last = nodes.get(through(logits));
  const [first = '', second = '', third = ''] = (last?.input ?? []).map(through);
  if (last?.op === '_FusedMatMul') return { weights: second, biases: third };
  const product = nodes.get(first);
  if (last && /^(BiasAdd|Add|AddV2)$/.test(last.op) && product?.op === 'MatMul') {
    return { weights: through(product.input?.[1] ?? ''), biases: second };
  }
  throw new ModelUnusable('its logits are not one dense layer');
}

function valuesOf(
  name: string,
  specs: readonly Spec[],
  shards: readonly ArrayBuffer[],
  count: number,
): Float32Array {
  let offset = 0;
  for (const spec of specs) {
    const dtype = spec.quantization?.dtype ?? spec.dtype;
    const length = spec.shape.reduce((product, side) => product * side, 1);
    const size = length * (BYTES[dtype] ?? Number.NaN);
    if (spec.name === name) {
      if (length !== count) throw new ModelUnusable(`“${name}” has ${length} weights`);
      return expand(spec, dtype, bytesFrom(shards, offset, size));
    }
    offset += size;
  }
  throw new ModelUnusable(`the weights “${name}” are missing`);
}

function bytesFrom(shards: readonly ArrayBuffer[], from: number, size: number): ArrayBuffer {
  const target = new Uint8Array(size);
  let start = 0;
  for (const shard of shards) {
    const begin = Math.max(from, start);
    const end = Math.min(from + size, start + shard.byteLength);
    if (end > begin) {
      target.set(new Uint8Array(shard, begin - start, end - begin), begin - from);
    }
    start += shard.byteLength;
  }
  return target.buffer;
}

/** As tfjs's own loader expands them. */
function expand(spec: Spec, dtype: string, bytes: ArrayBuffer): Float32Array {
  const { min = 0, scale = 1 } = spec.quantization ?? {};
  switch (dtype) {
    case 'float32':
      return new Float32Array(bytes);
    case 'float16':
      return Float32Array.from(new Uint16Array(bytes), fromHalf);
    case 'uint8':
      return Float32Array.from(new Uint8Array(bytes), (level) => level * scale + min);
    case 'uint16':
      return Float32Array.from(new Uint16Array(bytes), (level) => level * scale + min);
    default:
      throw new ModelUnusable(`a layer is stored as ${dtype}`);
  }
}

/** IEEE 754 half to number. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
