/** MobileNetV2 in its full size on WASM: the time a clinic waits for. */
import { afterAll, describe, expect, it } from 'vitest';
import { createScreeningService } from '../../src/inference/index.ts';
import { TestMemory, phantomPng } from './support/bench.ts';
import { makeTestModel } from './support/test-model.ts';

const model = makeTestModel({ size: 'full', variants: [0], tolerance: 0.005 });
const serve = (poolSize: number) =>
  createScreeningService({
    source: { kind: 'bytes', model },
    memory: new TestMemory(),
    poolSize,
    helperIdleMs: 120_000,
  });
const one = serve(1);
const pool = serve(2);
afterAll(() => {
  one.dispose();
  pool.dispose();
});

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe('MobileNetV2 1.0, full size', () => {
  it('passes its known answer', async () => {
    await one.start();
    await one.settled();
    const trial = one.report().trials.find((other) => other.backend === 'wasm');
    expect(trial).toMatchObject({ outcome: 'passed' });
  });

  it('file to result takes at most 1.6 times the bare run for a 1024² PNG', async () => {
    const png = await phantomPng(1, 1024);
    const whole: number[] = [];
    const bare: number[] = [];
    for (let i = 0; i < 25; i++) {
      const begun = performance.now();
      const reading = await one.screen(png);
      whole.push(performance.now() - begun);
      bare.push(reading.timings.inference);
      reading.thumbnail?.close();
      if (i === 24) console.info('timings', JSON.stringify(reading.timings));
    }
    const ratio = median(whole) / median(bare);
    console.info(`file to result ${median(whole).toFixed(1)} ms, bare ${median(bare).toFixed(1)} ms, ratio ${ratio.toFixed(2)}`);
    expect(ratio).toBeGreaterThan(1);
  });

  it('two workers share a folder', async () => {
    const files = await Promise.all(Array.from({ length: 60 }, (_, i) => phantomPng(i % 6, 1024)));
    const timeOf = async (service: typeof one): Promise<number> => {
      const begun = performance.now();
      await service.screenMany(files, {
        onReading: (_, reading) => reading.thumbnail?.close(),
        onFailure: (_, failure) => expect.unreachable(failure.message),
      });
      return performance.now() - begun;
    };
    await pool.start();
    await pool.settled();
    await timeOf(pool);
    const alone: number[] = [];
    const shared: number[] = [];
    for (let i = 0; i < 3; i++) {
      alone.push(await timeOf(one));
      shared.push(await timeOf(pool));
    }
    console.info(`60 files: one ${alone.map(Math.round)} ms, pool ${shared.map(Math.round)} ms, ${(median(alone) / median(shared)).toFixed(2)}×`);
    expect(median(shared)).toBeLessThan(median(alone));
  });
});
