/** One run of the engine over pictures that wait; more may join while it runs. */
import type { FaultData } from '../base/fault.ts';
import type {
  Examination,
  LazyPicture,
  PictureInput,
  Reading,
  ScreeningService,
} from '../inference/types.ts';
import type { Adjustment } from '../radiograph/types.ts';
import { faultDataOf, ReadingStoppedError } from './errors.ts';
import type { Case } from './types.ts';

export interface RunParts {
  screening(signal: AbortSignal): Promise<Pick<ScreeningService, 'screenMany'>>;
  /** What to look at besides the classes. */
  examine(): Examination | undefined;
  /** Called once for each picture unless the run was stopped or the picture dropped before. */
  settle(id: string, outcome: Reading | FaultData): void;
  /** The picture is being read now. */
  mark(id: string): void;
}

/** At most this many are marked as being read: the engine takes files in their order. */
const READING_MARKS = 4;

/** Stands where a picture was that is read, or wanted no more. */
const NOTHING: LazyPicture = { open: () => Promise.reject(new ReadingStoppedError()) };

export class Run {
  readonly #parts: RunParts;
  readonly #stop = new AbortController();
  /** Ids and sources by the engine's index; both grow while a batch runs. */
  #ids: string[] = [];
  #sources: PictureInput[] = [];
  #adjust: (Adjustment | null | undefined)[] = [];
  readonly #anyway = new Set<string>();
  /** By id, where it is not the first. */
  readonly #frames = new Map<string, number>();
  /** Ids without an answer → the engine's index. */
  #open = new Map<string, number>();
  #marked = new Set<string>();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** One more for the batch that runs. */
  push(entry: Case): void {
    this.#open.set(entry.id, this.#ids.length);
    this.#ids.push(entry.id);
    this.#sources.push(entry.source ?? NOTHING);
    this.#adjust.push(entry.adjust);
    if (entry.readAnyway) this.#anyway.add(entry.id);
    this.#frames.set(entry.id, entry.frame ?? 0);
  }

  /** Its answer is wanted no more. */
  drop(id: string): void {
    const index = this.#open.get(id);
    if (index === undefined) return;
    this.#open.delete(id);
    this.#marked.delete(id);
    this.#sources[index] = NOTHING;
  }

  /**
   * Reads `batch` and what is pushed meanwhile. Resolves when each has its answer (but what was
   * pushed too late for the engine to see), or the run was stopped; never rejects.
   */
  async read(batch: readonly Case[]): Promise<void> {
    this.#ids = [];
    this.#sources = [];
    this.#adjust = [];
    this.#open = new Map();
    this.#marked = new Set();
    for (const entry of batch) this.push(entry);
    const { signal } = this;
    try {
      this.#mark();
      const engine = await this.#parts.screening(signal);
      const examine = this.#parts.examine();
      await engine.screenMany(this.#sources, {
        signal,
        ...(examine && { examine }),
        adjust: this.#adjust,
        readAnyway: (index) => this.#anyway.has(this.#ids[index] ?? ''),
        frame: (index) => this.#frames.get(this.#ids[index] ?? '') ?? 0,
        onReading: (index, reading) => this.#settle(index, reading),
        onFailure: (index, failure) => this.#settle(index, plain(failure)),
      });
      // No picture may stay "being read" forever.
      if (!signal.aborted) this.#failRest(this.#marked, new ReadingStoppedError().toData());
    } catch (reason) {
      if (signal.aborted) return;
      const fault = faultDataOf(reason, () => new ReadingStoppedError(reason));
      this.#failRest(this.#open.keys(), fault);
    }
  }

  #settle(index: number, outcome: Reading | FaultData): void {
    const id = this.#ids[index];
    // Nothing of a picture is held on to once it is read.
    this.#sources[index] = NOTHING;
    if (id === undefined || this.signal.aborted || !this.#open.delete(id)) {
      if ('logits' in outcome) outcome.thumbnail?.close();
      return;
    }
    this.#marked.delete(id);
    this.#parts.settle(id, outcome);
    this.#mark();
  }

  #failRest(ids: Iterable<string>, fault: FaultData): void {
    for (const id of [...ids]) {
      this.#open.delete(id);
      this.#parts.settle(id, fault);
    }
    this.#marked.clear();
  }

  #mark(): void {
    for (const id of this.#open.keys()) {
      if (this.#marked.size >= READING_MARKS) return;
      if (this.#marked.has(id)) continue;
      this.#marked.add(id);
      this.#parts.mark(id);
    }
  }
}

function plain(failure: FaultData): FaultData {
  return { code: failure.code, message: failure.message, remedy: failure.remedy };
}
