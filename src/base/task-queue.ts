/** Work that must not run beside other work of its kind: one after the other, in order. */
export class Exclusive {
  #tail: Promise<unknown> = Promise.resolve();
  #background: AbortController | null = null;
  #stopped: unknown = null;

  /** After everything asked for before. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Nobody waits for it: it gives way to `interrupt`, and its errors are written down elsewhere. */
  background(task: (stop: AbortController) => Promise<void>): Promise<void> {
    return this.run(async () => {
      if (this.#stopped !== null) return;
      const stop = new AbortController();
      this.#background = stop;
      try {
        await task(stop);
      } catch {
        // Aborted, or a backend that failed: its trial says so.
      } finally {
        this.#background = null;
      }
    });
  }

  /** Somebody waits: background work is stopped first. */
  interrupt<T>(task: (stop: AbortController) => Promise<T>): Promise<T> {
    this.#background?.abort(new DOMException('Something more urgent came.', 'AbortError'));
    return this.run(() => {
      const stop = new AbortController();
      if (this.#stopped !== null) stop.abort(this.#stopped);
      else this.#background = stop;
      return task(stop);
    });
  }

  /** Stops what runs and what comes. */
  stop(reason: unknown): void {
    this.#stopped = reason;
    this.#background?.abort(reason);
  }

  /** When nothing is under way any more. */
  async idle(): Promise<void> {
    for (let tail: unknown = null; tail !== this.#tail;) {
      tail = this.#tail;
      await this.#tail;
    }
  }
}
