/**
 * What the evaluation screen works on, for as long as the app is open: the run under way goes on while
 * the person reads elsewhere, and is there when they come back.
 */
import {
  comparisonOf,
  EvaluationRunner,
  EvaluationStopped,
  figuresOf,
  installedModel,
  readPictures,
  readSeen,
  RunStore,
  unseenOf,
  type Comparison,
  type EvaluatedModel,
  type EvaluatedPicture,
  type EvaluationResult,
  type EvaluationRun,
  type SeenHashes,
} from '../evaluation/index.ts';
import type { LabelledFolder } from '../dataset/types.ts';
import type { FaultData } from '../base/fault.ts';
import { faultDataOf } from '../session/index.ts';
import type { ActiveModel } from './active-model.ts';

/** A run with everything that was answered, and its figures. */
export interface OpenedRun {
  readonly run: EvaluationRun;
  readonly pictures: readonly EvaluatedPicture[];
  readonly result: EvaluationResult;
  /** Pictures the model was trained on; null if it does not tell. */
  readonly leak: Leak | null;
}

export interface Leak {
  readonly seen: number;
  /** Figures of the other pictures; null where none is seen, or none is left. */
  readonly without: EvaluationResult | null;
}

/** What is shown below. */
export type DeskView =
  | { readonly kind: 'shipped' }
  | { readonly kind: 'counting' }
  | { readonly kind: 'run'; readonly opened: OpenedRun }
  | {
      readonly kind: 'comparison';
      readonly first: OpenedRun;
      readonly second: OpenedRun;
      readonly comparison: Comparison;
    };

export interface DeskServices {
  readonly active: Pick<ActiveModel, 'delivered' | 'readerOf'>;
  /** Content of the delivered model's file of seen pictures; null if it brings none. */
  seenHashes(): Promise<ArrayBuffer | null>;
  readonly appVersion: string;
  /** Holds updates of the app back while a run is under way. */
  readonly platform: { readonly updates: { hold(): () => void } };
  /** Models adapted on this device, each with an engine of its own. */
  adaptedModels?(): Promise<readonly EvaluatedModel[]>;
}

export class EvaluationDesk {
  readonly appVersion: string;
  readonly #services: DeskServices;
  readonly #store: RunStore;
  readonly #listeners = new Set<() => void>();
  /** Figures of what was opened in this sitting, by run. */
  readonly #opened = new Map<string, OpenedRun>();
  #runs: readonly EvaluationRun[] = [];
  #runner: EvaluationRunner | null = null;
  #view: DeskView = { kind: 'shipped' };
  #fault: FaultData | null = null;
  #task: AbortController | null = null;
  #release: (() => void) | null = null;

  constructor(services: DeskServices, store = new RunStore()) {
    this.#services = services;
    this.#store = store;
    this.appVersion = services.appVersion;
  }

  get runs(): readonly EvaluationRun[] {
    return this.#runs;
  }

  /** The run of this sitting: under way, paused, or stopped. */
  get runner(): EvaluationRunner | null {
    return this.#runner;
  }

  get view(): DeskView {
    return this.#view;
  }

  get fault(): FaultData | null {
    return this.#fault;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Installed first, then adapted ones. */
  async models(): Promise<EvaluatedModel[]> {
    const { active } = this.#services;
    const delivered = await active.delivered();
    if (!delivered) return [];
    return [
      installedModel(delivered.manifest, async () => active.readerOf(delivered)),
      ...((await this.#services.adaptedModels?.()) ?? []),
    ];
  }

  /** The runs kept on this device. */
  load(): Promise<void> {
    return this.#do(async () => {
      this.#runs = await this.#store.list();
    });
  }

  /** Begins a new run; resolves when it is over or was put aside. */
  async begin(folder: LabelledFolder, model: EvaluatedModel): Promise<void> {
    await this.#putAside();
    await this.#drive(EvaluationRunner.begin(folder, model, this.#parts()));
  }

  /** A kept run goes on with the open folder. */
  async resume(run: EvaluationRun, folder: LabelledFolder): Promise<void> {
    if (this.#runner?.run.id === run.id && this.#runner.folder === folder) {
      await this.#drive(this.#runner);
      return;
    }
    const before = this.#runner;
    await this.#putAside();
    await this.#do(async () => {
      const models = await this.models();
      const model = models.find(({ key }) => key === run.model.key) ?? models[0];
      if (!model) return;
      const runner = await EvaluationRunner.continue(run, folder, model, this.#parts(), before);
      await this.#drive(runner);
    });
  }

  async pause(): Promise<void> {
    await this.#runner?.pause();
  }

  /** Ends the run under way and forgets it. */
  async cancel(): Promise<void> {
    if (this.#runner) await this.remove(this.#runner.run.id);
  }

  /** Shows a run's figures, as far as it came. */
  open(id: string): Promise<void> {
    return this.#show(async (signal) => ({ kind: 'run', opened: await this.#figures(id, signal) }));
  }

  compare(first: string, second: string): Promise<void> {
    return this.#show(async (signal) => {
      const a = await this.#figures(first, signal);
      const b = await this.#figures(second, signal);
      const comparison = await comparisonOf(side(a), side(b), signal);
      return { kind: 'comparison', first: a, second: b, comparison };
    });
  }

  showShipped(): void {
    this.#task?.abort();
    this.#set({ kind: 'shipped' });
  }

  rename(id: string, name: string): Promise<void> {
    return this.#do(async () => {
      const run = this.#runs.find((each) => each.id === id);
      if (!run) return;
      if (this.#runner?.run.id === id) await this.#runner.rename(name);
      else await this.#store.save({ ...run, name });
      const opened = this.#opened.get(id);
      if (opened) this.#opened.set(id, { ...opened, run: { ...opened.run, name } });
      this.#runs = await this.#store.list();
    });
  }

  remove(id: string): Promise<void> {
    return this.#do(async () => {
      if (this.#runner?.run.id === id) {
        await this.#runner.discard();
        this.#runner = null;
      } else await this.#store.remove(id);
      this.#opened.delete(id);
      const { view } = this;
      const shown =
        view.kind === 'run'
          ? [view.opened.run.id]
          : view.kind === 'comparison'
            ? [view.first.run.id, view.second.run.id]
            : [];
      if (shown.includes(id)) this.#view = { kind: 'shipped' };
      this.#runs = await this.#store.list();
    });
  }

  /** For the command line: the same reading as the screen's, over files that it finds by itself. */
  async readFiles(
    files: readonly { readonly path: string; readonly label: string; readonly source: Blob }[],
    signal: AbortSignal = new AbortController().signal,
  ): Promise<{ pictures: EvaluatedPicture[]; recovery: string | null }> {
    const [model] = await this.models();
    if (!model) throw new EvaluationStopped('no model is installed');
    const pictures = new Array<EvaluatedPicture>(files.length);
    let recovery: string | null = null;
    await readPictures(
      model,
      files.map((file) => ({ ...file, origin: null })),
      {
        signal,
        onPicture: (index, picture) => (pictures[index] = picture),
        onBackend: (_, line) => (recovery ??= line),
      },
    );
    return { pictures, recovery };
  }

  #parts(): { store: RunStore; appVersion: string } {
    return { store: this.#store, appVersion: this.appVersion };
  }

  async #drive(runner: EvaluationRunner): Promise<void> {
    this.#runner = runner;
    this.#fault = null;
    this.#opened.delete(runner.run.id);
    // No update may reload the page under a run.
    this.#release ??= this.#services.platform.updates.hold();
    const end = runner.subscribe(() => this.#tell());
    this.#tell();
    try {
      await runner.resume();
      this.#runs = await this.#store.list().catch(() => this.#runs);
    } finally {
      end();
      this.#release();
      this.#release = null;
    }
    if (runner !== this.#runner) return;
    if (runner.phase === 'done') {
      // Its figures come from memory: they are there even where nothing can be kept.
      await this.#show(async (signal) => {
        const { run, pictures } = runner;
        const opened = await this.#counted(run, pictures, signal);
        this.#opened.set(run.id, opened);
        return { kind: 'run', opened };
      });
    } else this.#tell();
  }

  async #putAside(): Promise<void> {
    await this.#runner?.pause();
    this.#runner = null;
  }

  async #figures(id: string, signal: AbortSignal): Promise<OpenedRun> {
    const known = this.#opened.get(id);
    if (known) return known;
    const mine = this.#runner?.run.id === id ? this.#runner : null;
    const run = mine?.run ?? this.#runs.find((each) => each.id === id);
    if (!run) throw new EvaluationStopped('there is no such evaluation');
    const pictures = mine?.pictures ?? (await this.#store.pictures(id));
    const opened = await this.#counted(run, pictures, signal);
    // What still grows is counted anew the next time.
    if (run.finishedAt !== null) this.#opened.set(id, opened);
    return opened;
  }

  async #counted(
    run: EvaluationRun,
    pictures: readonly EvaluatedPicture[],
    signal: AbortSignal,
  ): Promise<OpenedRun> {
    const result = await figuresOf(pictures, run.classes, signal);
    const hashes = await this.#hashes(run);
    if (!hashes) return { run, pictures, result, leak: null };
    const unseen = unseenOf(pictures, hashes);
    const seen = pictures.length - unseen.length;
    const some = seen > 0 && unseen.length > 0;
    const without = some ? await figuresOf(unseen, run.classes, signal) : null;
    return { run, pictures, result, leak: { seen, without } };
  }

  /** Of the model the run was made with; null where another one is stored now, or it brings none. */
  async #hashes({ model }: EvaluationRun): Promise<SeenHashes | null> {
    const delivered = await this.#services.active.delivered().catch(() => null);
    const seen = delivered?.manifest.assurance?.seen;
    if (!delivered || !seen || model.id !== delivered.manifest.id) return null;
    if (model.version.split('+')[0] !== delivered.manifest.version) return null;
    const bytes = await this.#services.seenHashes();
    return bytes ? readSeen(seen, bytes) : null;
  }

  async #show(make: (signal: AbortSignal) => Promise<DeskView>): Promise<void> {
    this.#task?.abort();
    const task = new AbortController();
    this.#task = task;
    const before = this.#view;
    this.#fault = null;
    this.#set({ kind: 'counting' });
    try {
      const view = await make(task.signal);
      if (this.#task === task) this.#set(view);
    } catch (reason) {
      if (this.#task !== task || task.signal.aborted) return;
      this.#fault = faultDataOf(reason, () => new EvaluationStopped(reason));
      this.#set(before.kind === 'counting' ? { kind: 'shipped' } : before);
    }
  }

  async #do(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (reason) {
      this.#fault = faultDataOf(reason, () => new EvaluationStopped(reason));
    }
    this.#tell();
  }

  #set(view: DeskView): void {
    this.#view = view;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** @param name of the database of kept evaluations */
export function openEvaluationDesk(services: DeskServices, name?: string): EvaluationDesk {
  return new EvaluationDesk(services, new RunStore(name));
}

function side({ run, pictures }: OpenedRun): {
  classes: readonly string[];
  pictures: readonly EvaluatedPicture[];
} {
  return { classes: run.classes, pictures };
}
