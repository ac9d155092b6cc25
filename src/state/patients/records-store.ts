/** What the page knows of the kept studies: whether they are on, who unlocked them, what went wrong. */
import type { FaultData } from '../../base/fault.ts';
import type { Memory } from '../../base/key-value.ts';
import { Observable } from '../../base/observable.ts';
import type { DeskArguments, DeskMethod, DeskResult, KeptStudies } from '../../records/index.ts';
import type {
  NewReader,
  Opening,
  ReaderChoice,
  RecordsSettings,
  RecordsState,
} from '../../records/types.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../errors.ts';

export type RecordsPort = Pick<KeptStudies, 'call' | 'listen' | 'dispose'>;

/** In the small storage, in the clear: only that there is something to unlock. */
export const RECORDS_ON = 'records';

/** The worker hears of a touch at most this often. */
const TOUCH_EVERY_MS = 15_000;

export class RecordsStore {
  /** Null until the worker first answered. */
  readonly state = new Observable<RecordsState | null>(null);
  /** Grows whenever something kept has changed, in whichever tab. */
  readonly changes = new Observable(0);
  readonly trouble = new Observable<FaultData | null>(null);
  readonly #port: RecordsPort;
  readonly #memory: Memory;
  readonly #now: () => number;
  readonly #end: () => void;
  #touched = 0;

  constructor(port: RecordsPort, memory: Memory, now: () => number = Date.now) {
    this.#port = port;
    this.#memory = memory;
    this.#now = now;
    this.#end = port.listen((news) => {
      if (news === 'changed') this.changes.set(this.changes.value + 1);
      void this.refresh().catch(() => undefined);
    });
  }

  get unlocked(): boolean {
    return this.state.value?.phase === 'unlocked';
  }

  get settings(): RecordsSettings | null {
    const state = this.state.value;
    return state === null || state.phase === 'off' ? null : state.settings;
  }

  /** Who unlocked; null for the recovery key, and while locked. */
  get reader(): ReaderChoice | null {
    const state = this.state.value;
    if (state?.phase !== 'unlocked') return null;
    return state.readers.find(({ id }) => id === state.reader) ?? null;
  }

  /** Asks the worker how things stand. @throws faults of the records */
  async refresh(): Promise<RecordsState> {
    const state = await this.#port.call('state');
    this.#memory.write(RECORDS_ON, state.phase === 'off' ? null : 'on');
    if (JSON.stringify(state) !== JSON.stringify(this.state.value)) this.state.set(state);
    return state;
  }

  /** @returns the recovery key, which is kept nowhere @throws faults of the records */
  async setUp(first: NewReader, settings: RecordsSettings): Promise<string> {
    const key = await this.#port.call('setUp', first, settings);
    await this.refresh();
    return key;
  }

  /** @throws WrongPassphrase and the like; the state then tells how long to wait */
  async unlock(opening: Opening): Promise<void> {
    try {
      await this.#port.call('unlock', opening);
    } finally {
      await this.refresh();
    }
  }

  async lock(): Promise<void> {
    await this.#port.call('lock');
    await this.refresh();
  }

  async erase(): Promise<void> {
    await this.#port.call('erase');
    await this.refresh();
  }

  /** The person is there. */
  touch(): void {
    const now = this.#now();
    if (!this.unlocked || now - this.#touched < TOUCH_EVERY_MS) return;
    this.#touched = now;
    void this.#port.call('touch').catch(() => undefined);
  }

  /**
   * Everything else that the worker can do.
   * @throws faults of the records; when it locked itself in the meantime, the state says so
   */
  async call<M extends DeskMethod>(method: M, ...args: DeskArguments<M>): Promise<DeskResult<M>> {
    try {
      // Not returned as it is: TypeScript cannot see through the awaited type of a type parameter.
      const result: unknown = await this.#port.call(method, ...args);
      return result as DeskResult<M>;
    } catch (reason) {
      const { code } = faultDataOf(reason, () => new ActionError(reason));
      if (code === 'records-locked' || code === 'records-worker-failed') {
        await this.refresh().catch(() => undefined);
      }
      throw reason;
    }
  }

  dispose(): void {
    this.#end();
    this.#port.dispose();
  }
}
