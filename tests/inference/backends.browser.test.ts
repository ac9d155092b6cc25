import { describe, expect, it } from 'vitest';
import { mirroredCopy } from '../../src/inference/worker/evidence/copies.ts';
import { pooledEmbedding } from '../../src/inference/worker/pooling.ts';
import { Lane, type LaneSetup } from '../../src/inference/page/lane.ts';
import type { BackendId } from '../../src/inference/index.ts';
import { pictureToModelInput } from '../../src/preprocess/index.ts';
import { decodePicture } from '../../src/radiograph/index.ts';
import { largestDifference, phantomPng, WorkerYard } from './support/bench.ts';
import { makeTestModel, referenceRun, testNetwork } from './support/test-model.ts';
import type { Tampering } from './support/tamper.ts';

const PLAN = { golden: 'all', timedRuns: 2, budgetMs: 4000 } as const;
const ALL: BackendId[] = ['wasm', 'webgl', 'webgpu', 'cpu'];
/** Software WebGPU builds its shaders for many seconds on a busy machine. */
const SLOW = { timeout: 240_000 };
const model = makeTestModel();

function setup(orders: Tampering = {}, bytes = model): LaneSetup {
  return {
    source: { kind: 'bytes', model: bytes },
    createWorker: new WorkerYard(orders).create,
    limits: {},
  };
}

describe('every backend', () => {
  it.each(ALL)(
    '%s gives the golden logits, the features and the embedding',
    SLOW,
    async (backend) => {
      const opened = await Lane.open(backend, setup(), { plan: PLAN, allowSoftware: true });
      expect(opened.trial).toMatchObject({ backend, outcome: 'passed' });
      expect(opened.trial.maxError).toBeLessThan(1e-4);
      // WebGPU: the compute pass gave the CPU's numbers, so it is used.
      expect(opened.trial.detail).not.toMatch(/prepared by the processor/);
      expect(opened.trial.medianMs).toBeGreaterThan(0);
      const lane = opened.lane as Lane;
      try {
        const png = await phantomPng(5);
        const reading = await lane.ask('read', {
          source: png,
          withFeatures: true,
          examine: null,
          adjust: null,
        });
        const input = pictureToModelInput(await decodePicture(png));
        const expected = referenceRun(testNetwork(), input);
        expect(largestDifference(reading.logits, expected.logits)).toBeLessThan(2e-3);
        expect(largestDifference(reading.features as Float32Array, expected.features)).toBeLessThan(
          0.02,
        );
        const embedding = Array.from({ length: 1280 }, (_, channel) => {
          let sum = 0;
          for (let place = 0; place < 49; place++) {
            sum += (reading.features as Float32Array)[place * 1280 + channel];
          }
          return Math.fround(sum / 49);
        });
        expect(largestDifference(reading.embedding, embedding)).toBe(0);
        expect(reading).toMatchObject({
          backend,
          modelId: 'test-network',
          modelVersion: '2.0.0',
          picture: { width: 256, height: 256, format: 'png' },
        });
        expect(Math.max(reading.thumbnail?.width ?? 0, reading.thumbnail?.height ?? 0)).toBe(192);
        reading.thumbnail?.close();
        for (const ms of Object.values(reading.timings)) expect(ms).toBeGreaterThanOrEqual(0);
        expect(reading.timings.total).toBeGreaterThanOrEqual(reading.timings.inference);

        const before = await lane.tensors();
        const mirror = [-1, 0, 0, 0, 1, 0] as const;
        const request = { source: png, copies: [mirror], withInput: true };
        const { embeddings, logits, input: told } = await lane.ask('embed', request);
        expect(largestDifference(told as Float32Array, input)).toBe(0);
        const mirrored = referenceRun(testNetwork(), mirroredCopy(input));
        for (const [place, run] of [expected, mirrored].entries()) {
          const ours = embeddings.subarray(1280 * place, 1280 * (place + 1));
          expect(
            largestDifference(ours, pooledEmbedding(Float32Array.from(run.features))),
          ).toBeLessThan(2e-3);
          const four = logits.subarray(4 * place, 4 * (place + 1));
          expect(largestDifference(four, run.logits)).toBeLessThan(2e-3);
        }
        expect(largestDifference(embeddings.subarray(0, 1280), embeddings.subarray(1280))).not.toBe(
          0,
        );
        // Without copies the input stays on the graphics processor where it was prepared there.
        const plain = await lane.ask('embed', { source: png, copies: [], withInput: false });
        expect(plain.input).toBeNull();
        expect(largestDifference(plain.embeddings, embeddings.subarray(0, 1280))).toBeLessThan(
          1e-3,
        );
        expect(await lane.tensors()).toBe(before);
      } finally {
        lane.close();
      }
    },
  );

  it.each(['float16', 'uint8'] as const)('expands %s weights', async (dtype) => {
    const bytes = makeTestModel({ dtype });
    const { trial, lane } = await Lane.open('wasm', setup({}, bytes), { plan: PLAN });
    lane?.close();
    expect(trial).toMatchObject({ outcome: 'passed' });
    // The golden logits are those of the rounded weights, not of the float32 ones.
    expect(trial.maxError).toBeLessThan(1e-4);
  });
});

describe('MobileNetV2 in its full size', () => {
  it('gives its golden logits on WASM', async () => {
    const bytes = makeTestModel({ size: 'full', variants: [0], tolerance: 0.005 });
    const { trial, lane } = await Lane.open('wasm', setup({}, bytes), { plan: PLAN });
    lane?.close();
    expect(trial).toMatchObject({ outcome: 'passed' });
    expect(Math.max(...(bytes.manifest.golden[0]?.logits ?? []).map(Math.abs))).toBeGreaterThan(
      0.1,
    );
  });
});

describe('a backend that must not be used', () => {
  it('is rejected for one wrong golden logit', async () => {
    const { trial, lane } = await Lane.open('webgl', setup({ wrongWebgl: true }), {
      plan: PLAN,
      allowSoftware: true,
    });
    expect(lane).toBeNull();
    expect(trial.outcome).toBe('wrong-answer');
    expect(trial.maxError).toBeGreaterThan(model.manifest.tolerance);
  });

  it('is unavailable when the adapter is null', async () => {
    const { trial } = await Lane.open('webgpu', setup({ noAdapter: true }), {
      plan: PLAN,
      allowSoftware: true,
    });
    expect(trial).toMatchObject({
      outcome: 'unavailable',
      detail: expect.stringMatching(/no WebGPU/),
    });
  });

  it.each(['webgpu', 'webgl'] as const)(
    '%s on software is left out with its reason',
    async (id) => {
      const begun = performance.now();
      const { trial } = await Lane.open(id, setup(), { plan: PLAN });
      expect(trial).toMatchObject({
        outcome: 'not-tried',
        detail: expect.stringMatching(/imitated/),
      });
      expect(performance.now() - begun).toBeLessThan(5000);
    },
  );

  it('is told when no worker can be made', async () => {
    const createWorker = (): Worker => {
      throw new DOMException('refused by policy', 'SecurityError');
    };
    const { trial, lane } = await Lane.open('wasm', { ...setup(), createWorker }, { plan: PLAN });
    expect(lane).toBeNull();
    expect(trial).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/refused by policy/),
    });
  });

  it('is told when the worker script cannot be loaded', async () => {
    const createWorker = () => new Worker('/no/such/worker.js', { type: 'module' });
    const { trial } = await Lane.open('wasm', { ...setup(), createWorker }, { plan: PLAN });
    expect(trial).toMatchObject({ outcome: 'failed', detail: expect.stringMatching(/stopped/) });
  });

  it('is timed out, and its worker ended', async () => {
    const { trial } = await Lane.open(
      'wasm',
      { ...setup(), limits: { runtime: 1 } },
      { plan: PLAN },
    );
    expect(trial.outcome).toBe('timed-out');
  });
});

describe('WASM without SIMD', () => {
  it('is right, and says what is missing', async () => {
    const { trial, lane } = await Lane.open('wasm', setup({ noSimd: true }), { plan: PLAN });
    lane?.close();
    expect(trial).toMatchObject({
      outcome: 'passed',
      detail: expect.stringMatching(/without SIMD/),
    });
    expect(trial.maxError).toBeLessThan(1e-4);
  });
});

describe('files that are no network', () => {
  const open = async (change: (bytes: typeof model) => typeof model) => {
    const { reply, lane } = await Lane.open('wasm', setup({}, change(model)), { plan: PLAN });
    lane?.close();
    return reply?.fault;
  };

  it('names a missing shard', async () => {
    const fault = await open((bytes) => ({ ...bytes, shards: bytes.shards.slice(1) }));
    expect(fault).toMatchObject({
      code: 'model-unusable',
      message: expect.stringMatching(/2 weight files/),
    });
  });

  it('names a short shard', async () => {
    const fault = await open((bytes) => ({
      ...bytes,
      shards: bytes.shards.map((shard) => shard.slice(0, -4)),
    }));
    expect(fault).toMatchObject({
      code: 'model-unusable',
      message: expect.stringMatching(/bytes/),
    });
  });

  it.each([[null], [{}], ['<html>'], [{ modelTopology: { node: [] }, weightsManifest: [] }]])(
    'refuses %j as model.json',
    async (graph) => {
      expect(await open((bytes) => ({ ...bytes, graph }))).toMatchObject({
        code: 'model-unusable',
      });
    },
  );

  it('refuses another output shape', async () => {
    const fault = await open((bytes) => ({
      ...bytes,
      manifest: { ...bytes.manifest, outputs: { logits: 'pooled', features: 'features' } },
    }));
    expect(fault).toMatchObject({ code: 'model-unusable', message: expect.stringMatching(/1280/) });
  });
});
