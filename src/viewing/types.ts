import type { RadiographAttributes, ViewPreset } from '../radiograph/types.ts';

/** Renders parts of one picture for the viewer; works in a worker, so every call is asynchronous. */
export interface PictureSource {
  /** Pixels of the full picture. */
  readonly width: number;
  readonly height: number;
  readonly facts: PictureFacts;
  /**
   * The part `region` (in picture pixels) at about `scale` output pixels per picture pixel.
   * The receiver closes the bitmap. Rejects with AbortError once `close` was called.
   */
  render(request: RenderRequest): Promise<RenderedPart>;
  close(): void;
}

export interface PictureFacts {
  readonly bitsStored: number;
  readonly format: string;
  /** Gray values the middle 98 % of the pixels lie between, 0 … 1. */
  readonly low: number;
  readonly high: number;
  /** What the file says of the picture (never of the patient). */
  readonly attributes: RadiographAttributes;
  /** Ways the file itself wants to be seen; the first is the one to begin with. */
  readonly presets: readonly ViewPreset[];
}

/** Window center and width in the picture's own 0 … 1. */
export interface GrayWindow {
  readonly center: number;
  readonly width: number;
  readonly inverted: boolean;
  /** Instead of the straight line: gray 0 … 1 at evenly spaced samples from 0 to 1. */
  readonly curve?: Float32Array;
}

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface RenderRequest {
  readonly window: GrayWindow;
  readonly region: Region;
  readonly scale: number;
}

export interface RenderedPart {
  readonly bitmap: ImageBitmap;
  /** The region the bitmap really covers (whole pixels of its pyramid level). */
  readonly region: Region;
  /** Output pixels per picture pixel; 1 is the full resolution. */
  readonly scale: number;
}
