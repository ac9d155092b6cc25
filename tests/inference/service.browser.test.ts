import { afterEach, describe, expect, it } from 'vitest';
import {
  createScreeningService,
  type EngineState,
  type MeasuredScreeningService,
  type ServiceOptions,
} from '../../src/inference/index.ts';
import { TestMemory, WorkerYard, largestDifference, phantomPng } from './support/bench.ts';
import { makeTestModel } from './support/test-model.ts';
import type { Tampering } from './support/tamper.ts';

/** Software WebGPU builds its shaders for many seconds on a busy machine. */
const SLOW = { timeout: 240_000 };
const model = makeTestModel();
const open: MeasuredScreeningService[] = [];
afterEach(() => {
  for (const service of open.splice(0)) service.dispose();
});

function serve(options: ServiceOptions & { orders?: Tampering; yard?: WorkerYard } = {}) {
  const { orders = {}, yard = new WorkerYard(orders), ...rest } = options;
  const memory = new TestMemory();
  const service = createScreeningService({
    source: { kind: 'bytes', model },
    memory,
    createWorker: yard.create,
    poolSize: 1,
    ...rest,
  });
  open.push(service);
  return { service, yard, memory: (options.memory as TestMemory | undefined) ?? memory };
}

describe('start', () => {
  it('is ready on WASM at once and tells why', async () => {
    const { service } = serve();
    const seen: EngineState[] = [];
    service.onState((state) => seen.push(state));
    expect(service.state).toEqual({ phase: 'idle' });
    await service.start();
    expect(service.state).toEqual({ phase: 'ready', backend: 'wasm', workers: 1 });
    expect(seen.map((state) => state.phase)).toEqual(['starting', 'ready']);
    await service.settled();
    const report = service.report();
    expect(report).toMatchObject({ chosen: 'wasm', choice: 'automatic', crashes: 0, workers: 1 });
    expect(report.reason).toMatch(
      /WASM is the one that gave the right answers \(\d+ ms a picture\)/,
    );
    const outcomes = Object.fromEntries(report.trials.map((t) => [t.backend, t.outcome]));
    expect(outcomes).toEqual({
      webgpu: 'not-tried',
      webgl: 'not-tried',
      wasm: 'passed',
      cpu: 'not-tried',
    });
  });

  it('is asked for by the first picture, and only once', async () => {
    const { service, yard } = serve();
    const png = await phantomPng(1);
    const [a, b] = await Promise.all([service.screen(png), service.screen(png), service.start()]);
    expect(largestDifference(a.logits, b.logits)).toBe(0);
    expect(a.recovery).toBeNull();
    expect(a.features).toBeNull();
    await service.settled();
    // One that reads, one that asked who the adapter is and two GPU trials.
    expect(yard.workers.length).toBeLessThanOrEqual(4);
  });

  it('fails by name when no backend gives the right answers', async () => {
    const { service } = serve({
      source: { kind: 'bytes', model: makeTestModel({ wrongBy: 0.5 }) },
      orders: { noAdapter: true },
    });
    await expect(service.start()).rejects.toMatchObject({ code: 'no-backend-works' });
    expect(service.state).toMatchObject({ phase: 'failed', code: 'no-backend-works' });
    const trials = service.report().trials.map((trial) => [trial.backend, trial.outcome]);
    expect(trials).toEqual([
      ['webgpu', 'unavailable'],
      ['webgl', 'wrong-answer'],
      ['wasm', 'wrong-answer'],
      ['cpu', 'wrong-answer'],
    ]);
    await expect(service.screen(await phantomPng(1))).rejects.toMatchObject({
      code: 'no-backend-works',
      remedy: expect.stringMatching(/Download the model again/),
    });
  });

  it('passes on what the model store says', async () => {
    const { service } = serve({ source: { kind: 'store' } });
    // Nothing was ever installed in this browser profile.
    await expect(service.start()).rejects.toMatchObject({
      code: expect.stringMatching(/./),
      remedy: expect.stringMatching(/./),
    });
    expect(service.state.phase).toBe('failed');
  });

  it('can be given up', async () => {
    const { service } = serve();
    const stop = new AbortController();
    const started = service.start(stop.signal);
    stop.abort();
    await expect(started).rejects.toThrow(/abort/i);
    expect(service.state).toEqual({ phase: 'idle' });
    await service.start();
    expect(service.state.phase).toBe('ready');
  });
});

describe('the choice', () => {
  it('changes to a GPU that is right and faster, between cases', SLOW, async () => {
    const { service } = serve({ orders: { pretendGpu: 'Test GPU', slowWasm: 200 } });
    const png = await phantomPng(2);
    await service.start();
    expect(service.state).toMatchObject({ backend: 'wasm' });
    // Pictures come without a pause until the GPU has been tried: it waits for a gap between them.
    const seen = new Set<string>();
    const first = await service.screen(png);
    let settled = false;
    void service.settled().then(() => (settled = true));
    while (!settled) {
      const reading = await service.screen(png);
      expect(reading.recovery).toBeNull();
      expect(largestDifference(reading.logits, first.logits)).toBeLessThan(5e-3);
      seen.add(reading.backend);
    }
    const report = service.report();
    const trial = (id: string) => report.trials.find((other) => other.backend === id);
    expect(trial('webgpu')).toMatchObject({ outcome: 'passed', medianMs: expect.any(Number) });
    const medians = (['wasm', 'webgl', 'webgpu'] as const).map((id) => trial(id)?.medianMs ?? 0);
    expect(report.chosen).toBe(
      (['wasm', 'webgl', 'webgpu'] as const)[medians.indexOf(Math.min(...medians))],
    );
    expect(report.chosen).not.toBe('wasm');
    expect(report).toMatchObject({
      choice: 'automatic',
      adapter: expect.stringMatching(/Test GPU/),
    });
    expect(report.reason).toMatch(/was the fastest that gave the right answers/);
    expect(seen).toContain('wasm');
    expect((await service.screen(png)).backend).toBe(report.chosen);
  });

  it('a slower GPU is not taken, however right', SLOW, async () => {
    const { service } = serve({ orders: { pretendGpu: 'Test GPU' } });
    await service.start();
    await service.settled();
    const report = service.report();
    expect(report.trials.map((trial) => trial.outcome).slice(0, 3)).toEqual([
      'passed',
      'passed',
      'passed',
    ]);
    expect(report.chosen).toBe('wasm');
  });

  it('without WebAssembly is whatever else is right', async () => {
    const { service } = serve({ orders: { noWasm: true, noAdapter: true } });
    await service.start();
    expect(service.state).toMatchObject({ phase: 'ready', backend: 'webgl' });
    expect(service.report().trials.find((trial) => trial.backend === 'wasm')).toMatchObject({
      outcome: 'unavailable',
      detail: expect.stringMatching(/no WebAssembly/),
    });
    expect((await service.screen(await phantomPng(2))).logits).toHaveLength(4);
  });

  it('is stored, used again, and made again when the app, the model or the adapter changes', async () => {
    const memory = new TestMemory();
    const first = serve({ memory, appVersion: '1' });
    await first.service.start();
    await first.service.settled();
    const stored = JSON.parse(memory.read('backend-choice') ?? 'null') as Record<string, unknown>;
    expect(stored).toMatchObject({ chosen: 'wasm', app: '1', modelVersion: '2.0.0' });
    const { testedAt } = first.service.report();

    const again = serve({ memory, appVersion: '1' });
    await again.service.start();
    await again.service.settled();
    expect(again.service.report().testedAt).toBe(testedAt);
    expect(again.yard.workers.length).toBe(2); // the main one and the one that asks who is there

    for (const change of [
      { memory, appVersion: '2' },
      {
        memory,
        appVersion: '2',
        source: { kind: 'bytes', model: makeTestModel({ version: '1.0.1' }) } as const,
      },
      {
        memory,
        appVersion: '2',
        source: { kind: 'bytes', model: makeTestModel({ version: '1.0.1' }) } as const,
        orders: { noAdapter: true },
      },
    ]) {
      const before = JSON.parse(memory.read('backend-choice') ?? 'null') as { testedAt: number };
      const changed = serve(change);
      await changed.service.start();
      await changed.service.settled();
      expect(changed.yard.workers.length).toBeGreaterThan(2);
      const after = JSON.parse(memory.read('backend-choice') ?? 'null') as { testedAt: number };
      expect(after.testedAt).toBeGreaterThanOrEqual(before.testedAt);
    }
  });

  it('survives whatever is in the store', async () => {
    for (const junk of ['{', '[]', '{"schema":1}', 'null', '{"schema":1,"chosen":"abacus"}']) {
      const memory = new TestMemory();
      memory.write('backend-choice', junk);
      memory.write('gpu-start', junk);
      const { service } = serve({ memory });
      await service.start();
      expect(service.state.phase).toBe('ready');
      service.dispose();
    }
  });

  it('can be made by hand, and given back', async () => {
    const memory = new TestMemory();
    const { service } = serve({ memory });
    const report = await service.chooseBackend('webgl');
    expect(report).toMatchObject({ chosen: 'webgl', choice: 'by-hand' });
    expect((await service.screen(await phantomPng(1))).backend).toBe('webgl');

    const later = serve({ memory });
    await later.service.start();
    await later.service.settled();
    expect(later.service.report()).toMatchObject({ chosen: 'webgl', choice: 'by-hand' });
    expect(later.service.state).toMatchObject({ phase: 'ready', backend: 'webgl' });

    const back = await later.service.chooseBackend('auto');
    expect(back).toMatchObject({ chosen: 'wasm', choice: 'automatic' });
    expect(back.trials.find((trial) => trial.backend === 'cpu')?.outcome).toBe('passed');
  });

  it('by hand is refused with the reason, and the old backend stays', async () => {
    const { service } = serve({ orders: { wrongWebgl: true } });
    await service.start();
    await expect(service.chooseBackend('webgl')).rejects.toMatchObject({
      code: 'backend-rejected',
      message: expect.stringMatching(/known answer came out wrong/),
    });
    expect(service.state).toMatchObject({ phase: 'ready', backend: 'wasm' });
  });
});

describe('crashes', () => {
  it('a marker left behind makes the next start safe, until it is tested again', async () => {
    const memory = new TestMemory();
    memory.write(
      'gpu-start',
      JSON.stringify({
        schema: 1,
        crashes: 0,
        starting: { backend: 'webgpu', lock: 'of a dead tab' },
      }),
    );
    const { service, yard } = serve({ memory, orders: { pretendGpu: 'Test GPU' } });
    await service.start();
    await service.settled();
    expect(service.report()).toMatchObject({ chosen: 'wasm', choice: 'safe-start', crashes: 1 });
    expect(service.report().reason).toMatch(/stopped while it started the graphics processor/);
    expect(yard.workers.length).toBe(1);

    const next = serve({ memory });
    await next.service.start();
    expect(next.service.report()).toMatchObject({ choice: 'safe-start', crashes: 1 });
    expect(await next.service.retest()).toMatchObject({ choice: 'automatic', crashes: 0 });
  });

  it('a start going on in another tab is no crash', async () => {
    const memory = new TestMemory();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    void navigator.locks.request('the other tab', () => held);
    memory.write(
      'gpu-start',
      JSON.stringify({
        schema: 1,
        crashes: 0,
        starting: { backend: 'webgl', lock: 'the other tab' },
      }),
    );
    const { service } = serve({ memory });
    await service.start();
    expect(service.report()).toMatchObject({ choice: 'automatic', crashes: 0 });
    release();
  });

  it('the marker is there while a GPU is started, and gone after it', async () => {
    const memory = new TestMemory();
    const written: (string | null)[] = [];
    const write = memory.write.bind(memory);
    memory.write = (key, value) => {
      if (key === 'gpu-start') written.push(value);
      write(key, value);
    };
    const { service } = serve({ memory });
    await service.start();
    await service.settled();
    expect(written.filter((value) => value?.includes('"backend":"webgpu"'))).toHaveLength(1);
    expect(memory.read('gpu-start')).toBeNull();
  });
});
