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

/** Stored value → modality value; null where the file has none that makes sense. */
export function modalityOf(fields: Fields, signed: boolean): Curve {
  const item = fields.items('x00283000')[0];
  const lut = item ? readLut(item, signed) : null;
  if (lut) return (stored) => lut.data[clampIndex(stored - lut.first, lut.data.length)];
  const slope = fields.number('x00281053') ?? 1;
  const intercept = fields.number('x00281052') ?? 0;
  return slope === 0 ? (stored) => stored : (stored) => stored * slope + intercept;
}

/** What the file offers to see it by: its look-up tables, then its windows, in its own order. */
export function voisOf(fields: Fields, signed: boolean): Voi[] {
  const luts = fields.items('x00283010').flatMap((item) => {
    const lut = readLut(item, signed);
    return lut ? [lutVoi(lut, item.text('x00283003'))] : [];
  });
  return [...luts, ...windows(fields)];
}

function windows(fields: Fields): Voi[] {
  const centers = fields.numbers('x00281050');
  const widths = fields.numbers('x00281051');
  const names = fields.texts('x00281055');
  const shape = fields.text('x00281056').toUpperCase();
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

/**
 * A look-up table whose parts fit one another: as many entries as it says, bits that its entries
 * fill, and a rise. Null for any other.
 */
function readLut(item: Fields, signed: boolean): Lut | null {
  const [count = 0, start = 0, bits = 0] = item.words('x00283002') ?? [];
  const entries = count === 0 ? 65_536 : count;
  if (bits < 8 || bits > 16) return null;
  const data = lutData(item, 'x00283006', entries, bits);
  if (!data) return null;
  const white = 2 ** bits - 1;
  let least = white;
  let most = 0;
  for (const value of data) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // A table of 12 bits that calls itself one of 16 would draw everything black.
  if (most > white || most - least < white / 2) return null;
  const first = signed && start > 32_767 ? start - 65_536 : start;
  return { first, data, white };
}

/** Entries of two bytes, or of one where the length says so; null if there are too few. */
export function lutData(
  item: Fields,
  tag: string,
  entries: number,
  bits: number,
): Uint16Array | null {
  const bytes = item.bytes(tag, 131_072);
  if (!bytes || bytes.length < entries) return null;
  if (bytes.length < 2 * entries) {
    return bits === 8 ? Uint16Array.from(bytes.subarray(0, entries)) : null;
  }
  return item.words(tag)?.slice(0, entries) ?? null;
}
