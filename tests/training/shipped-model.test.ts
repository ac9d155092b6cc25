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
import { blockMeans } from '../../src/inference/worker/evidence/lung-network.ts';
import { chestPhantom, parseManifest } from '../../src/model/index.ts';
import { answerOf, loadServed, startWasm } from '../../training/node/run-graph.ts';

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

  /** The graph in this file and its shards. */
  const filesOf = (path: string): string[] => {
    const graph = JSON.parse(readFileSync(join(folder, path), 'utf8')) as {
      weightsManifest: { paths: string[] }[];
    };
    const shards = graph.weightsManifest.flatMap((group) => group.paths);
    return [path, ...shards.map((shard) => join(dirname(path), shard))];
  };
  const sizeOf = (paths: readonly string[]): number =>
    manifest.files.reduce((sum, { path, bytes }) => sum + (paths.includes(path) ? bytes : 0), 0);

  it('lists every file it needs, none above 4 MB, together small enough', () => {
    const classifier = filesOf(manifest.graph);
    const { gate, lungs, seen } = manifest.assurance ?? {};
    const lungFiles = lungs ? filesOf(lungs.graph) : [];
    expect(manifest.files.map((file) => file.path).sort()).toEqual(
      [...classifier, ...lungFiles, ...(gate ? [gate.file] : []), ...(seen ? [seen.file] : [])].sort(),
    );
    expect(Math.max(...manifest.files.map((file) => file.bytes))).toBeLessThanOrEqual(
      4 * MEGABYTE,
    );
    const most = { uint8: 2.5, float16: 4.6, float32: 9.2 }[manifest.weights.dtype];
    expect(sizeOf(classifier)).toBeLessThanOrEqual(most * MEGABYTE);
    expect(sizeOf(lungFiles)).toBeLessThanOrEqual(1.2 * MEGABYTE);
    expect(sizeOf(gate ? [gate.file] : [])).toBeLessThanOrEqual(0.2 * MEGABYTE);
    expect(sizeOf(seen ? [seen.file] : [])).toBeLessThanOrEqual(0.2 * MEGABYTE);
    expect(sizeOf([...classifier, ...lungFiles])).toBeLessThanOrEqual(3.6 * MEGABYTE);
  });

  it(
    'has a lung network that gives its golden answers',
    { timeout: 120_000 },
    async ({ skip }) => {
      const lungs = manifest.assurance?.lungs;
      if (!lungs) return skip('the model on offer has no lung network');
      await startWasm();
      const model = await loadServed(join(folder, dirname(lungs.graph)));
      for (const { variant, visible, whole } of lungs.golden) {
        const logits = await answerOf(model, chestPhantom(224, variant), lungs.output.name);
        expect(logits.length).toBe(lungs.output.side ** 2 * 2);
        for (const [channel, expected] of [visible, whole].entries()) {
          for (const [block, mean] of blockMeans(logits, lungs.output.side, channel).entries()) {
            expect(Math.abs(mean - expected[block])).toBeLessThan(1e-3);
          }
        }
      }
      model.dispose();
    },
  );

  it('gives its golden answers in TensorFlow.js', { timeout: 120_000 }, async () => {
    await startWasm();
    const model = await loadServed(folder);
    for (const { variant, logits } of manifest.golden) {
      const answer = await answerOf(model, chestPhantom(manifest.input.shape[1], variant), 'logits');
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
