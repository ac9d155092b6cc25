/**
 * Work that an update must not interrupt, in this tab and in every other tab of the app.
 * A tab at work holds a shared Web Lock; whoever wants to update needs the lock alone.
 */
export type LocksPart = Pick<LockManager, 'request'>;

export class CaseLock {
  readonly #name: string;
  readonly #locks: LocksPart | null;
  #held = 0;
  #letGo: (() => void) | null = null;
  /** Resolves when the browser has taken back the last lock of this tab. */
  #returned: Promise<unknown> = Promise.resolve();
  readonly #onIdle = new Set<() => void>();

  /** Without Web Locks (`null`) only this tab is known. */
  constructor(scope: string, locks: LocksPart | null) {
    this.#name = `fieldray-case ${scope}`;
    this.#locks = locks;
  }

  get busyHere(): boolean {
    return this.#held > 0;
  }

  /** Begins work; call the answer once when it is over (more calls do nothing). */
  hold(): () => void {
    this.#held += 1;
    if (this.#held === 1) this.#share();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#held -= 1;
      if (this.#held > 0) return;
      this.#letGo?.();
      this.#letGo = null;
      for (const idle of [...this.#onIdle]) idle();
      this.#onIdle.clear();
    };
  }

  /** Calls back once when nothing is held here: at once if that is so now. */
  whenIdle(callback: () => void): void {
    if (this.busyHere) this.#onIdle.add(callback);
    else callback();
  }

  /**
   * Runs `task` while no tab is at work and none can begin; `null` without running it if one is.
   */
  async alone<T>(task: () => Promise<T>): Promise<T | null> {
    if (this.busyHere) return null;
    if (!this.#locks) return task();
    // Work that ended a moment ago must not look like another tab's.
    await this.#returned;
    return this.#locks.request(this.#name, { ifAvailable: true }, async (lock) =>
      lock ? task() : null,
    );
  }

  #share(): void {
    if (!this.#locks) return;
    const over = new Promise<void>((resolve) => {
      this.#letGo = resolve;
    });
    // Rejects only when the page is going away.
    this.#returned = this.#locks
      .request(this.#name, { mode: 'shared' }, () => over)
      .catch(() => undefined);
  }
}
