/** Pictures in, readings out: hands them to the lanes, and repeats once what a fault spoiled. */
import type { Fault } from '../../fault.ts';
import { ReadingFailed, ServiceClosed } from '../errors.ts';
import type { Adjustment } from '../../radiograph/types.ts';
import type { ReadRequest } from '../protocol.ts';
import type { BackendId, BatchHandlers, PictureInput, Reading, ScreenOptions } from '../types.ts';
import { asFault } from './as-fault.ts';
import { runBatch } from './batch.ts';
import { Exclusive } from './exclusive.ts';
import type { Lane } from './lane.ts';
import type { MainLane } from './main-lane.ts';
import type { Pool } from './pool.ts';
import { backendName } from './verdict.ts';
import { abortable } from './waiting.ts';
import { WorkerBroken } from './worker-client.ts';

export interface ScreeningParts {
  readonly main: MainLane;
  readonly pool: Pool;
  /** Resolves when there is a lane to read in. */
  readonly start: () => Promise<void>;
  /** A lane has read one more picture. */
  readonly onRead: (lane: Lane) => void;
}

export class Screening {
  readonly #main: MainLane;
  readonly #pool: Pool;
  readonly #start: () => Promise<void>;
  readonly #onRead: (lane: Lane) => void;
  readonly #repeats = new Exclusive();

  constructor(parts: ScreeningParts) {
    this.#main = parts.main;
    this.#pool = parts.pool;
    this.#start = parts.start;
    this.#onRead = parts.onRead;
  }

  async one(source: Blob, options: ScreenOptions): Promise<Reading> {
    const { signal } = options;
    const endCase = this.#main.beginCase();
    try {
      await abortable(this.#start(), signal);
      const lane = await abortable(this.#main.healthy(), signal);
      const request = toRequest(source, options, options.adjust, options.readAnyway);
      return await this.#read(lane, request, signal);
    } finally {
      endCase();
    }
  }

  async many(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void> {
    if (sources.length === 0) return;
    const endCase = this.#main.beginCase();
    let done = 0;
    try {
      await abortable(this.#start(), handlers.signal);
      await runBatch({
        total: () => sources.length,
        signal: handlers.signal,
        lanes: () => this.#pool.lanesFor(sources.length - done),
        changed: () => this.#pool.nextChange,
        read: async (index, lane, signal) => {
          const outcome = await this.#attempt(index, sources[index], lane, handlers, signal);
          signal.throwIfAborted();
          if ('reading' in outcome) handlers.onReading(index, outcome.reading);
          else handlers.onFailure(index, outcome.failure.toData());
          done++;
          handlers.onProgress?.(done, sources.length);
        },
      });
    } finally {
      endCase();
      this.#pool.rest();
    }
  }

  async #read(lane: Lane, request: ReadRequest, signal?: AbortSignal): Promise<Reading> {
    try {
      const reply = await lane.read(request, signal);
      this.#onRead(lane);
      return { ...reply, recovery: null };
    } catch (error) {
      if (!(error instanceof WorkerBroken)) throw error;
      if (this.#main.closed) throw new ServiceClosed();
      // One repeat at a time: a picture that breaks its worker must not take its neighbors along.
      return this.#repeats.run(() => this.#repeat(lane, error.fault, request, signal));
    }
  }

  async #repeat(
    broken: Lane,
    fault: Fault,
    request: ReadRequest,
    signal: AbortSignal | undefined,
  ): Promise<Reading> {
    const lane = await abortable(this.#main.after(broken, fault), signal);
    try {
      const reply = await lane.read(request, signal);
      const from = broken.backend;
      const to = lane.backend;
      return { ...reply, recovery: { from, to, message: recoveryLine(from, to) } };
    } catch (error) {
      if (!(error instanceof WorkerBroken)) throw error;
      if (this.#main.closed) throw new ServiceClosed();
      throw new ReadingFailed(error.fault.message, { cause: error });
    }
  }

  async #attempt(
    index: number,
    source: PictureInput,
    lane: Lane | null,
    handlers: BatchHandlers,
    signal: AbortSignal,
  ): Promise<{ reading: Reading } | { failure: Fault }> {
    try {
      const bytes = source instanceof Blob ? source : await source.open(signal);
      const where = lane ?? (await abortable(this.#main.healthy(), signal));
      const adjust = handlers.adjust?.[index];
      const request = toRequest(bytes, handlers, adjust, handlers.readAnyway?.(index));
      return { reading: await this.#read(where, request, signal) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return { failure: asFault(error) };
    }
  }
}

function toRequest(
  source: Blob,
  options: Pick<ScreenOptions, 'withFeatures' | 'examine'>,
  adjust: Adjustment | null = null,
  readAnyway = false,
): ReadRequest {
  const { withFeatures = false, examine = null } = options;
  return { source, withFeatures, examine, adjust, readAnyway };
}

function recoveryLine(from: BackendId, to: BackendId): string {
  return from === to
    ? `${backendName(from)} stopped while it read this picture; it was started again and the picture read once more.`
    : `${backendName(from)} failed while it read this picture; it was read again with ${backendName(to)}.`;
}
