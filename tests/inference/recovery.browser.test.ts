import { afterEach, describe, expect, it } from 'vitest';
import {
  createScreeningService,
  type MeasuredScreeningService,
  type ServiceOptions,
} from '../../src/inference/index.ts';
import { TestMemory, WorkerYard, largestDifference, phantomPng } from './support/bench.ts';
import { makeTestModel } from './support/test-model.ts';

/** Software WebGPU builds its shaders for many seconds on a busy machine. */
const SLOW = { timeout: 240_000 };
const model = makeTestModel();
const open: MeasuredScreeningService[] = [];
afterEach(() => {
  for (const service of open.splice(0)) service.dispose();
});

async function serve(backend: 'wasm' | 'webgl' | 'webgpu', options: ServiceOptions = {}) {
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
  if (backend !== 'wasm') await service.chooseBackend(backend);
  return { service, yard };
}

describe('a device lost in the middle of a run', () => {
  it.each([
    ['webgpu', 'destroy-device'],
    ['webgl', 'lose-context'],
  ] as const)(
    '%s: %s → read again on WASM, with a line for the reader',
    SLOW,
    async (backend, ambush) => {
      const { service, yard } = await serve(backend);
      const png = await phantomPng(3);
      const before = await service.screen(png);
      expect(before).toMatchObject({ backend, recovery: null });
      yard.ambushAll(ambush);
      const reading = await service.screen(png);
      expect(reading.backend).toBe('wasm');
      expect(reading.recovery).toMatchObject({ from: backend, to: 'wasm' });
      expect(reading.recovery?.message).toMatch(/failed while it read this picture; .* WASM/);
      expect(largestDifference(reading.logits, before.logits)).toBeLessThan(5e-3);
      // From here on WASM, without a further word.
      expect(await service.screen(png)).toMatchObject({ backend: 'wasm', recovery: null });
      expect(service.state).toMatchObject({ phase: 'ready', backend: 'wasm' });
      const report = service.report();
      expect(report.trials.find((trial) => trial.backend === backend)).toMatchObject({
        outcome: 'failed',
        detail: expect.stringMatching(/failed later/),
      });
      expect(report.reason).toMatch(/took over/);
    },
  );

  it('is noticed even when nothing is being read', async () => {
    const { service, yard } = await serve('webgl');
    const png = await phantomPng(3);
    yard.ambushAll('lose-context');
    // The loss comes after this one's answer may already be there; what counts is the state after it.
    await service.screen(png);
    await expect.poll(() => service.state).toMatchObject({ phase: 'ready', backend: 'wasm' });
  });
});

describe('a worker', () => {
  it('that hangs is ended and replaced', async () => {
    const { service, yard } = await serve('wasm', { limits: { inference: 1500 } });
    const png = await phantomPng(4);
    const before = await service.screen(png);
    yard.ambushAll('hang');
    const begun = performance.now();
    const reading = await service.screen(png);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(reading.recovery).toMatchObject({ from: 'wasm', to: 'wasm' });
    expect(largestDifference(reading.logits, before.logits)).toBe(0);
  });

  it('that is ended from outside is replaced', async () => {
    const { service, yard } = await serve('wasm', { limits: { answer: 1500 } });
    for (const worker of yard.workers) worker.terminate();
    const reading = await service.screen(await phantomPng(4));
    expect(reading.recovery).toMatchObject({ from: 'wasm', to: 'wasm' });
    expect(reading.recovery?.message).toMatch(/started again and the picture read once more/);
  });

  it('that stops by an uncaught error is replaced', async () => {
    const { service, yard } = await serve('wasm');
    yard.ambushAll('throw-uncaught');
    const reading = await service.screen(await phantomPng(4));
    await expect.poll(() => service.state.phase).toBe('ready');
    expect(reading.logits).toHaveLength(4);
    expect(await service.screen(await phantomPng(4))).toMatchObject({ backend: 'wasm' });
  });

  it('that fails a second time gives the picture up, not the app', async () => {
    const { service, yard } = await serve('wasm', { limits: { inference: 800 } });
    const png = await phantomPng(4);
    yard.ambushAll('hang');
    yard.ambushNew = 'hang';
    await expect(service.screen(png)).rejects.toMatchObject({
      code: 'reading-failed',
      remedy: expect.stringMatching(/Try it on its own/),
    });
    yard.ambushNew = null;
    // The worker that was started meanwhile is ambushed as well; one recovery later all is well.
    const fresh = await service.screen(png);
    expect(fresh).toMatchObject({ backend: 'wasm' });
    expect(fresh.logits.every(Number.isFinite)).toBe(true);
  });
});

describe('recycling', () => {
  it('replaces a GPU worker after so many readings, and nobody notices', async () => {
    const { service, yard } = await serve('webgl', { recycleAfter: 2 });
    const workers = yard.workers.length;
    const png = await phantomPng(1);
    const first = await service.screen(png);
    for (let i = 0; i < 3; i++) {
      const reading = await service.screen(png);
      expect(reading).toMatchObject({ backend: 'webgl', recovery: null });
      expect(largestDifference(reading.logits, first.logits)).toBe(0);
    }
    await service.settled();
    expect(yard.workers.length).toBe(workers + 1);
    expect(service.state).toMatchObject({ phase: 'ready', backend: 'webgl' });
  });
});

describe('dispose', () => {
  it('rejects what is under way and everything after', async () => {
    const { service } = await serve('wasm');
    const reading = service.screen(await phantomPng(4));
    service.dispose();
    await expect(reading).rejects.toMatchObject({ code: 'service-closed' });
    await expect(service.screen(await phantomPng(4))).rejects.toMatchObject({
      code: 'service-closed',
    });
    await expect(service.start()).rejects.toMatchObject({ code: 'service-closed' });
  });
});
