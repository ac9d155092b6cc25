/** The stored model with a site's own weights and known answers laid over it. */
import * as v from 'valibot';
import type { Manifest } from '../../../model/index.ts';
import type { ModelBytes } from '../../../model/types.ts';
import { ModelUnusable, SiteModelMismatch } from '../../errors.ts';
import type { DenseHead } from '../evidence/head.ts';
import type { SiteModel, WeightOverlay } from '../../types.ts';

const WIDTHS: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
};

const Graph = v.looseObject({
  weightsManifest: v.array(
    v.looseObject({
      paths: v.array(v.string()),
      weights: v.array(
        v.looseObject({
          name: v.string(),
          shape: v.array(v.number()),
          dtype: v.string(),
          quantization: v.optional(v.looseObject({ dtype: v.string() })),
        }),
      ),
    }),
  ),
});

export interface SiteBytes extends ModelBytes<Manifest> {
  /** Graph and weights as delivered, where some of them were replaced. */
  readonly delivered?: Pick<ModelBytes<Manifest>, 'graph' | 'shards'>;
}

/**
 * @throws SiteModelMismatch if it was made on another model, ModelUnusable if a weight is not there
 *   or has another size
 */
export function withSite(
  model: ModelBytes<Manifest>,
  site: SiteModel | null | undefined,
): SiteBytes {
  if (!site) return model;
  const { id, version } = model.manifest;
  if (site.base.id !== id || site.base.version !== version) {
    throw new SiteModelMismatch(`${site.base.id} ${site.base.version}`, `${id} ${version}`);
  }
  const { overlay } = site;
  if (!overlay) return model;
  const golden = model.manifest.golden.map((known, at) => {
    const logits = overlay.golden[at];
    if (logits?.length !== known.logits.length) {
      throw new ModelUnusable('the adapted model has no known answers');
    }
    return { ...known, logits: [...logits] };
  });
  const manifest = { ...model.manifest, golden };
  const { graph, shards } = model;
  return { ...model, ...layOver(graph, shards, overlay), manifest, delivered: { graph, shards } };
}

/** One shard of float32 where weights were replaced, and the bytes as they were everywhere else. */
function layOver(
  graph: unknown,
  shards: readonly ArrayBuffer[],
  { weights }: WeightOverlay,
): Pick<ModelBytes<Manifest>, 'graph' | 'shards'> {
  const file = v.parse(Graph, graph);
  const specs = file.weightsManifest.flatMap((group) => group.weights);
  const stored = joined(shards);
  const parts: Uint8Array[] = [];
  const left = new Set(Object.keys(weights));
  let at = 0;
  const patched = specs.map((spec) => {
    const length = spec.shape.reduce((product, side) => product * side, 1);
    const bytes = length * (WIDTHS[spec.quantization?.dtype ?? spec.dtype] ?? Number.NaN);
    const before = stored.subarray(at, at + bytes);
    at += bytes;
    if (!left.delete(spec.name)) {
      parts.push(before);
      return spec;
    }
    const values = weights[spec.name];
    if (values.length !== length) throw new ModelUnusable(`“${spec.name}” has another size`);
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return { name: spec.name, shape: spec.shape, dtype: 'float32' };
  });
  if (left.size > 0) throw new ModelUnusable(`it has no weights “${[...left].join('”, “')}”`);
  const manifest = [{ paths: ['weights'], weights: patched }];
  return { graph: { ...file, weightsManifest: manifest }, shards: [joined(parts).buffer] };
}

function joined(parts: readonly (ArrayBuffer | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part instanceof Uint8Array ? part : new Uint8Array(part), at);
    at += part.byteLength;
  }
  return all;
}

/**
 * What a dense layer makes of an embedding, in float64.
 * @param embedding 1280 numbers
 */
export function denseLogits({ weights, biases }: DenseHead, embedding: Float32Array): Float32Array {
  const classes = biases.length;
  const sums = Float64Array.from(biases);
  for (let i = 0, at = 0; i < embedding.length; i++, at += classes) {
    const value = embedding[i];
    if (value === 0) continue;
    for (let k = 0; k < classes; k++) sums[k] += value * weights[at + k];
  }
  return Float32Array.from(sums);
}
