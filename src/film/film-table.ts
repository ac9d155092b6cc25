/** The page's side of the film worker: one photograph on the table, until it is put away. */
import { transfer } from 'comlink';
import { FilmFailedError } from './errors.ts';
import type { FilmApi, FilmChoice, FilmPhoto, FilmPreview } from './film-worker.ts';
import { WorkerLink } from '../base/worker/link.ts';

/** An old tablet decodes 12 megapixels in some seconds; past this nothing will come. */
const OPEN_LIMIT_MS = 60_000;
const CORRECT_LIMIT_MS = 90_000;

export class FilmTable {
  readonly #link = new WorkerLink<FilmApi>(
    () =>
      new Worker(new URL('./film-worker.ts', import.meta.url), {
        type: 'module',
        name: 'fieldray-film',
      }),
    (cause) => new FilmFailedError(cause),
  );

  /**
   * A photograph from a file, or a frame of the camera (which is given away).
   * @throws Fault with the decoder's own words, FilmFailedError, or the signal's reason
   */
  async open(source: Blob | ImageBitmap, signal: AbortSignal): Promise<FilmPhoto> {
    signal.throwIfAborted();
    const given = source instanceof Blob ? source : transfer(source, [source]);
    const photo = await this.#link.call(OPEN_LIMIT_MS, (api) => api.open(given));
    if (signal.aborted) photo.picture.close();
    signal.throwIfAborted();
    return photo;
  }

  /** @throws FilmCornersError, FilmFailedError, or the signal's reason */
  async correct(choice: FilmChoice, signal: AbortSignal): Promise<FilmPreview> {
    signal.throwIfAborted();
    const preview = await this.#link.call(CORRECT_LIMIT_MS, (api) => api.correct(choice));
    if (signal.aborted) preview.picture.close();
    signal.throwIfAborted();
    return preview;
  }

  /** The corrected film as a lossless grey PNG. @throws as `correct` */
  async write(choice: FilmChoice, signal: AbortSignal): Promise<Blob> {
    signal.throwIfAborted();
    const file = await this.#link.call(CORRECT_LIMIT_MS, (api) => api.write(choice));
    signal.throwIfAborted();
    return file;
  }

  /** Puts everything away: the worker ends, and the photograph with it. */
  dispose(): void {
    this.#link.dispose();
  }
}
