/**
 * The other workers of the WASM pool: started when a batch comes, one after the other (each start
 * takes a core for a while), ended after a time without work.
 */
import type { Lane } from './lane.ts';

export class Helpers {
  readonly #open: () => Promise<Lane | null>;
  readonly #idleMs: number;
  readonly #onChange: () => void;
  #lanes: Lane[] = [];
  #wanted = 0;
  #starting: Promise<void> | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(open: () => Promise<Lane | null>, idleMs: number, onChange: () => void) {
    this.#open = open;
    this.#idleMs = idleMs;
    this.#onChange = onChange;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** Work is coming that `count` helpers could share. */
  want(count: number): void {
    clearTimeout(this.#idle);
    this.#wanted = Math.max(this.#wanted, count);
    this.#starting ??= this.#fill().finally(() => (this.#starting = null));
  }

  /** No work for now. */
  rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.dismiss(), this.#idleMs);
  }

  /** Ends all helpers; pictures in them are finished first. */
  dismiss(): void {
    this.#wanted = 0;
    clearTimeout(this.#idle);
    const lanes = this.#lanes;
    this.#lanes = [];
    for (const lane of lanes) lane.retire();
    if (lanes.length > 0) this.#onChange();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const lane of this.#lanes) lane.close();
    this.#lanes = [];
  }

  async #fill(): Promise<void> {
    while (!this.#closed && this.#lanes.length < this.#wanted) {
      const lane = await this.#open().catch(() => null);
      // A helper that cannot start is a matter of speed, not of results: the batch goes on without.
      if (!lane) return;
      if (this.#closed || this.#lanes.length >= this.#wanted) {
        lane.close();
        return;
      }
      lane.whenBroken = () => {
        this.#lanes = this.#lanes.filter((other) => other !== lane);
        this.#onChange();
      };
      this.#lanes = [...this.#lanes, lane];
      this.#onChange();
    }
  }
}
