/**
 * Whether the app opens and reads on this device without a network. It is promised only when the
 * service worker answers for this page and every file of the app and of the model was found as it
 * was built; otherwise the state names the part that is missing.
 */
import { Observable } from '../base/observable.ts';
import type { OfflineGap, UpdateController } from '../platform/index.ts';
import type { ModelSetup } from './model-setup.ts';

export type OfflineState =
  /** The app is kept, the model is not here yet. */
  | { readonly phase: 'no-model' }
  /** The service worker is storing the app. */
  | { readonly phase: 'keeping' }
  | { readonly phase: 'checking' }
  | { readonly phase: 'ready' }
  | { readonly phase: 'missing'; readonly gap: OfflineGap };

export interface OfflineParts {
  readonly updates: Pick<UpdateController, 'state' | 'onState' | 'checkKept' | 'check'>;
  readonly setup: Pick<ModelSetup, 'state' | 'subscribe'>;
}

export class OfflinePromise {
  readonly state = new Observable<OfflineState>({ phase: 'keeping' });
  readonly #parts: OfflineParts;
  #watchers = 0;
  #unlisten: (() => void)[] = [];
  /** The kept files' check: under way, or done with what it found. */
  #shell: 'unknown' | 'checking' | 'ready' | OfflineGap = 'unknown';

  constructor(parts: OfflineParts) {
    this.#parts = parts;
  }

  /**
   * Looks now, and again whenever the app's files or the model change, until the answer is called.
   * Only a screen that shows the state calls this, so that no reading ever waits for the check.
   */
  watch(listener: (state: OfflineState) => void): () => void {
    const end = this.state.listen(listener);
    this.#watchers += 1;
    if (this.#watchers === 1) {
      const { updates, setup } = this.#parts;
      this.#unlisten = [updates.onState(() => this.#look()), setup.subscribe(() => this.#look())];
    }
    this.#look();
    return () => {
      end();
      this.#watchers -= 1;
      if (this.#watchers === 0) for (const stop of this.#unlisten.splice(0)) stop();
    };
  }

  /** Tries once more what failed: keeping the app, or checking it. Never rejects. */
  async retry(): Promise<void> {
    if (this.#shell !== 'checking') this.#shell = 'unknown';
    const { updates } = this.#parts;
    if (!updates.state.offlineReady && updates.state.phase !== 'unsupported') {
      this.state.set({ phase: 'keeping' });
      await updates.check();
    }
    this.#look();
  }

  #look(): void {
    const state = this.#now();
    this.state.set(state);
    if (state.phase === 'checking' && this.#shell === 'unknown') void this.#check();
  }

  #now(): OfflineState {
    const { updates, setup } = this.#parts;
    const { phase, offlineReady, keepFailure } = updates.state;
    if (phase === 'unsupported') return missing({ kind: 'unsupported' });
    if (phase === 'failed') return missing({ kind: 'not-kept', failure: keepFailure });
    if (!offlineReady) return { phase: 'keeping' };
    if (setup.state.phase !== 'ready') return { phase: 'no-model' };
    if (setup.state.damaged.length > 0) {
      return missing({ kind: 'model', files: setup.state.damaged });
    }
    if (this.#shell === 'unknown' || this.#shell === 'checking') return { phase: 'checking' };
    return this.#shell === 'ready' ? { phase: 'ready' } : missing(this.#shell);
  }

  async #check(): Promise<void> {
    this.#shell = 'checking';
    const answer = await this.#parts.updates.checkKept().catch(() => 'no-answer' as const);
    this.#shell =
      answer === 'not-controlled'
        ? { kind: 'not-controlled' }
        : answer === 'no-answer'
          ? { kind: 'not-checked' }
          : answer.missing.length > 0
            ? { kind: 'shell', missing: answer.missing }
            : 'ready';
    this.#look();
  }
}

function missing(gap: OfflineGap): OfflineState {
  return { phase: 'missing', gap };
}
