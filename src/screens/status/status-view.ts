import type { EngineReport } from '../../inference/types.ts';
import type { InstallProgress } from '../../model/types.ts';
import type { StorageFacts } from '../../platform/index.ts';
import type { Services } from '../../state/services.ts';
import type { Outcome } from './outcome.ts';

/** Which long action runs now; one at a time. */
export type Job = 'verify' | 'look' | 'retest' | 'choose' | 'update' | 'persist';
export type Place = 'model' | 'engine' | 'app' | 'storage';

/** What a section of the status page shows, and what its buttons ask for. */
export interface StatusView {
  readonly services: Services;
  readonly job: Job | null;
  progress: InstallProgress | null;
  readonly outcomes: Partial<Record<Place, Outcome>>;
  newerModel: string | null;
  report: EngineReport | null;
  readonly storage: StorageFacts | null;
  readonly modelBytes: number;
  /** One long action with its outcome in words beside its buttons. */
  act(
    job: Job,
    place: Place,
    task: (signal: AbortSignal) => Promise<Outcome | null>,
  ): Promise<void>;
  cancelJob(): void;
  askForReinstall(): void;
  change(task: () => Promise<void>): Promise<void>;
  persist(): Promise<Outcome>;
}
