/**
 * Looks at every picture of a folder once. What is found is there at any time, paused and gone on with
 * at any time, and kept in steps, so that a reload costs at most the last few seconds.
 */
import { Fault, type FaultData } from '../../base/fault.ts';
import { Pace, faultDataOf, type PaceState } from '../../session/index.ts';
import { FolderGoneError, ScanFailedError, ScanNotKeptError } from '../errors.ts';
import { SMALL_SIDE } from '../audit/groups.ts';
import type { LabelledFolder, LabelledItem } from '../types.ts';
import { ScanPool } from './pool.ts';
import { ScanStore, type SeenPicture } from './store.ts';
import { addTo, emptySums } from './sums.ts';
import type { ClassSums, PictureFacts, Scanned, ScanResult } from './types.ts';

const SMALL = SMALL_SIDE * SMALL_SIDE;
/** Written when so many are found, or after so long. */
const CHUNK = 256;
const CHUNK_MS = 4000;
/** So many files gone in a row are no broken files: the folder went away. */
const GONE_IN_A_ROW = 8;
const GONE = ['file-gone', 'file-unreadable'];

export type ScanPhase = 'reading-kept' | 'paused' | 'running' | 'done' | 'stopped';

export interface ScanView {
  readonly phase: ScanPhase;
  readonly total: number;
  /** Looked at, readable or not. */
  readonly done: number;
  readonly failed: number;
  readonly pace: PaceState | null;
  /** Found before this page was opened. */
  readonly kept: number;
  /** Why it stopped by itself. */
  readonly fault: FaultData | null;
  /** Set when nothing can be kept on this device. */
  readonly notKept: FaultData | null;
}

export interface ScanOptions {
  readonly store?: ScanStore | null;
  readonly pool?: () => ScanPool;
}

export class FolderScan {
  readonly folder: LabelledFolder;
  readonly #store: ScanStore | null;
  readonly #makePool: () => ScanPool;
  readonly #listeners = new Set<() => void>();
  readonly #facts: (PictureFacts | null)[];
  readonly #failures = new Map<number, FaultData>();
  readonly #smalls: Uint8Array<ArrayBuffer>;
  readonly #sums = new Map<string, ClassSums>();
  readonly #pace = new Pace();
  #pool: ScanPool | null = null;
  #phase: ScanPhase = 'reading-kept';
  #fault: FaultData | null = null;
  #notKept: FaultData | null = null;
  #done = 0;
  #kept = 0;
  #chunks = 0;
  #fresh: SeenPicture[] = [];
  #writtenAt = 0;
  #writing: Promise<void> = Promise.resolve();
  #stop: AbortController | null = null;
  #run: Promise<void> | null = null;

  constructor(folder: LabelledFolder, options: ScanOptions = {}) {
    this.folder = folder;
    this.#store = options.store === undefined ? new ScanStore() : options.store;
    this.#makePool = options.pool ?? (() => new ScanPool());
    this.#facts = new Array<PictureFacts | null>(folder.items.length).fill(null);
    this.#smalls = new Uint8Array(folder.items.length * SMALL);
    for (const label of folder.labels) this.#sums.set(label, emptySums(label));
  }

  get view(): ScanView {
    return {
      phase: this.#phase,
      total: this.folder.items.length,
      done: this.#done,
      failed: this.#failures.size,
      pace: this.#phase === 'running' ? this.#pace.state(this.#left()) : null,
      kept: this.#kept,
      fault: this.#fault,
      notKept: this.#notKept,
    };
  }

  /** As far as it has come; the arrays are the scan's own and grow on. */
  get result(): ScanResult {
    return {
      facts: this.#facts,
      failures: this.#failures,
      smalls: this.#smalls,
      sums: this.#sums,
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what is kept of this folder. Afterwards it is paused, or done. Never rejects. */
  async load(): Promise<void> {
    try {
      const kept = await this.#store?.read(this.folder.key);
      if (kept?.state.items === this.folder.items.length) {
        this.#chunks = kept.state.chunks;
        for (const sums of kept.state.sums) this.#sums.set(sums.label, sums);
        for (const { seen, smalls } of kept.chunks) this.#take(seen, smalls);
        this.#kept = this.#done;
      }
      await this.#store?.tidy(this.folder.key);
    } catch (reason) {
      this.#notKept = new ScanNotKeptError(reason).toData();
    }
    this.#phase = this.#left() === 0 ? 'done' : 'paused';
    this.#changed();
  }

  /** Starts or goes on; resolves when it pauses, ends or stops. */
  async start(): Promise<void> {
    if (this.#phase === 'running') return this.#run ?? undefined;
    if (this.#phase === 'done' || this.#phase === 'reading-kept') return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#phase = 'running';
    this.#fault = null;
    this.#pace.restart();
    this.#writtenAt = performance.now();
    this.#changed();
    this.#run = this.#work(stop.signal);
    await this.#run;
  }

  /** Holds on after the pictures that are being looked at; what is found is written. */
  async pause(): Promise<void> {
    this.#stop?.abort();
    await this.#run;
  }

  /** Ends its workers; what is found stays kept. */
  async dispose(): Promise<void> {
    await this.pause();
    this.#listeners.clear();
    this.#store?.close();
  }

  /** Forgets everything of this folder, here and on the device. */
  async forget(): Promise<void> {
    await this.pause();
    await this.#store?.forget(this.folder.key).catch(() => undefined);
  }

  async #work(signal: AbortSignal): Promise<void> {
    const pool = (this.#pool ??= this.#makePool());
    const pending = this.#pending();
    let gone = 0;
    const lane = async (): Promise<void> => {
      for (const at of pending) {
        if (signal.aborted) return;
        const failure = await this.#look(pool, at);
        gone = isGone(failure) ? gone + 1 : 0;
        if (gone >= GONE_IN_A_ROW) {
          this.#folderGone();
          return;
        }
        if (signal.aborted) continue;
        this.#pace.tick();
        this.#changed();
        this.#writeSometimes();
      }
    };
    await Promise.all(Array.from({ length: pool.width }, lane));
    pool.dispose();
    this.#pool = null;
    this.#write();
    await this.#writing;
    if (this.#phase === 'running') this.#phase = this.#left() === 0 ? 'done' : 'paused';
    this.#changed();
  }

  async #look(pool: ScanPool, at: number): Promise<FaultData | null> {
    const item = this.folder.items[at];
    if (!item) return null;
    try {
      const [file, mask] = await Promise.all([item.open(), openMask(item)]);
      this.#found(at, item.label, await pool.look(file, mask));
      return null;
    } catch (reason) {
      const fault = faultDataOf(reason, () => new ScanFailedError(reason));
      // A lane may learn that its file is gone only after another one found the folder gone.
      if (this.#phase !== 'stopped' || !isGone(fault)) {
        this.#keep({ at, facts: null, failure: fault });
      }
      return fault;
    }
  }

  #found(at: number, label: string, seen: Scanned): void {
    this.#smalls.set(seen.small, at * SMALL);
    this.#sums.set(label, addTo(this.#sums.get(label) ?? emptySums(label), seen));
    this.#keep({ at, facts: seen.facts, failure: null });
  }

  #keep(seen: SeenPicture): void {
    this.#facts[seen.at] = seen.facts;
    if (seen.failure) this.#failures.set(seen.at, seen.failure);
    this.#done += 1;
    this.#fresh.push(seen);
  }

  /** Files that are gone with their folder are looked at again when it is back. */
  #folderGone(): void {
    if (this.#phase === 'stopped') return;
    this.#phase = 'stopped';
    this.#fault = new FolderGoneError().toData();
    for (const [at, failure] of this.#failures) {
      if (!isGone(failure)) continue;
      this.#failures.delete(at);
      this.#done -= 1;
    }
    this.#fresh = this.#fresh.filter(({ failure }) => !isGone(failure));
    this.#stop?.abort();
  }

  *#pending(): Generator<number> {
    for (let at = 0; at < this.#facts.length; at += 1) {
      if (this.#facts[at] === null && !this.#failures.has(at)) yield at;
    }
  }

  #left(): number {
    return this.folder.items.length - this.#done;
  }

  #take(seen: readonly SeenPicture[], smalls: Uint8Array): void {
    let place = 0;
    for (const { at, facts, failure } of seen) {
      if (facts) {
        this.#smalls.set(smalls.subarray(place * SMALL, (place + 1) * SMALL), at * SMALL);
        place += 1;
      }
      this.#facts[at] = facts;
      if (failure) this.#failures.set(at, failure);
      this.#done += 1;
    }
  }

  #writeSometimes(): void {
    const late = performance.now() - this.#writtenAt > CHUNK_MS;
    if (this.#fresh.length >= CHUNK || (late && this.#fresh.length > 0)) this.#write();
  }

  #write(): void {
    const store = this.#store;
    if (!store || this.#notKept || this.#fresh.length === 0) return;
    // What is gone now may be back at the next visit: it is not written, and looked for again then.
    const seen = this.#fresh.filter(({ failure }) => !isGone(failure));
    this.#fresh = [];
    this.#writtenAt = performance.now();
    const readable = seen.filter(({ facts }) => facts !== null);
    const smalls = new Uint8Array(readable.length * SMALL);
    readable.forEach(({ at }, place) =>
      smalls.set(this.#smalls.subarray(at * SMALL, (at + 1) * SMALL), place * SMALL),
    );
    const index = this.#chunks;
    this.#chunks += 1;
    const state = {
      folder: this.folder.key,
      chunks: this.#chunks,
      items: this.folder.items.length,
      // Copied now: the sums go on growing while this is written.
      sums: structuredClone([...this.#sums.values()]),
      changedAt: Date.now(),
    };
    this.#writing = this.#writing
      .then(() => store.write({ folder: this.folder.key, index, seen, smalls }, state))
      .catch((reason: unknown) => {
        this.#notKept = new ScanNotKeptError(reason).toData();
      });
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function isGone(failure: FaultData | null): boolean {
  return failure !== null && GONE.includes(failure.code);
}

/** A mask that cannot be had is no reason to leave its picture out. */
async function openMask({ mask }: LabelledItem): Promise<File | null> {
  try {
    return (await mask?.open()) ?? null;
  } catch (reason) {
    if (reason instanceof Fault) return null;
    throw reason;
  }
}
