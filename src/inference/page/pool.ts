/** The lanes that share a batch: the main one and, on WASM, helpers beside it. */
import { Helpers } from './helpers.ts';
import { Lane, QUICK_PLAN, type LaneSetup } from './lane.ts';
import type { MainLane } from './main-lane.ts';
import { Pulse } from '../../base/waiting.ts';

/** Fewer pictures than this a worker are not worth another worker's start. */
const PICTURES_PER_HELPER = 4;

export interface PoolOptions {
  /** Workers that share a batch, the main one counted. */
  readonly size: number;
  /** Helpers end after so many milliseconds without a batch. */
  readonly helperIdleMs: number;
  /** A helper came or went. */
  readonly changed: () => void;
}

export class Pool {
  readonly #setup: LaneSetup;
  readonly #main: MainLane;
  readonly #size: number;
  readonly #helpers: Helpers;
  readonly #pulse = new Pulse();

  constructor(setup: LaneSetup, main: MainLane, options: PoolOptions) {
    this.#setup = setup;
    this.#main = main;
    this.#size = options.size;
    this.#helpers = new Helpers(() => this.#openHelper(), options.helperIdleMs, options.changed);
  }

  /** Workers that could read a picture now. */
  get workers(): number {
    return (this.#main.lane ? 1 : 0) + this.#helpers.lanes.length;
  }

  /** Resolves when `lanesFor` may give another answer. */
  get nextChange(): Promise<void> {
    return this.#pulse.next;
  }

  /** Where the next of `left` pictures can go; asks for helpers if so many are worth them. */
  lanesFor(left: number): readonly Lane[] {
    const lane = this.#main.lane;
    if (!lane) return this.#helpers.lanes;
    if (lane.backend !== 'wasm') return [lane];
    const worth = Math.floor(left / PICTURES_PER_HELPER);
    const helpers = Math.min(this.#size - 1, worth);
    if (helpers > 0) this.#helpers.want(helpers);
    return [lane, ...this.#helpers.lanes];
  }

  /** Beside a GPU, or nothing, there is no work for helpers. */
  fitToMain(): void {
    if (this.#main.lane?.backend !== 'wasm') this.#helpers.dismiss();
  }

  /** The main lane or the helpers are others now. */
  announce(): void {
    this.#pulse.beat();
  }

  /** No batch for now. */
  rest(): void {
    this.#helpers.rest();
  }

  close(): void {
    this.#helpers.close();
  }

  async #openHelper(): Promise<Lane | null> {
    const { lane } = await Lane.open('wasm', this.#setup, { plan: QUICK_PLAN });
    const main = this.#main.lane;
    // A model updated in another tab must not answer beside the older one.
    const same = main?.modelId === lane?.modelId && main?.modelVersion === lane?.modelVersion;
    if (lane && (!same || this.#main.closed)) lane.close();
    return same ? lane : null;
  }
}
