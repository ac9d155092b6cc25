/**
 * The pictures opened in this sitting: a small observable list that feeds the engine.
 * In memory only; nothing here touches the page, so the history of a later day can stand behind
 * the same doors.
 */
import type { Assurance } from '../assurance/index.ts';
import type { FaultData } from '../fault.ts';
import type { Examination, Reading, ScreeningService } from '../inference/types.ts';
import type { Adjustment } from '../radiograph/types.ts';
import { faultDataOf, FolderGivenError, ReadingStoppedError } from './errors.ts';
import { canReadAnyway } from './overrule.ts';
import { sortCases } from './ordering.ts';
import type { Case, CaseState, IncomingFile, SessionProgress, SortOrder } from './types.ts';

export interface SessionServices {
  /** Started and ready to read; rejects with a Fault that names the remedy. */
  screening(signal: AbortSignal): Promise<Pick<ScreeningService, 'screenMany'>>;
  /** What is said of it, by the model that made it and by what the site sets now. */
  assure(reading: Reading): Assurance;
  /** What to look at besides the classes; asked once a batch. Without it, nothing. */
  examine?(): Examination;
}

/** At most this many are marked as being read: the engine takes files in their order. */
const READING_MARKS = 4;

export class ReadingSession {
  readonly #services: SessionServices;
  readonly #listeners = new Set<() => void>();
  /** By id, in the order opened. */
  readonly #cases = new Map<string, Case>();
  #sorted: readonly Case[] | null = null;
  #order: SortOrder = { key: 'order', descending: false };
  #selectedId: string | null = null;
  #nextOrder = 1;
  #run: AbortController | null = null;
  #runDone = 0;
  #runTotal = 0;
  #notifying = false;

  constructor(services: SessionServices) {
    this.#services = services;
  }

  /** In the chosen order. The array is new whenever something in it changed. */
  get cases(): readonly Case[] {
    this.#sorted ??= sortCases([...this.#cases.values()], this.#order);
    return this.#sorted;
  }

  get order(): SortOrder {
    return this.#order;
  }

  get selected(): Case | null {
    return this.#selectedId === null ? null : (this.#cases.get(this.#selectedId) ?? null);
  }

  get progress(): SessionProgress {
    return { running: this.#run !== null, done: this.#runDone, total: this.#runTotal };
  }

  /** Pictures that wait although nothing runs: the reading was stopped. */
  get waiting(): number {
    if (this.#run) return 0;
    return this.#queued().length;
  }

  /** Called (once a microtask) after any change. Returns the function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes files in and starts reading; `folders` are listed with a word on what to do instead. */
  add(files: readonly IncomingFile[], folders: readonly string[] = []): readonly Case[] {
    const fresh: Case[] = files.map((file) => ({
      ...this.#newCase(file.name, file.source, { phase: 'queued' }),
      ...(file.origin ? { origin: file.origin } : {}),
    }));
    const fault = new FolderGivenError().toData();
    for (const name of folders) fresh.push(this.#newCase(name, null, { phase: 'failed', fault }));
    if (fresh.length === 0) return [];
    for (const entry of fresh) this.#cases.set(entry.id, entry);
    if (this.#run) this.#runTotal += files.length;
    this.#changed();
    if (files.length > 0) void this.resume();
    return fresh;
  }

  /** Reads whatever waits. Resolves when nothing is left or the run was cancelled; never rejects. */
  async resume(): Promise<void> {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    this.#runDone = 0;
    this.#runTotal = this.#queued().length;
    this.#changed();
    try {
      // Files may be added while a batch runs: they make the next batch.
      for (let batch = this.#queued(); batch.length > 0; batch = this.#queued()) {
        await this.#readBatch(batch, run.signal);
        if (run.signal.aborted) break;
      }
    } finally {
      this.#release(run);
    }
  }

  /** Stops the run; what is not finished waits for `resume`. */
  cancel(): void {
    const run = this.#run;
    if (!run) return;
    run.abort();
    this.#release(run);
  }

  retry(id: string): void {
    const entry = this.#cases.get(id);
    if (!entry?.source || entry.state.phase !== 'failed') return;
    this.#readAgain(id);
  }

  /** Reads a picture again, cropped, turned or inverted like this; null: as the file has it. */
  adjust(id: string, adjust: Adjustment | null): void {
    const entry = this.#cases.get(id);
    if (!entry?.source || (entry.state.phase !== 'done' && entry.state.phase !== 'failed')) return;
    discard(entry.state);
    this.#cases.set(id, { ...entry, adjust });
    this.#readAgain(id);
  }

  /** After the settings changed: every result is judged anew from what was measured. */
  reassure(): void {
    for (const { id, state } of [...this.#cases.values()]) {
      if (state.phase === 'done') this.#replace(id, this.#judge(state.reading));
    }
  }

  /** Reads a picture that its own header speaks against; a refusal of another kind stands. */
  readAnyway(id: string): void {
    const entry = this.#cases.get(id);
    if (!entry || !canReadAnyway(entry)) return;
    this.#cases.set(id, { ...entry, readAnyway: true });
    this.retry(id);
  }

  remove(id: string): void {
    const list = this.cases;
    const place = list.findIndex((entry) => entry.id === id);
    const gone = list[place];
    if (!gone) return;
    if (this.#selectedId === id) {
      this.#selectedId = (list[place + 1] ?? list[place - 1])?.id ?? null;
    }
    this.#cases.delete(id);
    if (this.#run && (gone.state.phase === 'queued' || gone.state.phase === 'reading')) {
      this.#runTotal -= 1;
    }
    discard(gone.state);
    this.#changed();
  }

  /** Forgets every picture and stops the run. */
  clear(): void {
    this.cancel();
    for (const entry of this.#cases.values()) discard(entry.state);
    this.#cases.clear();
    this.#selectedId = null;
    this.#changed();
  }

  select(id: string | null): void {
    const known = id !== null && this.#cases.has(id) ? id : null;
    if (known === this.#selectedId) return;
    this.#selectedId = known;
    this.#changed();
  }

  /** The neighbor of the selected picture in the shown order, or null at an end. */
  neighbor(step: 1 | -1): Case | null {
    const list = this.cases;
    const place = list.findIndex((entry) => entry.id === this.#selectedId);
    if (place < 0) return null;
    return list[place + step] ?? null;
  }

  sortBy(order: SortOrder): void {
    this.#order = order;
    this.#changed();
  }

  #readAgain(id: string): void {
    this.#replace(id, { phase: 'queued' });
    if (this.#run) this.#runTotal += 1;
    void this.resume();
  }

  #newCase(name: string, source: Blob | null, state: CaseState): Case {
    const order = this.#nextOrder;
    this.#nextOrder += 1;
    return { id: `case-${order}`, order, name, source, state };
  }

  #queued(): Case[] {
    return [...this.#cases.values()].filter((entry) => entry.state.phase === 'queued');
  }

  async #readBatch(batch: readonly Case[], signal: AbortSignal): Promise<void> {
    const open = new Map(batch.map((entry) => [entry.id, entry]));
    const settle = (index: number, state: CaseState): void => {
      const id = batch[index]?.id;
      const late = id === undefined || signal.aborted || !open.delete(id);
      // Stopped, or removed while it was read: nobody waits for the answer.
      if (late || !this.#cases.has(id)) {
        discard(state);
        return;
      }
      this.#runDone += 1;
      this.#replace(id, state);
      this.#markReading(open);
    };
    try {
      this.#markReading(open);
      const engine = await this.#services.screening(signal);
      const examine = this.#services.examine?.();
      await engine.screenMany(
        batch.map((entry) => entry.source ?? new Blob()),
        {
          signal,
          ...(examine && { examine }),
          adjust: batch.map(({ adjust }) => adjust),
          readAnyway: (index) => batch[index]?.readAnyway ?? false,
          onReading: (index, reading) => settle(index, this.#judge(reading)),
          onFailure: (index, failure) => settle(index, { phase: 'failed', fault: plain(failure) }),
        },
      );
      if (!signal.aborted) this.#failRest(open, new ReadingStoppedError().toData());
    } catch (reason) {
      if (signal.aborted) return;
      this.#failRest(
        open,
        faultDataOf(reason, () => new ReadingStoppedError(reason)),
      );
    }
  }

  #judge(reading: Reading): CaseState {
    try {
      const assurance = this.#services.assure(reading);
      return { phase: 'done', reading, assessment: assurance.assessment, assurance };
    } catch (reason) {
      reading.thumbnail?.close();
      const fault = faultDataOf(reason, () => new ReadingStoppedError(reason));
      return { phase: 'failed', fault };
    }
  }

  /** No picture may stay "being read" forever. */
  #failRest(open: Map<string, Case>, fault: FaultData): void {
    for (const id of open.keys()) {
      if (!this.#cases.has(id)) continue;
      this.#runDone += 1;
      this.#replace(id, { phase: 'failed', fault });
    }
    open.clear();
  }

  #markReading(open: Map<string, Case>): void {
    let marks = 0;
    for (const id of open.keys()) {
      if (marks >= READING_MARKS) return;
      const entry = this.#cases.get(id);
      if (!entry) continue;
      marks += 1;
      if (entry.state.phase === 'queued') this.#replace(id, { phase: 'reading' });
    }
  }

  #release(run: AbortController): void {
    if (this.#run !== run) return;
    this.#run = null;
    for (const entry of this.#cases.values()) {
      if (entry.state.phase === 'reading') this.#replace(entry.id, { phase: 'queued' });
    }
    this.#changed();
  }

  #replace(id: string, state: CaseState): void {
    const entry = this.#cases.get(id);
    if (entry) this.#cases.set(id, { ...entry, state });
    this.#changed();
  }

  #changed(): void {
    this.#sorted = null;
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

function plain(failure: FaultData): FaultData {
  return { code: failure.code, message: failure.message, remedy: failure.remedy };
}

/** A late answer of a stopped run: its bitmap would otherwise hold memory until the next collection. */
function discard(state: CaseState): void {
  if (state.phase === 'done') state.reading.thumbnail?.close();
}
