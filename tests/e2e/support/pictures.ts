/** Radiographs to open: the model's own phantom, as files of several kinds. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { chestPhantom } from '../../../src/model/phantom.ts';

export interface Pictures {
  /** A chest phantom of so many pixels a side. */
  file(variant: number, size?: number, format?: 'png' | 'jpeg' | 'webp'): Promise<string>;
  /** Any bytes under any name. */
  bytes(name: string, content: Uint8Array | string): Promise<string>;
  remove(): Promise<void>;
}

/** An empty folder to put pictures in; remove it afterwards. */
export async function makePictures(): Promise<Pictures> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fieldray-pictures-'));
  return {
    async file(variant, size = 512, format = 'png') {
      // The formula is slow at full size: drawn once in the small and enlarged.
      const side = Math.min(size, 256);
      const pixels = Uint8Array.from(chestPhantom(side, variant), (value) =>
        Math.round(value * 255),
      );
      const name = path.join(folder, `phantom-${variant}-${size}.${format}`);
      await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
        .resize(size, size)
        .toFormat(format)
        .toFile(name);
      return name;
    },
    async bytes(name, content) {
      const file = path.join(folder, name);
      await writeFile(file, content);
      return file;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
