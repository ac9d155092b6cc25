/** A data set → what is needed of it to draw the picture, checked. Tags: DICOM PS3.3 C.7.6.3. */
import { damaged, pictureTooLarge } from '../errors.ts';
import { unreadable } from './refusals.ts';
import type { DicomFile } from './dataset.ts';
import type { Fields } from './fields.ts';
import { PIXEL_DATA } from './guard.ts';

export type Photometric =
  | 'MONOCHROME1'
  | 'MONOCHROME2'
  | 'PALETTE COLOR'
  | 'RGB'
  | 'YBR_FULL'
  | 'YBR_FULL_422'
  | 'YBR_PARTIAL_422'
  | 'YBR_PARTIAL_420'
  | 'YBR_ICT'
  | 'YBR_RCT';

/** How samples are stored, and how many there are. */
export interface PixelLayout {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly photometric: Photometric;
  readonly samplesPerPixel: 1 | 3;
  /** Color by plane (1) instead of by pixel (0). */
  readonly planar: 0 | 1;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

const PHOTOMETRICS: readonly string[] = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
] satisfies Photometric[];

/** Read from the file where it lies: only the bytes and their grey values are in memory. */
const MOST_NATIVE_PIXELS = 100_000_000;
/** A decoder needs several times its result; the largest detectors have 20 megapixels, scanned film 30. */
const MOST_PACKED_PIXELS = 40_000_000;

/**
 * @throws DamagedPictureError, UnsupportedVariantError, PictureTooLargeError
 */
export function readLayout(file: DicomFile, fields: Fields): PixelLayout {
  if (file.pixels && file.pixels.tag !== PIXEL_DATA) {
    throw unreadable('pixels that are no whole numbers');
  }
  const height = fields.uint16('x00280010') ?? 0;
  const width = fields.uint16('x00280011') ?? 0;
  if (width < 1 || height < 1) throw damaged('it has no width or no height');
  const most = file.syntax.packing === 'native' ? MOST_NATIVE_PIXELS : MOST_PACKED_PIXELS;
  if (width * height > most) throw pictureTooLarge(width, height, most);

  const photometric = fields.text('x00280004').toUpperCase();
  if (!isPhotometric(photometric)) {
    throw unreadable(photometric === '' ? 'no color model' : `the color model ${photometric}`);
  }
  const samplesPerPixel = fields.uint16('x00280002') ?? 1;
  const colored = !/^(?:MONOCHROME[12]|PALETTE COLOR)$/.test(photometric);
  if (samplesPerPixel !== (colored ? 3 : 1)) {
    throw damaged(`${samplesPerPixel} samples a pixel do not make ${photometric}`);
  }
  const bitsAllocated = fields.uint16('x00280100') ?? 0;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw unreadable(`samples of ${bitsAllocated} bits`);
  }
  const bitsStored = fields.uint16('x00280101') ?? bitsAllocated;
  const highBit = fields.uint16('x00280102') ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated) {
    throw damaged(`${bitsStored} bits do not fit into ${bitsAllocated}`);
  }
  if (highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw damaged(`its highest bit (${highBit}) lies outside of a sample`);
  }
  const frames = Math.max(1, Math.trunc(fields.number('x00280008') ?? 1));
  return {
    width,
    height,
    frames,
    photometric,
    samplesPerPixel: colored ? 3 : 1,
    planar: fields.uint16('x00280006') === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: fields.uint16('x00280103') === 1,
  };
}

function isPhotometric(text: string): text is Photometric {
  return PHOTOMETRICS.includes(text);
}
