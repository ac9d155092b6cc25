/**
 * Header and codestream held against each other. The codestream's own facts count: its size, its
 * bits, its sign, its components and its color transform.
 */
import { damaged } from '../errors.ts';
import { LUMINANCE } from '../pixels/luminance.ts';
import type { PlainFrame } from './codecs/codec.ts';
import type { Fields } from './fields.ts';
import { differs, type PixelLayout } from './header.ts';
import { colorsSeen, muchSmoother, roughness, smootherDown } from './sight.ts';

type Cells = PlainFrame['data'];

export interface Agreed {
  readonly frame: PlainFrame & { readonly color: 'rgb' | 'ybr' };
  readonly layout: PixelLayout;
  readonly notes: readonly string[];
  /** Rows and columns are those of the header, so that its spacing belongs to them. */
  readonly sizeAgrees: boolean;
}

/** @throws DamagedPictureError where neither can be right */
export function agreed(header: PixelLayout, unpacked: PlainFrame, fields: Fields): Agreed {
  const notes: string[] = [];
  const { width, height } = sizeOf(header, unpacked, notes);
  const sizeAgrees = width === header.width && height === header.height;
  const sized = { ...header, width, height };
  const shaped = { ...unpacked, width, height };
  if (unpacked.samplesPerPixel === 3) {
    const color = colorOf(sized, shaped, notes);
    const frame = { ...shaped, color };
    if (header.samplesPerPixel === 1) return asGrey(frame, sized, notes, sizeAgrees);
    const bits = unpacked.bits ?? (unpacked.data instanceof Uint8Array ? 8 : header.bitsStored);
    return { frame, layout: { ...sized, bitsStored: bits }, notes, sizeAgrees };
  }
  let layout: PixelLayout = sized;
  if (header.samplesPerPixel === 3) {
    notes.push(differs('colors', 3, 1));
    layout = { ...sized, samplesPerPixel: 1, photometric: 'MONOCHROME2' };
  }
  layout = signOf(bitsOf(layout, shaped, fields, notes), shaped, notes);
  return { frame: { ...shaped, color: 'rgb' }, layout, notes, sizeAgrees };
}

/**
 * The codestream's size. Some encoders are given width and height the wrong way round: then only the
 * header's size puts the rows under each other.
 */
function sizeOf(
  header: PixelLayout,
  { data, width, height, samplesPerPixel, planar }: PlainFrame,
  notes: string[],
): { width: number; height: number } {
  if ((width === header.width && height === header.height) || header.width === 0) {
    return { width, height };
  }
  const [said, found] = [`${header.width} × ${header.height}`, `${width} × ${height}`];
  if (width * height === header.width * header.height) {
    const step = planar === 1 ? 1 : samplesPerPixel;
    const value = (i: number): number => data[i * step];
    const own = roughness(value, width, height);
    const other = roughness(value, header.width, header.height);
    if (smootherDown(other, own)) {
      notes.push(
        `The header says ${said} pixels, the pixels say ${found}. Only the header’s size makes a picture of them.`,
      );
      return { width: header.width, height: header.height };
    }
  }
  notes.push(differs('pixels', said, found));
  return { width, height };
}

/** Three colors under a header of one grey: their brightness is the grey that it speaks of. */
function asGrey(
  frame: PlainFrame & { color: 'rgb' | 'ybr' },
  layout: PixelLayout,
  notes: string[],
  sizeAgrees: boolean,
): Agreed {
  if (layout.photometric === 'PALETTE COLOR') {
    throw damaged('its header says a palette of colors, its pixels have three colors each');
  }
  notes.push(differs('colors', 1, 3));
  const { data, width, height } = frame;
  const pixels = width * height;
  const at = placesOf(frame);
  const weights = frame.color === 'ybr' ? [1, 0, 0] : LUMINANCE;
  const grey = data instanceof Uint8Array ? new Uint8Array(pixels) : new Uint16Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const [a, b, c] = [data[at(i, 0)], data[at(i, 1)], data[at(i, 2)]];
    grey[i] = weights[0] * a + weights[1] * b + weights[2] * c + 0.5;
  }
  const bits = frame.bits ?? 8;
  const plain = { bitsStored: bits, highBit: bits - 1, bitsAllocated: bits > 8 ? 16 : 8 } as const;
  return {
    frame: { ...frame, data: grey, samplesPerPixel: 1, planar: 0 },
    layout: { ...layout, ...plain },
    notes,
    sizeAgrees,
  };
}

/** Where a channel of a pixel lies. */
function placesOf({ width, height, planar }: PlainFrame): (i: number, channel: number) => number {
  const pixels = width * height;
  return planar === 1 ? (i, channel) => channel * pixels + i : (i, channel) => 3 * i + channel;
}

function colorOf(layout: PixelLayout, frame: PlainFrame, notes: string[]): 'rgb' | 'ybr' {
  const said = layout.photometric.startsWith('YBR') ? 'ybr' : 'rgb';
  // These two mean a transform of JPEG 2000 that the stream does not have.
  const claimed = /^YBR_(?:RCT|ICT)$/.test(layout.photometric) ? 'rgb' : said;
  if (frame.color) return frame.color;
  const at = placesOf(frame);
  const white = frame.data instanceof Uint8Array ? 255 : 2 ** layout.bitsStored - 1;
  const value = (i: number, channel: number): number => frame.data[at(i, channel)] / white;
  const seen = colorsSeen(value, frame.width * frame.height);
  if (!seen || seen === claimed) return claimed;
  notes.push(differs('as colors', layout.photometric, seen === 'rgb' ? 'RGB' : 'YBR'));
  return seen;
}

function bitsOf(
  layout: PixelLayout,
  frame: PlainFrame,
  fields: Fields,
  notes: string[],
): PixelLayout {
  const { data } = frame;
  const { bitsStored, highBit } = layout;
  const cell = data instanceof Uint8Array ? 8 : 16;
  const bitsAllocated = cell;
  const own = frame.bits ?? (highBit < cell ? highBit + 1 : cell);
  if (own === highBit + 1) {
    if (cell === 16 || bitsStored <= 8) return { ...layout, bitsAllocated };
  }
  // A stream made for 16 bits mostly holds the 12 that the header speaks of.
  if (own > highBit + 1 && fits(data, highBit + 1, own, layout, frame, fields)) {
    return { ...layout, bitsAllocated };
  }
  const bits = Math.min(own, cell);
  if (bits !== bitsStored) notes.push(differs('bits a sample', bitsStored, bits));
  return { ...layout, bitsAllocated, bitsStored: bits, highBit: bits - 1 };
}

/** All samples lie within the header's bits; bits of an overlay above them are no part of a sample. */
function fits(
  data: Cells,
  bits: number,
  own: number,
  layout: PixelLayout,
  { signed }: PlainFrame,
  fields: Fields,
): boolean {
  if ((fields.uint16(0x60000102) ?? 0) >= bits) return true;
  if (signed ?? layout.signed) {
    const [least, most] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    const up = 32 - own;
    let [low, high, raw] = [0, 0, 0];
    for (const cell of data) {
      const value = (cell << up) >> up;
      if (value < low) low = value;
      if (value > high) high = value;
      raw |= cell;
    }
    // Codecs without a sign are often given the bits alone, without the sign's copies above them.
    return (low >= least && high <= most) || (signed === undefined && raw < 2 ** bits);
  }
  let all = 0;
  for (const cell of data) all |= cell;
  return (all & (2 ** own - 1)) < 2 ** bits;
}

/** A signed stream is signed; bits without a sign may still be negative numbers, which shows. */
function signOf(layout: PixelLayout, frame: PlainFrame, notes: string[]): PixelLayout {
  if (frame.signed === undefined || frame.signed === layout.signed) return layout;
  if (frame.signed) {
    notes.push(differs('as numbers', 'no negative', 'negative'));
    return { ...layout, signed: true };
  }
  const { data } = frame;
  const { width, height, bitsStored, highBit } = layout;
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsStored - 1;
  const flip = 2 ** (bitsStored - 1);
  const plain = roughness((i) => (data[i] >> shift) & mask, width, height);
  const signed = roughness((i) => ((data[i] >> shift) & mask) ^ flip, width, height);
  if (!muchSmoother(plain, signed)) return layout;
  notes.push(differs('as numbers', 'negative', 'no negative'));
  return { ...layout, signed: false };
}
