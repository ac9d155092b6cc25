/** The benchmark's site: page and workers built like the app, networks and pictures made beside them. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, defaultClientConditions } from 'vite';
import { serve } from '../tools/serve/server.mjs';
import app, { buildFacts, LEFT_OUT } from '../vite.config.ts';
import { toOnnx } from './networks/onnx.ts';
import { readShipped } from './networks/shipped.ts';
import { toUnfused } from './networks/unfused.ts';
import { writePictures } from './pictures.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

export interface BuiltSite {
  readonly folder: string;
  readonly model: { readonly id: string; readonly version: string; readonly dtype: string };
}

/** @param distinct different pictures in each folder of pictures */
export async function buildSite(folder: string, distinct: number): Promise<BuiltSite> {
  await build({
    configFile: false,
    root: path.join(ROOT, 'bench/site'),
    base: './',
    logLevel: 'warn',
    define: buildFacts(),
    worker: app.worker,
    // onnxruntime's own files stay files of their own: its threads load them again. The unfused network
    // needs operations that the app leaves out.
    resolve: {
      alias: LEFT_OUT,
      conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
    },
    build: { ...app.build, outDir: folder, emptyOutDir: true },
  });
  const models = path.join(ROOT, 'public/models');
  cpSync(models, path.join(folder, 'models'), { recursive: true });
  const network = readShipped(models);
  const networks = path.join(folder, 'networks');
  const unfused = toUnfused(network);
  mkdirSync(path.join(networks, 'unfused'), { recursive: true });
  writeFileSync(path.join(networks, 'network.onnx'), toOnnx(network));
  writeFileSync(path.join(networks, 'unfused/model.json'), unfused.modelJson);
  writeFileSync(path.join(networks, 'unfused/weights.bin'), unfused.weights);
  await writePictures(path.join(folder, 'pictures'), distinct);
  const { id, version, weights } = network.manifest;
  return { folder, model: { id, version, dtype: weights.dtype } };
}

/** Our own server, and the one header more that threads need. */
export function serveSite(folder: string): ReturnType<typeof serve> {
  return serve({
    directory: folder,
    intercept: (_request, response) => {
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      return false;
    },
  });
}
