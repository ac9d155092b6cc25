/**
 * The model in public/models as the app will meet it: its manifest by the app's own schema, its files
 * by size and hash, its golden answers by TensorFlow.js from the expanded weights.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { CurrentSchema, type Manifest } from '../../src/model/manifest.ts';
import { chestPhantom, parseManifest } from '../../src/model/index.ts';
import { loadServed, logitsOf, startWasm } from '../../training/node/run-graph.ts';

const models = join(import.meta.dirname, '../../public/models');
const MEGABYTE = 1e6;

describe('the model on offer', () => {
  let folder: string;
  let manifest: Manifest;

  beforeAll(() => {
    const offered = join(models, 'current.json');
    expect(existsSync(offered), 'public/models/current.json names the model on offer').toBe(true);
    const current = v.parse(CurrentSchema, JSON.parse(readFileSync(offered, 'utf8')));
    folder = dirname(join(models, current.manifest));
    manifest = parseManifest(JSON.parse(readFileSync(join(models, current.manifest), 'utf8')));
    expect([manifest.id, manifest.version]).toEqual([current.id, current.version]);
  });

  it('has every file as the manifest lists it', () => {
    for (const { path, bytes, sha256 } of manifest.files) {
      const data = readFileSync(join(folder, path));
      expect([path, data.length, createHash('sha256').update(data).digest('hex')]).toEqual([
        path,
        bytes,
        sha256,
      ]);
    }
  });

  it('lists every file the graph asks for, none above 4 MB, together small enough', () => {
    const graph = JSON.parse(readFileSync(join(folder, manifest.graph), 'utf8')) as {
      weightsManifest: { paths: string[] }[];
    };
    const named = [manifest.graph, ...graph.weightsManifest.flatMap((group) => group.paths)];
    expect(manifest.files.map((file) => file.path).sort()).toEqual(named.sort());
    expect(Math.max(...manifest.files.map((file) => file.bytes))).toBeLessThanOrEqual(
      4 * MEGABYTE,
    );
    const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const most = { uint8: 2.5, float16: 4.6, float32: 9.2 }[manifest.weights.dtype];
    expect(total).toBeLessThanOrEqual(most * MEGABYTE);
  });

  it('gives its golden answers in TensorFlow.js', { timeout: 120_000 }, async () => {
    await startWasm();
    const model = await loadServed(folder);
    for (const { variant, logits } of manifest.golden) {
      const answer = await logitsOf(model, chestPhantom(manifest.input.shape[1], variant));
      for (const [index, expected] of logits.entries()) {
        expect(Math.abs(answer[index] - expected)).toBeLessThanOrEqual(1e-4);
      }
    }
    model.dispose();
  });

  it('has golden answers that tell a wrong network from the right one', () => {
    const [first, ...others] = manifest.golden;
    const apart = others.map(({ logits }) =>
      Math.max(...logits.map((value, index) => Math.abs(value - (first.logits[index] ?? 0)))),
    );
    expect(Math.max(...apart)).toBeGreaterThan(5 * manifest.tolerance);
  });

  it('has figures that agree with their own confusion matrices', () => {
    for (const group of manifest.evaluation.groups) {
      if (!group.confusion) continue;
      const all = group.confusion.flat().reduce((sum, count) => sum + count, 0);
      const right = group.confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
      expect(all).toBe(group.images);
      expect(right / all).toBeCloseTo(group.accuracy, 5);
    }
  });
});
