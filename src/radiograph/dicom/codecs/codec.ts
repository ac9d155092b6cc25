/** What a codec is: one file each, one line each in registry.ts. */
import { damaged, pictureTooLarge } from '../../errors.ts';
import type { PackedPixels } from '../frame.ts';
import type { PixelLayout } from '../header.ts';

/** Samples of one picture, unpacked, and what they say of themselves. */
export interface PlainFrame {
  /** Height × width × samples a pixel; each a whole cell, bits outside of the stored ones included. */
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: 1 | 3;
  /** Color by plane (1) instead of by pixel (0). */
  readonly planar: 0 | 1;
  /** What three samples mean; null: the stream does not say. */
  readonly color: 'rgb' | 'ybr' | null;
  /** Bits of a sample by the codestream; absent: it does not say. */
  readonly bits?: number;
  /** Whether samples have a sign by the codestream; absent: it does not say. */
  readonly signed?: boolean;
  /** How far a sample may be off: a number of levels, or unknown. 0: lossless. */
  readonly loss: number | 'unknown';
  /** The mark that ends the codestream was not there, and all pixels were. */
  readonly endMissing?: boolean;
}

export interface Codec {
  /**
   * Checks the codestream's own size before anything is allocated, then unpacks. What the header
   * says is only used where the codestream says nothing.
   * @throws TruncatedPictureError, DamagedPictureError, UnsupportedVariantError, PictureTooLargeError
   */
  decode(
    packed: PackedPixels,
    layout: PixelLayout,
    signal?: AbortSignal,
  ): Promise<PlainFrame> | PlainFrame;
}

/** A decoder needs several times its result; the largest detectors have 20 megapixels, scanned film 30. */
const MOST_PIXELS = 40_000_000;
/** A codestream with so many times more or fewer pixels than the header says is another picture. */
const MOST_APART = 4;

export interface StreamSize {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/**
 * The codestream's size and colors count; where they are so far from the header's that it must be
 * another picture, nobody can say which is right.
 * @throws DamagedPictureError naming both, PictureTooLargeError
 */
export function checkStream({ width, height, components }: StreamSize, layout: PixelLayout): void {
  if (width < 1 || height < 1) throw damaged('its compressed pixels have no width or no height');
  if (width * height > MOST_PIXELS) throw pictureTooLarge(width, height, MOST_PIXELS);
  // A header without a size says nothing against it.
  const said = layout.width * layout.height;
  const share = said > 0 ? (width * height) / said : 1;
  if (share > MOST_APART || share < 1 / MOST_APART) {
    throw damaged(
      `its header says ${layout.width} × ${layout.height} pixels, its compressed pixels ${width} × ${height}`,
    );
  }
  if (components !== 1 && components !== 3) {
    throw damaged(
      `its header says ${layout.samplesPerPixel} samples a pixel, its compressed pixels have ${components}`,
    );
  }
}
