/** What every contender's worker gives to the page. */

/** One picture through the network, from numbers in memory to numbers in memory. */
export interface Run {
  readonly logits: number[];
  /** Milliseconds inside the worker: input tensor, network, read-back of logits and features. */
  readonly ms: number;
}

export interface Contender {
  /** Loads the network. Addresses are absolute. @param threads onnxruntime only */
  open(base: string, threads: number): Promise<void>;
  /** @param values 224 × 224 numbers in 0 … 1 */
  run(values: Float32Array): Promise<Run>;
}

export const SIDE = 224;
