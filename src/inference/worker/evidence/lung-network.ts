/**
 * The second, small network: loaded when it is first wanted, tested by its own known answers on this
 * backend, and left out for good where it fails or hangs. Pictures wait for it, but never for long.
 */
import { chestPhantom, type Lungs, type Manifest } from '../../../model/index.ts';
import type { ModelBytes } from '../../../model/types.ts';
import type { InferenceEngine, SideNetwork } from '../engine/engine.ts';
import { EngineFailed, LungsWrong, StepTimedOut, toFault } from '../../errors.ts';
import type { LungMap } from '../../types.ts';

export interface LungLimits {
  /** Building the graph and its first run: shaders are made here. A picture waits as long, once. */
  readonly open: number;
  readonly run: number;
}

export const LUNG_LIMITS: LungLimits = { open: 30_000, run: 15_000 };

/** Blocks a side of the golden grid. */
const GRID = 8;

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening'; readonly done: Promise<void> }
  | { readonly kind: 'ready'; readonly network: SideNetwork; readonly contract: Lungs }
  | { readonly kind: 'failed'; readonly detail: string };

export class LungReader {
  readonly #engine: InferenceEngine;
  readonly #limits: LungLimits;
  /** Kept until the network is built, then given back. */
  #model: ModelBytes<Manifest> | null;
  #state: State = { kind: 'idle' };

  constructor(engine: InferenceEngine, model: ModelBytes<Manifest>, limits = LUNG_LIMITS) {
    this.#engine = engine;
    this.#model = model;
    this.#limits = limits;
    if (!model.manifest.assurance?.lungs || !model.lungs) this.#model = null;
  }

  /** Builds and tests it, once; never rejects. Nothing else may run on the engine meanwhile. */
  open(): Promise<void> {
    if (this.#state.kind === 'opening') return this.#state.done;
    if (this.#state.kind !== 'idle' || !this.#model) return Promise.resolve();
    const done = this.#open(this.#model).then(
      (state) => {
        this.#state = state;
        this.#model = null;
      },
      (error: unknown) => {
        this.#state = { kind: 'failed', detail: toFault(error).message };
        this.#model = null;
      },
    );
    this.#state = { kind: 'opening', done };
    return done;
  }

  /** Opens it if nobody has. @param values the model input, 224 × 224. Never rejects. */
  async read(values: Float32Array): Promise<LungMap> {
    await this.open();
    const state = this.#state;
    if (state.kind === 'failed') return { state: 'failed', detail: state.detail };
    if (state.kind !== 'ready') return { state: 'none-in-model' };
    try {
      const logits = await within(state.network.run(values), this.#limits.run, 'finding the lungs');
      return { state: 'done', side: state.contract.output.side, ...probabilities(logits) };
    } catch (error) {
      const detail = toFault(error).message;
      state.network.dispose();
      this.#state = { kind: 'failed', detail };
      return { state: 'failed', detail };
    }
  }

  dispose(): void {
    if (this.#state.kind === 'ready') this.#state.network.dispose();
    this.#state = { kind: 'failed', detail: 'The lung network was closed.' };
  }

  async #open(model: ModelBytes<Manifest>): Promise<State> {
    const contract = model.manifest.assurance?.lungs;
    if (!contract || !model.lungs) throw new EngineFailed('there is no lung network');
    const building = this.#build(model.lungs, contract);
    // One that hangs is left behind; should it still come, it is thrown away.
    let late = false;
    building.then(
      (network) => (late ? network.dispose() : undefined),
      () => undefined,
    );
    try {
      const network = await within(building, this.#limits.open, 'loading the lung network');
      return { kind: 'ready', network, contract };
    } catch (error) {
      late = true;
      throw error;
    }
  }

  async #build(
    files: NonNullable<ModelBytes<Manifest>['lungs']>,
    contract: Lungs,
  ): Promise<SideNetwork> {
    const network = await this.#engine.addNetwork(files, {
      input: contract.input,
      output: contract.output.name,
      length: contract.output.side ** 2 * contract.output.channels.length,
    });
    try {
      for (const golden of contract.golden) {
        const logits = await network.run(chestPhantom(contract.input.shape[1], golden.variant));
        const off = Math.max(
          furthest(blockMeans(logits, contract.output.side, 0), golden.visible),
          furthest(blockMeans(logits, contract.output.side, 1), golden.whole),
        );
        if (!(off <= contract.tolerance)) throw new LungsWrong(off, contract.tolerance);
      }
      return network;
    } catch (error) {
      network.dispose();
      throw error;
    }
  }
}

/**
 * Means of GRID × GRID blocks of one channel.
 * @param logits [side, side, 2] row-major, `side` a multiple of GRID
 */
export function blockMeans(logits: Float32Array, side: number, channel: number): number[] {
  const block = side / GRID;
  const sums = new Float64Array(GRID * GRID);
  for (let y = 0; y < side; y++) {
    const row = Math.floor(y / block) * GRID;
    for (let x = 0; x < side; x++) {
      sums[row + Math.floor(x / block)] += logits[2 * (y * side + x) + channel];
    }
  }
  return Array.from(sums, (sum) => sum / (block * block));
}

function furthest(values: readonly number[], expected: readonly number[]): number {
  let off = 0;
  for (const [at, value] of values.entries()) {
    const away = Math.abs(value - (expected[at] ?? Number.NaN));
    // Written so that a NaN counts as wrong.
    if (!(away <= off)) off = away;
  }
  return off;
}

function probabilities(logits: Float32Array): { visible: Float32Array; whole: Float32Array } {
  const visible = new Float32Array(logits.length / 2);
  const whole = new Float32Array(logits.length / 2);
  for (let at = 0; at < visible.length; at++) {
    visible[at] = 1 / (1 + Math.exp(-logits[2 * at]));
    whole[at] = 1 / (1 + Math.exp(-logits[2 * at + 1]));
  }
  return { visible, whole };
}

/** @throws StepTimedOut; the work itself cannot be stopped and may go on */
async function within<T>(work: Promise<T>, milliseconds: number, step: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StepTimedOut(step, milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
