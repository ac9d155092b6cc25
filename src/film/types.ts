/** What the film's own steps share. Lengths and places are in pixels of the upright photograph. */

import type { GreyImage } from '../radiograph/types.ts';

export type { GreyImage };

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Top left, top right, bottom right, bottom left, as they are seen in the photograph. */
export type Quad = readonly [Point, Point, Point, Point];

export interface CornerProposal {
  readonly corners: Quad;
  /** 0 … 1; how well the four sides are seen. */
  readonly score: number;
  /** False: nothing was recognized and the corners are only somewhere to begin. */
  readonly found: boolean;
}

/** Quarter turns clockwise, and whether the film hung with its back to the viewer. */
export interface FilmPose {
  readonly turns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
}

export interface CorrectedFilm extends GreyImage {
  /** Whether the light box was seen well enough around the film to even its light out. */
  readonly evened: boolean;
  /** Whether a fine repeating pattern was found and taken out. */
  readonly patternRemoved: boolean;
  /** Width by height of the film, as it is shown. */
  readonly aspect: number;
}
