/** Stored files into what the runtime needs. */
import * as v from 'valibot';
import { ManifestUnusable, StoredModelDamaged } from './errors.ts';
import { expandWeights } from './expand.ts';
import type { Manifest } from './manifest.ts';
import type { ModelBytes } from './types.ts';

/** The part of a tfjs graph model's model.json that says which shards hold the weights. */
const GraphSchema = v.looseObject({
  weightsManifest: v.array(v.looseObject({ paths: v.array(v.string()) })),
});

/**
 * @param contents the files by path; null where one is missing or damaged
 * @throws StoredModelDamaged, naming the files; ManifestUnusable if the graph is no graph
 */
export function assembleModel(
  manifest: Manifest,
  contents: ReadonlyMap<string, ArrayBuffer | null>,
): ModelBytes<Manifest> {
  const damaged = manifest.files
    .filter((file) => contents.get(file.path)?.byteLength !== file.bytes)
    .map((file) => file.path);
  if (damaged.length > 0) throw new StoredModelDamaged(damaged);
  const graph = parseGraph(manifest.graph, contents.get(manifest.graph));
  const folder = manifest.graph.slice(0, manifest.graph.lastIndexOf('/') + 1);
  const shards = graph.weightsManifest
    .flatMap((group) => group.paths)
    .map((path) => {
      const shard = contents.get(folder + path);
      if (!shard) throw new ManifestUnusable(`the graph needs “${path}”, which is not listed`);
      return shard;
    });
  return { manifest, ...expandWeights({ graph, shards }) };
}

function parseGraph(
  path: string,
  bytes: ArrayBuffer | null | undefined,
): v.InferOutput<typeof GraphSchema> {
  try {
    return v.parse(GraphSchema, JSON.parse(new TextDecoder().decode(bytes ?? undefined)));
  } catch (error) {
    throw new ManifestUnusable(`“${path}” is no graph of a network`, { cause: error });
  }
}
