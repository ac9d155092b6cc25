/**
 * Locks that all tabs and workers of this origin share (Web Locks). The browser lets go of a lock by itself
 * when its tab is closed, reloaded or crashes. Old WebKit and insecure pages have no locks: there the work
 * is done all the same, and whoever stores something has to notice a second writer.
 */

function locksOrNull(): LockManager | null {
  return globalThis.navigator?.locks ?? null;
}

/**
 * Runs `work` as soon as nobody else holds the lock of this name.
 * @throws the signal's reason when aborted while waiting
 */
export async function inTurn<T>(
  name: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const locks = locksOrNull();
  if (!locks) return work();
  return locks.request(name, signal ? { signal } : {}, work);
}

/** @returns whether `work` was done here; it is not while somebody else holds the lock of this name */
export async function doneAlone(name: string, work: () => Promise<void>): Promise<boolean> {
  const locks = locksOrNull();
  if (!locks) {
    await work();
    return true;
  }
  return locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}
