/**
 * What the three screens of the workbench share: the labelled folder a person opened stays open from
 * one to the other, for this sitting. The code that reads folders comes with the first of them.
 */
import type * as Dataset from '../dataset/index.ts';
import type { LabelledFolder, RecentFolder } from '../dataset/index.ts';
import type { FaultData } from '../base/fault.ts';
import type { Given } from '../session/types.ts';
import { faultDataOf } from '../session/index.ts';

export type WorkbenchState =
  | { readonly phase: 'empty' }
  /** `files` seen so far. */
  | { readonly phase: 'opening'; readonly files: number }
  | { readonly phase: 'open'; readonly folder: LabelledFolder }
  | { readonly phase: 'failed'; readonly fault: FaultData };

/** Chromium's part of the handle; the others keep none. */
interface Askable extends FileSystemDirectoryHandle {
  requestPermission?(options: { readonly mode: 'read' }): Promise<PermissionState>;
}

export class Workbench {
  readonly #listeners = new Set<() => void>();
  readonly #dataset: () => Promise<typeof Dataset>;
  #state: WorkbenchState = { phase: 'empty' };
  #recent: RecentFolder | null = null;
  #stop: AbortController | null = null;

  constructor(dataset = (): Promise<typeof Dataset> => import('../dataset/index.ts')) {
    this.#dataset = dataset;
  }

  get state(): WorkbenchState {
    return this.#state;
  }

  /** The open folder, or null. */
  get folder(): LabelledFolder | null {
    return this.#state.phase === 'open' ? this.#state.folder : null;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the place of what is open once it is a labelled folder; a failure keeps its words only. */
  async open(given: Given): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#set({ phase: 'opening', files: 0 });
    try {
      const { openLabelledFolder } = await this.#dataset();
      const folder = await openLabelledFolder(given, {
        signal: stop.signal,
        onProgress: ({ files }) => {
          if (this.#stop === stop) this.#set({ phase: 'opening', files });
        },
      });
      if (this.#stop !== stop) return;
      this.#set({ phase: 'open', folder });
      if (given.folder) await this.#remember(folder.name, given.folder);
    } catch (reason) {
      if (this.#stop !== stop) return;
      const { DatasetFailedError } = await this.#dataset();
      const fault = faultDataOf(reason, () => new DatasetFailedError(reason));
      this.#set({ phase: 'failed', fault });
    }
  }

  /** The folder of an earlier sitting, where this browser lets it be asked for again; else null. */
  get recent(): RecentFolder | null {
    return this.#recent;
  }

  /** Looks for the folder of an earlier sitting; never rejects. */
  async findRecent(): Promise<void> {
    try {
      const { ScanStore } = await this.#dataset();
      const store = new ScanStore();
      this.#recent = await store.recent();
      store.close();
      this.#set(this.#state);
    } catch {
      // It is a shortcut only: the folder can always be picked by hand.
    }
  }

  /** Opens it once the person has said yes to the browser. */
  async reopen(): Promise<void> {
    const handle: Askable | undefined = this.#recent?.handle;
    if (!handle) return;
    const answer = (await handle.requestPermission?.({ mode: 'read' })) ?? 'granted';
    if (answer === 'granted') await this.open({ folder: handle });
  }

  /** The audit of near-duplicates is done: splits on the other screens keep its groups together. */
  async setGroups(folder: LabelledFolder, groups: readonly (string | null)[]): Promise<void> {
    const { withGroups } = await this.#dataset();
    if (this.folder?.key === folder.key) {
      this.#set({ phase: 'open', folder: withGroups(folder, groups) });
    }
  }

  /** Nothing is open afterwards; an opening that is under way is given up. */
  close(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#set({ phase: 'empty' });
  }

  async #remember(name: string, handle: FileSystemDirectoryHandle): Promise<void> {
    try {
      const { ScanStore } = await this.#dataset();
      const store = new ScanStore();
      await store.remember(name, handle);
      store.close();
    } catch {
      // As above; a browser without room keeps no shortcut either.
    }
  }

  #set(state: WorkbenchState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
