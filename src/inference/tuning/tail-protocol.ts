/** What is asked of the worker that holds a tail, over a port of its own: one answer to each call. */
import type { FaultData } from '../../base/fault.ts';
import type { ModelSource } from '../protocol.ts';
import type { BackendId } from '../types.ts';
import type { GradientCheck } from './check.ts';
import type { StepSettings, TailState } from './tail.ts';

/** Once, before anything else on the port. */
export interface TailOrder {
  readonly kind: 'tail';
  readonly port: MessagePort;
}

export type NamedWeights = Readonly<Record<string, Float32Array>>;

export interface TailCalls {
  /** Starts the backend and takes the tail from the delivered model. */
  open: {
    request: { readonly backend: BackendId; readonly source: ModelSource; readonly block: number };
    reply: { readonly adapter: string | null; readonly software: boolean };
  };
  check: { request: null; reply: GradientCheck };
  /** `values`: [count, side, side, depth]; the reply: [count, 1280]. */
  forward: {
    request: { readonly values: Float32Array; readonly count: number; readonly keep: boolean };
    reply: Float32Array;
  };
  backward: { request: Float32Array; reply: null };
  gradients: { request: null; reply: Record<string, Float32Array> };
  step: { request: StepSettings; reply: null };
  weights: { request: null; reply: Record<string, Float32Array> };
  state: { request: null; reply: TailState };
  restore: {
    request: Pick<TailState, 'weights'> & Partial<TailState>;
    reply: null;
  };
  /**
   * In a worker where no tail was opened: the answers of the whole network with these weights to the
   * known inputs, after the delivered ones were given right. One list of logits each.
   */
  golden: {
    request: { readonly source: ModelSource; readonly weights: NamedWeights };
    reply: number[][];
  };
}
export type TailCall = keyof TailCalls;

export type ToTail = {
  [K in TailCall]: {
    readonly id: number;
    readonly kind: K;
    readonly request: TailCalls[K]['request'];
  };
}[TailCall];

export type FromTail =
  | { readonly id: number; readonly reply: TailCalls[TailCall]['reply'] }
  | { readonly id: number; readonly fault: FaultData };
