/** The page's end of a worker that answers calls: started when first needed, ended when it fails. */
import { wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { Fault } from '../fault.ts';
import type { Answer } from './answer.ts';
import { WireFault } from './remote-fault.ts';

interface Running<Api> {
  readonly worker: Worker;
  readonly api: Remote<Api>;
  /** Rejects when the worker dies; nothing it owed will ever answer. */
  readonly died: Promise<never>;
}

export class WorkerLink<Api> {
  readonly #create: () => Worker;
  readonly #failure: (cause?: unknown) => Fault;
  #running: Running<Api> | null = null;

  /** @param failure what to say when the worker dies or does not answer in time */
  constructor(create: () => Worker, failure: (cause?: unknown) => Fault) {
    this.#create = create;
    this.#failure = failure;
  }

  /**
   * Calls the worker, starting it if need be; after `limit` milliseconds it is ended.
   * @throws WireFault with the worker's own words, or the link's failure
   */
  async call<T>(limit: number, work: (api: Remote<Api>) => Promise<Answer<T>>): Promise<T> {
    const running = this.#start();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#drop(running.worker);
        reject(this.#failure());
      }, limit);
    });
    try {
      const reply = await Promise.race([work(running.api), late, running.died]);
      if (reply.ok) return reply.value;
      throw new WireFault(reply.fault);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells a running worker something without waiting; nothing where there is none. */
  tell(work: (api: Remote<Api>) => unknown): void {
    if (this.#running) void work(this.#running.api);
  }

  dispose(): void {
    this.#running?.worker.terminate();
    this.#running = null;
  }

  #start(): Running<Api> {
    if (this.#running) return this.#running;
    const worker = this.#create();
    const died = new Promise<never>((_, reject) => {
      worker.addEventListener('error', (event) => {
        // A worker that failed to load or threw at the top level answers nothing any more.
        this.#drop(worker);
        reject(this.#failure(event.message));
      });
    });
    died.catch(() => undefined);
    this.#running = { worker, api: wrap<Api>(worker), died };
    return this.#running;
  }

  #drop(worker: Worker): void {
    worker.terminate();
    if (this.#running?.worker === worker) this.#running = null;
  }
}
