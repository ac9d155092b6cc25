/** Stored files into what the runtime needs. */
import * as v from 'valibot';
import { ManifestUnusable, StoredModelDamaged } from './errors.ts';
import { expandWeights, type WeightFiles } from './expand.ts';
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
  const { assurance } = manifest;
  const gate = assurance && contents.get(assurance.gate.file);
  const seen = assurance?.seen && contents.get(assurance.seen.file);
  return {
    manifest,
    ...network(manifest.graph, contents),
    ...(gate ? { gate } : {}),
    ...(seen ? { seen } : {}),
    ...(assurance?.lungs ? { lungs: network(assurance.lungs.graph, contents) } : {}),
  };
}

/** A graph and the shards it names, expanded to what the runtime takes. */
function network(path: string, contents: ReadonlyMap<string, ArrayBuffer | null>): WeightFiles {
  const graph = parseGraph(path, contents.get(path));
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const shards = graph.weightsManifest
    .flatMap((group) => group.paths)
    .map((name) => {
      const shard = contents.get(folder + name);
      if (!shard) throw new ManifestUnusable(`the graph needs “${name}”, which is not listed`);
      return shard;
    });
  return expandWeights({ graph, shards });
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
