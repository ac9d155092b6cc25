import type { FaultData } from '../base/fault.ts';
import type { Assessment, Assurance } from '../assurance/index.ts';
import type { Adjustment } from '../radiograph/types.ts';
import type { PictureInput, Reading } from '../inference/types.ts';
import type { PaceState } from '../base/pace.ts';

export type * from '../viewing/types.ts';
export type { IntakeState } from './intake.ts';
export type { DroppedEntry, Given, PictureFlow, SkippedKind } from '../files/types.ts';

/** How far one reading has come. `reading` is sent to the engine, `queued` waits (or was stopped). */
export type CaseState =
  | { readonly phase: 'queued' }
  | { readonly phase: 'reading' }
  | DoneState
  | { readonly phase: 'failed'; readonly fault: FaultData };

export interface DoneState {
  readonly phase: 'done';
  /** Its thumbnail is closed: `Case.thumbnail` is what is kept of it. */
  readonly reading: Reading;
  /** Many results came after it: the large numbers of the reading are gone (lighten.ts). */
  readonly light: boolean;
  /** That of `assurance`. */
  readonly assessment: Assessment;
  readonly assurance: Assurance;
}

export type CasePhase = CaseState['phase'];

/** A picture made by the app itself from something else; without one it is a file as it was opened. */
export type PictureOrigin = 'photograph of film';

/** One opened picture. It lives in memory only and is gone with the tab. */
export interface Case {
  readonly id: string;
  /** 1, 2, 3 … in the order the pictures were opened; never reused. */
  readonly order: number;
  /**
   * The file's own name, with its path in a folder or archive; a pasted picture gets one. Never
   * leaves the device, not even in a support text.
   */
  readonly name: string;
  /** Null for something that could not be taken as a file (a locked archive). `blobOf` gives bytes. */
  readonly source: PictureInput | null;
  /** A small packed picture; null before there is one. */
  readonly thumbnail: Blob | null;
  /** Part of the record: an answer on a photographed film is less reliable. */
  readonly origin?: PictureOrigin;
  /** How the picture is changed before it is read and shown; null or absent: as the file has it. */
  readonly adjust?: Adjustment | null;
  readonly state: CaseState;
  /** When the reading that stands was made, milliseconds since 1970; absent before there is one. */
  readonly readAt?: number | undefined;
  /** The user has seen what its header says against it, and wants it read. */
  readonly readAnyway?: boolean;
  /** Which picture of a file that holds several, from 0; absent: the first. */
  readonly frame?: number;
}

/**
 * `look-first`: not read, then by what is to be done, then the largest probability of not being
 * Normal, then the least sure.
 */
export type SortKey = 'order' | 'name' | 'class' | 'probability' | 'look-first' | 'flags';

export interface SortOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** `done` counts failures too: how many of `total` need no more work in this run. */
export interface SessionProgress {
  readonly running: boolean;
  readonly done: number;
  readonly total: number;
  /** Null until enough is known, and while nothing runs. */
  readonly pace: PaceState | null;
}

/** A file as a picker, a drop, a paste or a share gives it. */
export interface IncomingFile {
  readonly name: string;
  readonly source: PictureInput;
  readonly origin?: PictureOrigin;
}
