/**
 * A labelled folder: pictures with the class their folder names. Nothing of a picture is read before
 * `open`, so fifty thousand of them cost what their names cost.
 */
import type { FaultData } from '../base/fault.ts';

/** One file of the opened folder. */
export interface LabelledFile {
  /** Inside the opened folder, with `/`; no two are the same. */
  readonly path: string;
  /**
   * Its bytes, asked for anew each time.
   * @throws FileGoneError, FileUnreadableError (radiograph), ZipDamagedError …, the signal's reason
   */
  open(signal?: AbortSignal): Promise<File>;
}

export interface LabelledItem extends LabelledFile {
  /** One of `LabelledFolder.labels`. */
  readonly label: string;
  /** The collection it came from, in readable words, by the metadata sheets; null if they do not say. */
  readonly origin: string | null;
  /**
   * What must stay on one side of every split: near-duplicates of one picture share a group. Null
   * for every item until the audit has run (`LabelledFolder.audited`), afterwards for those that
   * have no near-duplicate.
   */
  readonly group: string | null;
  /** Its lung mask, or null. */
  readonly mask: LabelledFile | null;
}

/** What the metadata sheets say of one picture. */
export interface ItemMetadata {
  /** As in the sheet: "PNG". */
  readonly format: string;
  /** As in the sheet: "299*299". */
  readonly size: string;
  readonly url: string;
}

export interface LabelledFolder {
  /** The folder's own name, for people. */
  readonly name: string;
  /** Tells this folder from others in what is kept on the device: name, files and their number. */
  readonly key: string;
  /** Classes that have pictures, in the order of the published four, then by name; two or more. */
  readonly labels: readonly string[];
  /** By class in the order of `labels`, then by name. */
  readonly items: readonly LabelledItem[];
  /** Whether `group` means something. */
  readonly audited: boolean;
  /** Files that are neither picture, mask nor sheet, by extension (".txt"; "" for none). */
  readonly skipped: ReadonlyMap<string, number>;
  /** Masks that belong to no picture, by class. */
  readonly strayMasks: ReadonlyMap<string, number>;
  /** Sheets that were read. */
  readonly sheets: readonly string[];
  /** Everything that was left out although the rest can be used. */
  readonly troubles: readonly FaultData[];
}

/** How far the opening has come. */
export interface OpeningProgress {
  /** Files seen. */
  readonly files: number;
}
