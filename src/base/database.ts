/**
 * What long work on this device shares: one connection to its database, writes that happen as a whole,
 * and a lock, so that two tabs never do the same work at once.
 */

/** What a connection is told by the browser; for the callbacks of `openDB`. */
export interface ConnectionEnds {
  /** A newer app wants to change the database. */
  blocking(): void;
  /** The browser closed it by itself. */
  terminated(): void;
}

const OPEN_MS = 10_000;

/** Opened when it is first needed, and again after it was closed or could not be opened. */
export class Connection<Database extends { close(): void }> {
  readonly #connect: (ends: ConnectionEnds) => Promise<Database>;
  #opened: Promise<Database> | null = null;

  constructor(connect: (ends: ConnectionEnds) => Promise<Database>) {
    this.#connect = connect;
  }

  open(): Promise<Database> {
    this.#opened ??= this.#inTime().catch((reason: unknown) => {
      this.#opened = null;
      throw reason;
    });
    return this.#opened;
  }

  close(): void {
    void this.#opened?.then(
      (database) => database.close(),
      () => undefined,
    );
    this.#opened = null;
  }

  async #inTime(): Promise<Database> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Some browsers never answer an open request (WebKit bug 226547).
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DOMException('no answer', 'TimeoutError')), OPEN_MS);
    });
    const ends: ConnectionEnds = {
      blocking: () => this.close(),
      terminated: () => (this.#opened = null),
    };
    try {
      return await Promise.race([this.#connect(ends), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Of a transaction: what tells its end. */
interface Transaction {
  readonly done: Promise<void>;
  abort(): void;
}

/**
 * Everything that `body` writes, or nothing.
 * @param body may await only this transaction's requests
 */
export async function allOrNothing<T extends Transaction>(
  transaction: T,
  body: (transaction: T) => Promise<unknown>,
): Promise<void> {
  const ended = transaction.done.then(
    () => null,
    (reason: unknown) => ({ reason }),
  );
  try {
    await body(transaction);
  } catch (reason) {
    try {
      transaction.abort();
    } catch {
      // Already aborted: by the failed request itself.
    }
    // A full disk shows as a bare AbortError at the request and by its name at the transaction.
    const aborted = reason instanceof DOMException && reason.name === 'AbortError';
    throw aborted ? ((await ended)?.reason ?? reason) : reason;
  }
  const failed = await ended;
  if (failed) throw failed.reason;
}

/** Whether there is no more space on the device. */
export function isDiskFull(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'QuotaExceededError';
}

/** @returns whether `work` was done here; it is not while another tab holds the lock of this name */
export async function doneAlone(name: string, work: () => Promise<void>): Promise<boolean> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (!locks) {
    await work();
    return true;
  }
  return locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}
