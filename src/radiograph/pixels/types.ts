/** What the resampling takes, and how one axis of it is reduced or enlarged. */
import type { PictureSamples } from '../types.ts';

/** Pixels as floats (white = 1) or as a decoder left them. */
export type ResampleSource = PictureSamples | FloatPixels;

export interface FloatPixels {
  readonly width: number;
  readonly height: number;
  readonly layout: 'float';
  readonly data: Float32Array;
}

/**
 * What the places of one target axis take from a source axis. Shrinking: place j sums the whole
 * pixels between first[j] and last[j] (both exclusive) plus firstShare[j] and lastShare[j] of
 * these two. Growing: only the two shares count.
 */
export interface Axis {
  readonly shrinks: boolean;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly firstShare: Float64Array;
  readonly lastShare: Float64Array;
}
