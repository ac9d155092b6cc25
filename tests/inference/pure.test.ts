import { describe, expect, it } from 'vitest';
import { toModelArtifacts } from '../../src/inference/worker/engine/graph-source.ts';
import { OutOfMemory, StepTimedOut, toFault } from '../../src/inference/errors.ts';
import { isIos, poolSize, recycleAfter } from '../../src/inference/page/device.ts';
import { Exclusive } from '../../src/base/task-queue.ts';
import { fastest, reasonFor } from '../../src/inference/page/verdict.ts';
import { pooledEmbedding } from '../../src/inference/worker/pooling.ts';
import type { BackendId, BackendTrial } from '../../src/inference/types.ts';
import { makeTestModel } from './support/test-model.ts';

const trial = (
  backend: BackendId,
  outcome: BackendTrial['outcome'],
  medianMs: number | null,
): BackendTrial => ({ backend, outcome, medianMs, maxError: null, detail: '' });

describe('fastest', () => {
  it('takes the fastest of those that are right', () => {
    const trials = [
      trial('webgpu', 'wrong-answer', 1),
      trial('webgl', 'passed', 9),
      trial('wasm', 'passed', 30),
    ];
    expect(fastest(trials)?.backend).toBe('webgl');
  });

  it('takes plain JavaScript only when there is nothing else', () => {
    expect(fastest([trial('cpu', 'passed', 1), trial('wasm', 'passed', 900)])?.backend).toBe(
      'wasm',
    );
    expect(fastest([trial('cpu', 'passed', 1), trial('wasm', 'failed', null)])?.backend).toBe(
      'cpu',
    );
    expect(fastest([trial('wasm', 'timed-out', null)])).toBeNull();
  });

  it('prefers a timed backend to one that only passed', () => {
    expect(fastest([trial('webgl', 'passed', null), trial('wasm', 'passed', 90)])?.backend).toBe(
      'wasm',
    );
  });
});

describe('reasonFor', () => {
  it('says what was measured, chosen or feared', () => {
    const trials = [trial('webgl', 'passed', 8.4), trial('wasm', 'passed', 33)];
    expect(reasonFor('webgl', 'automatic', trials, 0)).toBe(
      'WebGL was the fastest that gave the right answers (8 ms a picture).',
    );
    expect(reasonFor('webgl', 'by-hand', trials, 0)).toMatch(/by hand/);
    expect(reasonFor('wasm', 'safe-start', trials, 1)).toMatch(/1×.*starts with WASM/);
  });
});

describe('poolSize', () => {
  const iPad = { userAgent: 'Macintosh; Intel Mac OS X', maxTouchPoints: 5 };
  it.each([
    [{ hardwareConcurrency: 1 }, 1],
    [{ hardwareConcurrency: 2 }, 2],
    [{ hardwareConcurrency: 16 }, 4],
    [{ hardwareConcurrency: 8, deviceMemory: 2 }, 2],
    [{ hardwareConcurrency: 8, deviceMemory: 1 }, 1],
    [{ hardwareConcurrency: 8, deviceMemory: 0.5 }, 1],
    [{ hardwareConcurrency: 8, deviceMemory: 8 }, 4],
    [{ hardwareConcurrency: 8, ...iPad }, 2],
    [{}, 1],
  ])('%j → %d', (hints, size) => {
    expect(poolSize(hints)).toBe(size);
  });

  it('recycles GPU workers on iOS only', () => {
    expect(isIos(iPad)).toBe(true);
    expect(isIos({ userAgent: 'Macintosh; Intel Mac OS X', maxTouchPoints: 0 })).toBe(false);
    expect(recycleAfter(iPad)).toBe(300);
    expect(recycleAfter({ userAgent: 'X11; Linux' })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('toFault', () => {
  it.each([
    new RangeError('Array buffer allocation failed'),
    new Error('Aborted(OOM)'),
    new WebAssembly.RuntimeError('Aborted(Cannot enlarge memory arrays)'),
  ])('knows a lack of memory: %s', (error) => {
    expect(toFault(error)).toBeInstanceOf(OutOfMemory);
    expect(toFault(error).toData().code).toBe('out-of-memory');
  });

  it('keeps a fault and names everything else', () => {
    const fault = new StepTimedOut('decode', 1500);
    expect(toFault(fault)).toBe(fault);
    expect(fault.message).toMatch(/1\.5 seconds/);
    expect(toFault('boom').toData()).toMatchObject({ code: 'engine-failed' });
  });
});

describe('pooledEmbedding', () => {
  it('is the mean over the 49 places, channel by channel', () => {
    const features = Float32Array.from({ length: 49 * 1280 }, (_, i) => {
      const channel = i % 1280;
      return channel + Math.floor(i / 1280);
    });
    const embedding = pooledEmbedding(features);
    expect(embedding).toHaveLength(1280);
    // Places count 0 … 48: their mean is 24.
    expect([...embedding]).toEqual(Array.from({ length: 1280 }, (_, channel) => channel + 24));
  });
});

describe('toModelArtifacts', () => {
  const { graph, shards } = makeTestModel({ dtype: 'uint8', variants: [0] });

  it('passes quantization on to the loader', () => {
    const { weightSpecs = [] } = toModelArtifacts(graph, shards);
    const kinds = new Set(weightSpecs.map((spec) => spec.quantization?.dtype));
    expect(kinds).toEqual(new Set([undefined, 'uint8']));
  });

  it('refuses weights of another length', () => {
    expect(() => toModelArtifacts(graph, [...shards, new ArrayBuffer(4)])).toThrow(
      /2 weight files/,
    );
    expect(() =>
      toModelArtifacts(
        graph,
        shards.map((shard) => shard.slice(1)),
      ),
    ).toThrow(/bytes/);
  });
});

describe('Exclusive', () => {
  it('runs one after the other, and urgent work stops background work', async () => {
    const jobs = new Exclusive();
    const order: string[] = [];
    void jobs.background(async (stop) => {
      order.push('background');
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
      order.push('stopped');
    });
    await Promise.resolve();
    await jobs.interrupt(() => {
      order.push('urgent');
      return Promise.resolve();
    });
    await jobs.idle();
    expect(order).toEqual(['background', 'stopped', 'urgent']);
  });

  it('goes on after a task that failed', async () => {
    const jobs = new Exclusive();
    const failed = jobs.run(() => Promise.reject(new Error('no')));
    await expect(failed).rejects.toThrow('no');
    await expect(jobs.run(() => Promise.resolve(3))).resolves.toBe(3);
  });
});
