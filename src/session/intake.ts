/** Follows folders and archives as they are looked through; what they hold goes to the session. */
import { faultDataOf, LookingStoppedError } from './errors.ts';
import type { FoundItem, PictureFlow, SkippedKind } from '../files/types.ts';

export interface IntakeState {
  /** A folder or archive is being looked through. */
  readonly looking: boolean;
  readonly pictures: number;
  readonly skipped: ReadonlyMap<SkippedKind, number>;
  /** Named by a disc's table of contents, but not there. */
  readonly missing: number;
}

export interface IntakeSink {
  take(item: Extract<FoundItem, { kind: 'picture' | 'trouble' }>): void;
  changed(): void;
}

export class Intake {
  readonly #sink: IntakeSink;
  readonly #stops = new Set<AbortController>();
  readonly #skipped = new Map<SkippedKind, number>();
  #pictures = 0;
  #missing = 0;
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | null = null;

  constructor(sink: IntakeSink) {
    this.#sink = sink;
  }

  get state(): IntakeState {
    return {
      looking: this.#stops.size > 0,
      pictures: this.#pictures,
      skipped: this.#skipped,
      missing: this.#missing,
    };
  }

  /** Something is held on to. */
  get paused(): boolean {
    return this.#gate !== null && this.#stops.size > 0;
  }

  /** Resolves when everything was looked at or `stop` was called; never rejects. */
  async follow(flow: PictureFlow): Promise<void> {
    const stop = new AbortController();
    if (this.#stops.size === 0) this.forget();
    this.#stops.add(stop);
    this.#sink.changed();
    try {
      for await (const item of flow(stop.signal)) {
        await this.#gate?.opened;
        if (stop.signal.aborted) return;
        this.#count(item);
      }
    } catch (reason) {
      if (stop.signal.aborted) return;
      const fault = faultDataOf(reason, () => new LookingStoppedError(reason));
      this.#sink.take({ kind: 'trouble', name: '', fault });
    } finally {
      this.#stops.delete(stop);
      this.#sink.changed();
    }
  }

  /** Holds on before the next file. */
  pause(): void {
    if (this.#gate) return;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#gate = { opened, open };
  }

  resume(): void {
    this.#gate?.open();
    this.#gate = null;
  }

  stop(): void {
    for (const stop of this.#stops) stop.abort(new DOMException('Stopped.', 'AbortError'));
    this.resume();
  }

  /** The figures of the last folder are no news any more. */
  forget(): void {
    this.#skipped.clear();
    this.#pictures = 0;
    this.#missing = 0;
  }

  #count(item: FoundItem): void {
    switch (item.kind) {
      case 'picture':
        this.#pictures += 1;
        this.#sink.take(item);
        return;
      case 'trouble':
        this.#sink.take(item);
        return;
      case 'missing':
        this.#missing += 1;
        break;
      case 'skipped':
        this.#skipped.set(item.what, (this.#skipped.get(item.what) ?? 0) + 1);
    }
    this.#sink.changed();
  }
}
