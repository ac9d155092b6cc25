/**
 * What a format's own header says, read before anything is decoded or allocated: a picture that
 * claims 60,000 × 60,000 pixels is refused from a few bytes.
 */
import { damaged, pictureTooLarge } from '../errors.ts';
import type { RadiographFacts, RadiographFormat, RadiographWarning } from '../types.ts';

export interface PictureHeader {
  readonly format: RadiographFormat;
  /** As stored, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly bitsStored: number;
  /** EXIF orientation, 1 … 8. */
  readonly orientation: number;
  /** Where in the file the EXIF parts lie: first byte and the one after the last; the first counts. */
  readonly exif?: readonly (readonly [start: number, end: number])[];
  /** The file holds several frames or pages. */
  readonly animated: boolean;
  /** All pixels are there, but the file does not end as it should. */
  readonly endMissing?: boolean;
  /** All pixels are there, but between the parts of the file stand bytes that belong to none. */
  readonly rubbishInside?: boolean;
}

/** Pictures above this are scaled while decoding; also just below what iOS allows a canvas. */
export const DEFAULT_MAX_PIXELS = 16_000_000;

/** Below this on the shorter side (half the model's input) a picture shows too little. */
const FEW_PIXELS = 112;

/** @throws PictureTooLargeError, DamagedPictureError */
export function checkSize(header: PictureHeader, limit: number): void {
  const { width, height } = header;
  if (width < 1 || height < 1) throw damaged('it has no width or no height');
  if (width * height > limit) throw pictureTooLarge(width, height, limit);
}

/** The size to scale to so that at most `maxPixels` remain; the same size if they do already. */
export function fittedSize(
  width: number,
  height: number,
  maxPixels: number,
): { width: number; height: number } {
  if (width * height <= maxPixels) return { width, height };
  const factor = Math.sqrt(maxPixels / (width * height));
  const fittedWidth = Math.max(1, Math.floor(width * factor));
  const fittedHeight = Math.max(1, Math.floor(height * factor));
  // A side held at one pixel leaves the whole reduction to the other.
  return {
    width: Math.max(1, Math.min(fittedWidth, Math.floor(maxPixels / fittedHeight))),
    height: Math.max(1, Math.min(fittedHeight, Math.floor(maxPixels / fittedWidth))),
  };
}

export interface Findings {
  readonly colored: boolean;
  readonly transparent: boolean;
  readonly approximate?: boolean;
}

/** `width` and `height` as decoded and oriented. */
export function factsFrom(
  header: PictureHeader,
  width: number,
  height: number,
  found: Findings,
): RadiographFacts {
  const warnings: RadiographWarning[] = [];
  const storedPixels = header.width * header.height;
  if (header.animated) {
    warnings.push({
      code: 'first-frame-only',
      message: 'This file holds several pictures; only the first one is read.',
    });
  }
  if (width * height < storedPixels) {
    const size = `${header.width.toLocaleString('en-US')} × ${header.height.toLocaleString('en-US')}`;
    warnings.push({
      code: 'scaled-while-decoding',
      message: `This picture is very large (${size} pixels) and was made smaller while opening.`,
    });
  }
  if (header.endMissing) {
    warnings.push({
      code: 'end-missing',
      message:
        'The end of this file is missing, but all pixels of the picture are there. Compare it with the original.',
    });
  }
  if (header.rubbishInside) {
    warnings.push({
      code: 'rubbish-inside',
      message:
        'This file is damaged between its parts, but all pixels of the picture are there. Compare it with the original.',
    });
  }
  if (Math.min(width, height) < FEW_PIXELS) {
    warnings.push({
      code: 'few-pixels',
      message: `This picture has only ${width} × ${height} pixels; fine signs cannot be seen.`,
    });
  }
  if (found.colored) {
    warnings.push({
      code: 'color-picture',
      message: 'This picture is in color; radiographs are grey. Only its brightness is used.',
    });
  }
  if (found.transparent) {
    warnings.push({
      code: 'alpha-flattened',
      message: 'This picture has transparent parts; they are taken as black.',
    });
  }
  if (found.approximate) {
    warnings.push({
      code: 'approximate-pixels',
      message:
        'This browser alters pictures slightly to protect privacy; PNG files are not affected.',
    });
  }
  const { format, bitsStored } = header;
  return { width, height, bitsStored, format, attributes: {}, warnings };
}
