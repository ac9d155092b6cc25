/**
 * Room on the device, as far as the browser tells. Newer Chromium reports the same 10 GiB to every
 * page whatever is free, so this catches the plain cases; the full disk is met in the middle.
 */
import { NotEnoughSpace } from './errors.ts';

/** IndexedDB needs some room besides the bytes themselves. */
const SLACK_BYTES = 2 * 1024 * 1024;

/** Bytes the browser would still let us store; null where it does not say. */
export async function availableBytes(): Promise<number | null> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
  } catch {
    // No StorageManager outside secure contexts and in old WebKit: the write itself will tell.
    return null;
  }
}

/**
 * @param needed bytes still to be stored
 * @throws NotEnoughSpace
 */
export async function requireSpace(needed: number): Promise<void> {
  if (needed === 0) return;
  const available = await availableBytes();
  if (available !== null && available < needed + SLACK_BYTES) {
    throw new NotEnoughSpace(needed + SLACK_BYTES, available);
  }
}

/**
 * Asks the browser not to evict our data. Not awaited: Firefox asks the user, who may take their time,
 * and the download need not wait for the answer.
 */
export function askForPersistence(): void {
  // In workers there is no persist(); the page asks, too (platform/).
  const storage = navigator.storage as { persist?: () => Promise<boolean> } | undefined;
  storage?.persist?.().catch(() => false);
}
