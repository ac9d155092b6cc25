/**
 * The app registers single kernels of the WASM backend: what the served graphs are made of must be
 * among them. (Other tests of the served model run on the whole backend, which has everything.)
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getKernelsForBackend } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import '../../src/inference/worker/engine/wasm-kernels.ts';

const models = join(import.meta.dirname, '../../public/models');
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Names of graph operations whose kernel has another one; null: no kernel at all. */
const KERNEL: Readonly<Record<string, string | null>> = {
  ...{ Placeholder: null, Const: null },
  ...{ AddV2: 'Add', Relu6: 'Relu6', MatMul: 'BatchMatMul', BiasAdd: 'Add' },
  ...{ _FusedConv2D: 'FusedConv2D', FusedDepthwiseConv2dNative: 'FusedDepthwiseConv2D' },
};

const { manifest } = read(join(models, 'current.json')) as { manifest: string };
const { graph, assurance } = read(join(models, manifest)) as {
  graph: string;
  assurance?: { lungs?: { graph: string } };
};
const graphs = [graph, ...(assurance?.lungs ? [assurance.lungs.graph] : [])];

describe('the app’s own kernels', () => {
  it.each(graphs)('have every operation of %s', (file) => {
    const path = join(models, dirname(manifest), file);
    const { modelTopology } = read(path) as { modelTopology: { node: { op: string }[] } };
    const ops = [...new Set(modelTopology.node.map(({ op }) => op))];
    expect(ops.length).toBeGreaterThan(4);
    const registered = new Set(getKernelsForBackend('wasm').map(({ kernelName }) => kernelName));
    const missing = ops.filter((op) => {
      const kernel = op in KERNEL ? KERNEL[op] : op;
      return kernel !== null && !registered.has(kernel);
    });
    expect(missing).toEqual([]);
  });
});
