/** The end of the network on the graphics backends, in the worker that is shipped. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  activationLength,
  CUT_POINTS,
  cutPointOf,
  probeTuning,
  startTailWorker,
  TailClient,
  type TailWorker,
} from '../../src/inference/tuning.ts';
import { denseHead } from '../../src/inference/worker/evidence/head.ts';
import { Lane } from '../../src/inference/page/lane.ts';
import { GRADIENT_TOLERANCE } from '../../src/inference/tuning/probe.ts';
import type { Manifest } from '../../src/model/index.ts';
import type { ModelBytes } from '../../src/model/types.ts';
import { largestDifference, phantomPng, WorkerYard } from './support/bench.ts';
import { fetchShippedModel } from './support/shipped-model.ts';
import type { Tampering } from './support/tamper.ts';

/** Software WebGPU builds its shaders for many seconds on a busy machine. */
const SLOW = { timeout: 600_000 };
const PATIENT = 580_000;

let model: ModelBytes<Manifest>;
const workers: TailWorker[] = [];
beforeAll(async () => {
  model = await fetchShippedModel();
});
afterEach(() => {
  for (const worker of workers.splice(0)) worker.end();
});

function newTail(orders: Tampering = {}): TailClient {
  const worker = startTailWorker(new WorkerYard(orders).create);
  workers.push(worker);
  return new TailClient(worker.port, PATIENT);
}

const source = () => ({ kind: 'bytes' as const, model });

describe('gradients', () => {
  it.each(['webgl', 'webgpu'] as const)(
    'on %s are those of plain JavaScript at small size',
    SLOW,
    async (backend) => {
      const tail = newTail();
      const opened = await tail.call('open', { backend, source: source(), block: 16 });
      expect(opened.software).toBe(true);
      const { worst, where } = await tail.call('check', null);
      console.log(`${backend}: gradients off by ${worst.toPrecision(2)} at most (${where})`);
      expect(worst).toBeLessThan(GRADIENT_TOLERANCE / 3);
    },
  );

  it('of a driver that computes wrongly are found out', SLOW, async () => {
    const tail = newTail({ wrongWebgl: true });
    await tail.call('open', { backend: 'webgl', source: source(), block: 16 });
    expect((await tail.call('check', null)).worst).toBeGreaterThan(GRADIENT_TOLERANCE);
  });
});

describe('the tail of the shipped model', () => {
  it('gives what the graph gives, from every block on', SLOW, async () => {
    const setup = { source: source(), createWorker: new WorkerYard().create, limits: {} };
    const plan = { golden: 'one', timedRuns: 0, budgetMs: 0 } as const;
    const { lane } = await Lane.open('wasm', setup, { plan });
    if (!lane) throw new Error('no lane');
    const head = denseHead(model.graph, model.shards, model.manifest.outputs.logits);
    const png = await phantomPng(3);
    for (const { block, entry } of CUT_POINTS) {
      const request = { source: png, copies: [[-1, 0, 0, 0, 1, 0] as const], withInput: false };
      const { activations, embeddings, logits } = await lane.ask('embed', {
        ...request,
        inner: entry,
      });
      expect(activations).toHaveLength(2 * activationLength(cutPointOf(block)));
      const tail = newTail();
      await tail.call('open', { backend: 'webgl', source: source(), block });
      const values = activations ?? new Float32Array(0);
      const pooled = await tail.call('forward', { values, count: 2, keep: false });
      expect(largestDifference(pooled, embeddings)).toBeLessThan(1e-3);
      for (const picture of [0, 1]) {
        const ours = Array.from(head.biases, (bias, k) => {
          let sum = bias;
          for (let i = 0; i < 1280; i++)
            sum += pooled[1280 * picture + i] * head.weights[4 * i + k];
          return sum;
        });
        const theirs = logits.subarray(4 * picture, 4 * picture + 4);
        expect(largestDifference(ours, theirs)).toBeLessThan(model.manifest.tolerance);
      }
    }
    lane.close();
  });

  it('gives its known answers, and others with other weights', SLOW, async () => {
    const golden = model.manifest.golden.map(({ logits }) => logits);
    const same = await newTail().call('golden', { source: source(), weights: {} });
    for (const [at, logits] of same.entries()) {
      expect(largestDifference(logits, golden[at] ?? [])).toBeLessThan(model.manifest.tolerance);
    }
    const weights = { 'conv_last/b': new Float32Array(1280).fill(0.1) };
    const other = await newTail().call('golden', { source: source(), weights });
    expect(largestDifference(other[0] ?? [], golden[0] ?? [])).toBeGreaterThan(0.1);
  });
});

describe('a graphics processor that goes away', () => {
  it.each(['webgl', 'webgpu'] as const)('is told by name on %s', SLOW, async (backend) => {
    const yard = new WorkerYard();
    const worker = startTailWorker(yard.create);
    workers.push(worker);
    const tail = new TailClient(worker.port, PATIENT);
    await tail.call('open', { backend, source: source(), block: 16 });
    yard.ambushAll('lose-now');
    const values = new Float32Array(activationLength(cutPointOf(16)));
    await expect(tail.call('forward', { values, count: 1, keep: true })).rejects.toMatchObject({
      code: 'tail-lost',
    });
  });

  it('and never answers again is given up', SLOW, async () => {
    const yard = new WorkerYard();
    const worker = startTailWorker(yard.create);
    const tail = new TailClient(worker.port, 10);
    worker.end();
    await expect(tail.call('check', null)).rejects.toMatchObject({ code: 'tail-silent' });
  });
});

describe('the probe', () => {
  const probe = (
    orders: Tampering,
    options: Omit<Parameters<typeof probeTuning>[0], 'block' | 'source'>,
  ) =>
    probeTuning({
      source: source(),
      block: 16,
      createWorker: new WorkerYard(orders).create,
      ...options,
    });

  it('says that there is no such device', SLOW, async () => {
    const verdict = await probe({ noAdapter: true }, { backends: ['webgpu'] });
    expect(verdict).toMatchObject({
      possible: false,
      refused: [{ why: 'missing', backend: 'webgpu' }],
    });
  });

  it('says how slow an imitated one is', SLOW, async () => {
    const limits = { pictures: 1, probeMs: PATIENT };
    const verdict = await probe({}, { backends: ['webgl'], limits });
    expect(verdict).toMatchObject({
      possible: false,
      refused: [{ why: 'slow', backend: 'webgl', software: true }],
    });
    const [first] = verdict.refused;
    console.log(`webgl from block 16: ${JSON.stringify(first)}`);
    expect(first?.why === 'slow' ? first.msAPicture : 0).toBeGreaterThan(60);
  });

  it('gives up on one that does not answer in time', SLOW, async () => {
    const verdict = await probe({}, { backends: ['webgl'], limits: { probeMs: 1 } });
    expect(verdict).toMatchObject({ refused: [{ why: 'slow', msAPicture: null }] });
  });

  it('refuses wrong gradients', SLOW, async () => {
    const verdict = await probe(
      { wrongWebgl: true },
      { backends: ['webgl'], limits: { probeMs: PATIENT } },
    );
    expect(verdict).toMatchObject({ possible: false, refused: [{ why: 'wrong' }] });
  });

  it('goes on to WebGL, and takes what passes', SLOW, async () => {
    const limits = { pictures: 1, probeMs: PATIENT, msAPicture: Infinity };
    const verdict = await probe({ noAdapter: true }, { limits });
    expect(verdict).toMatchObject({
      possible: true,
      backend: 'webgl',
      refused: [{ why: 'missing', backend: 'webgpu' }],
    });
  });

  it('ends when it is told to', SLOW, async () => {
    const stop = new AbortController();
    const probing = probe({}, { signal: stop.signal, limits: { probeMs: PATIENT } });
    stop.abort(new DOMException('enough', 'AbortError'));
    await expect(probing).rejects.toThrow('enough');
  });
});
