/** The page's end of the kept studies. The worker starts with the first call and holds the key. */
import { WorkerLink } from '../base/worker/link.ts';
import { RecordsWorkerFailed } from './errors.ts';
import type { DeskArguments, DeskMethod, DeskResult, RecordsApi } from './protocol.ts';
import { NEWS_CHANNEL, type RecordsNews } from './types.ts';

/** A backup's worth of checking takes its time; an answer that takes longer than this will not come. */
const LIMIT_MS = 10 * 60_000;

export class KeptStudies {
  readonly #link = new WorkerLink<RecordsApi>(
    () =>
      new Worker(new URL('./records-worker.ts', import.meta.url), {
        type: 'module',
        name: 'fieldray-records',
      }),
    (cause) => new RecordsWorkerFailed(cause),
  );

  /** @throws WireFault with the fault's own code, or RecordsWorkerFailed: then it is locked */
  async call<M extends DeskMethod>(method: M, ...args: DeskArguments<M>): Promise<DeskResult<M>> {
    const result = await this.#link.call(LIMIT_MS, (api) => api.call(method, args));
    return result as DeskResult<M>;
  }

  /** What this and other tabs do; the answer stops listening. */
  listen(listener: (news: RecordsNews) => void): () => void {
    const channel = new BroadcastChannel(NEWS_CHANNEL);
    channel.addEventListener('message', ({ data }: MessageEvent<RecordsNews>) => listener(data));
    return () => channel.close();
  }

  /** Ends the worker and with it the key. */
  dispose(): void {
    this.#link.dispose();
  }
}
