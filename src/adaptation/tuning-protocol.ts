/** What page and training worker say to each other of the second stage. */
import type { FaultData } from '../base/fault.ts';
import type { TailState } from '../inference/tuning.ts';
import type { AdamState } from './adam.ts';
import type { TrainingSettings } from './settings.ts';
import type { EpochFigures } from './train-head.ts';

/** One side of the pictures: who they are in the store, and what they show. */
export interface TuningPart {
  readonly places: readonly number[];
  readonly classOf: Uint8Array;
  /** Each picture and its copies; 1 for validation. */
  readonly variants: number;
}

export interface TuningData {
  readonly classes: number;
  /** Numbers in one activation. */
  readonly length: number;
  readonly training: TuningPart;
  readonly validation: TuningPart;
}

/** The best epoch so far, of whichever stage: a new one has to be better than that. */
export interface TuningState {
  readonly log: readonly EpochFigures[];
  readonly tail: TailState;
  readonly head: Float32Array;
  readonly adam: AdamState;
  readonly random: readonly [number, number, number, number];
  /** Null: none was better than the head's best epoch. */
  readonly best: TunedBest | null;
}

export interface TunedBest {
  /** Of the second stage, 1, 2, … */
  readonly epoch: number;
  readonly loss: number;
  readonly head: Float32Array;
  readonly weights: Readonly<Record<string, Float32Array>>;
  /** [validation pictures × classes] logits. */
  readonly validation: Float64Array;
}

export interface ToTuner {
  readonly kind: 'tune';
  /** To the worker that holds the tail, opened already. */
  readonly tail: MessagePort;
  readonly training: string;
  /** Of the database with the activations. */
  readonly store: string;
  /** Activations the store would not take, by place. */
  readonly held: ReadonlyMap<number, Uint16Array>;
  readonly data: TuningData;
  readonly settings: TrainingSettings;
  /** The head of the first stage's best epoch, and that epoch's validation loss. */
  readonly head: Float32Array;
  readonly lossToBeat: number;
  readonly state: TuningState | null;
  /** Milliseconds one call of the tail may take. */
  readonly callMs: number;
}

export type FromTuner =
  | { readonly kind: 'batch'; readonly share: number }
  | { readonly kind: 'epoch'; readonly state: TuningState }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly fault: FaultData };
