/**
 * Pictures whose pixels are not square, in their true proportions: the coarser axis is made finer,
 * so that nothing is lost. Everything behind a decoder (viewer, ruler, model input) sees square
 * pixels.
 */

/** Spacings are rounded when they are written; a picture a percent off is not stretched. */
const LEAST_DIFFERENCE = 0.01;
/** Film scanners have lines twice as far apart as dots; more than this is no spacing. */
const MOST_RATIO = 4;

/** @param ratio height of a pixel over its width */
export function squareSize(
  width: number,
  height: number,
  ratio: number,
): { readonly width: number; readonly height: number } {
  const sane = ratio >= 1 / MOST_RATIO && ratio <= MOST_RATIO;
  if (!sane || Math.abs(ratio - 1) < LEAST_DIFFERENCE) return { width, height };
  return ratio > 1
    ? { width, height: Math.round(height * ratio) }
    : { width: Math.round(width / ratio), height };
}
