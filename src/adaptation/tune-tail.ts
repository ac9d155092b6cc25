/**
 * The second stage, epoch by epoch: the end of the network and the head behind it, from the delivered
 * weights and the best head. The network's part is done by a worker with a graphics processor; head,
 * dropout, loss and their gradients are the first stage's own, here, in float64.
 */
import { Random } from '../dataset/index.ts';
import type { StepSettings, TailClient, TailState } from '../inference/tuning.ts';
import { Adam } from './adam.ts';
import { TrainingDiverged } from './errors.ts';
import { focalLoss, type FocalSettings } from './focal-loss.ts';
import { addGradient, dropout, logitsOf, type Head } from './head.ts';
import { epochOrder } from './sampling.ts';
import type { TrainingSettings, TuningSettings } from './settings.ts';
import { focalOf, isOver, topOf, type EpochFigures } from './train-head.ts';
import type { ToTuner, TunedBest, TuningData, TuningPart, TuningState } from './tuning-protocol.ts';

/** Pictures that are on the graphics processor at once; a larger batch is added up from such parts. */
const AT_ONCE = 16;
const INPUTS = 1280;

/** Activations of some pictures, [count × length] in the order asked for. */
export type ReadActivations = (
  pictures: readonly { readonly place: number; readonly variant: number }[],
) => Promise<Float32Array>;

export type TuningOrder = Pick<ToTuner, 'data' | 'settings' | 'head' | 'lossToBeat' | 'state'>;

export class TailTraining {
  readonly #data: TuningData;
  readonly #settings: TrainingSettings & { readonly tuning: TuningSettings };
  readonly #focal: FocalSettings;
  readonly #random: Random;
  readonly #head: Head;
  readonly #adam: Adam;
  readonly #tail: TailClient;
  readonly #read: ReadActivations;
  readonly #lossToBeat: number;
  readonly #log: EpochFigures[];
  #best: TunedBest | null;

  /** @param tail opened at the block of the settings, restored to `order.state` where there is one */
  constructor(order: TuningOrder, tail: TailClient, read: ReadActivations) {
    const { data, settings, state, head, lossToBeat } = order;
    if (!settings.tuning) throw new RangeError('The settings know of no second stage.');
    this.#data = data;
    this.#settings = { ...settings, tuning: settings.tuning };
    this.#focal = focalOf(settings, data.training.classOf, data.classes);
    this.#random = state ? Random.at(state.random) : new Random(settings.seed ^ 0x7a11);
    const parameters = (state?.head ?? head).slice();
    this.#head = { inputs: INPUTS, classes: data.classes, parameters };
    this.#adam = new Adam(parameters.length, this.#step, state?.adam);
    this.#tail = tail;
    this.#read = read;
    this.#lossToBeat = lossToBeat;
    this.#log = state ? [...state.log] : [];
    this.#best = state?.best ?? null;
  }

  get finished(): boolean {
    const { patience, tuning } = this.#settings;
    return isOver(this.#log.length, this.#best?.epoch ?? 0, tuning.epochs, patience);
  }

  async state(): Promise<TuningState> {
    const tail: TailState = await this.#tail.call('state', null);
    return {
      log: [...this.#log],
      tail,
      head: this.#head.parameters.slice(),
      adam: this.#adam.state,
      random: this.#random.state,
      best: this.#best,
    };
  }

  /**
   * @param onBatch share of the epoch that is done
   * @throws TrainingDiverged, and what the tail throws
   */
  async runEpoch(onBatch: (share: number) => void): Promise<EpochFigures> {
    const { training, validation } = this.#data;
    const { batch, balance, tuning } = this.#settings;
    const sampling = balance === 'sampling' ? 'balanced' : 'as-found';
    const order = epochOrder(training.classOf, sampling, this.#random);
    const total = order.length + validation.places.length;
    const sums = { loss: 0, hits: 0 };
    for (let start = 0; start < order.length; start += batch) {
      await this.#learn(order.subarray(start, start + batch), sums);
      onBatch(Math.min(start + batch, order.length) / total);
    }
    const measured = await this.#validate((done) => onBatch((order.length + done) / total));
    const figures: EpochFigures = {
      epoch: this.#log.length + 1,
      stage: 'fine-tuning',
      accuracy: sums.hits / order.length,
      loss: sums.loss / order.length,
      val_accuracy: measured.accuracy,
      val_loss: measured.loss,
      learning_rate: tuning.learningRate,
    };
    if (!Number.isFinite(figures.loss) || !Number.isFinite(figures.val_loss)) {
      throw new TrainingDiverged(figures.epoch, 'Fine-tuning of the last blocks');
    }
    this.#log.push(figures);
    if (figures.val_loss < (this.#best?.loss ?? this.#lossToBeat)) {
      this.#best = {
        epoch: figures.epoch,
        loss: figures.val_loss,
        head: this.#head.parameters.slice(),
        weights: await this.#tail.call('weights', null),
        validation: measured.logits,
      };
    }
    return figures;
  }

  /** One step of Adam over a batch. */
  async #learn(rows: Uint32Array, sums: { loss: number; hits: number }): Promise<void> {
    const { classes, training } = this.#data;
    const head = this.#head;
    const gradient = new Float64Array(head.parameters.length);
    const input = new Float64Array(INPUTS);
    const logits = new Float64Array(classes);
    const slope = new Float64Array(classes);
    for (let start = 0; start < rows.length; start += AT_ONCE) {
      const part = rows.subarray(start, start + AT_ONCE);
      const pooled = await this.#forward(part, training, true);
      const slopes = new Float32Array(pooled.length);
      for (const [at, row] of part.entries()) {
        dropout(rowOf(pooled, at), this.#settings.dropout, this.#random, input);
        logitsOf(head, input, logits);
        const truth = training.classOf[row];
        sums.loss += focalLoss(logits, truth, this.#focal, slope);
        if (topOf(logits) === truth) sums.hits++;
        for (let k = 0; k < classes; k++) slope[k] /= rows.length;
        addGradient(head, input, slope, gradient);
        backThroughHead(head, input, slope, this.#settings.dropout, rowOf(slopes, at));
      }
      await this.#tail.call('backward', slopes, [slopes.buffer]);
    }
    await this.#tail.call('step', this.#step);
    this.#adam.step(head.parameters, gradient);
  }

  async #validate(
    onDone: (done: number) => void,
  ): Promise<{ loss: number; accuracy: number; logits: Float64Array }> {
    const { classes, validation } = this.#data;
    const count = validation.places.length;
    const all = new Float64Array(count * classes);
    let loss = 0;
    let hits = 0;
    for (let start = 0; start < count; start += AT_ONCE) {
      const rows = Uint32Array.from(
        { length: Math.min(AT_ONCE, count - start) },
        (_, at) => start + at,
      );
      const pooled = await this.#forward(rows, validation, false);
      for (const [at, row] of rows.entries()) {
        const logits = all.subarray(row * classes, (row + 1) * classes);
        logitsOf(this.#head, rowOf(pooled, at), logits);
        loss += focalLoss(logits, validation.classOf[row], this.#focal);
        if (topOf(logits) === validation.classOf[row]) hits++;
      }
      onDone(start + rows.length);
    }
    return { loss: loss / count, accuracy: hits / count, logits: all };
  }

  async #forward(rows: Uint32Array, part: TuningPart, keep: boolean): Promise<Float32Array> {
    const pictures = Array.from(rows, (row) => ({
      place: part.places[row],
      variant: keep && part.variants > 1 ? this.#random.below(part.variants) : 0,
    }));
    const values = await this.#read(pictures);
    return this.#tail.call('forward', { values, count: rows.length, keep }, [values.buffer]);
  }

  get #step(): StepSettings {
    const { beta1, beta2, epsilon, tuning } = this.#settings;
    return { learningRate: tuning.learningRate, beta1, beta2, epsilon };
  }
}

/** The slope of the features, from that of the logits: 0 where dropout had closed. */
function backThroughHead(
  { classes, parameters }: Head,
  input: Float64Array,
  slope: Float64Array,
  rate: number,
  target: Float32Array,
): void {
  const scale = 1 / (1 - rate);
  for (let i = 0, at = 0; i < target.length; i++, at += classes) {
    // A feature that is 0 itself looks closed as well: behind ReLU6 all of its places are 0 then, and no slope passes.
    if (input[i] === 0) continue;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += parameters[at + k] * slope[k];
    target[i] = sum * scale;
  }
}

function rowOf(list: Float32Array, row: number): Float32Array {
  return list.subarray(row * INPUTS, (row + 1) * INPUTS);
}
