/** The served network as plain arrays: what the peers' forms of it are written from. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as v from 'valibot';
import { expandWeights, parseManifest, type Manifest } from '../../src/model/index.ts';

// Without it tfjs recommends its native package on every run.
tf.enableProdMode();

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface ShippedNetwork {
  readonly manifest: Manifest;
  /** In the order they run. */
  readonly nodes: readonly GraphNode[];
  /** By the name of their Const node; float32 whatever they are stored as. */
  readonly weights: ReadonlyMap<string, Weight>;
}

const GraphSchema = v.object({
  modelTopology: v.object({
    node: v.array(
      v.object({
        name: v.string(),
        op: v.string(),
        input: v.optional(v.array(v.string()), []),
        attr: v.optional(v.record(v.string(), v.unknown()), {}),
      }),
    ),
  }),
  weightsManifest: v.array(
    v.object({ paths: v.array(v.string()), weights: v.array(v.looseObject({ name: v.string() })) }),
  ),
});

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}

/**
 * @param models the served folder with current.json
 * @throws Error if there is no model or it is none of ours
 */
export function readShipped(models: string): ShippedNetwork {
  const current = v.parse(v.object({ manifest: v.string() }), json(`${models}/current.json`));
  const manifest = parseManifest(json(path.join(models, current.manifest)));
  const folder = path.join(models, path.dirname(current.manifest));
  const stored = json(path.join(folder, manifest.graph));
  const paths = v.parse(GraphSchema, stored).weightsManifest.flatMap((group) => group.paths);
  const files = expandWeights({
    graph: stored,
    shards: paths.map((name) => new Uint8Array(readFileSync(path.join(folder, name))).buffer),
  });
  const graph = v.parse(GraphSchema, files.graph);
  const specs = graph.weightsManifest.flatMap((group) => group.weights);
  const tensors = tf.io.decodeWeights(
    [...files.shards],
    specs as unknown as tf.io.WeightsManifestEntry[],
  );
  const weights = new Map<string, Weight>();
  for (const [name, tensor] of Object.entries(tensors)) {
    weights.set(name, {
      shape: tensor.shape,
      values: tensor.dataSync<'float32' | 'int32'>().slice(),
    });
    tensor.dispose();
  }
  return { manifest, nodes: graph.modelTopology.node, weights };
}

/** A convolution of the served graph, read from its node. */
export interface Convolution {
  readonly depthwise: boolean;
  readonly stride: number;
  readonly relu6: boolean;
  /** Names: what it is applied to, its kernel, its bias. */
  readonly source: string;
  readonly kernel: string;
  readonly bias: string;
}

const Strings = v.object({ list: v.object({ s: v.array(v.string()) }) });
const Numbers = v.object({ list: v.object({ i: v.array(v.string()) }) });

/** @returns null if the node is no fused convolution */
export function asConvolution(node: GraphNode): Convolution | null {
  const depthwise = node.op === 'FusedDepthwiseConv2dNative';
  if (!depthwise && node.op !== '_FusedConv2D') return null;
  const fused = v.parse(Strings, node.attr['fused_ops']).list.s.map((text) => atob(text));
  const padding = atob(v.parse(v.object({ s: v.string() }), node.attr['padding']).s);
  const known = fused[0] === 'BiasAdd' && fused.slice(1).every((each) => each === 'Relu6');
  if (!known || padding !== 'SAME') {
    throw new Error(`The benchmark does not know a ${fused.join(' + ')} with ${padding} padding.`);
  }
  const [source, kernel, bias] = node.input;
  const stride = Number(v.parse(Numbers, node.attr['strides']).list.i[1]);
  return { depthwise, stride, relu6: fused.length === 2, source, kernel, bias };
}

/** @throws Error if there is no such weight, or it is not float32 */
export function floatWeight(
  network: ShippedNetwork,
  name: string,
): Weight & { values: Float32Array } {
  const weight = network.weights.get(name);
  if (!(weight?.values instanceof Float32Array)) {
    throw new Error(`The served model has no float32 weight “${name}”.`);
  }
  return { shape: weight.shape, values: weight.values };
}
