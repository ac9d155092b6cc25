/** Pictures in, readings out: hands them to the lanes, and repeats once what a fault spoiled. */
import type { Fault } from '../../base/fault.ts';
import { ReadingFailed, ServiceClosed } from '../errors.ts';
import type { Adjustment } from '../../radiograph/types.ts';
import type { Calls, ReadRequest } from '../protocol.ts';
import type {
  BackendId,
  BatchHandlers,
  EmbedHandlers,
  PictureInput,
  Reading,
  Recovery,
  ScreenOptions,
} from '../types.ts';
import { asFault } from './as-fault.ts';
import { runBatch } from './batch.ts';
import { Exclusive } from '../../base/task-queue.ts';
import type { Lane, PictureCall } from './lane.ts';
import type { MainLane } from './main-lane.ts';
import type { Pool } from './pool.ts';
import { backendName } from './verdict.ts';
import { abortable } from '../../base/waiting.ts';
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
      const request = toRequest(source, options, options.adjust, options.readAnyway, options.frame);
      return asReading(await this.#ask('read', lane, request, signal));
    } finally {
      endCase();
    }
  }

  many(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void> {
    return this.#batch('read', sources, {
      ...batchEnds(handlers),
      request: (bytes, index) =>
        toRequest(
          bytes,
          handlers,
          handlers.adjust?.[index],
          handlers.readAnyway?.(index),
          handlers.frame?.(index),
        ),
      onAnswer: (index, answer) => handlers.onReading(index, asReading(answer)),
    });
  }

  embed(sources: readonly PictureInput[], handlers: EmbedHandlers): Promise<void> {
    return this.#batch('embed', sources, {
      ...batchEnds(handlers),
      request: (source, index) => ({
        source,
        copies: handlers.copies?.(index) ?? [],
        withInput: handlers.withInput ?? false,
        inner: handlers.inner,
        readAnyway: handlers.readAnyway?.(index) ?? false,
      }),
      onAnswer: (index, { reply }) => handlers.onEmbedded(index, reply),
    });
  }

  async #batch<K extends PictureCall>(
    kind: K,
    sources: readonly PictureInput[],
    batch: Batch<K>,
  ): Promise<void> {
    if (sources.length === 0) return;
    const endCase = this.#main.beginCase();
    let done = 0;
    try {
      await abortable(this.#start(), batch.signal);
      await runBatch({
        total: () => sources.length,
        signal: batch.signal,
        lanes: () => this.#pool.lanesFor(sources.length - done),
        changed: () => this.#pool.nextChange,
        read: async (index, lane, signal) => {
          const outcome = await this.#attempt(kind, index, sources[index], lane, batch, signal);
          signal.throwIfAborted();
          if ('reply' in outcome) batch.onAnswer(index, outcome);
          else batch.onFailure(index, outcome.failure.toData());
          done++;
          batch.onProgress?.(done, sources.length);
        },
      });
    } finally {
      endCase();
      this.#pool.rest();
    }
  }

  async #ask<K extends PictureCall>(
    kind: K,
    lane: Lane,
    request: Calls[K]['request'],
    signal?: AbortSignal,
  ): Promise<Answer<K>> {
    try {
      const reply = await lane.ask(kind, request, signal);
      this.#onRead(lane);
      return { reply, recovery: null };
    } catch (error) {
      if (!(error instanceof WorkerBroken)) throw error;
      if (this.#main.closed) throw new ServiceClosed();
      // One repeat at a time: a picture that breaks its worker must not take its neighbors along.
      return this.#repeats.run(() => this.#repeat(kind, lane, error.fault, request, signal));
    }
  }

  async #repeat<K extends PictureCall>(
    kind: K,
    broken: Lane,
    fault: Fault,
    request: Calls[K]['request'],
    signal: AbortSignal | undefined,
  ): Promise<Answer<K>> {
    const lane = await abortable(this.#main.after(broken, fault), signal);
    try {
      const reply = await lane.ask(kind, request, signal);
      const from = broken.backend;
      const to = lane.backend;
      return { reply, recovery: { from, to, message: recoveryLine(from, to) } };
    } catch (error) {
      if (!(error instanceof WorkerBroken)) throw error;
      if (this.#main.closed) throw new ServiceClosed();
      throw new ReadingFailed(error.fault.message, { cause: error });
    }
  }

  async #attempt<K extends PictureCall>(
    kind: K,
    index: number,
    source: PictureInput,
    lane: Lane | null,
    batch: Batch<K>,
    signal: AbortSignal,
  ): Promise<Answer<K> | { failure: Fault }> {
    try {
      const bytes = source instanceof Blob ? source : await source.open(signal);
      const where = lane ?? (await abortable(this.#main.healthy(), signal));
      return await this.#ask(kind, where, batch.request(bytes, index), signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return { failure: asFault(error) };
    }
  }
}

interface Answer<K extends PictureCall> {
  readonly reply: Calls[K]['reply'];
  readonly recovery: Recovery | null;
}

/** The callbacks that every batch has. */
type BatchEnds = Pick<BatchHandlers, 'signal' | 'onFailure' | 'onProgress'>;

/** What a batch asks about each picture, and who hears the answers. */
interface Batch<K extends PictureCall> extends BatchEnds {
  request(bytes: Blob, index: number): Calls[K]['request'];
  onAnswer(index: number, answer: Answer<K>): void;
}

function batchEnds(handlers: BatchEnds): BatchEnds {
  return {
    ...(handlers.signal ? { signal: handlers.signal } : {}),
    onFailure: (index, failure) => handlers.onFailure(index, failure),
    onProgress: (done, total) => handlers.onProgress?.(done, total),
  };
}

function asReading({ reply, recovery }: Answer<'read'>): Reading {
  return { ...reply, recovery };
}

function toRequest(
  source: Blob,
  options: Pick<ScreenOptions, 'withFeatures' | 'examine'>,
  adjust: Adjustment | null = null,
  readAnyway = false,
  frame = 0,
): ReadRequest {
  const { withFeatures = false, examine = null } = options;
  return { source, withFeatures, examine, adjust, readAnyway, frame };
}

function recoveryLine(from: BackendId, to: BackendId): string {
  return from === to
    ? `${backendName(from)} stopped while it read this picture; it was started again and the picture read once more.`
    : `${backendName(from)} failed while it read this picture; it was read again with ${backendName(to)}.`;
}
