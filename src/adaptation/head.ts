/**
 * The study's head on the frozen base: (pooled) embedding → dropout → dense. Global average pooling
 * is done already: embeddings are pooled.
 */
import type { Random } from '../dataset/index.ts';

export interface Head {
  /** Numbers in an embedding. */
  readonly inputs: number;
  readonly classes: number;
  /** [inputs × classes] row-major, then one bias a class. */
  readonly parameters: Float32Array;
}

export function parameterCount(inputs: number, classes: number): number {
  return (inputs + 1) * classes;
}

/** Glorot-uniform weights (X. Glorot & Y. Bengio 2010), biases 0: what the study's framework starts from. */
export function newHead(inputs: number, classes: number, random: Random): Head {
  const limit = Math.sqrt(6 / (inputs + classes));
  const parameters = new Float32Array(parameterCount(inputs, classes));
  for (let at = 0; at < inputs * classes; at++) parameters[at] = random.between(-limit, limit);
  return { inputs, classes, parameters };
}

/** @param logits takes the answer, one a class */
export function logitsOf(head: Head, embedding: ArrayLike<number>, logits: Float64Array): void {
  const { inputs, classes, parameters } = head;
  const bias = inputs * classes;
  for (let k = 0; k < classes; k++) logits[k] = parameters[bias + k];
  for (let i = 0, at = 0; i < inputs; i++, at += classes) {
    const value = embedding[i];
    if (value === 0) continue;
    for (let k = 0; k < classes; k++) logits[k] += value * parameters[at + k];
  }
}

/** Adds one picture's share to the gradient of the parameters: outer product of input and slope. */
export function addGradient(
  head: Head,
  embedding: ArrayLike<number>,
  slope: Float64Array,
  gradient: Float64Array,
): void {
  const { inputs, classes } = head;
  const bias = inputs * classes;
  for (let i = 0, at = 0; i < inputs; i++, at += classes) {
    const value = embedding[i];
    if (value === 0) continue;
    for (let k = 0; k < classes; k++) gradient[at + k] += value * slope[k];
  }
  for (let k = 0; k < classes; k++) gradient[bias + k] += slope[k];
}

/**
 * Dropout with the kept ones scaled up by 1 / (1 − rate), so that nothing changes when it is off
 * (N. Srivastava et al., JMLR 2014).
 * @param rate share set to zero, 0 ≤ rate < 1
 * @param kept takes the answer; as long as `embedding`
 */
export function dropout(
  embedding: ArrayLike<number>,
  rate: number,
  random: Random,
  kept: Float64Array,
): void {
  const scale = 1 / (1 - rate);
  for (let at = 0; at < kept.length; at++) {
    kept[at] = rate > 0 && random.next() < rate ? 0 : embedding[at] * scale;
  }
}
