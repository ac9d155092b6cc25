/**
 * One training from the folder to the adapted model: pictures are embedded once, then the head is
 * trained. Both can be paused, and go on after a reload from the last part or epoch that was kept.
 */
import type { LabelledFolder, LabelledItem } from '../dataset/index.ts';
import { FolderWatch } from '../evaluation/index.ts';
import { Fault, type FaultData } from '../base/fault.ts';
import type { GateStatistics } from '../inference/index.ts';
import type { ScreeningService } from '../inference/types.ts';
import type { Manifest } from '../model/index.ts';
import { doneAlone } from '../base/locks.ts';
import { adaptedModelOf, rowsOf, trainingDataOf } from './assemble.ts';
import {
  AdaptationElsewhere,
  AdaptationFolderGone,
  AdaptationNotTheSame,
  TrainingStopped,
} from './errors.ts';
import { logOfBoth } from './log.ts';
import type { AdaptedModel } from './model.ts';
import { copiesOf, planOf, type Plan } from './plan.ts';
import { SecondStage, type SecondStageParts, type Tuned } from './second-stage.ts';
import type { TrainingSettings } from './settings.ts';
import type { AdaptationStore, EmbeddedPicture, TrainingRecord } from './store.ts';
import type { EpochFigures, TrainingData, TrainingState } from './train-head.ts';
import { train } from './trainer.ts';
import type { Trained } from './trainer-protocol.ts';
import type { TuningState } from './tuning-protocol.ts';

export interface RunParts {
  readonly store: AdaptationStore;
  /** The delivered model, as this device has it. */
  readonly base: Manifest;
  /** An engine with the delivered model alone, for one reading of the folder: it is disposed after it. */
  engine(signal: AbortSignal): Promise<Pick<ScreeningService, 'embedMany' | 'dispose'>>;
  /** The delivered gate's statistics; null where the model has none. */
  gate(): Promise<GateStatistics | null>;
  readonly appVersion: string;
  readonly createWorker?: () => Worker;
  readonly secondStage?: SecondStageParts;
  readonly now?: () => number;
}

export type AdaptationPhase = 'reading' | 'training' | 'paused' | 'stopped' | 'done';

/** A part is written after so many pictures, or so long. */
const PART = 32;
const PART_MS = 2000;
const NEWS_MS = 150;

export class AdaptationRun {
  readonly plan: Plan;
  readonly #parts: RunParts;
  readonly #listeners = new Set<() => void>();
  readonly #pictures: EmbeddedPicture[];
  /** Null: the head alone is trained. */
  readonly #second: SecondStage | null;
  #record: TrainingRecord;
  #state: TrainingState | null;
  #phase: AdaptationPhase = 'paused';
  #fault: FaultData | null = null;
  #notKept: FaultData | null = null;
  #model: AdaptedModel | null = null;
  #stop: AbortController | null = null;
  #work: Promise<void> = Promise.resolve();
  #writing: Promise<void> = Promise.resolve();
  #waiting: EmbeddedPicture[] = [];
  #written = 0;
  #begun = false;
  #news: ReturnType<typeof setTimeout> | null = null;

  private constructor(
    record: TrainingRecord,
    plan: Plan,
    pictures: readonly EmbeddedPicture[],
    state: TrainingState | null,
    parts: RunParts,
    tuning: TuningState | null = null,
  ) {
    this.#record = record;
    this.plan = plan;
    this.#pictures = [...pictures];
    this.#state = state;
    this.#parts = parts;
    const { id, settings } = record;
    const { store, secondStage = {} } = parts;
    this.#second = settings.tuning
      ? new SecondStage(
          id,
          { ...settings, tuning: settings.tuning },
          store.tuning,
          secondStage,
          tuning,
        )
      : null;
  }

  /** @throws ClassCountUnusable, TooFewPictures */
  static begin(
    folder: LabelledFolder,
    settings: TrainingSettings,
    name: string,
    parts: RunParts,
  ): AdaptationRun {
    const plan = planOf(folder, settings);
    const { id, version } = parts.base;
    const record: TrainingRecord = {
      schema: 1,
      id: crypto.randomUUID().replaceAll('-', '').slice(0, 12),
      name: name.trim() || folder.name || 'Site',
      startedAt: (parts.now ?? Date.now)(),
      folder: { name: folder.name, key: folder.key },
      base: { id, version },
      settings,
      labels: [...plan.labels],
      total: plan.pictures.length,
      done: 0,
      epochs: 0,
      backend: '',
    };
    return new AdaptationRun(record, plan, [], null, parts);
  }

  /**
   * A kept training goes on where it was left.
   * @throws AdaptationNotTheSame, AdaptationsUnreadable, TrainingStopped
   */
  static async continue(record: TrainingRecord, parts: RunParts): Promise<AdaptationRun> {
    const { base } = parts;
    if (record.base.id !== base.id || record.base.version !== base.version) {
      throw new AdaptationNotTheSame('model');
    }
    const kept = await parts.store.training(record.id);
    if (!kept) throw new TrainingStopped('its plan is gone');
    const { plan, pictures, state } = kept;
    const tuning = record.settings.tuning ? parts.store.tuning : null;
    const [there, tuned] = await Promise.all([tuning?.places(record.id), tuning?.state(record.id)]);
    // What a full disk did not take, or what the second stage lost (the browser makes space as it
    // likes), is read once more.
    const whole = there
      ? pictures.filter(({ place, failure }) => failure !== null || there.has(place))
      : pictures;
    return new AdaptationRun({ ...record, done: whole.length }, plan, whole, state, parts, tuned);
  }

  get record(): TrainingRecord {
    return this.#record;
  }

  get phase(): AdaptationPhase {
    return this.#phase;
  }

  /** Why it stopped. */
  get fault(): FaultData | null {
    return this.#fault;
  }

  get notKept(): FaultData | null {
    return this.#notKept ?? this.#second?.keeper.notKept ?? null;
  }

  get log(): readonly EpochFigures[] {
    return this.#model?.manifest.log ?? logOfBoth(this.#state?.log ?? [], this.#second?.log ?? []);
  }

  /** 0 before the first. */
  get keptEpoch(): number {
    if (this.#model) return this.#model.manifest.keptEpoch;
    const tuned = this.#second?.keptEpoch ?? 0;
    return tuned > 0 ? (this.#state?.log.length ?? 0) + tuned : (this.#state?.best.epoch ?? 0);
  }

  /** The second stage, where one was wished for. */
  get secondStage(): Pick<SecondStage, 'doing' | 'share' | 'fault' | 'log'> | null {
    return this.#second;
  }

  /** Files that could not be read, with the reason. */
  get unreadable(): readonly { readonly path: string; readonly fault: FaultData }[] {
    return this.#pictures.flatMap(({ place, failure }) =>
      failure ? [{ path: this.plan.pictures[place].path, fault: failure }] : [],
    );
  }

  /** Pictures still have to be read, so the folder has to be open. */
  get needsFolder(): boolean {
    return this.#pictures.length < this.plan.pictures.length;
  }

  /**
   * What the head is trained on, for whoever wants to train one elsewhere (training/adaptation_parity.py).
   * @throws TooFewPictures
   */
  get data(): TrainingData {
    return trainingDataOf(this.plan, this.#pictures, this.#record.settings.copies);
  }

  get model(): AdaptedModel | null {
    return this.#model;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param folder needed while pictures are left to read. Resolves at the end; never rejects. */
  resume(folder: LabelledFolder | null): Promise<void> {
    const running = this.#stop !== null && !this.#stop.signal.aborted;
    if (running || this.#phase === 'done') return this.#work;
    const stop = new AbortController();
    this.#stop = stop;
    this.#begin();
    // After a pause the last part is still being written, and the lock is still held.
    this.#work = this.#work
      .then(() => this.#alone(folder, stop))
      .finally(() => {
        if (this.#stop === stop) this.#stop = null;
        this.#tell();
      });
    return this.#work;
  }

  #begin(): void {
    this.#fault = null;
    this.#phase = this.needsFolder ? 'reading' : 'training';
    this.#tell();
  }

  /** Resolves when everything so far is kept. */
  async pause(): Promise<void> {
    this.#stop?.abort();
    await this.#work;
  }

  /** Ends it and forgets it. */
  async discard(): Promise<void> {
    await this.pause();
    await this.#writing;
    await this.#second?.keeper.written;
    await this.#parts.store.removeTraining(this.#record.id);
  }

  /** Two tabs must not train the same at once. */
  async #alone(folder: LabelledFolder | null, stop: AbortController): Promise<void> {
    const name = `fieldray-adaptation-${this.#record.id}`;
    const done = await doneAlone(name, () => this.#go(folder, stop));
    if (!done) this.#end('stopped', new AdaptationElsewhere());
  }

  async #go(folder: LabelledFolder | null, stop: AbortController): Promise<void> {
    if (this.phase === 'done') return;
    const { signal } = stop;
    this.#begin();
    try {
      await this.#keep(() => this.#save());
      if (this.needsFolder) await this.#read(folder, stop);
      signal.throwIfAborted();
      this.#phase = 'training';
      this.#tell();
      await this.#train(signal);
      this.#end('done', null);
    } catch (reason) {
      const why: unknown = signal.aborted ? signal.reason : reason;
      if (why instanceof DOMException && why.name === 'AbortError') this.#end('paused', null);
      else this.#end('stopped', why instanceof Fault ? why : new TrainingStopped(why));
    }
    if (this.#phase !== 'done') {
      await this.#writePart(true);
      await this.#keep(() => this.#save());
    }
  }

  async #read(folder: LabelledFolder | null, stop: AbortController): Promise<void> {
    if (folder?.key !== this.#record.folder.key) throw new AdaptationNotTheSame('folder');
    const { signal } = stop;
    const { settings } = this.#record;
    const byPath = new Map(folder.items.map((item) => [item.path, item]));
    const had = new Set(this.#pictures.map(({ place }) => place));
    const left = this.plan.pictures.flatMap(({ path }, place) => {
      const item = byPath.get(path);
      return item && !had.has(place) ? [{ place, item }] : [];
    });
    const watch = new FolderWatch<EmbeddedPicture>(folder.items, {
      release: (pictures) => {
        for (const picture of pictures) this.#take(picture);
      },
      gone: () => stop.abort(new AdaptationFolderGone()),
    });
    const engine = await this.#parts.engine(signal);
    const sources: LabelledItem[] = left.map(({ item }) => item);
    const reading = engine.embedMany(sources, {
      signal,
      inner: this.#second?.entry,
      copies: (index) => {
        const { place } = left[index];
        return this.plan.pictures[place].part === 'training' ? copiesOf(settings, place) : [];
      },
      onEmbedded: (index, { embeddings, logits, activations, backend }) => {
        const { place, item } = left[index];
        if (activations) void this.#second?.keeper.put(place, activations);
        this.#record = { ...this.#record, backend };
        const picture = { place, embeddings, logits: logits.slice(0, 4), failure: null };
        watch.doubts(picture, item);
        this.#take(picture);
      },
      onFailure: (index, { code, message, remedy }) => {
        const { place, item } = left[index];
        const failure = { code, message, remedy };
        const picture = { place, embeddings: null, logits: null, failure };
        if (!watch.doubts(picture, item)) this.#take(picture);
      },
    });
    await reading.finally(() => engine.dispose());
    await watch.settle();
    signal.throwIfAborted();
    await this.#writePart(true);
  }

  async #train(signal: AbortSignal): Promise<void> {
    const { base, appVersion } = this.#parts;
    const { settings } = this.#record;
    const { data } = this;
    const gate = await this.#parts.gate();
    const trained = await train(
      { data, settings, state: this.#state, gate },
      {
        signal,
        onEpoch: (_, state) => {
          this.#state = state;
          this.#record = { ...this.#record, epochs: state.log.length };
          void this.#keep(() => this.#save({ state }));
          this.#tellSoon();
        },
      },
      this.#parts.createWorker,
    );
    const tuned = await this.#tune(trained, data, signal);
    const now = (this.#parts.now ?? Date.now)();
    const at = { base, appVersion, now };
    this.#model = adaptedModelOf(this.#record, this.plan, this.#pictures, trained, at, tuned);
    await this.#keepModel(this.#model);
  }

  async #tune(trained: Trained, data: TrainingData, signal: AbortSignal): Promise<Tuned | null> {
    if (!this.#second) return null;
    const { id } = this.#record;
    const { store } = this.#parts;
    return this.#second.run({
      ...{ trained, data, signal },
      places: rowsOf(this.plan, this.#pictures),
      changed: () => this.#tellSoon(),
      keep: (state) => {
        this.#record = { ...this.#record, epochs: trained.log.length + state.log.length };
        void this.#keep(async () => {
          await store.tuning.saveState(id, state);
          await store.save(this.#record);
        });
      },
    });
  }

  /** First the result, then the traces of the way to it are removed. */
  async #keepModel(model: AdaptedModel): Promise<void> {
    const { store } = this.#parts;
    await this.#keep(() => store.saveModel(model));
    if (this.#notKept === null) await this.#keep(() => store.removeTraining(this.#record.id));
  }

  #take(picture: EmbeddedPicture): void {
    this.#pictures.push(picture);
    this.#waiting.push(picture);
    this.#record = { ...this.#record, done: this.#pictures.length };
    void this.#writePart(false);
    this.#tellSoon();
  }

  #writePart(now: boolean): Promise<void> {
    // On a full disk a try now and then is enough.
    const full = this.#waiting.length >= PART && this.#notKept === null;
    const due = full || performance.now() - this.#written > PART_MS;
    if (this.#waiting.length === 0 || (!now && !due)) return this.#writing;
    this.#written = performance.now();
    const pictures = this.#waiting;
    this.#waiting = [];
    return this.#keep(async () => {
      try {
        // A picture counts as read only with all that is needed of it.
        await this.#second?.keeper.written;
        await this.#save({ pictures });
      } catch (reason) {
        this.#waiting = [...pictures, ...this.#waiting];
        throw reason;
      }
    });
  }

  /** Without its plan a training cannot be continued: that goes first, however often it takes. */
  async #save(more: Parameters<AdaptationStore['save']>[1] = {}): Promise<void> {
    const { store } = this.#parts;
    if (!this.#begun) await store.begin(this.#record, this.plan);
    this.#begun = true;
    await store.save(this.#record, more);
  }

  /** One write after the other; a failed one is told, and the training goes on in memory. */
  #keep(write: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        await write();
        this.#notKept = null;
      } catch (reason) {
        this.#notKept = (reason instanceof Fault ? reason : new TrainingStopped(reason)).toData();
      }
    });
    return this.#writing;
  }

  #end(phase: AdaptationPhase, fault: Fault | null): void {
    this.#phase = phase;
    this.#fault = fault?.toData() ?? null;
  }

  #tellSoon(): void {
    this.#news ??= setTimeout(() => {
      this.#news = null;
      this.#tell();
    }, NEWS_MS);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
