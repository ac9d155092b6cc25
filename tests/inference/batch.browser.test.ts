import { afterEach, describe, expect, it } from 'vitest';
import {
  createScreeningService,
  type Embedded,
  type MeasuredScreeningService,
  type Reading,
  type ReadingFailure,
  type ServiceOptions,
} from '../../src/inference/index.ts';
import { TestMemory, WorkerYard, largestDifference, phantomPng } from './support/bench.ts';
import { makeTestModel } from './support/test-model.ts';

const model = makeTestModel();
const open: MeasuredScreeningService[] = [];
afterEach(() => {
  for (const service of open.splice(0)) service.dispose();
});

async function serve(options: ServiceOptions = {}) {
  const yard = new WorkerYard();
  const service = createScreeningService({
    source: { kind: 'bytes', model },
    memory: new TestMemory(),
    createWorker: yard.create,
    poolSize: 1,
    ...options,
  });
  open.push(service);
  await service.start();
  await service.settled();
  return { service, yard };
}

async function screenAll(
  service: MeasuredScreeningService,
  files: readonly Blob[],
  signal?: AbortSignal,
) {
  const readings = new Map<number, Reading>();
  const failures = new Map<number, ReadingFailure>();
  const progress: [number, number][] = [];
  await service.screenMany(files, {
    ...(signal ? { signal } : {}),
    onReading: (index, reading) => {
      reading.thumbnail?.close();
      readings.set(index, reading);
    },
    onFailure: (index, failure) => failures.set(index, failure),
    onProgress: (done, total) => progress.push([done, total]),
  });
  return { readings, failures, progress };
}

const pictures = await Promise.all(Array.from({ length: 12 }, (_, i) => phantomPng(i, 200 + i)));

describe('a batch', () => {
  it('goes on past files that are none, and counts every one', async () => {
    const { service } = await serve();
    const files = [
      ...pictures.slice(0, 3),
      new Blob(['not a picture']),
      new Blob([]),
      ...pictures.slice(3, 5),
    ];
    const { readings, failures, progress } = await screenAll(service, files);
    expect([...readings.keys()].sort()).toEqual([0, 1, 2, 5, 6]);
    expect([...failures.keys()].sort()).toEqual([3, 4]);
    for (const failure of failures.values()) {
      expect(failure.code).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
      expect(failure.message.length).toBeGreaterThan(10);
      expect(failure.remedy.length).toBeGreaterThan(10);
    }
    expect(progress).toEqual(Array.from({ length: 7 }, (_, i) => [i + 1, 7]));
  });

  it('of nothing is done', async () => {
    const { service } = await serve();
    expect((await screenAll(service, [])).progress).toEqual([]);
  });

  it('stops promptly when cancelled', async () => {
    const { service } = await serve();
    const stop = new AbortController();
    let count = 0;
    const files = Array.from({ length: 200 }, (_, i) => pictures[i % 12]);
    let cancelledAt = 0;
    const batch = service.screenMany(files, {
      signal: stop.signal,
      onReading: (_, reading) => {
        reading.thumbnail?.close();
        if (++count === 5) {
          cancelledAt = performance.now();
          stop.abort();
        }
      },
      onFailure: () => undefined,
    });
    await expect(batch).rejects.toThrow(/abort/i);
    expect(performance.now() - cancelledAt).toBeLessThan(1000);
    expect(count).toBe(5);
    // The worker is fit for the next picture.
    expect((await service.screen(pictures[0])).recovery).toBeNull();
  });

  it('rejects when a handler throws, instead of losing the error', async () => {
    const { service } = await serve();
    await expect(
      service.screenMany(pictures.slice(0, 4), {
        onReading: () => {
          throw new Error('handler');
        },
        onFailure: () => undefined,
      }),
    ).rejects.toThrow('handler');
  });

  it('holds no more than two files open a worker', async () => {
    const { service } = await serve();
    let reading = 0;
    let most = 0;
    const postMessage = Reflect.get(Worker.prototype, 'postMessage') as (
      ...args: unknown[]
    ) => void;
    const asked = new Set<number>();
    Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
      const message = args[0] as { kind: string; id: number };
      if (message.kind === 'read') {
        asked.add(message.id);
        most = Math.max(most, ++reading);
      }
      Reflect.apply(postMessage, this, args);
    };
    try {
      await service.screenMany(pictures, {
        onReading: (_, result) => {
          result.thumbnail?.close();
          reading--;
        },
        onFailure: () => reading--,
      });
    } finally {
      Worker.prototype.postMessage = postMessage;
    }
    expect(asked.size).toBe(pictures.length);
    expect(most).toBe(2);
  });

  it('survives a worker that dies in its middle', async () => {
    const { service, yard } = await serve({ limits: { inference: 1000 } });
    setTimeout(() => yard.ambushAll('hang'), 100);
    const files = Array.from({ length: 30 }, (_, i) => pictures[i % 12]);
    const { readings, failures } = await screenAll(service, files);
    expect(failures.size).toBe(0);
    expect(readings.size).toBe(30);
    const recovered = [...readings.values()].filter((reading) => reading.recovery !== null);
    expect(recovered.length).toBeGreaterThanOrEqual(1);
    expect(recovered.length).toBeLessThanOrEqual(2);
  });
});

describe('the pool', () => {
  it('gives bit for bit what one worker gives, and ends when idle', async () => {
    const one = await serve();
    const files = [...pictures];
    const alone = await screenAll(one.service, pictures);
    one.service.dispose();

    const { service, yard } = await serve({ poolSize: 3, helperIdleMs: 300 });
    let most = 1;
    service.onState((state) => {
      if (state.phase === 'ready') most = Math.max(most, state.workers);
    });
    // More come until the last helper has read, however long a busy machine takes to start it.
    const growing = setInterval(() => {
      const reading = yard.answers.filter((count) => count > 0).length;
      if (reading < 3 && files.length < 6000) files.push(...pictures);
    }, 50);
    const shared = await screenAll(service, files).finally(() => clearInterval(growing));
    expect(shared.readings.size).toBe(files.length);
    for (const [index, reading] of shared.readings) {
      const same = alone.readings.get(index % 12) as Reading;
      expect(largestDifference(reading.logits, same.logits)).toBe(0);
      expect(largestDifference(reading.embedding, same.embedding)).toBe(0);
    }
    expect(most).toBe(3);
    // All three have read, so "the same" compares different workers.
    expect(yard.answers.filter((count) => count > 0)).toHaveLength(3);
    await expect.poll(() => service.report().workers, { timeout: 5000 }).toBe(1);
  });
});

describe('500 pictures', () => {
  it('leave no tensor behind', { timeout: 180_000 }, async () => {
    const { service } = await serve();
    const files = Array.from({ length: 500 }, (_, i) => pictures[i % 12]);
    await screenAll(service, files.slice(0, 2));
    const before = await service.tensors();
    const { readings } = await screenAll(service, files);
    expect(readings.size).toBe(500);
    expect(await service.tensors()).toBe(before);
  });

  it('nor on WebGL', { timeout: 180_000 }, async () => {
    const { service } = await serve();
    await service.chooseBackend('webgl');
    await screenAll(service, pictures.slice(0, 2));
    const before = await service.tensors();
    await screenAll(service, pictures);
    expect(await service.tensors()).toBe(before);
  });
});

describe('embeddings of many pictures', () => {
  it('come for every picture and copy, the same to the last bit however many workers share', async () => {
    const mirror = [-1, 0, 0, 0, 1, 0] as const;
    const runs: Embedded[][] = [];
    for (const poolSize of [1, 2]) {
      const { service } = await serve({ poolSize });
      const found: Embedded[] = [];
      const failed: number[] = [];
      const tensors = await service.tensors();
      await service.embedMany([...pictures.slice(0, 10), new Blob(['no picture'])], {
        copies: (index) => (index % 2 === 0 ? [mirror] : []),
        onEmbedded: (index, embedded) => (found[index] = embedded),
        onFailure: (index) => failed.push(index),
      });
      expect(await service.tensors()).toBe(tensors);
      expect(failed).toEqual([10]);
      expect(found.map(({ embeddings }) => embeddings.length / 1280)).toEqual(
        Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 2 : 1)),
      );
      runs.push(found);
    }
    for (const [index, { embeddings, logits }] of (runs[0] ?? []).entries()) {
      const other = runs[1]?.[index];
      expect(largestDifference(embeddings, other?.embeddings ?? [])).toBe(0);
      expect(largestDifference(logits, other?.logits ?? [])).toBe(0);
    }
  });

  it('stop when told to', async () => {
    const { service } = await serve();
    const stop = new AbortController();
    let done = 0;
    const running = service.embedMany(pictures, {
      signal: stop.signal,
      onEmbedded: () => {
        if (++done === 2) stop.abort();
      },
      onFailure: () => expect.unreachable(),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(done).toBe(2);
  });
});
