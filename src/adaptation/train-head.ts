/**
 * Trains a head on embeddings, epoch by epoch, so that the caller can show, pause, store and stop
 * between any two. Plain arithmetic in a fixed order: the same seed and embeddings give the same
 * head to the last bit.
 */
import { Random } from '../dataset/index.ts';
import { Adam, type AdamState } from './adam.ts';
import { TrainingDiverged } from './errors.ts';
import { focalLoss, type FocalSettings } from './focal-loss.ts';
import { addGradient, dropout, logitsOf, newHead, type Head } from './head.ts';
import { balancedWeights, epochOrder } from './sampling.ts';
import type { TrainingSettings } from './settings.ts';

/** Embeddings of one part of the collection. */
export interface EmbeddedPart {
  /**
   * [pictures × variants × inputs] row-major: of each picture first itself, then its changed
   * copies. Validation has one variant.
   */
  readonly embeddings: Float32Array;
  readonly variants: number;
  /** Class of each picture, 0, 1, … */
  readonly classOf: Uint8Array;
}

export interface TrainingData {
  readonly inputs: number;
  readonly classes: number;
  readonly training: EmbeddedPart;
  readonly validation: EmbeddedPart;
}

/** One line of the training log, named as the study's is. */
export interface EpochFigures {
  readonly epoch: number;
  /** Only where there were two. */
  readonly stage?: string | undefined;
  readonly accuracy: number;
  readonly loss: number;
  readonly val_accuracy: number;
  readonly val_loss: number;
  readonly learning_rate: number;
}

/** Everything that is needed to go on as if nothing had happened. Structured-cloneable. */
export interface TrainingState {
  readonly parameters: Float32Array;
  readonly adam: AdamState;
  readonly random: readonly [number, number, number, number];
  readonly log: readonly EpochFigures[];
  readonly best: { readonly epoch: number; readonly parameters: Float32Array };
}

export class HeadTraining {
  readonly #data: TrainingData;
  readonly #settings: TrainingSettings;
  readonly #focal: FocalSettings;
  readonly #random: Random;
  readonly #head: Head;
  readonly #adam: Adam;
  readonly #log: EpochFigures[];
  #best: { epoch: number; parameters: Float32Array };

  /** @param state to go on with; the data and settings must be the same ones */
  constructor(data: TrainingData, settings: TrainingSettings, state?: TrainingState) {
    this.#data = data;
    this.#settings = settings;
    const { inputs, classes, training } = data;
    this.#focal = focalOf(settings, training.classOf, classes);
    this.#random = state ? Random.at(state.random) : new Random(settings.seed);
    this.#head = state
      ? { inputs, classes, parameters: state.parameters.slice() }
      : newHead(inputs, classes, this.#random);
    this.#adam = new Adam(this.#head.parameters.length, settings, state?.adam);
    this.#log = state ? [...state.log] : [];
    this.#best = state?.best ?? { epoch: 0, parameters: this.#head.parameters.slice() };
  }

  get log(): readonly EpochFigures[] {
    return this.#log;
  }

  /** The epoch with the lowest validation loss so far; 0 before the first. */
  get keptEpoch(): number {
    return this.#best.epoch;
  }

  get finished(): boolean {
    const { epochs, patience } = this.#settings;
    return isOver(this.#log.length, this.#best.epoch, epochs, patience);
  }

  /** A copy of where it stands. */
  get state(): TrainingState {
    return {
      parameters: this.#head.parameters.slice(),
      adam: this.#adam.state,
      random: this.#random.state,
      log: [...this.#log],
      best: this.#best,
    };
  }

  /** The head of the kept epoch. */
  get kept(): Head {
    return { ...this.#head, parameters: this.#best.parameters.slice() };
  }

  /**
   * One pass over the training pictures, then the validation pictures.
   * @throws TrainingDiverged if the loss is not a number any more; the kept head stays
   */
  runEpoch(): EpochFigures {
    const { training, inputs, classes } = this.#data;
    const { settings, random } = { settings: this.#settings, random: this.#random };
    const order = epochOrder(
      training.classOf,
      settings.balance === 'sampling' ? 'balanced' : 'as-found',
      random,
    );
    const gradient = new Float64Array(this.#head.parameters.length);
    const input = new Float64Array(inputs);
    const logits = new Float64Array(classes);
    const slope = new Float64Array(classes);
    let loss = 0;
    let hits = 0;
    for (let start = 0; start < order.length; start += settings.batch) {
      const rows = order.subarray(start, start + settings.batch);
      gradient.fill(0);
      for (const row of rows) {
        const variant = training.variants > 1 ? random.below(training.variants) : 0;
        dropout(rowOf(training, inputs, row, variant), settings.dropout, random, input);
        logitsOf(this.#head, input, logits);
        const truth = training.classOf[row];
        loss += focalLoss(logits, truth, this.#focal, slope);
        if (topOf(logits) === truth) hits++;
        for (let k = 0; k < classes; k++) slope[k] /= rows.length;
        addGradient(this.#head, input, slope, gradient);
      }
      this.#adam.step(this.#head.parameters, gradient);
    }
    const measured = this.#validate();
    const figures: EpochFigures = {
      epoch: this.#log.length + 1,
      accuracy: hits / order.length,
      loss: loss / order.length,
      val_accuracy: measured.accuracy,
      val_loss: measured.loss,
      learning_rate: settings.learningRate,
    };
    if (!Number.isFinite(figures.loss) || !Number.isFinite(figures.val_loss)) {
      throw new TrainingDiverged(figures.epoch);
    }
    const kept = this.#log[this.#best.epoch - 1];
    if (!kept || figures.val_loss < kept.val_loss) {
      this.#best = { epoch: figures.epoch, parameters: this.#head.parameters.slice() };
    }
    this.#log.push(figures);
    return figures;
  }

  #validate(): { loss: number; accuracy: number } {
    const { validation, inputs, classes } = this.#data;
    const logits = new Float64Array(classes);
    let loss = 0;
    let hits = 0;
    for (const [row, truth] of validation.classOf.entries()) {
      logitsOf(this.#head, rowOf(validation, inputs, row, 0), logits);
      loss += focalLoss(logits, truth, this.#focal);
      if (topOf(logits) === truth) hits++;
    }
    const count = validation.classOf.length;
    return { loss: loss / count, accuracy: hits / count };
  }
}

function rowOf(part: EmbeddedPart, inputs: number, row: number, variant: number): Float32Array {
  const start = (row * part.variants + variant) * inputs;
  return part.embeddings.subarray(start, start + inputs);
}

/** α of every class: the settings' own, weighed where classes are balanced so. */
export function focalOf(
  { alpha, balance, gamma }: TrainingSettings,
  classOf: TrainingData['training']['classOf'],
  classes: number,
): FocalSettings {
  const weights = balance === 'weights' ? balancedWeights(classOf, classes) : null;
  const each = Float64Array.from({ length: classes }, (_, k) => {
    const own = typeof alpha === 'number' ? alpha : (alpha[k] ?? 0);
    return own * (weights?.[k] ?? 1);
  });
  return { gamma, alpha: each };
}

/**
 * All epochs done, or none better for `patience` of them (0: however long).
 * @param kept the best epoch, counted from 1; 0 where none was better than what it began with
 */
export function isOver(done: number, kept: number, epochs: number, patience: number): boolean {
  return done >= epochs || (patience > 0 && done - kept >= patience);
}

export function topOf(logits: Float64Array): number {
  let top = 0;
  for (let k = 1; k < logits.length; k++) if (logits[k] > logits[top]) top = k;
  return top;
}
