/** When a failed request is tried again. */

export interface RetryPolicy {
  /** Tries in a row that bring nothing new before the download gives up. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const RETRY: RetryPolicy = { attempts: 7, firstDelayMs: 500, maxDelayMs: 30_000 };

/**
 * Milliseconds to wait before try number `failures + 1`: doubling, with half of it left to chance so
 * that the tablets of one clinic do not come back all at once.
 * @param failures tries in a row that failed, from 1
 * @param asked seconds the server asked for (Retry-After); at most a minute of them is granted
 */
export function delayFor(failures: number, policy: RetryPolicy, asked: number | null): number {
  const full = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (failures - 1));
  const delay = full / 2 + (Math.random() * full) / 2;
  return asked === null ? delay : Math.max(delay, Math.min(60, asked) * 1000);
}

/** Waits, but no longer than until the device says it is online again. Rejects with the signal's reason. */
export function waitToRetry(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', finish);
      signal?.removeEventListener('abort', finish);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    globalThis.addEventListener('online', finish);
    signal?.addEventListener('abort', finish);
    if (signal?.aborted) finish();
  });
}
