import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compare, smallRun } from '../../src/inference/tuning/check.ts';
import { CUT_POINTS, cutPointOf } from '../../src/inference/tuning/blocks.ts';
import { tailOf } from '../../src/inference/tuning/tail-graph.ts';
import { smallInput, smallSlope, smallTail } from '../../src/inference/tuning/small-tail.ts';
import { Tail } from '../../src/inference/tuning/tail.ts';
import { shippedModel } from './support/shipped-model.ts';
import golden from '../fixtures/tuning-golden.json' with { type: 'json' };

beforeAll(async () => {
  await setBackend('cpu');
});

/** Largest error as a share of the largest number. */
function share(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  const largest = Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((value, at) => Math.abs((ours[at] ?? NaN) - value))) / largest;
}

describe(`against ${golden.madeWith}`, () => {
  it('gives features, gradients and steps of two bottleneck blocks', async () => {
    const tail = new Tail(smallTail());
    const { pictures, learningRate } = golden;
    const settings = { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    for (const { features, gradients, weights } of golden.steps) {
      expect(
        share(await tail.forward(smallInput(pictures), pictures, true), features),
      ).toBeLessThan(1e-5);
      tail.backward(smallSlope(pictures));
      const ours = await tail.gradients();
      expect(Object.keys(ours).sort()).toEqual(Object.keys(gradients).sort());
      for (const [name, theirs] of Object.entries(gradients)) {
        expect(share(ours[name] ?? [], theirs), name).toBeLessThan(2e-5);
      }
      tail.step(settings);
      const moved = await tail.weights();
      for (const [name, theirs] of Object.entries(weights)) {
        expect(share(moved[name] ?? [], theirs), name).toBeLessThan(2e-5);
      }
    }
    tail.dispose();
  });
});

describe('a tail', () => {
  it('adds gradients up over parts of a batch and leaves no tensor behind', async () => {
    const before = memory().numTensors;
    const tail = new Tail(smallTail());
    const held = memory().numTensors;
    await tail.forward(smallInput(2), 2, true);
    tail.backward(smallSlope(2));
    const once = await tail.gradients();
    await tail.forward(smallInput(2), 2, true);
    tail.backward(smallSlope(2));
    const twice = await tail.gradients();
    for (const [name, list] of Object.entries(once)) {
      expect(
        share(
          twice[name] ?? [],
          Array.from(list, (value) => 2 * value),
        ),
      ).toBeLessThan(1e-6);
    }
    const step = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    tail.step(step);
    expect(memory().numTensors).toBe(held);
    for (let turn = 0; turn < 3; turn++) {
      await tail.forward(smallInput(2), 2, true);
      await tail.forward(smallInput(2), 2, false);
      await tail.forward(smallInput(2), 2, true);
      tail.backward(smallSlope(2));
      tail.step(step);
      expect(memory().numTensors).toBe(held);
    }
    tail.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('goes on from a kept state as if nothing had happened', async () => {
    const settings = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    const train = async (tail: Tail, steps: number): Promise<void> => {
      for (let at = 0; at < steps; at++) {
        await tail.forward(smallInput(2), 2, true);
        tail.backward(smallSlope(2));
        tail.step(settings);
      }
    };
    const whole = new Tail(smallTail());
    await train(whole, 4);
    const first = new Tail(smallTail());
    await train(first, 2);
    const second = new Tail(smallTail());
    second.restore(structuredClone(await first.state()));
    await train(second, 2);
    expect(await second.state()).toEqual(await whole.state());
  });

  it('tells wrong gradients, moments and missing numbers', async () => {
    const right = await smallRun();
    expect(compare(right, right).worst).toBe(0);
    const wrong = {
      ...right,
      'b0.dw/w': (right['b0.dw/w'] ?? new Float32Array(0)).map((x) => x * 1.01),
    };
    expect(compare(wrong, right)).toMatchObject({ where: 'b0.dw/w' });
    expect(compare(wrong, right).worst).toBeCloseTo(0.01, 4);
    // Half precision makes nothing of squares so small.
    const halved = { ...right, 'second b0.exp/w': new Float32Array(32) };
    expect(compare(halved, right).worst).toBe(1);
    expect(compare({}, right).worst).toBe(Infinity);
  });
});

describe('the tail of the shipped model', () => {
  let model: Awaited<ReturnType<typeof shippedModel>>;
  beforeAll(async () => {
    const folder = join(import.meta.dirname, '../../public/models');
    model = await shippedModel(async (path) => {
      const { buffer, byteOffset, byteLength } = await readFile(join(folder, path));
      return buffer.slice(byteOffset, byteOffset + byteLength);
    });
  });

  it.each(CUT_POINTS)('is found from block $block on, whole', ({ block, side, depth }) => {
    const { layers, parameters, entry } = tailOf(model.graph, model.shards, block);
    expect(entry).toMatchObject({ side, depth });
    const convolutions = layers.filter(({ kind }) => kind !== 'sum');
    expect(convolutions).toHaveLength(3 * (17 - block) + 1);
    expect(parameters.size).toBe(2 * convolutions.length);
    expect(layers.filter(({ kind }) => kind === 'sum')).toHaveLength(Math.min(2, 16 - block));
    expect(layers.at(-1)).toMatchObject({ name: 'features', inputs: 320, outputs: 1280 });
    for (const { shape, values } of parameters.values()) {
      expect(values).toHaveLength(shape.reduce((product, length) => product * length, 1));
    }
  });

  it('is refused where the graph is another', () => {
    expect(() => tailOf({}, [], 13)).toThrow(/cannot be trained further/);
    const graph = structuredClone(model.graph) as {
      modelTopology: { node: { name: string; op: string }[] };
    };
    for (const node of graph.modelTopology.node) if (node.name === 'b14.exp') node.op = 'Elu';
    expect(() => tailOf(graph, model.shards, 14)).toThrow(/“b14.exp” \(Elu\)/);
    expect(() => cutPointOf(12)).toThrow(RangeError);
  });
});
