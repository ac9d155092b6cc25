/**
 * A scanned radiograph inside a PDF: the picture is taken out as it stands in the file. Nothing of the
 * page is drawn, so letters and lines over it are not there.
 */
import { resample } from '../../pixels/resample.ts';
import { squareSize } from '../../pixels/square.ts';
import { whiteOf, withWhite } from '../../pixels/white.ts';
import type { DecodedPicture, PictureSamples } from '../../types.ts';
import type { DecodeInput } from '../decoder.ts';
import { orient, swapsAxes } from '../exif.ts';
import { checkSize, factsFrom, fittedSize, type PictureHeader } from '../header.ts';
import { chooseRadiograph } from './choose.ts';
import { PdfObjects } from './objects.ts';
import { readPicture } from './picture.ts';
import { locked } from './refusals.ts';

/** One or two bytes a pixel, three before that for color. */
const MOST_PIXELS = 50_000_000;

/** @throws RadiographError by name; the signal's reason */
export async function decodePdf(input: DecodeInput): Promise<DecodedPicture> {
  const objects = new PdfObjects(input.bytes);
  if (objects.encrypted) throw locked();
  const chosen = chooseRadiograph(objects);
  const { orientation, more } = chosen;
  const head = { format: 'pdf', bitsStored: 8, orientation, animated: more } as const;
  checkSize({ ...head, width: chosen.width, height: chosen.height }, MOST_PIXELS);
  const { painting, inverted, width, height, bits } = await readPicture(
    objects,
    chosen,
    input.signal,
  );
  input.signal?.throwIfAborted();
  const { data } = painting;
  const white = bits === 16 ? whiteOf(painting.highest) : painting.white;
  if (inverted) for (let i = 0; i < data.length; i++) data[i] = white - data[i];
  const stored: PictureSamples = { width, height, layout: 'grey', data, white };
  const upright = orient(stored, orientation);
  const ratio = swapsAxes(orientation) ? 1 / chosen.pixelRatio : chosen.pixelRatio;
  const square = squareSize(upright.width, upright.height, ratio);
  const fitted = fittedSize(square.width, square.height, input.maxPixels);
  const header: PictureHeader = { ...head, width, height, bitsStored: bits };
  const plain = factsFrom(header, fitted.width, fitted.height, painting);
  const facts = bits === 16 ? withWhite(plain, white) : plain;
  if (fitted.width === upright.width && fitted.height === upright.height) {
    return { kind: 'samples', samples: upright, facts };
  }
  const pixels = resample(upright, fitted.width, fitted.height);
  return { kind: 'pixels', radiograph: { ...facts, pixels } };
}

/** Whether a document would be opened as a picture; nothing of it is unpacked but its structure. */
export function holdsRadiograph(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    const objects = new PdfObjects(bytes);
    if (objects.encrypted) return false;
    chooseRadiograph(objects);
    return true;
  } catch {
    return false;
  }
}
