/** Waiting that ends when the signal says so, and waiting for the next change. */

/** Waits for `promise` no longer than until the signal; the work itself goes on for others. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Wakes everyone who waits for the next change. */
export class Pulse {
  #wake = (): void => undefined;
  #next = this.#renewed();

  /** Resolves at the next `beat`. */
  get next(): Promise<void> {
    return this.#next;
  }

  beat(): void {
    this.#wake();
    this.#next = this.#renewed();
  }

  #renewed(): Promise<void> {
    return new Promise((wake) => (this.#wake = wake));
  }
}
