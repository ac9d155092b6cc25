/** One file from the server into the vault: resumed, retried, checked. */
import { Fault } from '../base/fault.ts';
import {
  RangeUnusable,
  judgeAnswer,
  looksLikeWebPage,
  requestHeaders,
  type Answer,
} from './answer.ts';
import { delayFor, waitToRetry, type RetryPolicy } from './backoff.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { sha256 } from './digest.ts';
import {
  DownloadStalled,
  ServerTrouble,
  ServerUnreachable,
  WebPageInstead,
  WrongBytes,
  WrongSize,
} from './errors.ts';
import type { FileRecord } from './records.ts';
import { StallGuard } from './stall.ts';
import type { Vault } from './vault.ts';

/** Fewer first bytes than this are not stored: they do not show yet whether they are a web page. */
const HEAD_BYTES = 512;
/** Whole downloads of a file that end with wrong bytes before the file is given up. */
const WRONG_LIMIT = 2;

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly retry: RetryPolicy;
  readonly stallMs: number;
  readonly chunkBytes: number;
  /** The file's stored bytes changed (less after a restart). */
  onBytes(received: number): void;
  /** A try failed; the next one begins in so many seconds, at the latest. */
  onWait(seconds: number): void;
  onVerifying(): void;
}

/**
 * Brings the file to state `complete`. What was stored before, by this page or an earlier one, is not
 * fetched again.
 * @throws Fault by name; the signal's reason when aborted. What has arrived stays stored.
 */
export async function downloadFile(
  vault: Vault,
  url: URL,
  record: FileRecord,
  options: DownloadOptions,
): Promise<FileRecord> {
  return new FileDownload(vault, url, record, options).run();
}

class FileDownload {
  readonly #vault: Vault;
  readonly #url: URL;
  readonly #options: DownloadOptions;
  #record: FileRecord;
  /** Most bytes ever stored: only what goes beyond them counts as getting on. */
  #furthest: number;
  #failures = 0;
  #wrong = 0;

  constructor(vault: Vault, url: URL, record: FileRecord, options: DownloadOptions) {
    this.#vault = vault;
    this.#url = url;
    this.#record = record;
    this.#options = options;
    this.#furthest = record.received;
  }

  async run(): Promise<FileRecord> {
    for (;;) {
      this.#options.signal?.throwIfAborted();
      try {
        if (this.#record.received < this.#record.bytes) await this.#fetchRest();
        return await this.#verify();
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        await this.#recover(error);
      }
    }
  }

  /** Puts the record right after a failure and waits, or throws what cannot be healed by a retry. */
  async #recover(error: unknown): Promise<void> {
    if (error instanceof RangeUnusable) {
      // Not a failure of the network; but a server that refuses twice without bringing bytes is one.
      await this.#startAgain();
      this.#failures += 1;
      if (this.#failures > this.#options.retry.attempts) throw new ServerUnreachable();
      return;
    }
    if (error instanceof WrongBytes || error instanceof WrongSize) {
      await this.#startAgain();
      this.#wrong += 1;
      if (this.#wrong >= WRONG_LIMIT) throw error;
      await this.#wait(null);
      return;
    }
    const retryable =
      error instanceof ServerTrouble ||
      error instanceof ServerUnreachable ||
      error instanceof DownloadStalled;
    if (!retryable) throw error;
    if (this.#record.received > this.#furthest) {
      this.#furthest = this.#record.received;
      this.#failures = 0;
    }
    this.#failures += 1;
    if (this.#failures >= this.#options.retry.attempts) throw error;
    await this.#wait(error instanceof ServerTrouble ? error.retryAfter : null);
  }

  async #wait(asked: number | null): Promise<void> {
    const delay = delayFor(Math.max(1, this.#failures), this.#options.retry, asked);
    this.#options.onWait(delay / 1000);
    await waitToRetry(delay, this.#options.signal);
  }

  async #startAgain(etag: string | null = null): Promise<void> {
    const { version, path } = this.#record;
    this.#record = await this.#vault.restart(version, path, etag);
    this.#options.onBytes(0);
  }

  async #fetchRest(): Promise<void> {
    const guard = new StallGuard(this.#options.stallMs, this.#options.signal);
    try {
      const { path, bytes, received: start, etag } = this.#record;
      const wanted = { path, bytes, start, etag };
      const response = await this.#request(wanted, guard);
      let answer: Answer;
      try {
        answer = judgeAnswer(response, wanted);
      } catch (error) {
        await response.body?.cancel().catch(() => undefined);
        throw error;
      }
      if (answer.kind === 'replace' && (start > 0 || answer.etag !== etag)) {
        await this.#startAgain(answer.etag);
      }
      await this.#store(response, answer.kind === 'append' ? answer.skip : 0, guard);
    } finally {
      guard.stop();
    }
  }

  async #request(
    wanted: Parameters<typeof requestHeaders>[0],
    guard: StallGuard,
  ): Promise<Response> {
    const sameOrigin = this.#url.origin === globalThis.location?.origin;
    try {
      return await fetch(this.#url, {
        headers: requestHeaders(wanted, sameOrigin),
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: guard.signal,
      });
    } catch (error) {
      throw networkFault(error, guard);
    }
  }

  /** The body into chunks. Ends quietly only when the whole file is stored. */
  async #store(response: Response, skip: number, guard: StallGuard): Promise<void> {
    const { path, bytes } = this.#record;
    const reader = response.body?.getReader();
    if (!reader) throw new ServerUnreachable();
    const writer = new ChunkWriter(this.#options.chunkBytes, (chunk) => this.#append(chunk));
    let left = skip;
    let taken = this.#record.received;
    try {
      for (;;) {
        const piece = await read(reader, guard);
        if (!piece) break;
        const fresh = piece.subarray(Math.min(left, piece.length));
        left -= piece.length - fresh.length;
        taken += fresh.length;
        if (taken > bytes) throw new WrongSize(path, bytes, taken);
        guard.hold();
        await writer.write(fresh);
        guard.pet();
      }
      await writer.flush();
    } catch (error) {
      await reader.cancel().catch(() => undefined);
      // A break or a pause: what has arrived is worth keeping. A wrong file or a full disk: not.
      if (isBreak(error) || this.#options.signal?.aborted) await this.#keep(writer);
      throw error;
    }
    // Some servers and proxies end a cut answer as if it were whole.
    if (this.#record.received < bytes) throw new ServerUnreachable();
  }

  async #keep(writer: ChunkWriter): Promise<void> {
    if (this.#record.received === 0 && writer.pending < HEAD_BYTES) writer.discard();
    else await writer.flush();
  }

  async #append(chunk: ArrayBuffer): Promise<void> {
    const first = this.#record.received === 0;
    if (first && looksLikeWebPage(new Uint8Array(chunk)))
      throw new WebPageInstead(this.#record.path);
    this.#record = await this.#vault.append(this.#record, chunk);
    this.#options.onBytes(this.#record.received);
  }

  async #verify(): Promise<FileRecord> {
    const { version, path } = this.#record;
    this.#options.onVerifying();
    const stored = await this.#vault.bytes(version, path);
    if (!stored || (await sha256(stored)) !== this.#record.sha256) throw new WrongBytes(path);
    return this.#vault.judge(version, path, 'complete');
  }
}

async function read(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  guard: StallGuard,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const { done, value } = await reader.read();
    return done ? null : value;
  } catch (error) {
    throw networkFault(error, guard);
  }
}

function networkFault(error: unknown, guard: StallGuard): unknown {
  if (guard.signal.aborted) return guard.signal.reason;
  return error instanceof Fault ? error : new ServerUnreachable({ cause: error });
}

function isBreak(error: unknown): boolean {
  return error instanceof ServerUnreachable || error instanceof DownloadStalled;
}
