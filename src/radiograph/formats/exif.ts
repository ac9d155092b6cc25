/**
 * The orientation tag of EXIF (a small TIFF inside JPEG's APP1, PNG's eXIf, WebP's EXIF chunk).
 * A phone photo of a film on a light box is often stored lying on its side.
 */
import type { PictureHeader } from './header.ts';
import { asPixels } from '../pixels/row-pass.ts';
import type { PictureSamples } from '../types.ts';

const ORIENTATION_TAG = 0x0112;

/** 1 (upright) where nothing sensible is said. `tiff` begins with the byte order mark. */
export function exifOrientation(tiff: Uint8Array): number {
  const place = findOrientation(tiff);
  const value = place ? place.view.getUint16(place.at, place.little) : 1;
  return value >= 1 && value <= 8 ? value : 1;
}

/**
 * The file with its orientation set to upright (the same bytes where it is): Firefox turns JPEGs by
 * it and not WebPs, WebKit likewise, Chromium's ImageDecoder turns nothing. With this none does,
 * and the turning is done here, once. `exif`: where its EXIF parts lie.
 */
export function withoutTurning(
  bytes: Uint8Array<ArrayBuffer>,
  { orientation, exif }: Pick<PictureHeader, 'orientation' | 'exif'>,
): Uint8Array<ArrayBuffer> {
  if (!exif || (orientation === 1 && exif.length < 2)) return bytes;
  const copy = bytes.slice();
  for (const part of exif) {
    const place = findOrientation(copy.subarray(...part));
    place?.view.setUint16(place.at, 1, place.little);
  }
  return copy;
}

function findOrientation(tiff: Uint8Array) {
  if (tiff.length < 14) return null;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  if ((!little && view.getUint16(0) !== 0x4d4d) || view.getUint16(2, little) !== 42) return null;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return null;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * 12;
    if (at + 12 > tiff.length) return null;
    if (view.getUint16(at, little) === ORIENTATION_TAG) return { view, at: at + 8, little };
  }
  return null;
}

/** Whether width and height change places. */
export function swapsAxes(orientation: number): boolean {
  return orientation >= 5;
}

/** The picture as it is to be seen; the same object for orientation 1. */
export function orient(samples: PictureSamples, orientation: number): PictureSamples {
  if (orientation === 1) return samples;
  const { width, height } = samples;
  if (samples.layout === 'grey') {
    const target =
      samples.data instanceof Uint8Array
        ? new Uint8Array(width * height)
        : new Uint16Array(width * height);
    turn(samples.data, target, width, height, orientation);
    return { ...samples, ...size(samples, orientation), data: target };
  }
  const target = new Uint32Array(width * height);
  turn(asPixels(samples.data), target, width, height, orientation);
  return { ...samples, ...size(samples, orientation), data: new Uint8Array(target.buffer) };
}

/** The same for floats, row-major. */
export function orientFloats(
  pixels: Float32Array,
  width: number,
  height: number,
  orientation: number,
): Float32Array {
  if (orientation === 1) return pixels;
  const target = new Float32Array(pixels.length);
  turn(pixels, target, width, height, orientation);
  return target;
}

export function size(
  { width, height }: { readonly width: number; readonly height: number },
  orientation: number,
): { width: number; height: number } {
  return swapsAxes(orientation) ? { width: height, height: width } : { width, height };
}

type Cells = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/**
 * Every orientation is a start and two steps through the target (EXIF 2.3, table of tag 0x0112):
 * where source pixel (0, 0) goes, and how far one column and one row of the source move there.
 */
function turn(source: Cells, target: Cells, width: number, height: number, kind: number): void {
  const across = swapsAxes(kind) ? height : width;
  const last = width * height - 1;
  const [start, columnStep, rowStep] = {
    2: [width - 1, -1, across],
    3: [last, -1, -across],
    4: [(height - 1) * across, 1, -across],
    5: [0, across, 1],
    6: [across - 1, across, -1],
    7: [last, -across, -1],
    8: [(width - 1) * across, -across, 1],
  }[kind] ?? [0, 1, across];
  let from = 0;
  for (let y = 0; y < height; y++) {
    let to = start + y * rowStep;
    for (let x = 0; x < width; x++, to += columnStep) target[to] = source[from++];
  }
}
