/** Whether a picture stored as color shows any: some thousand places tell. */
import { asPixels } from './row-pass.ts';

const PLACES = 4096;
/** Channels this far apart are color, not a rounding of grey; one place in a hundred. */
const APART = 20;
const COLORED_SHARE = 0.01;

/** Four bytes a pixel, alpha last. */
export function looksColored(data: Uint8Array): boolean {
  const pixels = asPixels(data);
  const places = spread(pixels.length, (i) => {
    const a = pixels[i] & 255;
    const b = (pixels[i] >>> 8) & 255;
    const c = (pixels[i] >>> 16) & 255;
    return Math.max(a, b, c) - Math.min(a, b, c) > APART;
  });
  return places > COLORED_SHARE;
}

/** The color planes of YUV: 128 is grey. */
export function planesColored(data: Uint8Array, planes: readonly PlaneLayout[]): boolean {
  return planes.some((plane, index) => {
    const end = index + 1 < planes.length ? planes[index + 1].offset : data.length;
    const share = spread(
      end - plane.offset,
      (i) => Math.abs(data[plane.offset + i] - 128) > APART / 2,
    );
    return share > COLORED_SHARE;
  });
}

/** Every pixel is looked at: one transparent corner counts. */
export function looksTransparent(data: Uint8Array): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return true;
  return false;
}

/** The share of evenly spread places for which `test` holds. */
function spread(length: number, test: (index: number) => boolean): number {
  const places = Math.min(PLACES, length);
  let found = 0;
  for (let i = 0; i < places; i++) if (test(Math.floor(((i + 0.5) * length) / places))) found++;
  return places > 0 ? found / places : 0;
}
