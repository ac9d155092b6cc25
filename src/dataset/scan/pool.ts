/** A few workers that look at pictures, each given the next one before it has finished the last. */
import { WorkerLink } from '../../session/index.ts';
import { ScanFailedError } from '../errors.ts';
import type { ScanApi } from './scan-worker.ts';
import type { Scanned, ShownPicture } from './types.ts';

/** A picture that takes longer will not come. */
const LOOK_LIMIT_MS = 60_000;
const MOST_WORKERS = 4;
/** One is read from the disk while the other is decoded. */
const EACH = 2;

export class ScanPool {
  readonly #links: WorkerLink<ScanApi>[];
  #next = 0;

  constructor(workers = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1))) {
    this.#links = Array.from(
      { length: workers },
      () =>
        new WorkerLink<ScanApi>(
          () =>
            new Worker(new URL('./scan-worker.ts', import.meta.url), {
              type: 'module',
              name: 'fieldray-scan',
            }),
          (cause) => new ScanFailedError(cause),
        ),
    );
  }

  /** How many pictures it wants at once. */
  get width(): number {
    return EACH * this.#links.length;
  }

  /** @throws WireFault with the decoder's own words, ScanFailedError */
  look(file: Blob, mask: Blob | null): Promise<Scanned> {
    return this.#link().call(LOOK_LIMIT_MS, (api) => api.look(file, mask));
  }

  /** For a person's eyes, at most `size` pixels on the longer side; throws as `look` does. */
  show(file: Blob, mask: Blob | null, size: number): Promise<ShownPicture> {
    return this.#link().call(LOOK_LIMIT_MS, (api) => api.show(file, mask, size));
  }

  #link(): WorkerLink<ScanApi> {
    const link = this.#links[this.#next % this.#links.length];
    this.#next += 1;
    if (!link) throw new ScanFailedError();
    return link;
  }

  dispose(): void {
    for (const link of this.#links) link.dispose();
  }
}
