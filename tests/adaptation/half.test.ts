import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromHalf,
  logCsv,
  toHalf,
  TrainingSettingsSchema,
  whyNot,
} from '../../src/adaptation/index.ts';
import * as v from 'valibot';

function there(values: readonly number[]): number[] {
  const target = new Float32Array(values.length);
  fromHalf(toHalf(Float32Array.from(values)), target);
  return [...target];
}

describe('half precision', () => {
  it('keeps what it can say exactly, and stops at its largest', () => {
    const exact = [0, 1, -1, 0.5, 2048, 65504, -65504, 2 ** -14, 2 ** -24, 6, 0.0999755859375];
    expect(there(exact)).toEqual(exact);
    expect(there([1e6, -1e6, 65520])).toEqual([65504, -65504, 65504]);
    // Halfway: to the even one.
    expect(there([1 + 2 ** -11, 1 + 3 * 2 ** -11])).toEqual([1, 1 + 2 ** -9]);
    expect(there([2 ** -26])).toEqual([0]);
  });

  it('is off by one part in two thousand at most', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 65504, noNaN: true }), (value) => {
        const [back = 0, negative = 0] = there([value, -value]);
        expect(Math.abs(back - value) / value).toBeLessThanOrEqual(2 ** -11);
        expect(negative).toBe(-back);
      }),
    );
  });
});

describe('the second stage in words and settings', () => {
  it('is off unless it is wished for, and has its limits', () => {
    expect(v.parse(TrainingSettingsSchema, {}).tuning).toBeUndefined();
    const tuning = { from: 13, epochs: 10, learningRate: 1e-5 };
    expect(v.parse(TrainingSettingsSchema, { tuning }).tuning).toEqual(tuning);
    for (const wrong of [{ from: 12 }, { from: 17 }, { epochs: 0 }, { learningRate: 1 }]) {
      const settings = { tuning: { ...tuning, ...wrong } };
      expect(v.safeParse(TrainingSettingsSchema, settings).success).toBe(false);
    }
  });

  it('has its name in the log where there were two', () => {
    const figures = { accuracy: 0.5, loss: 1, val_accuracy: 0.5, val_loss: 2, learning_rate: 0.1 };
    expect(logCsv([{ epoch: 1, ...figures }])).toMatch(/^\uFEFF?epoch,accuracy,/);
    const both = logCsv([
      { epoch: 1, stage: 'head', ...figures },
      { epoch: 2, stage: 'fine-tuning', ...figures },
    ]);
    expect(both).toMatch(
      /^\uFEFF?epoch,stage,accuracy,loss,val_accuracy,val_loss,learning_rate\r?\n1,head,0\.5,1,0\.5,2,0\.1\r?\n2,fine-tuning,/,
    );
  });

  it('says why it is off', () => {
    const gone = (backend: 'webgpu' | 'webgl') =>
      ({ why: 'missing', backend, detail: 'none' }) as const;
    expect(whyNot([gone('webgpu'), gone('webgl')], 100)).toMatch(/no graphics processor/);
    const slow = { why: 'slow', backend: 'webgl', adapter: 'Some GPU', software: false } as const;
    expect(whyNot([gone('webgpu'), { ...slow, msAPicture: 250 }], 1200)).toBe(
      'WebGPU is not there. WebGL (Some GPU) is too slow: an epoch of 1200 pictures would take 300 seconds.',
    );
    expect(whyNot([{ ...slow, software: true, msAPicture: null }], 10)).toMatch(
      /imitated by the processor: not one step/,
    );
    expect(
      whyNot([{ why: 'wrong', backend: 'webgpu', adapter: 'Some GPU', worst: 0.031 }], 10),
    ).toBe('WebGPU (Some GPU) computes wrong gradients: off by 3.1 %.');
  });
});
