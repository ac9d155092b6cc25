/**
 * What a folder, an archive or a disc gives: pictures one after the other, never their bytes.
 */
import type { FaultData } from '../base/fault.ts';
import type { PictureInput } from '../inference/types.ts';

/** Why a file in a folder is no picture of ours, by its first bytes. */
export type SkippedKind =
  | 'text'
  | 'document'
  /** A picture or film in a format that cannot be opened here. */
  | 'other-picture'
  | 'media'
  | 'archive'
  | 'program'
  | 'empty'
  /** DICOM without a picture: reports, presentation states, plans, tables of contents. */
  | 'dicom-other'
  /** Beside a DICOMDIR that does not name it: the viewer program's own pictures, most often. */
  | 'unlisted'
  | 'other';

export type FoundItem =
  | { readonly kind: 'picture'; readonly name: string; readonly source: PictureInput }
  | { readonly kind: 'skipped'; readonly name: string; readonly what: SkippedKind }
  /** Named by a DICOMDIR, but not there. */
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'trouble'; readonly name: string; readonly fault: FaultData };

/** Starts looking when it is iterated; stops with the signal's reason. */
export type PictureFlow = (signal: AbortSignal) => AsyncIterable<FoundItem>;

/** One file that has not been read. */
export interface Leaf {
  readonly name: string;
  /** The first bytes, at most `count`. */
  head(count: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  open(signal?: AbortSignal): Promise<Blob>;
}

export interface Branch {
  readonly name: string;
  list(signal: AbortSignal): Promise<Listing>;
}

export interface Listing {
  readonly files: readonly Leaf[];
  readonly folders: readonly Branch[];
}

/** `FileSystemEntry` of a drop, as far as it is used: the domain folders do not know the DOM. */
export interface DroppedEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

/** What a person gave in one go. */
export interface Given {
  /** Chosen one by one: whatever they are, each gets its answer. */
  readonly files?: readonly { readonly name: string; readonly source: Blob }[];
  /** Of a drop: folders (and files, where there were folders). */
  readonly entries?: readonly DroppedEntry[];
  readonly folder?: FileSystemDirectoryHandle;
  /** Of `<input webkitdirectory>`, each with its path. */
  readonly folderFiles?: readonly File[];
}
