/**
 * Small pictures of the rows in sight, made one after the other in the viewing worker and kept packed:
 * a list of thousands never holds more than a few hundred.
 */
import { startWindow } from '../../elements/viewer/leveling.ts';
import { packThumbnail } from '../../session/index.ts';
import type { PictureOpener } from '../../state/picture-opener.ts';

const KEPT = 300;
/** Rows that were scrolled past long ago need none any more. */
const WANTED = 40;
const SIDE = 160;

export interface ThumbnailSource {
  open(signal?: AbortSignal): Promise<Blob>;
}

export class ThumbnailMaker {
  readonly #viewing: Pick<PictureOpener, 'open'>;
  readonly #made: () => void;
  /** By path, the oldest first; null where none could be made. */
  readonly #kept = new Map<string, Blob | null>();
  readonly #wanted = new Map<string, ThumbnailSource>();
  #working = false;

  /** @param made called when one more is there */
  constructor(viewing: Pick<PictureOpener, 'open'>, made: () => void) {
    this.#viewing = viewing;
    this.#made = made;
  }

  /** At once if it is there; else it is made, the latest asked for first. */
  get(path: string, source: ThumbnailSource | null): Blob | null {
    const kept = this.#kept.get(path);
    if (kept !== undefined || !source) return kept ?? null;
    this.#wanted.delete(path);
    this.#wanted.set(path, source);
    for (const oldest of this.#wanted.keys()) {
      if (this.#wanted.size <= WANTED) break;
      this.#wanted.delete(oldest);
    }
    if (!this.#working) void this.#work();
    return null;
  }

  /** Another folder: the same path may be another picture. */
  forget(): void {
    this.#kept.clear();
    this.#wanted.clear();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#last(); next; next = this.#last()) {
      const [path, source] = next;
      this.#wanted.delete(path);
      this.#kept.set(path, await this.#make(source).catch(() => null));
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size <= KEPT) break;
        this.#kept.delete(oldest);
      }
      this.#made();
    }
    this.#working = false;
  }

  #last(): [string, ThumbnailSource] | undefined {
    return [...this.#wanted].at(-1);
  }

  async #make(source: ThumbnailSource): Promise<Blob | null> {
    const picture = await this.#viewing.open(await source.open());
    try {
      const { width, height } = picture;
      const { bitmap } = await picture.render({
        window: startWindow(picture),
        region: { x: 0, y: 0, width, height },
        scale: SIDE / Math.max(width, height),
      });
      return await packThumbnail(bitmap);
    } finally {
      picture.close();
    }
  }
}
