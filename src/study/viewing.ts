/** The page's side of the viewing worker: opens a picture and gives a source the viewer draws from. */
import { wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { Adjustment } from '../radiograph/types.ts';
import { ViewingError } from './errors.ts';
import type { PictureSource, RenderedPart, RenderRequest } from './types.ts';
import type { Answer, ViewingApi } from './viewing-worker.ts';
import { WireFault } from './wire-fault.ts';

/** A picture that takes longer to decode than this will not come. */
const OPEN_LIMIT_MS = 60_000;
const RENDER_LIMIT_MS = 20_000;

interface Running {
  readonly worker: Worker;
  readonly api: Remote<ViewingApi>;
  /** Rejects when the worker dies; nothing it owed will ever answer. */
  readonly died: Promise<never>;
}

export class PictureViewing {
  #running: Running | null = null;
  #nextHandle = 1;

  /**
   * Decodes `source` for viewing (at most the decoder's 16 megapixels).
   * @param adjust cropped, turned and inverted like this, as the reading was
   * @throws Fault with the decoder's own words, ViewingError, or AbortError
   */
  async open(
    source: Blob,
    signal?: AbortSignal,
    adjust: Adjustment | null = null,
  ): Promise<PictureSource> {
    signal?.throwIfAborted();
    const running = this.#start();
    const handle = this.#nextHandle;
    this.#nextHandle += 1;
    try {
      const picture = await this.#within(
        running,
        OPEN_LIMIT_MS,
        running.api.open(handle, source, adjust),
      );
      signal?.throwIfAborted();
      return this.#sourceOf(running, handle, picture);
    } catch (reason) {
      if (this.#running === running) void running.api.close(handle);
      throw reason;
    }
  }

  dispose(): void {
    this.#running?.worker.terminate();
    this.#running = null;
  }

  #sourceOf(
    running: Running,
    handle: number,
    picture: Pick<PictureSource, 'width' | 'height' | 'facts'>,
  ): PictureSource {
    let closed = false;
    return {
      ...picture,
      render: async (request: RenderRequest): Promise<RenderedPart> => {
        if (closed) throw abortError();
        const work = running.api.render(handle, request);
        const part = await this.#within(running, RENDER_LIMIT_MS, work);
        if (!closed) return part;
        part.bitmap.close();
        throw abortError();
      },
      close: () => {
        if (closed) return;
        closed = true;
        if (this.#running === running) void running.api.close(handle);
      },
    };
  }

  #start(): Running {
    if (this.#running) return this.#running;
    const worker = new Worker(new URL('./viewing-worker.ts', import.meta.url), {
      type: 'module',
      name: 'fieldray-viewing',
    });
    const died = new Promise<never>((_, reject) => {
      worker.addEventListener('error', (event) => {
        // A worker that failed to load or threw at the top level answers nothing any more.
        this.#drop(worker);
        reject(new ViewingError(event.message));
      });
    });
    died.catch(() => undefined);
    const running: Running = { worker, api: wrap<ViewingApi>(worker), died };
    this.#running = running;
    return running;
  }

  #drop(worker: Worker): void {
    worker.terminate();
    if (this.#running?.worker === worker) this.#running = null;
  }

  async #within<T>(running: Running, limit: number, work: Promise<Answer<T>>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#drop(running.worker);
        reject(new ViewingError());
      }, limit);
    });
    try {
      const answer = await Promise.race([work, late, running.died]);
      if (answer.ok) return answer.value;
      throw new WireFault(answer.fault);
    } finally {
      clearTimeout(timer);
    }
  }
}

function abortError(): DOMException {
  return new DOMException('The picture was closed.', 'AbortError');
}
