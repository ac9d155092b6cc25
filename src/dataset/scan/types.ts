/** What one look at every picture of a folder finds out, and how it is carried. */
import type { FaultData } from '../../base/fault.ts';
import type { RadiographFormat } from '../../radiograph/types.ts';

/** Pixels a side of what is summed up to a class's mean picture. */
export const MEAN_SIDE = 112;
/** Pixels a side of what is summed up to a class's mean mask. */
export const MASK_SIDE = 56;
/** Steps of grey in the histograms, from black to white. */
export const HISTOGRAM_BINS = 64;

/** Everything in shares of the picture: 0 … 1 from the left upper corner. */
export interface MaskFacts {
  /** Of the whole picture. */
  readonly area: number;
  readonly centerX: number;
  readonly centerY: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface PictureFacts {
  readonly format: RadiographFormat;
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** Samples a pixel in the file; null where its kind does not say so easily. */
  readonly channels: number | null;
  /** The channels differ: it is not grey shown as RGB. */
  readonly colored: boolean;
  readonly bytes: number;
  /** Perceptual hash: the upper and the lower 32 bits. */
  readonly hash: readonly [number, number];
  /** Mean grey and its standard deviation, 0 … 1. */
  readonly mean: number;
  readonly spread: number;
  /** Null: it has none, or it cannot be read (`maskFault`). */
  readonly mask: MaskFacts | null;
  readonly maskFault: FaultData | null;
}

/** What a worker says of one picture. */
export interface Scanned {
  readonly facts: PictureFacts;
  /** 24 × 24 bytes, for the audit. */
  readonly small: Uint8Array<ArrayBuffer>;
  /** Shares of the pixels, 64 numbers that sum to 1. */
  readonly histogram: Float32Array<ArrayBuffer>;
  /** MEAN_SIDE × MEAN_SIDE bytes. */
  readonly picture: Uint8Array<ArrayBuffer>;
  /** MASK_SIDE × MASK_SIDE bytes, 255 inside; null without a mask. */
  readonly mask: Uint8Array<ArrayBuffer> | null;
}

/** Sums over one class; divided by their counts they are means. */
export interface ClassSums {
  readonly label: string;
  readonly pictures: number;
  readonly masks: number;
  /** HISTOGRAM_BINS shares, summed over pictures. */
  readonly histogram: Float64Array;
  /** MEAN_SIDE², 0 … 255 summed over pictures. */
  readonly picture: Float64Array;
  /** MASK_SIDE², 0 … 255 summed over masks. */
  readonly mask: Float64Array;
}

/** What is known of a whole folder, however far the scan has come. */
export interface ScanResult {
  /** One for each item; null: not looked at yet, or not readable. */
  readonly facts: readonly (PictureFacts | null)[];
  /** By item number. */
  readonly failures: ReadonlyMap<number, FaultData>;
  /** 24 × 24 bytes an item, zeros where there are no facts. */
  readonly smalls: Uint8Array<ArrayBuffer>;
  readonly sums: ReadonlyMap<string, ClassSums>;
}

/** A picture to be looked at by a person: small, in its own proportions. */
export interface ShownPicture {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Around the mask: x, y, x, y … in 0 … 1 of the picture; none without a mask that can be read. */
  readonly outlines: readonly (readonly number[])[];
}
