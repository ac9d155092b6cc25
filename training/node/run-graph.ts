/**
 * Runs a served model on TensorFlow.js's WASM backend in Node, the way the app does:
 * `npx tsx training/node/run-graph.ts MODEL_FOLDER INPUTS ANSWERS [OUTPUT]`.
 * INPUTS: raw float32, N × 224 × 224 in 0 … 1; ANSWERS: raw float32, written, all values of the output
 * named OUTPUT (`logits`: N × 4). The last line said is JSON: {"images", "backend", "medianMs"}.
 */
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { expandWeights } from '../../src/model/expand.ts';

const SIZE = 224;

interface GraphFile {
  readonly modelTopology: object;
  readonly signature: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly tf.io.WeightsManifestEntry[];
  }[];
}

function bytesOf(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer;
}

/** @throws Error if tfjs falls back to another backend than WASM */
export async function startWasm(): Promise<void> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(dirname(main) + sep);
  if (!(await tf.setBackend('wasm')) || tf.getBackend() !== 'wasm') {
    throw new Error('TensorFlow.js could not start its WASM backend in Node.');
  }
}

/** The graph of a served folder, its weights expanded as the app expands them. */
export async function loadServed(folder: string): Promise<GraphModel> {
  const stored = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as GraphFile;
  const paths = stored.weightsManifest.flatMap((group) => group.paths);
  const files = expandWeights({
    graph: stored,
    shards: paths.map((path) => bytesOf(join(folder, path))),
  });
  const graph = files.graph as GraphFile;
  const artifacts: tf.io.ModelArtifacts = {
    modelTopology: graph.modelTopology,
    weightSpecs: graph.weightsManifest.flatMap((group) => [...group.weights]),
    weightData: [...files.shards],
    signature: graph.signature,
  };
  return loadGraphModel({ load: () => Promise.resolve(artifacts) });
}

/** One picture, 224 × 224 in 0 … 1, to one of the graph's outputs. */
export async function answerOf(
  model: GraphModel,
  values: Float32Array,
  output: string,
): Promise<Float32Array> {
  const x = tf.tensor4d(values, [1, SIZE, SIZE, 1]);
  // The classifier's features are asked for as well: the app does, and it must cost nothing else.
  const names = output === 'logits' ? [output, 'features'] : [output];
  const outputs = [model.execute({ input: x }, names)].flat();
  try {
    return await outputs[0].data<'float32'>();
  } finally {
    tf.dispose([x, ...outputs]);
  }
}

async function main(
  folder: string,
  inputs: string,
  answers: string,
  output = 'logits',
): Promise<void> {
  await startWasm();
  const model = await loadServed(folder);
  const values = new Float32Array(bytesOf(inputs));
  const images = values.length / (SIZE * SIZE);
  const parts: Float32Array[] = [];
  const times: number[] = [];
  for (let i = 0; i < images; i += 1) {
    const begun = performance.now();
    const picture = values.subarray(i * SIZE * SIZE, (i + 1) * SIZE * SIZE);
    parts.push(await answerOf(model, picture, output));
    times.push(performance.now() - begun);
  }
  writeFileSync(answers, Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))));
  times.sort((a, b) => a - b);
  const medianMs = Math.round((times[times.length >> 1] ?? 0) * 10) / 10;
  console.log(JSON.stringify({ images, backend: tf.getBackend(), medianMs }));
}

const [entry, folder, inputs, answers, output] = process.argv.slice(1);
if (entry && import.meta.url === pathToFileURL(entry).href) {
  if (!folder || !inputs || !answers) {
    console.error('usage: npx tsx training/node/run-graph.ts MODEL_FOLDER INPUTS ANSWERS [OUTPUT]');
    process.exit(2);
  }
  await main(folder, inputs, answers, output);
}
