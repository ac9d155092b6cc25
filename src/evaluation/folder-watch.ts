/**
 * One file that is not there is a file's trouble; a folder that is not there is the run's. Files that
 * could not be opened wait here until it is known which of the two it was.
 */
import type { LabelledItem } from '../dataset/index.ts';

/** What became of one file. */
export interface Doubtful {
  readonly failure: { readonly code: string } | null;
}

const NOT_THERE: ReadonlySet<string> = new Set(['file-gone', 'file-unreadable']);

export interface WatchParts<P extends Doubtful> {
  /** The folder is there: these could not be read, each by itself. */
  release(pictures: readonly P[]): void;
  /** The folder is gone; those in doubt were never read. */
  gone(): void;
}

export class FolderWatch<P extends Doubtful> {
  readonly #items: readonly LabelledItem[];
  readonly #parts: WatchParts<P>;
  #seen: LabelledItem | null = null;
  #doubtful: P[] = [];
  #looking: Promise<void> | null = null;

  constructor(items: readonly LabelledItem[], parts: WatchParts<P>) {
    this.#items = items;
    this.#parts = parts;
  }

  /** @returns whether the picture was taken into doubt, and must not be counted yet */
  doubts(picture: P, item: LabelledItem): boolean {
    if (picture.failure === null || !NOT_THERE.has(picture.failure.code)) {
      this.#seen = item;
      return false;
    }
    this.#doubtful.push(picture);
    void this.settle();
    return true;
  }

  /** Resolves when nothing is in doubt any more. */
  async settle(): Promise<void> {
    while (this.#doubtful.length > 0) {
      this.#looking ??= this.#look().finally(() => (this.#looking = null));
      await this.#looking;
    }
  }

  async #look(): Promise<void> {
    const { length } = this.#items;
    const places = [0, length >> 1, length - 1].map((at) => this.#items[at]);
    const asked = this.#doubtful;
    const before = asked.length;
    for (const item of new Set([this.#seen, ...places])) {
      if (!item || !(await isThere(item))) continue;
      const settled = asked.slice(0, before);
      this.#doubtful = this.#doubtful.slice(before);
      this.#parts.release(settled);
      return;
    }
    this.#doubtful = [];
    this.#parts.gone();
  }
}

async function isThere(item: LabelledItem): Promise<boolean> {
  try {
    const file = await item.open();
    // Chromium takes a file that went away before it was ever looked at for an empty one.
    return (await file.slice(0, 1).arrayBuffer()).byteLength > 0;
  } catch {
    return false;
  }
}
