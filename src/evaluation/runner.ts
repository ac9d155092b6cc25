/**
 * One run over a labelled folder: begins, pauses, goes on after a closed tab, and keeps what was
 * answered. Only answers are held; pictures are opened when their turn comes.
 */
import type { LabelledFolder, LabelledItem } from '../dataset/index.ts';
import { Fault, type FaultData } from '../base/fault.ts';
import { doneAlone } from '../base/locks.ts';
import {
  EvaluationElsewhere,
  EvaluationFolderGone,
  EvaluationNotTheSame,
  EvaluationStopped,
} from './errors.ts';
import { FolderWatch } from './folder-watch.ts';
import type { EvaluatedModel } from './models.ts';
import type { EvaluatedPicture } from './pictures.ts';
import { readPictures } from './read.ts';
import type { EvaluationRun } from './records.ts';
import type { RunStore } from './store.ts';
import { Tally, type LiveFigures } from './tally.ts';

export type RunPhase = 'running' | 'paused' | 'stopped' | 'done';

export interface RunnerParts {
  readonly store: Pick<RunStore, 'save' | 'pictures' | 'remove'>;
  readonly appVersion: string;
  readonly now?: () => number;
}

/** Answers are written when so many wait, or so long after the last time. */
const PART = 64;
const PART_MS = 1500;
const NEWS_MS = 200;
/** The speed is that of the last so many. */
const PACE = 60;

export class EvaluationRunner {
  readonly folder: LabelledFolder;
  readonly model: EvaluatedModel;
  readonly #parts: RunnerParts;
  readonly #listeners = new Set<() => void>();
  readonly #answers: Map<string, EvaluatedPicture>;
  readonly #tally: Tally;
  #run: EvaluationRun;
  #phase: RunPhase = 'paused';
  #fault: FaultData | null = null;
  /** Why nothing can be kept; the run goes on. */
  #notKept: FaultData | null = null;
  #recovery: string | null = null;
  #stop: AbortController | null = null;
  #work: Promise<void> = Promise.resolve();
  #waiting: EvaluatedPicture[] = [];
  #written = 0;
  #writing: Promise<void> = Promise.resolve();
  #news: ReturnType<typeof setTimeout> | null = null;
  #times: number[] = [];

  private constructor(
    run: EvaluationRun,
    answers: readonly EvaluatedPicture[],
    folder: LabelledFolder,
    model: EvaluatedModel,
    parts: RunnerParts,
  ) {
    this.#run = run;
    this.folder = folder;
    this.model = model;
    this.#parts = parts;
    this.#answers = new Map(answers.map((picture) => [picture.path, picture]));
    this.#tally = new Tally(model.labels);
    for (const picture of this.#answers.values()) this.#tally.add(picture);
  }

  static begin(
    folder: LabelledFolder,
    model: EvaluatedModel,
    parts: RunnerParts,
  ): EvaluationRunner {
    const run: EvaluationRun = {
      schema: 1,
      id: crypto.randomUUID(),
      name: folder.name,
      folder: { name: folder.name, key: folder.key },
      model: { key: model.key, id: model.id, version: model.version, name: model.name },
      classes: [...model.labels],
      startedAt: (parts.now ?? Date.now)(),
      finishedAt: null,
      total: folder.items.length,
      done: 0,
      seconds: 0,
      backend: '',
      appVersion: parts.appVersion,
    };
    return new EvaluationRunner(run, [], folder, model, parts);
  }

  /**
   * A kept run goes on where it was left.
   * @param before of this sitting, with the folder opened once more: what it could not keep counts
   * @throws EvaluationNotTheSame, EvaluationsUnreadable
   */
  static async continue(
    run: EvaluationRun,
    folder: LabelledFolder,
    model: EvaluatedModel,
    parts: RunnerParts,
    before: EvaluationRunner | null = null,
  ): Promise<EvaluationRunner> {
    if (run.folder.key !== folder.key) throw new EvaluationNotTheSame('folder');
    if (run.model.key !== model.key) throw new EvaluationNotTheSame('model');
    if (before?.run.id === run.id) {
      const next = new EvaluationRunner(before.run, before.pictures, folder, model, parts);
      next.#waiting = before.#waiting;
      return next;
    }
    const answers = await parts.store.pictures(run.id);
    return new EvaluationRunner(run, answers, folder, model, parts);
  }

  get run(): EvaluationRun {
    return this.#run;
  }

  get phase(): RunPhase {
    return this.#phase;
  }

  /** Why it stopped. */
  get fault(): FaultData | null {
    return this.#fault;
  }

  get notKept(): FaultData | null {
    return this.#notKept;
  }

  /** What happened to a backend on the way, in a line. */
  get recovery(): string | null {
    return this.#recovery;
  }

  get live(): LiveFigures {
    return this.#tally.figures;
  }

  get pictures(): EvaluatedPicture[] {
    return [...this.#answers.values()];
  }

  /** Pictures a second over the last few; null until enough is known. */
  get perSecond(): number | null {
    const first = this.#times[0];
    const last = this.#times.at(-1);
    if (this.#phase !== 'running' || this.#times.length < 5 || !first || !last || last <= first) {
      return null;
    }
    return (1000 * (this.#times.length - 1)) / (last - first);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what has no answer yet. Resolves when it is done, paused or stopped; never rejects. */
  resume(): Promise<void> {
    if (this.#phase === 'running' || this.#phase === 'done') return this.#work;
    this.#phase = 'running';
    this.#fault = null;
    this.#times = [];
    const stop = new AbortController();
    this.#stop = stop;
    // After a pause the last answers are still being written, and the lock is still held.
    this.#work = this.#work.then(() => this.#alone(stop));
    this.#tell();
    return this.#work;
  }

  /** What is being read is read again later. Resolves when everything so far is kept. */
  async pause(): Promise<void> {
    this.#stop?.abort();
    await this.#work;
  }

  /** Ends it and forgets it. */
  async discard(): Promise<void> {
    await this.pause();
    this.#phase = 'stopped';
    await this.#writing;
    await this.#parts.store.remove(this.#run.id);
  }

  rename(name: string): Promise<void> {
    this.#run = { ...this.#run, name };
    return this.#keep(true);
  }

  /** Two tabs must not read the same run at once. */
  async #alone(stop: AbortController): Promise<void> {
    const done = await doneAlone(`fieldray-evaluation-${this.#run.id}`, () => this.#read(stop));
    if (!done) this.#end('stopped', new EvaluationElsewhere());
  }

  async #read(stop: AbortController): Promise<void> {
    const { signal } = stop;
    const left = this.folder.items.filter(({ path }) => !this.#answers.has(path));
    const watch = new FolderWatch<EvaluatedPicture>(this.folder.items, {
      release: (pictures) => {
        for (const picture of pictures) this.#take(picture);
      },
      gone: () => stop.abort(new EvaluationFolderGone()),
    });
    // Known to be kept from the first picture on, so that a closed tab can go on.
    await this.#keep(true);
    const before = this.#run.seconds;
    const since = performance.now();
    const clock = (): void => {
      const seconds = before + (performance.now() - since) / 1000;
      this.#run = { ...this.#run, seconds };
    };
    try {
      await readPictures(
        this.model,
        left.map((item) => ({ ...fieldsOf(item), source: item })),
        {
          signal,
          onBackend: (backend, recovery) => {
            this.#recovery = recovery ?? this.#recovery;
            if (this.#run.backend !== backend) this.#run = { ...this.#run, backend };
          },
          onPicture: (index, picture) => {
            clock();
            if (!watch.doubts(picture, left[index])) this.#take(picture);
          },
        },
      );
      await watch.settle();
      signal.throwIfAborted();
      this.#end('done', null);
    } catch (reason) {
      const why: unknown = signal.aborted ? signal.reason : reason;
      if (why instanceof DOMException && why.name === 'AbortError') this.#end('paused', null);
      else this.#end('stopped', why instanceof Fault ? why : new EvaluationStopped(why));
    }
    clock();
    await this.#keep(true);
    this.#tell();
  }

  #take(picture: EvaluatedPicture): void {
    if (this.#answers.has(picture.path)) return;
    this.#answers.set(picture.path, picture);
    this.#tally.add(picture);
    this.#waiting.push(picture);
    this.#run = { ...this.#run, done: this.#answers.size };
    this.#times.push(performance.now());
    if (this.#times.length > PACE) this.#times.shift();
    void this.#keep(false);
    this.#tellSoon();
  }

  #end(phase: RunPhase, fault: Fault | null): void {
    this.#phase = phase;
    this.#fault = fault?.toData() ?? null;
    if (phase === 'done') this.#run = { ...this.#run, finishedAt: this.#now() };
  }

  /** One write after the other; a failed one is told, and what it held is tried again with the next. */
  #keep(now: boolean): Promise<void> {
    const due = this.#waiting.length >= PART || performance.now() - this.#written > PART_MS;
    if (!now && !due) return this.#writing;
    this.#written = performance.now();
    this.#writing = this.#writing.then(async () => {
      const pictures = this.#waiting;
      this.#waiting = [];
      try {
        await this.#parts.store.save(this.#run, pictures);
        this.#notKept = null;
      } catch (reason) {
        this.#waiting = [...pictures, ...this.#waiting];
        this.#notKept = (reason instanceof Fault ? reason : new EvaluationStopped(reason)).toData();
      }
    });
    return this.#writing;
  }

  #now(): number {
    return (this.#parts.now ?? Date.now)();
  }

  #tellSoon(): void {
    if (this.#news !== null) return;
    this.#news = setTimeout(() => {
      this.#news = null;
      this.#tell();
    }, NEWS_MS);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function fieldsOf({ path, label, origin }: LabelledItem): {
  path: string;
  label: string;
  origin: string | null;
} {
  return { path, label, origin };
}
