/** What is known of this device's backends: trials, the decision, and where both are kept. */
import type { BackendId, BackendTrial, EngineReport } from '../types.ts';
import { forgetChoice, recallChoice, rememberChoice, type StoredChoice } from './choice.ts';
import type { Memory } from '../../base/key-value.ts';
import { BACKEND_ORDER, fastest, reasonFor, untried } from './verdict.ts';

export interface LedgerKey {
  readonly browser: string;
  readonly app: string;
}

export class Ledger {
  readonly #memory: Memory;
  readonly #key: LedgerKey;
  readonly #trials = new Map<BackendId, BackendTrial>();
  #chosen: BackendId | null = null;
  #choice: EngineReport['choice'] = 'automatic';
  #adapter: string | null = null;
  #testedAt: number | null = null;
  /** Set instead of the usual sentence, e.g. after a fault. */
  #note: string | null = null;

  constructor(memory: Memory, key: LedgerKey) {
    this.#memory = memory;
    this.#key = key;
  }

  recall(): StoredChoice | null {
    return recallChoice(this.#memory, this.#key.browser, this.#key.app);
  }

  /** Takes over what an earlier start measured. */
  resume(stored: StoredChoice): void {
    for (const trial of stored.trials) {
      // What this start has seen with its own eyes (a failed WASM) counts more, unless it is only
      // the quick test of a backend that was timed before.
      const seen = this.#trials.get(trial.backend);
      if (!seen || (seen.outcome === 'passed' && seen.medianMs === null)) {
        this.#trials.set(trial.backend, trial);
      }
    }
    this.#testedAt = stored.testedAt;
    this.#choice = stored.choice;
  }

  record(trial: BackendTrial): void {
    const known = this.#trials.get(trial.backend);
    if (trial.outcome === 'passed' && trial.medianMs === null && known?.outcome === 'passed')
      return;
    this.#trials.set(trial.backend, trial);
    if (trial.medianMs !== null) this.#testedAt = Date.now();
  }

  trial(backend: BackendId): BackendTrial {
    return this.#trials.get(backend) ?? untried(backend);
  }

  fastest(among: (backend: BackendId) => boolean = () => true): BackendId | null {
    const trials = [...this.#trials.values()].filter((trial) => among(trial.backend));
    return fastest(trials)?.backend ?? null;
  }

  get choice(): EngineReport['choice'] {
    return this.#choice;
  }

  decide(
    chosen: BackendId,
    choice: EngineReport['choice'],
    adapter: string | null,
    note: string | null = null,
  ): void {
    this.#chosen = chosen;
    this.#choice = choice;
    this.#adapter = adapter;
    this.#note = note;
  }

  remember(model: { modelId: string; modelVersion: string }, identity: string): void {
    if (this.#chosen === null) return;
    rememberChoice(this.#memory, {
      schema: 1,
      ...this.#key,
      modelId: model.modelId,
      modelVersion: model.modelVersion,
      identity,
      chosen: this.#chosen,
      choice: this.#choice,
      adapter: this.#adapter,
      testedAt: this.#testedAt ?? Date.now(),
      trials: [...this.#trials.values()],
    });
  }

  forget(): void {
    forgetChoice(this.#memory);
    this.#trials.clear();
  }

  report(workers: number, crashes: number): EngineReport {
    const trials = BACKEND_ORDER.map((backend) => this.trial(backend));
    return {
      chosen: this.#chosen,
      reason:
        this.#chosen === null
          ? 'Nothing has been chosen yet.'
          : (this.#note ?? reasonFor(this.#chosen, this.#choice, trials, crashes)),
      choice: this.#choice,
      trials,
      adapter: this.#adapter,
      testedAt: this.#testedAt,
      workers,
      crashes,
    };
  }
}
