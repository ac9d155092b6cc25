/** Bytes into rate and time left, at a pace a progress bar can use. */
import type { InstallProgress } from './types.ts';

/** The rate is that of the last seconds: long enough to be calm, short enough to be true. */
const WINDOW_MS = 6000;
const SILENCE_MS = 100;

type Phase = InstallProgress['phase'];

export class ProgressMeter {
  readonly #report: (progress: InstallProgress) => void;
  readonly #total: number;
  readonly #now: () => number;
  #samples: { time: number; bytes: number }[] = [];
  #phase: Phase = 'checking';
  #file: string | null = null;
  #bytes = 0;
  #reported = -Infinity;

  /**
   * @param total bytes of the whole version
   * @param report called at every change of phase or file, and else at most every 100 ms
   * @param now a clock in ms
   */
  constructor(
    total: number,
    report: (progress: InstallProgress) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#total = total;
    this.#report = report;
    this.#now = now;
  }

  phase(phase: Phase, file: string | null = null): void {
    this.#phase = phase;
    this.#file = file;
    this.#tell(true);
  }

  /** Bytes of the version that are there now. They fall when a file starts again. */
  bytes(done: number): void {
    // Bytes that were there before, or were thrown away, say nothing about the network.
    if (done < this.#bytes) this.#samples = [];
    this.#bytes = done;
    this.#samples.push({ time: this.#now(), bytes: done });
    this.#tell(false);
  }

  /** No bytes for a while: the next try comes in so many seconds. */
  waiting(seconds: number): void {
    this.#samples = [];
    this.#tell(true, seconds);
  }

  #tell(always: boolean, retryInSeconds: number | null = null): void {
    const now = this.#now();
    if (!always && now - this.#reported < SILENCE_MS) return;
    this.#reported = now;
    const rate = this.#rate(now);
    this.#report({
      phase: this.#phase,
      bytesDone: this.#bytes,
      bytesTotal: this.#total,
      bytesPerSecond: rate,
      secondsLeft: rate > 0 ? (this.#total - this.#bytes) / rate : null,
      file: this.#file,
      retryInSeconds,
    });
  }

  #rate(now: number): number {
    this.#samples = this.#samples.filter((sample) => now - sample.time <= WINDOW_MS);
    const first = this.#samples[0];
    // A rate over less than half a second is noise.
    if (!first || now - first.time < 500) return 0;
    return (1000 * (this.#bytes - first.bytes)) / (now - first.time);
  }
}
