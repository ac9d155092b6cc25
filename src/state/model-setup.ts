/**
 * The model's way onto the device as one observable state: absent, coming, paused, failed, ready.
 * Knows the store and the self-test, not the screen.
 */
import type { FaultData } from '../base/fault.ts';
import type {
  InstalledModel,
  InstallProgress,
  Manifest,
  ModelBytes,
  ModelStore,
  StoreCheck,
} from '../model/index.ts';
import { faultDataOf } from '../session/index.ts';
import type { ActiveModel } from './active-model.ts';
import { SetupError } from './errors.ts';

export type ModelState =
  | { readonly phase: 'checking' }
  | { readonly phase: 'absent' }
  | {
      readonly phase: 'working';
      readonly progress: InstallProgress | null;
      readonly repairing: boolean;
    }
  | { readonly phase: 'paused'; readonly progress: InstallProgress | null }
  | {
      readonly phase: 'failed';
      readonly fault: FaultData;
      readonly progress: InstallProgress | null;
    }
  | {
      readonly phase: 'ready';
      readonly model: InstalledModel<Manifest>;
      /** Files that a check found missing or damaged; empty when all is well. */
      readonly damaged: readonly string[];
      /** How far the model that belongs to this app is; null: this is it. */
      readonly renewal: Renewal | null;
    };

/**
 * The model on the device was made for an earlier version of the app, and reads on until the present
 * one is there. `asked-for`: it does not come by itself, because a site's own model would go out of use.
 */
export type Renewal =
  | { readonly state: 'waiting'; readonly fault: FaultData | null }
  | { readonly state: 'asked-for' }
  | { readonly state: 'working'; readonly progress: InstallProgress | null };

export interface ModelSetupServices {
  openStore(): Promise<ModelStore<Manifest>>;
  readonly active: Pick<ActiveModel, 'refresh'>;
  readonly base: URL;
  selfTest(bytes: ModelBytes<Manifest>, signal: AbortSignal): Promise<void>;
  /** The reason to abort an installation with, so that the store keeps what is there. */
  pauseReason(): Promise<unknown>;
  requestPersistence(): Promise<unknown>;
  /** Whether a model adapted at this site is laid over the delivered one. */
  adapted(): boolean;
}

export class ModelSetup {
  readonly #services: ModelSetupServices;
  readonly #listeners = new Set<() => void>();
  #state: ModelState = { phase: 'checking' };
  #work: AbortController | null = null;
  #unlisten: (() => void) | null = null;

  constructor(services: ModelSetupServices) {
    this.#services = services;
  }

  get state(): ModelState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is in the store now, with the cheap check of every start. Never rejects. */
  async load(): Promise<void> {
    try {
      const store = await this.#services.openStore();
      // Another tab may install, repair or remove: this one shows what is there.
      this.#unlisten ??= store.onChanged(() => void this.#follow());
      const model = await this.#services.active.refresh();
      if (!model) {
        this.#set({ phase: 'absent' });
        return;
      }
      const check = await store.quickCheck();
      this.#ready(model, check.damaged);
      void this.renew(false);
    } catch (reason) {
      this.#fail(reason, null);
    }
  }

  /** Downloads, checks and activates the served model; goes on where an earlier attempt stopped. */
  async install(): Promise<void> {
    await this.#run(false, async (store, signal, onProgress) => {
      await this.#services.requestPersistence();
      await this.#install(store, signal, onProgress);
    });
  }

  /** Fetches only what is missing or damaged. */
  async repair(): Promise<void> {
    await this.#run(true, async (store, signal, onProgress) => {
      const check = await store.repair(this.#services.base, { signal, onProgress });
      const model = await this.#services.active.refresh();
      if (model) this.#ready(model, check.damaged);
      else this.#set({ phase: 'absent' });
    });
  }

  /** Forgets the stored model and fetches all of it anew. */
  async reinstall(): Promise<void> {
    await this.#run(false, async (store, signal, onProgress) => {
      await store.remove();
      await this.#install(store, signal, onProgress);
    });
  }

  /**
   * Replaces a model that was made for an earlier version of the app; it reads on meanwhile, and where
   * there is no network. Never rejects.
   * @param asked by a person: then also where a site's own model goes out of use by it
   */
  async renew(asked: boolean): Promise<void> {
    const { state } = this;
    if (this.#work || state.phase !== 'ready' || !state.renewal) return;
    const { model, damaged } = state;
    const show = (renewal: Renewal): void => this.#set({ phase: 'ready', model, damaged, renewal });
    if (!asked && this.#services.adapted()) {
      show({ state: 'asked-for' });
      return;
    }
    const work = new AbortController();
    this.#work = work;
    show({ state: 'working', progress: null });
    try {
      const store = await this.#services.openStore();
      await this.#install(store, work.signal, (progress) => show({ state: 'working', progress }));
    } catch (reason) {
      show({ state: 'waiting', fault: faultDataOf(reason, () => new SetupError(reason)) });
    } finally {
      this.#work = null;
    }
  }

  /** The version the server has; asks over the network. @throws Fault, AbortError */
  async available(signal?: AbortSignal): Promise<Manifest> {
    const store = await this.#services.openStore();
    return store.available(this.#services.base, signal);
  }

  /** Stops for now; `install` goes on later. */
  async pause(): Promise<void> {
    const work = this.#work;
    if (!work) return;
    work.abort(await this.#services.pauseReason());
  }

  /** Hashes every stored byte again. @throws Fault, AbortError */
  async verify(
    signal: AbortSignal,
    onProgress: (progress: InstallProgress) => void,
  ): Promise<StoreCheck> {
    const store = await this.#services.openStore();
    const check = await store.verify({ signal, onProgress });
    const model = await this.#services.active.refresh();
    if (model) this.#ready(model, check.damaged);
    else this.#set({ phase: 'absent' });
    return check;
  }

  async #install(
    store: ModelStore<Manifest>,
    signal: AbortSignal,
    onProgress: (progress: InstallProgress) => void,
  ): Promise<void> {
    const model = await store.install(this.#services.base, {
      signal,
      onProgress,
      selfTest: (bytes) => this.#services.selfTest(bytes, signal),
    });
    await this.#services.active.refresh();
    this.#ready(model, []);
  }

  async #follow(): Promise<void> {
    if (!this.#work) await this.load();
  }

  async #run(
    repairing: boolean,
    task: (
      store: ModelStore<Manifest>,
      signal: AbortSignal,
      onProgress: (progress: InstallProgress) => void,
    ) => Promise<void>,
  ): Promise<void> {
    if (this.#work) return;
    const work = new AbortController();
    this.#work = work;
    let progress = 'progress' in this.#state ? this.#state.progress : null;
    this.#set({ phase: 'working', progress, repairing });
    try {
      const store = await this.#services.openStore();
      await task(store, work.signal, (news) => {
        progress = news;
        if (!work.signal.aborted) this.#set({ phase: 'working', progress, repairing });
      });
    } catch (reason) {
      if (work.signal.aborted) this.#set({ phase: 'paused', progress });
      else this.#fail(reason, progress);
    } finally {
      this.#work = null;
    }
  }

  #ready(model: InstalledModel<Manifest>, damaged: readonly string[]): void {
    const renewal: Renewal | null = model.outdated ? { state: 'waiting', fault: null } : null;
    this.#set({ phase: 'ready', model, damaged, renewal });
  }

  #fail(reason: unknown, progress: InstallProgress | null): void {
    const fault = faultDataOf(reason, () => new SetupError(reason));
    this.#set({ phase: 'failed', fault, progress });
  }

  #set(state: ModelState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
