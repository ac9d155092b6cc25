/**
 * Measurements of one part, kept until the next time: the whole takes longer than a machine stays
 * quiet, so its parts can be measured apart and still make one table.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PARTS, type Measured, type PartName } from './results.ts';

/** How it was when a part was measured. */
export interface Circumstances {
  /** YYYY-MM-DD */
  readonly date: string;
  /** Processes that wanted a core in the minute before. */
  readonly load: number;
  /** More that is to be said of it, in lines. */
  readonly facts: readonly string[];
}

type Kept = { readonly [Part in PartName]?: Circumstances & { readonly value: Measured[Part] } };

export class KeptParts {
  readonly #folder: string;

  /** @param folder for one model and one number of runs: others do not belong in the same table */
  constructor(folder: string) {
    this.#folder = folder;
  }

  write<Part extends PartName>(part: Part, value: Measured[Part], at: Circumstances): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#file(part), JSON.stringify({ ...at, value }));
  }

  /** Everything that was measured so far. */
  read(): Kept {
    const found = PARTS.flatMap((part) => {
      const file = this.#file(part);
      return existsSync(file)
        ? [[part, JSON.parse(readFileSync(file, 'utf8')) as Circumstances]]
        : [];
    });
    return Object.fromEntries(found) as Kept;
  }

  #file(part: PartName): string {
    return path.join(this.#folder, `${part}.json`);
  }
}
