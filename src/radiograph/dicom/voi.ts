/**
 * Modality and VOI transformations (DICOM PS3.3 C.11.1 and C.11.2) as plain functions. Look-up
 * tables in files are wrong often enough that each is checked against itself and, in grey.ts,
 * against the picture.
 */
import type { Fields } from './fields.ts';

/** Grey 0 … 1 of a modality value. */
export type Curve = (value: number) => number;

export interface Voi {
  /** The file's own word, or empty. */
  readonly name: string;
  /** Values between which it rises from black to white (about, for what is no straight line). */
  readonly low: number;
  readonly high: number;
  readonly straight: boolean;
  readonly grey: Curve;
}

interface Lut {
  readonly first: number;
  readonly data: Uint16Array;
  readonly white: number;
}

/**
 * Stored value → modality value.
 * @param notes gets what is there and cannot be used
 * @throws DamagedPictureError where slope or intercept cannot be read
 */
export function modalityOf(fields: Fields, signed: boolean, notes: string[]): Curve {
  const item = fields.items(0x00283000)[0];
  const lut = item ? readLut(item, signed) : null;
  if (lut) return (stored) => lut.data[clampIndex(stored - lut.first, lut.data.length)];
  if (item) notes.push('The modality look-up table of this file is broken and was not used.');
  const slope = fields.number(0x00281053) ?? 1;
  const intercept = fields.number(0x00281052) ?? 0;
  if (slope !== 0) return (stored) => stored * slope + intercept;
  notes.push('The rescale slope of this file is 0, which cannot be meant; it was not used.');
  return (stored) => stored;
}

/**
 * What the file offers to see it by: its look-up tables, then its windows, in its own order.
 * @param notes gets what is there and cannot be used
 * @throws DamagedPictureError where a window cannot be read
 */
export function voisOf(fields: Fields, signed: boolean, notes: string[]): Voi[] {
  const luts = fields.items(0x00283010).flatMap((item) => {
    const lut = readLut(item, signed);
    if (lut && rises(lut)) return [lutVoi(lut, item.text(0x00283003))];
    notes.push('A look-up table of this file is broken and was not used.');
    return [];
  });
  return [...luts, ...windows(fields)];
}

function windows(fields: Fields): Voi[] {
  const centers = fields.numbers(0x00281050);
  const widths = fields.numbers(0x00281051);
  const names = fields.texts(0x00281055);
  const shape = fields.text(0x00281056).toUpperCase();
  return centers.flatMap((center, i) => {
    const width = widths[i];
    const least = shape === '' || shape === 'LINEAR' ? 1 : Number.MIN_VALUE;
    return width === undefined || width < least ? [] : [windowVoi(center, width, shape, names[i])];
  });
}

function windowVoi(center: number, width: number, shape: string, name = ''): Voi {
  if (shape === 'SIGMOID') {
    return {
      name,
      low: center - width / 2,
      high: center + width / 2,
      straight: false,
      grey: (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width)),
    };
  }
  // C.11.2.1.2: the half units belong to LINEAR on whole numbers, not to LINEAR_EXACT.
  const exact = shape === 'LINEAR_EXACT';
  const low = exact ? center - width / 2 : center - 0.5 - (width - 1) / 2;
  const high = exact ? center + width / 2 : center - 0.5 + (width - 1) / 2;
  return { name, low, high, straight: true, grey: ramp(low, high) };
}

/** 0 up to `low`, 1 from `high` on, straight between them; a step where they are the same. */
export function ramp(low: number, high: number): Curve {
  const range = high - low;
  return (value) => (value <= low ? 0 : value >= high ? 1 : (value - low) / range);
}

function lutVoi({ first, data, white }: Lut, name: string): Voi {
  const grey: Curve = (value) => data[clampIndex(Math.round(value) - first, data.length)] / white;
  return { name, low: first, high: first + data.length - 1, straight: false, grey };
}

function clampIndex(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index;
}

/** A table that is nearly flat draws nothing. */
function rises({ data, white }: Lut): boolean {
  let least = white;
  let most = 0;
  for (const value of data) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most - least >= white / 8;
}

/** A look-up table with its own white; null where its entries are missing. */
function readLut(item: Fields, signed: boolean): Lut | null {
  const [count = 0, start = 0, bits = 0] = item.words(0x00283002) ?? [];
  const data = lutData(item, 0x00283006, count === 0 ? 65_536 : count);
  if (!data) return null;
  const first = signed && start > 32_767 ? start - 65_536 : start;
  return { first, data, white: whiteOf(data, bits) };
}

/**
 * What an entry of full light has. The descriptor is often wrong about it: tables of 12 bits call
 * themselves tables of 16, which would draw everything black. Where no entry comes near the white
 * that is said, or one lies above it, the entries' own bits count.
 */
export function whiteOf(data: Uint16Array, bits: number): number {
  let most = 0;
  for (const value of data) if (value > most) most = value;
  const said = bits >= 8 && bits <= 16 ? 2 ** bits - 1 : 0;
  if (most <= said && most > said / 2) return said;
  return Math.max(255, 2 ** Math.ceil(Math.log2(most + 1)) - 1);
}

/**
 * Entries of two bytes, or of one where the length says so; null if there are too few. A few missing
 * at the end are taken to be like the last.
 */
export function lutData(item: Fields, tag: number, entries: number): Uint16Array | null {
  const bytes = item.bytes(tag, 131_072);
  if (!bytes || bytes.length < 2) return null;
  const packed = bytes.length < 2 * entries && [0, 1].includes(bytes.length - entries);
  const data = packed ? Uint16Array.from(bytes.subarray(0, entries)) : item.words(tag);
  if (!data || data.length < entries * 0.9) return null;
  return data.slice(0, entries);
}
