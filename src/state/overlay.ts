/** What may lie over a picture, and what the person chose of it. */

/** What is laid over the picture, as the person chose it. */
export interface OverlayChoice {
  readonly evidence: boolean;
  readonly lungs: boolean;
  /** Position of the class whose evidence is shown; null is the one the picture most resembles. */
  readonly classIndex: number | null;
  /** 0 … 1 */
  readonly strength: number;
}

/** Shares over the whole picture, row-major, 0 = no evidence … 1 = the most of this picture. */
export interface ShareMap {
  readonly width: number;
  readonly height: number;
  readonly shares: Float32Array;
}

export interface OverlayScene {
  /** Where the evidence lies; null draws none. */
  readonly map: ShareMap | null;
  /** 0 … 1: how opaque the strongest evidence is. */
  readonly strength: number;
  /** Closed lines as x, y, x, y … in 0 … 1 of the picture; null draws none. */
  readonly outlines: readonly (readonly number[])[] | null;
}
