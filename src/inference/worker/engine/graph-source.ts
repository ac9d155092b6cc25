/**
 * ModelBytes → what tfjs's loader takes. The outside of model.json is checked here (its bytes are
 * already known by hash, but a hash says nothing of an exporter's fault); the ops themselves are
 * checked by the loader and by the known-answer test.
 */
import type { io } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { ModelUnusable } from '../../errors.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1 << 28));

const WeightSpec = v.looseObject({
  name: v.pipe(v.string(), v.minLength(1)),
  shape: v.pipe(v.array(size), v.maxLength(8)),
  dtype: v.picklist(['float32', 'int32', 'bool']),
  quantization: v.optional(
    v.union([
      v.object({ dtype: v.literal('float16') }),
      v.object({
        dtype: v.picklist(['uint8', 'uint16']),
        min: v.pipe(v.number(), v.finite()),
        scale: v.pipe(v.number(), v.finite()),
      }),
    ]),
  ),
});

const GraphFile = v.looseObject({
  format: v.optional(v.string()),
  modelTopology: v.looseObject({
    node: v.pipe(v.array(v.looseObject({ name: v.string(), op: v.string() })), v.minLength(1)),
    versions: v.optional(v.looseObject({})),
  }),
  weightsManifest: v.pipe(
    v.array(v.object({ paths: v.array(v.string()), weights: v.array(WeightSpec) })),
    v.minLength(1),
  ),
  signature: v.optional(v.looseObject({})),
});

const BYTES = { float32: 4, int32: 4, bool: 1, float16: 2, uint16: 2, uint8: 1 } as const;

function byteLength(spec: v.InferOutput<typeof WeightSpec>): number {
  const values = spec.shape.reduce((product, side) => product * side, 1);
  return values * BYTES[spec.quantization?.dtype ?? spec.dtype];
}

/**
 * @param graph parsed model.json
 * @param shards weight files in the order the weights manifest names them
 * @throws ModelUnusable if the file has another form or the shards another length
 */
export function toModelArtifacts(
  graph: unknown,
  shards: readonly ArrayBuffer[],
): io.ModelArtifacts {
  const parsed = v.safeParse(GraphFile, graph);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new ModelUnusable(`${v.getDotPath(issue) ?? 'model.json'}: ${issue.message}`);
  }
  const file = parsed.output;
  const weightSpecs = file.weightsManifest.flatMap((group) => group.weights);
  const paths = file.weightsManifest.flatMap((group) => group.paths);
  if (paths.length !== shards.length) {
    throw new ModelUnusable(`${paths.length} weight files are named, ${shards.length} are there`);
  }
  const named = weightSpecs.reduce((sum, spec) => sum + byteLength(spec), 0);
  const there = shards.reduce((sum, shard) => sum + shard.byteLength, 0);
  if (named !== there) {
    throw new ModelUnusable(`the weights need ${named} bytes, the files hold ${there}`);
  }
  return {
    // tfjs reads the producer's version for a string it never shows; without it it throws.
    modelTopology: { versions: { producer: 0, minConsumer: 0 }, ...file.modelTopology },
    // The loader expands float16 and uint8 weights to float32 by `quantization`.
    weightSpecs: weightSpecs,
    weightData: [...shards],
    ...(file.signature ? { signature: file.signature } : {}),
  };
}
