/** Color pictures → brightness (the luminance of luminance.ts), as pictures of other formats have it. */
import { damaged } from '../errors.ts';
import { LUMINANCE } from '../pixels/luminance.ts';
import { unreadable } from './refusals.ts';
import type { PlainFrame } from './codecs/codec.ts';
import type { Fields } from './fields.ts';
import type { PixelLayout } from './header.ts';
import { lutData } from './voi.ts';

/** Channels this far apart (of 1) are color, not a rounding of grey; one pixel in a hundred. */
const CHROMA = 0.08;
const COLORED_SHARE = 0.01;

export interface Brightness {
  /** 0 … 65535, one a pixel. */
  readonly data: Uint16Array;
  readonly colored: boolean;
}

/** Three samples a pixel. The Y of YBR is the luminance already. */
export function brightness(frame: PlainFrame, layout: PixelLayout): Brightness {
  const pixels = layout.width * layout.height;
  const out = new Uint16Array(pixels);
  const { data } = frame;
  const step = frame.planar === 1 ? 1 : 3;
  const plane = frame.planar === 1 ? pixels : 1;
  const white = data instanceof Uint8Array ? 255 : 2 ** layout.bitsStored - 1;
  const gain = 65_535 / white;
  const ybr = frame.color === 'ybr';
  const [red, green, blue] = ybr ? [1, 0, 0] : LUMINANCE;
  const middle = (white + 1) / 2;
  let colored = 0;
  for (let i = 0, at = 0; i < pixels; i++, at += step) {
    const a = data[at];
    const b = data[at + plane];
    const c = data[at + 2 * plane];
    out[i] = Math.min(65_535, (red * a + green * b + blue * c) * gain + 0.5);
    const apart = ybr
      ? Math.max(Math.abs(b - middle), Math.abs(c - middle))
      : Math.max(a, b, c) - Math.min(a, b, c);
    if (apart > CHROMA * white) colored++;
  }
  return { data: out, colored: colored > pixels * COLORED_SHARE };
}

/**
 * PALETTE COLOR: brightness 0 … 65535 by cell (PS3.3 C.7.6.3.1.5).
 * @throws DamagedPictureError, UnsupportedVariantError
 */
export function paletteTable(
  fields: Fields,
  { bitsStored, signed }: PixelLayout,
  cells: number,
): { table: Uint16Array; colored: boolean } {
  if (fields.has(0x00281221)) throw unreadable('a palette in segments');
  const [red, green, blue] = [1, 2, 3].map((channel) => readChannel(fields, channel, signed));
  const [redShare, greenShare, blueShare] = LUMINANCE;
  const mask = 2 ** bitsStored - 1;
  const sign = signed ? 2 ** (bitsStored - 1) : 0;
  let colored = 0;
  const table = Uint16Array.from({ length: cells }, (_, cell) => {
    const bits = cell & mask;
    const index = bits & sign ? bits - 2 * sign : bits;
    const [r, g, b] = [red(index), green(index), blue(index)];
    if (Math.max(r, g, b) - Math.min(r, g, b) > CHROMA) colored++;
    return Math.round(65_535 * (redShare * r + greenShare * g + blueShare * b));
  });
  return { table, colored: colored > cells * COLORED_SHARE };
}

function readChannel(fields: Fields, channel: number, signed: boolean): (index: number) => number {
  const [count = -1, start = 0, bits = 0] = fields.words(0x00281100 + channel) ?? [];
  const entries = count === 0 ? 65_536 : count;
  const data = entries > 0 ? lutData(fields, 0x00281200 + channel, entries) : null;
  if (!data) throw damaged('its palette is missing or broken');
  const first = signed && start > 32_767 ? start - 65_536 : start;
  const white = paletteWhite(data, bits);
  return (index) => data[Math.min(data.length - 1, Math.max(0, index - first))] / white;
}

/** Palettes of 16 bits whose entries only use the low byte are palettes of 8. */
function paletteWhite(data: Uint16Array, bits: number): number {
  let most = 0;
  for (const value of data) if (value > most) most = value;
  if (most <= 255) return 255;
  return bits > 8 && bits < 16 && most < 2 ** bits ? 2 ** bits - 1 : 65_535;
}
