/** Are a backend's gradients those of plain JavaScript? At small size, before anything is trained on it. */
import { setBackend } from '@tensorflow/tfjs-core';
import type { BackendId } from '../types.ts';
import { smallInput, smallSlope, smallTail } from './small-tail.ts';
import { Tail } from './tail.ts';

const PICTURES = 3;
const STEP = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export interface GradientCheck {
  /** Largest error of any gradient or moment, as a share of the largest of its kind. */
  readonly worst: number;
  /** Where that was. */
  readonly where: string;
}

/** What a small tail gives: pooled features, gradients of two parts added up, moments after a step. */
export async function smallRun(): Promise<Record<string, Float32Array>> {
  const tail = new Tail(smallTail());
  try {
    const lists: Record<string, Float32Array> = {};
    for (const turn of [0, 1]) {
      lists[`features ${turn}`] = await tail.forward(smallInput(PICTURES), PICTURES, true);
      tail.backward(smallSlope(PICTURES));
    }
    for (const [name, list] of Object.entries(await tail.gradients())) lists[name] = list;
    tail.step(STEP);
    const { first, second, weights } = await tail.state();
    for (const [name, list] of Object.entries(first)) lists[`first ${name}`] = list;
    for (const [name, list] of Object.entries(second)) lists[`second ${name}`] = list;
    for (const [name, list] of Object.entries(weights)) lists[`moved ${name}`] = list;
    return lists;
  } finally {
    tail.dispose();
  }
}

export async function checkGradients(backend: BackendId): Promise<GradientCheck> {
  await import('@tensorflow/tfjs-backend-cpu');
  const ours = await smallRun();
  await setBackend('cpu');
  try {
    return compare(ours, await smallRun());
  } finally {
    await setBackend(backend);
  }
}

export function compare(
  ours: Readonly<Record<string, Float32Array>>,
  right: Readonly<Record<string, Float32Array>>,
): GradientCheck {
  let worst = 0;
  let where = '';
  for (const [name, list] of Object.entries(right)) {
    const largest = list.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    for (const [at, value] of list.entries()) {
      const error = Math.abs((ours[name]?.[at] ?? Number.NaN) - value) / largest;
      if (!(error <= worst)) [worst, where] = [Number.isNaN(error) ? Infinity : error, name];
    }
  }
  return { worst, where };
}
