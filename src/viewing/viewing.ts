/** The page's side of the viewing worker: opens a picture and gives a source the viewer draws from. */
import type { Adjustment, PatientDetails } from '../radiograph/types.ts';
import { ViewingError } from './errors.ts';
import type { PictureSource, RenderedPart, RenderRequest } from './types.ts';
import type { ViewingApi } from './viewing-worker.ts';
import { WorkerLink } from '../base/worker/link.ts';

/** A picture that takes longer to decode than this will not come. */
const OPEN_LIMIT_MS = 60_000;
const RENDER_LIMIT_MS = 20_000;

export class PictureViewing {
  readonly #link = new WorkerLink<ViewingApi>(
    () =>
      new Worker(new URL('./viewing-worker.ts', import.meta.url), {
        type: 'module',
        name: 'fieldray-viewing',
      }),
    (cause) => new ViewingError(cause),
  );
  #nextHandle = 1;

  /**
   * Decodes `source` for viewing (at most the decoder's 16 megapixels).
   * @param adjust cropped, turned and inverted like this, as the reading was
   * @param frame which picture of a file that holds several, from 0
   * @throws Fault with the decoder's own words, ViewingError, or AbortError
   */
  async open(
    source: Blob,
    signal?: AbortSignal,
    adjust: Adjustment | null = null,
    frame = 0,
  ): Promise<PictureSource> {
    signal?.throwIfAborted();
    const handle = this.#nextHandle;
    this.#nextHandle += 1;
    try {
      const picture = await this.#link.call(OPEN_LIMIT_MS, (api) =>
        api.open(handle, source, adjust, frame),
      );
      signal?.throwIfAborted();
      return this.#sourceOf(handle, picture);
    } catch (reason) {
      // Handles are never used twice: a fresh worker does not know this one.
      this.#link.tell((api) => api.close(handle));
      throw reason;
    }
  }

  /**
   * Who the picture is of, read from its file now and kept nowhere; null where no file says so.
   * @throws Fault with the decoder's own words, or ViewingError
   */
  async patientDetails(source: Blob): Promise<PatientDetails | null> {
    return this.#link.call(OPEN_LIMIT_MS, (api) => api.patient(source));
  }

  dispose(): void {
    this.#link.dispose();
  }

  #sourceOf(
    handle: number,
    picture: Pick<PictureSource, 'width' | 'height' | 'facts'>,
  ): PictureSource {
    let closed = false;
    return {
      ...picture,
      render: async (request: RenderRequest): Promise<RenderedPart> => {
        if (closed) throw abortError();
        const part = await this.#link.call(RENDER_LIMIT_MS, (api) => api.render(handle, request));
        if (!closed) return part;
        part.bitmap.close();
        throw abortError();
      },
      close: () => {
        if (closed) return;
        closed = true;
        this.#link.tell((api) => api.close(handle));
      },
    };
  }
}

function abortError(): DOMException {
  return new DOMException('The picture was closed.', 'AbortError');
}
