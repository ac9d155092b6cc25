/** What a codec is: one file each, one line each in registry.ts. */
import type { PixelLayout } from '../header.ts';

/** Samples of one picture, unpacked. */
export interface PlainFrame {
  /** Height × width × samples a pixel; each a whole cell, bits outside of the stored ones included. */
  readonly data: Uint8Array | Uint16Array;
  readonly samplesPerPixel: 1 | 3;
  /** Color by plane (1) instead of by pixel (0). */
  readonly planar: 0 | 1;
  /** What three samples mean; codecs that convert give RGB whatever the header says. */
  readonly color: 'rgb' | 'ybr';
}

export interface Codec {
  /**
   * Checks the codestream's own size against the header before anything is allocated, then unpacks.
   * @param bytes the first frame, whole
   * @throws TruncatedPictureError, DamagedPictureError, UnsupportedVariantError
   */
  decode(
    bytes: Uint8Array<ArrayBuffer>,
    layout: PixelLayout,
    signal?: AbortSignal,
  ): Promise<PlainFrame> | PlainFrame;
}

/** What the header says three samples are, for codecs that leave them alone. */
export function colorOf(layout: PixelLayout): 'rgb' | 'ybr' {
  return layout.photometric.startsWith('YBR') ? 'ybr' : 'rgb';
}

/** JPEG 2000 decoders undo YBR_RCT and YBR_ICT themselves. */
export function colorAfterTransform(layout: PixelLayout): 'rgb' | 'ybr' {
  return /^YBR_(?:RCT|ICT)$/.test(layout.photometric) ? 'rgb' : colorOf(layout);
}
