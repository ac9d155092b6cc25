import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  Adam,
  balancedWeights,
  drawGeometry,
  dropout,
  epochOrder,
  focalLoss,
  HeadTraining,
  matrixOf,
  STUDY_GEOMETRY,
  STUDY_SETTINGS,
  TrainingDiverged,
  TrainingSettingsSchema,
  type TrainingData,
  type TrainingSettings,
} from '../../src/adaptation/index.ts';
import { focalOf } from '../../src/adaptation/train-head.ts';
import { Random } from '../../src/dataset/index.ts';
import { warp, type AffineMatrix } from '../../src/preprocess/index.ts';
import golden from '../fixtures/adaptation-golden.json' with { type: 'json' };

const close = (ours: ArrayLike<number>, theirs: readonly number[], tolerance: number): void => {
  expect(ours.length).toBe(theirs.length);
  for (const [at, value] of theirs.entries()) {
    expect(Math.abs((ours[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance);
  }
};

describe(`against ${golden.madeWith}`, () => {
  it('gives the focal loss and its gradient', () => {
    for (const { logits, truth, gamma, alpha, loss, gradient } of golden.focal) {
      const slope = new Float64Array(logits.length);
      expect(focalLoss(logits, truth, { gamma, alpha }, slope)).toBeCloseTo(loss, 12);
      close(slope, gradient, 1e-12);
    }
  });

  it('takes the same steps as Adam', () => {
    for (const { start, steps, ...settings } of golden.adam) {
      const parameters = Float32Array.from(start);
      const adam = new Adam(start.length, settings);
      for (const step of steps) {
        adam.step(parameters, Float64Array.from(step.gradient));
        // Ours are kept in float32.
        close(parameters, step.parameters, 1e-6);
      }
    }
  });

  it('leaves of an embedding what torch’s dropout leaves of it', () => {
    for (const { rate, embedding, kept } of golden.dropout) {
      const met = new Set<number>();
      for (let seed = 0; seed < 60; seed++) {
        const ours = new Float64Array(embedding.length);
        dropout(Float64Array.from(embedding), rate, new Random(seed), ours);
        for (const [at, value] of ours.entries()) {
          // Each draws the ones that go with random numbers of its own; those that both keep are alike.
          if (value === 0 || kept[at] === 0) continue;
          met.add(at);
          expect(value).toBeCloseTo(kept[at], 12);
        }
      }
      expect(met.size).toBe(kept.filter((value) => value > 0).length);
    }
  });

  it('moves a picture as torch does', () => {
    const { side, source, cases } = golden.geometry;
    for (const { geometry, matrix, picture } of cases) {
      close(matrixOf(geometry), matrix, 1e-12);
      const out = new Float32Array(source.length);
      warp(Float32Array.from(source), side, matrix as unknown as AffineMatrix, out);
      close(out, picture, 1e-6);
    }
  });

  it('trains the same head on the same embeddings', () => {
    const { training, validation, inputs, classes, start, learningRate, log } = golden.training;
    const part = (from: typeof training) => ({
      embeddings: Float32Array.from(from.embeddings),
      variants: 1,
      classOf: Uint8Array.from(from.classOf),
    });
    const data: TrainingData = {
      inputs,
      classes,
      training: part(training),
      validation: part(validation),
    };
    const settings: TrainingSettings = {
      ...STUDY_SETTINGS,
      epochs: log.length,
      batch: training.classOf.length,
      dropout: 0,
      balance: 'none',
      patience: 0,
      learningRate,
    };
    const parameters = Float32Array.from(start);
    const fresh = new HeadTraining(data, settings).state;
    const run = new HeadTraining(data, settings, {
      ...fresh,
      parameters,
      best: { epoch: 0, parameters },
    });
    for (const theirs of log) {
      const ours = run.runEpoch();
      expect(ours.loss).toBeCloseTo(theirs.loss, 6);
      expect(ours.val_loss).toBeCloseTo(theirs.val_loss, 6);
      expect(ours.accuracy).toBeCloseTo(theirs.accuracy, 12);
      expect(ours.val_accuracy).toBeCloseTo(theirs.val_accuracy, 12);
    }
    close(run.state.parameters, golden.training.parameters, 1e-5);
    expect(run.finished).toBe(true);
    const best = log.reduce((low, row, at) => (row.val_loss < log[low].val_loss ? at : low), 0);
    expect(run.keptEpoch).toBe(best + 1);
  });
});

describe('dropout', () => {
  it('zeroes its share and scales the rest, so that the mean stays', () => {
    const random = new Random(4);
    const embedding = new Float32Array(40_000).fill(2);
    const kept = new Float64Array(embedding.length);
    dropout(embedding, 0.5, random, kept);
    const zeros = kept.filter((value) => value === 0).length;
    expect(Math.abs(zeros / kept.length - 0.5)).toBeLessThan(0.01);
    expect(new Set(kept)).toEqual(new Set([0, 4]));
    dropout(embedding, 0, random, kept);
    expect(new Set(kept)).toEqual(new Set([2]));
  });
});

describe('sampling', () => {
  const classOf = [...new Array<number>(90).fill(0), ...new Array<number>(10).fill(1)];

  it('shows every picture once, or every class as often', () => {
    const found = epochOrder(classOf, 'as-found', new Random(1));
    expect([...found].sort((a, b) => a - b)).toEqual([...classOf.keys()]);
    const balanced = epochOrder(classOf, 'balanced', new Random(1));
    const small = [...balanced].filter((at) => classOf[at] === 1);
    expect(small).toHaveLength(50);
    // Five whole rounds: each of the ten exactly five times.
    for (let at = 90; at < 100; at++) expect(small.filter((s) => s === at)).toHaveLength(5);
    const large = [...balanced].filter((at) => classOf[at] === 0);
    expect(new Set(large).size).toBe(50);
  });

  it('weights classes so that each counts alike', () => {
    expect([...balancedWeights(classOf, 3)]).toEqual([100 / 180, 5, 0]);
  });

  it('puts the weights, or none, on α, be it one or one a class', () => {
    const alphas = (change: Partial<TrainingSettings>): number[] => [
      ...Float64Array.from(
        focalOf({ ...STUDY_SETTINGS, ...change }, Uint8Array.from(classOf), 2).alpha,
      ),
    ];
    expect(alphas({ balance: 'sampling' })).toEqual([0.25, 0.25]);
    expect(alphas({ balance: 'none', alpha: [0.2, 0.8] })).toEqual([0.2, 0.8]);
    expect(alphas({ balance: 'weights' })).toEqual([(0.25 * 100) / 180, 1.25]);
    expect(alphas({ balance: 'weights', alpha: [0.9, 0.2] })).toEqual([90 / 180, 1]);
  });
});

describe('the study’s augmentation', () => {
  it('stays within its ranges and switches off one by one', () => {
    const random = new Random(6);
    for (let draw = 0; draw < 200; draw++) {
      const change = drawGeometry(STUDY_GEOMETRY, random);
      expect(Math.abs(change.angle)).toBeLessThanOrEqual(25);
      expect(Math.abs(change.shiftX)).toBeLessThanOrEqual(0.2);
      expect(change.zoomY).toBeGreaterThanOrEqual(0.8);
      expect(change.zoomY).toBeLessThanOrEqual(1.2);
    }
    const still = { rotation: 0, shift: 0, shear: 0, zoom: 0, flip: false };
    const nothing = matrixOf(drawGeometry(still, random));
    close(nothing, [1, 0, 0, 0, 1, 0], 0);
    const without = drawGeometry({ ...STUDY_GEOMETRY, flip: false }, new Random(9));
    expect({ ...drawGeometry(STUDY_GEOMETRY, new Random(9)), flip: false }).toEqual(without);
    const whole = drawGeometry({ ...STUDY_GEOMETRY, flip: true }, new Random(9));
    for (const [name, gone] of [
      ['rotation', { angle: 0 }],
      ['shift', { shiftX: 0, shiftY: 0 }],
      ['shear', { shear: 0 }],
      ['zoom', { zoomX: 1, zoomY: 1 }],
    ] as const) {
      const change = drawGeometry({ ...STUDY_GEOMETRY, [name]: 0 }, new Random(9));
      // −0 is 0 as well.
      for (const [key, value] of Object.entries({ ...whole, ...gone })) {
        expect(Number(change[key as keyof typeof change]), `${key} without ${name}`).toBeCloseTo(
          Number(value),
          15,
        );
      }
    }
  });
});

/** Three clouds in 8 dimensions, each picture with two variants. */
function clouds(seed: number, count: number, variants: number, apart = 3) {
  const random = new Random(seed);
  const classOf = Uint8Array.from({ length: count }, (_, at) => at % 3);
  const embeddings = new Float32Array(count * variants * 8);
  for (let at = 0; at < embeddings.length; at++) {
    const row = Math.floor(at / (8 * variants));
    embeddings[at] = random.next() + (at % 8 === classOf[row] ? apart : 0);
  }
  return { embeddings, variants, classOf };
}

describe('training a head', () => {
  const data: TrainingData = {
    inputs: 8,
    classes: 3,
    training: clouds(1, 90, 2),
    validation: clouds(2, 30, 1),
  };
  const settings: TrainingSettings = { ...STUDY_SETTINGS, epochs: 12, learningRate: 0.02 };

  it('learns what can be learned, and is the same to the last bit for the same seed', () => {
    const run = (): HeadTraining => {
      const training = new HeadTraining(data, settings);
      while (!training.finished) training.runEpoch();
      return training;
    };
    const first = run();
    expect(first.log.at(-1)?.val_accuracy).toBeGreaterThan(0.95);
    expect(first.kept.parameters).toEqual(run().kept.parameters);
    const other = new HeadTraining(data, { ...settings, seed: 1 });
    other.runEpoch();
    expect(other.state.parameters).not.toEqual(first.state.parameters);
  });

  it('goes on after a pause as if there had been none', () => {
    const whole = new HeadTraining(data, settings);
    for (let epoch = 0; epoch < 6; epoch++) whole.runEpoch();
    const before = new HeadTraining(data, settings);
    for (let epoch = 0; epoch < 3; epoch++) before.runEpoch();
    const after = new HeadTraining(data, settings, structuredClone(before.state));
    for (let epoch = 0; epoch < 3; epoch++) after.runEpoch();
    expect(after.state).toEqual(whole.state);
  });

  it('stops when nothing gets better, and keeps the best', () => {
    // Classes that cannot be told apart: validation soon stops getting better.
    const hopeless: TrainingData = {
      ...data,
      training: clouds(3, 60, 1, 0),
      validation: clouds(4, 30, 1, 0),
    };
    const training = new HeadTraining(hopeless, { ...settings, epochs: 400, patience: 3 });
    while (!training.finished) training.runEpoch();
    expect(training.log.length).toBeLessThan(400);
    expect(training.log.length - training.keptEpoch).toBe(3);
    const lowest = Math.min(...training.log.map(({ val_loss }) => val_loss));
    expect(training.log[training.keptEpoch - 1]?.val_loss).toBe(lowest);
  });

  it('says so when the loss is not a number, and keeps the best head', () => {
    const broken: TrainingData = {
      ...data,
      training: { ...data.training, embeddings: data.training.embeddings.slice().fill(Infinity) },
    };
    const training = new HeadTraining(broken, { ...settings, learningRate: 1 });
    expect(() => {
      for (let epoch = 0; epoch < 5; epoch++) training.runEpoch();
    }).toThrow(TrainingDiverged);
    expect(training.kept.parameters.every(Number.isFinite)).toBe(true);
  });

  it('refuses settings out of range', () => {
    expect(v.is(TrainingSettingsSchema, { dropout: 1 })).toBe(false);
    expect(v.is(TrainingSettingsSchema, { alpha: [0.25] })).toBe(false);
    expect(v.is(TrainingSettingsSchema, { epochs: 2.5 })).toBe(false);
    expect(STUDY_SETTINGS).toMatchObject({ dropout: 0.5, gamma: 2, alpha: 0.25, epsilon: 1e-7 });
  });
});
