/** Room on the device, and whether the browser may clear it on its own. */
export interface StorageFacts {
  /** True when the browser promised not to clear it; null when it cannot say. */
  readonly persistent: boolean | null;
  /** Bytes this origin uses and may use; null when the browser does not tell. */
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
}

/** What is needed of `navigator.storage`; some browsers lack parts of it. */
export type StorageManagerPart = Partial<
  Pick<StorageManager, 'persist' | 'persisted' | 'estimate'>
>;

function manager(): StorageManagerPart {
  return (navigator as { storage?: StorageManagerPart }).storage ?? {};
}

/** Never rejects: a browser that refuses to answer gives nulls. */
export async function readStorage(storage: StorageManagerPart = manager()): Promise<StorageFacts> {
  const [persistent, estimate] = await Promise.all([
    storage.persisted?.().catch(() => null) ?? null,
    storage.estimate?.().catch(() => null) ?? null,
  ]);
  return {
    persistent,
    usedBytes: estimate?.usage ?? null,
    quotaBytes: estimate?.quota ?? null,
  };
}

/** Firefox asks the person, who may never answer; whatever waits for us must not wait for that. */
const ANSWER_LIMIT_MS = 4_000;

/**
 * Asks the browser not to clear our data on its own. Browsers decide by how the app is used
 * (installed, visited often); Firefox asks the person: `undecided` when there is no answer within a
 * few seconds (a later yes still counts). Safe to call again and again; never rejects.
 */
export async function requestPersistence(
  storage: StorageManagerPart = manager(),
  limitMs = ANSWER_LIMIT_MS,
): Promise<'granted' | 'denied' | 'undecided' | 'unsupported'> {
  if (!storage.persist) return 'unsupported';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<'undecided'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'undecided');
  });
  try {
    if (await storage.persisted?.()) return 'granted';
    const answer = storage.persist().then((yes) => (yes ? 'granted' : 'denied'));
    return await Promise.race([answer, limit]);
  } catch {
    return 'denied';
  } finally {
    clearTimeout(timer);
  }
}
