/** The build leaves out what no network needs of tfjs: the networks are run with what is left. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toModelArtifacts } from '../../src/inference/worker/engine/graph-source.ts';
import { expandWeights } from '../../src/model/index.ts';
import app from '../../vite.config.ts';
import type * as Graph from './support/graph-entry.ts';

const MODELS = path.resolve('public/models');
const folder = mkdtempSync(path.join(os.tmpdir(), 'fieldray-graph-'));
let left: typeof Graph;

beforeAll(async () => {
  // Both tfjs share one list of kernels and speak of each that is there already.
  vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const entry = path.resolve('tests/inference/support/graph-entry.ts');
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: app.resolve,
    ssr: { noExternal: true },
    build: { ssr: entry, outDir: folder, target: 'node20', minify: false },
  });
  const [file] = readdirSync(folder).filter((name) => /^graph-entry\.m?js$/.test(name));
  left = (await import(
    /* @vite-ignore */ pathToFileURL(path.join(folder, file)).href
  )) as typeof left;
  await left.setBackend('cpu');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface GraphFile {
  readonly modelTopology: {
    readonly node: readonly {
      readonly name: string;
      readonly op: string;
      readonly attr: {
        readonly shape?: { readonly shape: { readonly dim: readonly { readonly size: string }[] } };
      };
    }[];
  };
  readonly weightsManifest: readonly { readonly paths: readonly string[] }[];
}

/** Every network of every model that is shipped, by its folder. */
function networks(): string[] {
  return readdirSync(MODELS, { recursive: true, encoding: 'utf8' })
    .filter((name) => path.basename(name) === 'model.json')
    .map((name) => path.dirname(name));
}

const graphOf = (name: string): GraphFile =>
  JSON.parse(readFileSync(path.join(MODELS, name, 'model.json'), 'utf8')) as GraphFile;
const operationsOf = (name: string): string[] =>
  graphOf(name).modelTopology.node.map(({ op }) => op);

const shardsOf = (name: string): ArrayBuffer[] =>
  graphOf(name)
    .weightsManifest.flatMap(({ paths }) => paths)
    .map((file) => Uint8Array.from(readFileSync(path.join(MODELS, name, file))).buffer);

/** As the engine gets it: weights that are packed tighter than tfjs knows are expanded. */
function artifactsOf(name: string, graph: GraphFile) {
  const files = expandWeights({ graph, shards: shardsOf(name) });
  return toModelArtifacts(files.graph, files.shards);
}

/** All outputs for one input, by tfjs as the build has it, or by all of it. */
async function run(tf: typeof Graph, name: string): Promise<Float32Array[]> {
  const graph = graphOf(name);
  const artifacts = artifactsOf(name, graph);
  const model = await tf.loadGraphModel({ load: () => Promise.resolve(artifacts) });
  const [input] = graph.modelTopology.node.filter(({ op }) => op === 'Placeholder');
  const shape = (input.attr.shape?.shape.dim ?? []).map(({ size }) => Math.abs(Number(size)));
  const values = Float32Array.from(
    { length: shape.reduce((product, side) => product * side, 1) },
    (_, i) => (Math.sin(i / 7) + 1) / 2,
  );
  return tf.tidy(() =>
    [model.execute(tf.tensor(values, shape)) as unknown]
      .flat()
      .map((output) => Float32Array.from((output as Graph.Tensor).dataSync())),
  );
}

describe('the operations that the build leaves of tfjs', () => {
  const current = JSON.parse(readFileSync(path.join(MODELS, 'current.json'), 'utf8')) as {
    readonly manifest: string;
  };
  const delivered = networks().filter((name) => name.startsWith(path.dirname(current.manifest)));

  it.each(delivered)(
    'run %s and give the same numbers as all of tfjs',
    async (name) => {
      const whole = await import('./support/graph-entry.ts');
      await whole.setBackend('cpu');
      const answers = await run(left, name);
      expect(answers.length).toBeGreaterThan(0);
      expect(answers).toEqual(await run(whole, name));
      expect(answers.flatMap((values) => [...values.slice(0, 100)]).every(Number.isFinite)).toBe(
        true,
      );
    },
    120_000,
  );

  it('are those of every network that is shipped', () => {
    const run = delivered.flatMap(operationsOf);
    for (const name of networks()) expect(run).toEqual(expect.arrayContaining(operationsOf(name)));
  });

  it('are fewer: an operation of no network is refused by name', async () => {
    const [name] = delivered;
    const graph = graphOf(name);
    const { node } = graph.modelTopology;
    const odd = node.map((each) =>
      each.op === 'AddV2' ? { ...each, op: 'NonMaxSuppressionV5' } : each,
    );
    const artifacts = artifactsOf(name, {
      ...graph,
      modelTopology: { ...graph.modelTopology, node: odd },
    });
    const opening = left
      .loadGraphModel({ load: () => Promise.resolve(artifacts) })
      .then((model) => model.execute(left.tensor(new Float32Array(224 * 224), [1, 224, 224, 1])));
    await expect(opening).rejects.toThrow(/NonMaxSuppressionV5|not a function/);
  });
});
