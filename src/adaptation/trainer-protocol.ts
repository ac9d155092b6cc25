/** What page and training worker say to each other: one training a worker. */
import type { FaultData } from '../base/fault.ts';
import type { GateStatistics } from '../inference/index.ts';
import type { TrainingSettings } from './settings.ts';
import type { EpochFigures, TrainingData, TrainingState } from './train-head.ts';

export interface ToTrainer {
  readonly data: TrainingData;
  readonly settings: TrainingSettings;
  /** To go on with. */
  readonly state: TrainingState | null;
  readonly gate: GateStatistics | null;
}

export type FromTrainer =
  | { readonly kind: 'epoch'; readonly figures: EpochFigures; readonly state: TrainingState }
  | { readonly kind: 'finished'; readonly result: Trained }
  | { readonly kind: 'failed'; readonly fault: FaultData };

export interface Trained {
  readonly keptEpoch: number;
  /** The epoch in which the loss stopped being a number, after a kept one; null: it never did. */
  readonly divergedIn: number | null;
  readonly log: readonly EpochFigures[];
  readonly head: Float32Array;
  /** [validation pictures × classes]: the kept head's logits. */
  readonly validation: Float64Array;
  /** Classes that got a center of the gate, and the centers. */
  readonly gateOf: readonly number[];
  readonly gateCenters: Float32Array;
}
