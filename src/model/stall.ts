import { DownloadStalled } from './errors.ts';

/**
 * A time limit on silence: aborts its signal when `pet` is not called for so long, or when the outer
 * signal aborts. `stop` ends it; always call that.
 */
export class StallGuard {
  readonly #limitMs: number;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limitMs: number, outer?: AbortSignal) {
    this.#limitMs = limitMs;
    this.#outer = outer;
    outer?.addEventListener('abort', this.#outerAborted);
    if (outer?.aborted) this.#outerAborted();
    else this.pet();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something arrived. */
  pet(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#controller.abort(new DownloadStalled(this.#limitMs / 1000)),
      this.#limitMs,
    );
  }

  /** While our own disk is written, silence is not the network's fault. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#outerAborted);
  }

  readonly #outerAborted = (): void => {
    clearTimeout(this.#timer);
    this.#controller.abort(this.#outer?.reason);
  };
}
