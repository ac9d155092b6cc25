/**
 * The pictures opened in this sitting: a small observable list that feeds the engine.
 * In memory only; nothing here touches the page, so the history of a later day can stand behind
 * the same doors. Thousands are kept as their results: bytes are fetched when a picture's turn
 * comes, thumbnails are packed, and large numbers stay with the last few only.
 */
import type { Assurance } from '../assurance/index.ts';
import type { FaultData } from '../base/fault.ts';
import type { Examination, PictureInput, Reading, ScreeningService } from '../inference/types.ts';
import type { Adjustment } from '../radiograph/types.ts';
import { faultDataOf, ReadingStoppedError } from './errors.ts';
import { Intake, type IntakeState } from './intake.ts';
import { FULL_RESULTS, lighten } from './lighten.ts';
import { followsResults, sortCases } from './ordering.ts';
import { canReadAnyway } from './overrule.ts';
import { Pace } from '../base/pace.ts';
import { Run } from './run.ts';
import type { PictureFlow } from '../files/types.ts';
import { packThumbnail } from './thumbnails.ts';
import type { Case, CaseState, IncomingFile, SessionProgress, SortOrder } from './types.ts';

export interface SessionServices {
  /** Started and ready to read; rejects with a Fault that names the remedy. */
  screening(signal: AbortSignal): Promise<Pick<ScreeningService, 'screenMany'>>;
  /** What is said of it, by the model that made it and by what the site sets now. */
  assure(reading: Reading): Assurance;
  /** What to look at besides the classes; asked once a batch. Without it, nothing. */
  examine?(): Examination;
  /** Many pictures are coming: whatever helps to read many at once can get ready. */
  expectMany?(): void;
  /** A picture has its answer. */
  answered?(entry: Case): void;
}

/** Told of every picture as it comes, gets its answer or its fault, and goes. */
export interface SessionJournal {
  opened(entry: Case): void;
  settled(entry: Case): void;
  removed(ids: readonly string[]): void;
}

/** With more pictures than this, listeners hear of results at most every so often. */
const MANY = 100;
const NEWS_EVERY_MS = 150;

export class ReadingSession {
  readonly #services: SessionServices;
  readonly #listeners = new Set<() => void>();
  /** By id, in the order opened. */
  readonly #cases = new Map<string, Case>();
  readonly #intake: Intake;
  readonly #pace = new Pace();
  /** Ids in the shown order; null when it has to be found anew. */
  #order: readonly string[] | null = null;
  #list: readonly Case[] | null = null;
  #sort: SortOrder = { key: 'order', descending: false };
  #selectedId: string | null = null;
  #nextOrder = 1;
  #run: Run | null = null;
  #runDone = 0;
  #runTotal = 0;
  /** Ids of results that still have everything, oldest first. */
  #full: string[] = [];
  #news: 'none' | 'soon' | 'now' = 'none';
  /** Whoever keeps what is opened and read; there is one at most. */
  journal: SessionJournal | null = null;

  constructor(services: SessionServices) {
    this.#services = services;
    this.#intake = new Intake({
      take: (item) => {
        if (item.kind === 'picture') this.add([item]);
        else this.#refuse(item.name, item.fault);
      },
      changed: () => this.#changed(),
    });
  }

  /** In the chosen order. The array is new whenever something in it changed. */
  get cases(): readonly Case[] {
    this.#order ??= sortCases([...this.#cases.values()], this.#sort).map(({ id }) => id);
    this.#list ??= this.#order.flatMap((id) => this.#cases.get(id) ?? []);
    return this.#list;
  }

  /** How many there are; costs nothing, unlike `cases`. */
  get size(): number {
    return this.#cases.size;
  }

  get order(): SortOrder {
    return this.#sort;
  }

  get selected(): Case | null {
    return this.#selectedId === null ? null : this.find(this.#selectedId);
  }

  get progress(): SessionProgress {
    const running = this.#run !== null;
    const pace = running ? this.#pace.state(this.#runTotal - this.#runDone) : null;
    return { running, done: this.#runDone, total: this.#runTotal, pace };
  }

  get intake(): IntakeState {
    return this.#intake.state;
  }

  /** Something is left to read or to look through, and nobody does. */
  get paused(): boolean {
    return this.#run === null && (this.#intake.paused || this.waiting > 0);
  }

  /** Pictures that wait although nothing runs: the reading was paused. */
  get waiting(): number {
    if (this.#run) return 0;
    return this.#queued().length;
  }

  find(id: string): Case | null {
    return this.#cases.get(id) ?? null;
  }

  /** Called soon after any change. Returns the function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes files in and starts reading. */
  add(files: readonly IncomingFile[]): readonly Case[] {
    const fresh = files.map(({ name, source, origin }) =>
      this.#newCase(name, source, { phase: 'queued' }, origin),
    );
    if (fresh.length === 0) return [];
    for (const entry of fresh) this.#run?.push(entry);
    if (this.#run) this.#runTotal += fresh.length;
    this.#order = null;
    this.#changed();
    void this.resume();
    return fresh;
  }

  /** Follows a folder or an archive: what it holds is read while the rest is still looked for. */
  follow(flow: PictureFlow): Promise<void> {
    this.expectMany();
    if (!this.#run) {
      this.#runDone = 0;
      this.#pace.restart();
    }
    const followed = this.#intake.follow(flow);
    void this.resume();
    return followed;
  }

  /** Someone is about to open many: what takes time to get ready can begin. */
  expectMany(): void {
    this.#services.expectMany?.();
  }

  /** The count of skipped files was read. */
  forgetIntake(): void {
    this.#intake.forget();
    this.#changed();
  }

  /** Reads whatever waits. Resolves when nothing is left or the run was stopped; never rejects. */
  async resume(): Promise<void> {
    this.#intake.resume();
    const queued = this.#queued();
    if (this.#run || queued.length === 0) return;
    const run = this.#newRun();
    this.#run = run;
    // While a folder is looked through, reading may wait for the next find: it is one run to see.
    if (!this.#intake.state.looking) {
      this.#runDone = 0;
      this.#pace.restart();
    }
    this.#runTotal = this.#runDone + queued.length;
    this.#changed();
    try {
      // What is added at the last moment makes another batch.
      for (let batch = queued; batch.length > 0; batch = this.#queued()) {
        await run.read(batch);
        if (run.signal.aborted) break;
      }
    } finally {
      this.#release(run);
    }
  }

  /** Stops the run and the looking; what is not finished waits for `resume`. */
  pause(): void {
    this.#intake.pause();
    const run = this.#run;
    if (run) this.#release(run);
    this.#changed();
  }

  /** Stops for good: what is not finished leaves the list. */
  cancel(): void {
    this.pause();
    this.#intake.stop();
    this.remove(...this.#queued().map(({ id }) => id));
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
    this.#cases.set(id, { ...entry, adjust, readAt: undefined });
    this.#readAgain(id);
  }

  /** Reads another picture of a file that holds several, from 0. */
  chooseFrame(id: string, frame: number): void {
    const entry = this.#cases.get(id);
    if (!entry?.source || (entry.state.phase !== 'done' && entry.state.phase !== 'failed')) return;
    if (!Number.isInteger(frame) || frame < 0 || frame === (entry.frame ?? 0)) return;
    this.#cases.set(id, { ...entry, frame });
    this.#readAgain(id);
  }

  /**
   * After the settings changed: every result is judged anew from what was measured, and read again
   * where that was let go of.
   */
  reassure(): void {
    for (const { id, state, source } of [...this.#cases.values()]) {
      if (state.phase !== 'done') continue;
      if (state.light && source) this.#readAgain(id);
      else if (!state.light) this.#replace(id, this.#judge(state.reading));
    }
  }

  /** Reads a picture that its own header speaks against; a refusal of another kind stands. */
  readAnyway(id: string): void {
    const entry = this.#cases.get(id);
    if (!entry || !canReadAnyway(entry)) return;
    this.#cases.set(id, { ...entry, readAnyway: true });
    this.retry(id);
  }

  remove(...ids: readonly string[]): void {
    const gone = ids.flatMap((id) => this.#cases.get(id) ?? []);
    if (gone.length === 0) return;
    const going = new Set(ids);
    if (this.#selectedId !== null && going.has(this.#selectedId)) {
      this.#selectedId = this.#nearest(this.#selectedId, going);
    }
    this.journal?.removed(gone.map(({ id }) => id));
    for (const { id, state } of gone) {
      this.#cases.delete(id);
      this.#run?.drop(id);
      if (this.#run && (state.phase === 'queued' || state.phase === 'reading')) this.#runTotal -= 1;
    }
    this.#full = this.#full.filter((id) => !going.has(id));
    this.#order = this.#order?.filter((id) => !going.has(id)) ?? null;
    this.#changed('now');
  }

  /** Forgets every picture and stops the run. */
  clear(): void {
    this.cancel();
    this.journal?.removed([...this.#cases.keys()]);
    this.#cases.clear();
    this.#intake.forget();
    this.#full = [];
    this.#order = null;
    this.#selectedId = null;
    this.#changed('now');
  }

  select(id: string | null): void {
    const known = id !== null && this.#cases.has(id) ? id : null;
    if (known === this.#selectedId) return;
    this.#selectedId = known;
    this.#refresh(known);
    this.#changed('now');
  }

  /** The neighbor of the selected picture in the shown order, or null at an end. */
  neighbor(step: 1 | -1): Case | null {
    const list = this.cases;
    const place = list.findIndex((entry) => entry.id === this.#selectedId);
    if (place < 0) return null;
    return list[place + step] ?? null;
  }

  sortBy(order: SortOrder): void {
    this.#sort = order;
    this.#order = null;
    this.#changed('now');
  }

  #newRun(): Run {
    return new Run({
      screening: (signal) => this.#services.screening(signal),
      examine: () => this.#services.examine?.(),
      settle: (id, outcome) => this.#settle(id, outcome),
      mark: (id) => {
        if (this.#cases.get(id)?.state.phase === 'queued') this.#replace(id, { phase: 'reading' });
      },
    });
  }

  /** Looked at again after many others: its maps and outlines were let go of. */
  #refresh(id: string | null): void {
    const entry = id === null ? null : this.find(id);
    if (entry?.state.phase !== 'done' || !entry.state.light || !entry.source || this.paused) return;
    this.#readAgain(entry.id);
  }

  #readAgain(id: string): void {
    this.#replace(id, { phase: 'queued' });
    const queued = this.#cases.get(id);
    if (this.#run && queued) {
      this.#run.push(queued);
      this.#runTotal += 1;
    }
    void this.resume();
  }

  #newCase(
    name: string,
    source: PictureInput | null,
    state: CaseState,
    origin?: Case['origin'],
  ): Case {
    const order = this.#nextOrder;
    this.#nextOrder += 1;
    const id = `case-${order}`;
    const base: Case = { id, order, name, source, thumbnail: null, state };
    const entry: Case = origin ? { ...base, origin } : base;
    this.#cases.set(entry.id, entry);
    this.journal?.opened(entry);
    return entry;
  }

  #refuse(name: string, fault: FaultData): void {
    this.#newCase(name, null, { phase: 'failed', fault });
    this.#order = null;
    this.#changed();
  }

  #queued(): Case[] {
    return [...this.#cases.values()].filter((entry) => entry.state.phase === 'queued');
  }

  #settle(id: string, outcome: Reading | FaultData): void {
    const reading = 'logits' in outcome ? outcome : null;
    const bitmap = reading?.thumbnail ?? null;
    const entry = this.#cases.get(id);
    // Read again only for what was let go of: the answer is that of before.
    if (reading && entry) this.#cases.set(id, { ...entry, readAt: entry.readAt ?? Date.now() });
    // Removed while it was read: nobody waits for the answer.
    if (!this.#cases.has(id)) {
      bitmap?.close();
      return;
    }
    this.#runDone += 1;
    this.#pace.tick();
    this.#replace(
      id,
      'logits' in outcome ? this.#judge(outcome) : { phase: 'failed', fault: outcome },
    );
    if (bitmap) void this.#keepThumbnail(id, bitmap);
  }

  #judge(reading: Reading): CaseState {
    try {
      const assurance = this.#services.assure(reading);
      const kept = { ...reading, thumbnail: null };
      const { assessment } = assurance;
      return { phase: 'done', reading: kept, assessment, assurance, light: false };
    } catch (reason) {
      const fault = faultDataOf(reason, () => new ReadingStoppedError(reason));
      return { phase: 'failed', fault };
    }
  }

  async #keepThumbnail(id: string, bitmap: ImageBitmap): Promise<void> {
    const thumbnail = await packThumbnail(bitmap);
    const entry = this.#cases.get(id);
    if (!thumbnail || entry?.state.phase !== 'done') return;
    this.#cases.set(id, { ...entry, thumbnail });
    this.#changed();
  }

  /** The one that stays selected when those in `going` leave: the next, or the one before. */
  #nearest(id: string, going: ReadonlySet<string>): string | null {
    const list = this.cases;
    const place = list.findIndex((entry) => entry.id === id);
    const after = list.find((entry, index) => index > place && !going.has(entry.id));
    return (
      (after ?? list.findLast((entry, index) => index < place && !going.has(entry.id)))?.id ?? null
    );
  }

  #release(run: Run): void {
    run.stop();
    if (this.#run !== run) return;
    this.#run = null;
    for (const entry of this.#cases.values()) {
      if (entry.state.phase === 'reading') this.#replace(entry.id, { phase: 'queued' });
    }
    this.#changed();
  }

  #replace(id: string, state: CaseState): void {
    const entry = this.#cases.get(id);
    if (!entry) return;
    const now = { ...entry, state };
    this.#cases.set(id, now);
    if (state.phase === 'done' || state.phase === 'failed') this.journal?.settled(now);
    if (state.phase === 'done') {
      this.#services.answered?.(now);
      this.#keepFull(id);
    }
    if (followsResults(this.#sort.key)) this.#order = null;
    this.#changed();
  }

  #keepFull(id: string): void {
    this.#full.push(id);
    while (this.#full.length > FULL_RESULTS) {
      const old = this.#full.shift() ?? '';
      const entry = this.#cases.get(old);
      if (entry?.state.phase !== 'done' || old === this.#selectedId) continue;
      this.#cases.set(old, { ...entry, state: lighten(entry.state) });
    }
  }

  #changed(when: 'soon' | 'now' = 'soon'): void {
    this.#list = null;
    const urgent = when === 'now' || this.#cases.size <= MANY;
    if (this.#news === 'now' || (this.#news === 'soon' && !urgent)) return;
    this.#news = urgent ? 'now' : 'soon';
    if (urgent) queueMicrotask(() => this.#tell('now'));
    else setTimeout(() => this.#tell('soon'), NEWS_EVERY_MS);
  }

  #tell(news: 'soon' | 'now'): void {
    // An urgent one went before a waiting one: there is nothing left to tell.
    if (this.#news !== news) return;
    this.#news = 'none';
    for (const listener of [...this.#listeners]) listener();
  }
}
