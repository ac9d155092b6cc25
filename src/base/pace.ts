/** How fast files are read and how long the rest takes, from the last seconds and not from the start. */

export interface PaceState {
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** The window: long enough to be calm, short enough to follow a second worker or a large file. */
const WINDOW_MS = 15_000;
/** Said from so many on: a guess after one file would only mislead. */
const FEWEST = 5;
/** Times kept; at a higher speed the window is shorter. */
const MOST = 400;

export class Pace {
  readonly #now: () => number;
  #times: number[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A run begins or goes on: the time before it counts for nothing. */
  restart(): void {
    this.#times = [this.#now()];
  }

  /** One more file needs no more work. */
  tick(): void {
    this.#times.push(this.#now());
    if (this.#times.length > MOST) this.#times.shift();
  }

  /** Null until enough is known. */
  state(left: number): PaceState | null {
    const now = this.#now();
    const recent = this.#times.filter((time) => now - time <= WINDOW_MS);
    // One file may take longer than the window.
    const times = recent.length > FEWEST ? recent : this.#times.slice(-FEWEST - 1);
    const [first] = times;
    if (first === undefined || times.length <= FEWEST || now <= first) return null;
    const perSecond = (1000 * (times.length - 1)) / (now - first);
    return { perSecond, secondsLeft: left / perSecond };
  }
}
