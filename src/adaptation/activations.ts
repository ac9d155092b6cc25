/** Where the second stage's activations lie: on the device, or in memory as far as that is allowed. */
import type { FaultData } from '../base/fault.ts';
import { ActivationsLost, type AdaptationNotKept } from './errors.ts';
import { toHalf } from './half.ts';
import type { TuningStore } from './tuning-store.ts';

/** With the disk full so much is held in memory, and not a byte more: a tab that grows is ended. */
const MOST_HELD = 256 * 1024 * 1024;

export class ActivationKeeper {
  readonly #store: TuningStore;
  readonly #training: string;
  readonly #most: number;
  readonly held = new Map<number, Uint16Array>();
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #notKept: FaultData | null = null;
  #lost = false;

  constructor(store: TuningStore, training: string, most = MOST_HELD) {
    this.#store = store;
    this.#training = training;
    this.#most = most;
  }

  /** Resolves when nothing is being written. */
  get written(): Promise<void> {
    return this.#writing;
  }

  /** Why the last one was not written. */
  get notKept(): FaultData | null {
    return this.#notKept;
  }

  /** @returns when it is written, or held, or given up */
  put(place: number, activations: Float32Array): Promise<void> {
    const halves = toHalf(activations);
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#store.keep(this.#training, place, halves);
        this.#notKept = null;
      } catch (reason) {
        this.#notKept = (reason as AdaptationNotKept).toData();
        if (this.#bytes + halves.byteLength > this.#most) {
          this.#lost = true;
          return;
        }
        this.held.set(place, halves);
        this.#bytes += halves.byteLength;
      }
    });
    return this.#writing;
  }

  /** @throws ActivationsLost if some were neither written nor held */
  async settle(): Promise<void> {
    await this.#writing;
    if (this.#lost) throw new ActivationsLost();
  }
}
