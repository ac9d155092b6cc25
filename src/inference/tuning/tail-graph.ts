/** The end of the served network as a list of layers with their weights, read from the graph itself. */
import * as v from 'valibot';
import { weightReader } from '../worker/evidence/head.ts';
import { cutPointOf, type CutPoint } from './blocks.ts';
import { TailUnknown } from './errors.ts';

export type TailLayer =
  | {
      /** 1 × 1 convolution. */
      readonly kind: 'pointwise' | 'depthwise';
      readonly name: string;
      readonly source: string;
      readonly inputs: number;
      readonly outputs: number;
      readonly stride: 1 | 2;
      /** ReLU6 behind it. */
      readonly act: boolean;
    }
  | { readonly kind: 'sum'; readonly name: string; readonly sources: readonly [string, string] };

/** Weights of a layer are `NAME/w` and `NAME/b`, as in the graph. */
export interface TailSpec {
  readonly entry: Pick<CutPoint, 'entry' | 'side' | 'depth'>;
  readonly layers: readonly TailLayer[];
  readonly parameters: ReadonlyMap<string, Parameter>;
}

export interface Parameter {
  /** pointwise [inputs, outputs], depthwise [3, 3, channels, 1], bias [outputs]. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const text = v.object({ s: v.optional(v.string()) });
const Topology = v.looseObject({
  modelTopology: v.looseObject({
    node: v.array(
      v.looseObject({
        name: v.string(),
        op: v.string(),
        input: v.optional(v.array(v.string()), []),
        attr: v.optional(
          v.looseObject({
            strides: v.optional(v.looseObject({ list: v.looseObject({ i: v.array(v.string()) }) })),
            padding: v.optional(text),
            fused_ops: v.optional(
              v.looseObject({ list: v.looseObject({ s: v.array(v.string()) }) }),
            ),
          }),
          {},
        ),
      }),
    ),
  }),
});
type Node = v.InferOutput<typeof Topology>['modelTopology']['node'][number];

/**
 * @param graph parsed model.json, its weights expanded to float32 in `shards`
 * @param block the first block of the tail
 * @throws TailUnknown if the graph is another network than the one that is cut
 */
export function tailOf(graph: unknown, shards: readonly ArrayBuffer[], block: number): TailSpec {
  const parsed = v.safeParse(Topology, graph);
  if (!parsed.success) throw new TailUnknown('its layers cannot be read');
  const nodes = parsed.output.modelTopology.node;
  const cut = cutPointOf(block);
  const reader = weightReader(graph, shards);
  const depths = new Map([[cut.entry, cut.depth]]);
  const layers: TailLayer[] = [];
  const parameters = new Map<string, Parameter>();
  for (const node of nodes) {
    const sources = node.input.map((name) => name.replace(/:0$/, ''));
    // Nodes stand in the order they run; what depends on nothing of the tail is the frozen front.
    if (!depths.has(sources[0]) && !(node.op === 'AddV2' && depths.has(sources[1]))) continue;
    if (node.name === cut.entry) continue;
    if (depths.has('features')) break;
    const depth = depths.get(sources[0]) ?? 0;
    const layer = layerOf(node, sources, depth, reader.countOf(sources[2] ?? ''));
    layers.push(layer);
    if (layer.kind === 'sum') {
      if (!layer.sources.every((name) => depths.get(name) === depth)) throw unknown(node);
      depths.set(layer.name, depth);
      continue;
    }
    if (sources[1] !== `${weightName(layer)}/w`) throw unknown(node);
    depths.set(layer.name, layer.outputs);
    const { inputs, outputs, kind } = layer;
    const shape = kind === 'pointwise' ? [inputs, outputs] : [3, 3, inputs, 1];
    const count = shape.reduce((product, side) => product * side, 1);
    parameters.set(sources[1], { shape, values: reader.read(sources[1], count) });
    parameters.set(sources[2], { shape: [outputs], values: reader.read(sources[2], outputs) });
  }
  if (!depths.has('features') || !layers.some(({ name }) => name.startsWith(`b${block}.`))) {
    throw new TailUnknown(`it has no block ${block}`);
  }
  return { entry: cut, layers, parameters };
}

/** The last layer gives the features, and its weights have its own name. */
export function weightName({ name }: { readonly name: string }): string {
  return name === 'features' ? 'conv_last' : name;
}

function layerOf(node: Node, sources: string[], depth: number, outputs: number): TailLayer {
  const { name } = node;
  if (node.op === 'AddV2') return { kind: 'sum', name, sources: [sources[0], sources[1]] };
  const depthwise = node.op === 'FusedDepthwiseConv2dNative';
  if (!depthwise && node.op !== '_FusedConv2D') throw unknown(node);
  const fused = (node.attr.fused_ops?.list.s ?? []).map(atob);
  const stride = Number(node.attr.strides?.list.i[1]);
  const same = atob(node.attr.padding?.s ?? '') === 'SAME';
  const plain = stride === 1 || (depthwise && stride === 2);
  if (!same || !plain || fused[0] !== 'BiasAdd' || (fused[1] ?? 'Relu6') !== 'Relu6') {
    throw unknown(node);
  }
  return {
    kind: depthwise ? 'depthwise' : 'pointwise',
    name,
    source: sources[0],
    inputs: depth,
    outputs,
    stride: stride === 2 ? 2 : 1,
    act: fused.length > 1,
  };
}

function unknown({ name, op }: Node): TailUnknown {
  return new TailUnknown(`its layer “${name}” (${op}) is of an unknown form`);
}
