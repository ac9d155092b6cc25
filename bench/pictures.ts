/**
 * Radiographs to read: the model's own chest phantom, grain included, as 8-bit grey PNG packed the way
 * libpng packs one unless it is told otherwise (a filter chosen for every line, level 6).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { chestPhantom } from '../src/model/phantom.ts';
import { el, words, writeDicom } from '../tests/fixtures/dicom.ts';

/** Sizes of the single pictures: width × height. */
export const SINGLE = [
  [1024, 1024],
  [3000, 2500],
] as const;
/** Side of the uncompressed DICOM of 12 bits, with the window of its file. */
export const DICOM_SIDE = 3000;
/** Sides of the pictures in the folders: the published dataset's, and a common one of modalities. */
export const FOLDER_SIDES = [299, 1024] as const;

async function write(
  file: string,
  variant: number,
  width: number,
  height: number,
  color = false,
): Promise<void> {
  const pixels = Uint8Array.from(chestPhantom(width, variant), (value) => Math.round(255 * value));
  await sharp(pixels, { raw: { width, height: width, channels: 1 } })
    // Unasked, sharp makes three channels of one.
    .toColourspace(color ? 'srgb' : 'b-w')
    // The middle of the square, as a landscape detector sees it.
    .extract({ left: 0, top: Math.floor((width - height) / 2), width, height })
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toFile(file);
}

async function writeLargeDicom(file: string): Promise<void> {
  const side = DICOM_SIDE;
  const samples = Uint16Array.from(chestPhantom(side, 1), (value) => Math.round(4095 * value));
  const more = [el(0x00281050, 'DS', '2048'), el(0x00281051, 'DS', '4096')];
  const picture = { width: side, height: side, bitsStored: 12, pixels: words(samples), more };
  await writeFile(file, writeDicom(picture));
}

/** `<width>x<height>.png`, `color.png` (1024 × 1024, RGB), `large.dcm`, and `folder-<side>/0.png` … with `distinct` pictures in each. */
export async function writePictures(target: string, distinct: number): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const [width, height] of SINGLE) {
    await write(path.join(target, `${width}x${height}.png`), 1, width, height);
  }
  await write(path.join(target, 'color.png'), 1, 1024, 1024, true);
  await writeLargeDicom(path.join(target, 'large.dcm'));
  for (const side of FOLDER_SIDES) {
    const folder = path.join(target, `folder-${side}`);
    await mkdir(folder, { recursive: true });
    for (let at = 0; at < distinct; at += 1) {
      await write(path.join(folder, `${at}.png`), at, side, side);
    }
  }
}
