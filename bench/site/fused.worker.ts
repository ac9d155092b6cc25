/** Fieldray's own engine on WASM with the served model, exactly as the app's worker runs it. */
import * as Comlink from 'comlink';
import { createTfjsEngine } from '../../src/inference/worker/engine/tfjs-engine.ts';
import type { InferenceEngine } from '../../src/inference/worker/engine/engine.ts';
import { expandWeights, parseManifest } from '../../src/model/index.ts';
import type { Contender, Run } from './contender.ts';

let engine: InferenceEngine | null = null;

async function json(url: URL): Promise<unknown> {
  return (await fetch(url)).json() as Promise<unknown>;
}

const contender: Contender = {
  async open(base) {
    const current = (await json(new URL('models/current.json', base))) as { manifest: string };
    const address = new URL(`models/${current.manifest}`, base);
    const manifest = parseManifest(await json(address));
    const graph = (await json(new URL(manifest.graph, address))) as {
      weightsManifest: { paths: string[] }[];
    };
    const paths = graph.weightsManifest.flatMap((group) => group.paths);
    const shards = await Promise.all(
      paths.map(async (path) => (await fetch(new URL(path, address))).arrayBuffer()),
    );
    engine = await createTfjsEngine('wasm', { allowSoftware: false });
    await engine.load({ manifest, ...expandWeights({ graph, shards }) });
  },
  async run(values): Promise<Run> {
    if (!engine) throw new Error('The network is not open.');
    const begun = performance.now();
    const { logits } = await engine.run({ kind: 'values', values });
    const ms = performance.now() - begun;
    return { logits: [...logits], ms };
  },
};
Comlink.expose(contender);
