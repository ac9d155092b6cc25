/**
 * Stored samples → grey, by one table over every cell a sample can be.
 *
 * For the model (`purpose: 'model'`) the rule is fixed and knows nothing of what the viewer shows:
 *  1. modality look-up table or rescale slope and intercept;
 *  2. the first VOI look-up table, else the first VOI window, under which the picture can be seen
 *     (its 2nd and 98th percentile lie at least a fifth of the grey scale apart);
 *  3. without one: up to 8 bits the whole stored range as it is; above, from the 0.5th to the 99.5th
 *     percentile of the picture's own values, without padding, or from its least to its highest value
 *     where these percentiles lie within a fortieth of them: then nothing sticks out;
 *  4. MONOCHROME1, or a presentation LUT shape INVERSE: turned around, after all of this;
 *  5. padding is black.
 * It sees only the samples and the header: the same picture gives the same numbers in every lossless
 * transfer syntax. This is a radiologist's first sight of the picture, which is what the pictures
 * were made from that the model learned from.
 *
 * For viewing the whole range becomes 0 … 1, and what would have been used in 2 or 3 comes first
 * among the presets.
 */
import type { DecodePurpose, ViewPreset } from '../types.ts';
import type { PlainFrame } from './codecs/codec.ts';
import type { Fields } from './fields.ts';
import type { PixelLayout } from './header.ts';
import { modalityOf, ramp, voisOf, type Voi } from './voi.ts';

export interface GreyMap {
  /** Grey 0 … 65535 by cell. */
  readonly table: Uint16Array;
  /** What the file says of its grey and could not be used. */
  readonly notes: readonly string[];
  readonly presets: readonly ViewPreset[];
}

/** Samples looked at to know how a picture's values are spread. */
const LOOKED_AT = 1_000_000;
/** A window or table under which less of the grey scale is used shows nothing. */
const LEAST_SPREAD = 0.2;
const TAIL = 0.005;
/** Of the picture's own range: what lies beyond the tails is a letter or an edge only if it reaches further. */
const SHORT = 0.025;
const CURVE_POINTS = 4096;
/** A window wider than this many times the picture's range is drawn, but does not set the scale. */
const WIDEST = 4;

/**
 * @param data one sample a pixel
 * @param loss how far a sample may be off
 * @throws DamagedPictureError where a number that decides about grey cannot be read
 */
export function greyMap(
  data: Uint8Array | Uint16Array,
  layout: PixelLayout,
  fields: Fields,
  purpose: DecodePurpose,
  loss: PlainFrame['loss'],
): GreyMap {
  const notes: string[] = [];
  const cells = readCells(data, layout, fields, loss, notes);
  const spread = spreadOf(cells, data, layout, purpose === 'viewing' ? Infinity : LOOKED_AT);
  const chosen = choose(cells, spread, layout, voisOf(fields, layout.signed, notes));
  const inverted = isInverted(layout, fields);
  if (purpose === 'model') {
    return { table: tableOf(cells, chosen.first.grey, inverted), presets: [], notes };
  }
  const [low, high] = rangeToView(cells, spread, layout, chosen.offered);
  const presets = chosen.offered.map((voi) => presetOf(voi, low, high, inverted));
  return { table: tableOf(cells, ramp(low, high), inverted), presets, notes };
}

interface Cells {
  /** Modality value of every cell. */
  readonly values: Float64Array;
  /** 1: no part of the picture. */
  readonly padding: Uint8Array;
}

interface Spread {
  /** The value below which this share of the picture lies. */
  quantile(share: number): number;
  readonly least: number;
  readonly most: number;
}

function readCells(
  data: Uint8Array | Uint16Array,
  { bitsStored, highBit, signed }: PixelLayout,
  fields: Fields,
  loss: PlainFrame['loss'],
  notes: string[],
): Cells {
  const count = data instanceof Uint8Array ? 256 : 65_536;
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsStored - 1;
  const sign = signed ? 2 ** (bitsStored - 1) : 0;
  const modality = modalityOf(fields, signed, notes);
  const values = new Float64Array(count);
  const stored = new Int32Array(count);
  for (let cell = 0; cell < count; cell++) {
    const bits = (cell >> shift) & mask;
    stored[cell] = bits & sign ? bits - 2 * sign : bits;
    values[cell] = modality(stored[cell]);
  }
  return { values, padding: paddingCells(fields, data, stored, signed, mask, loss) };
}

/** A lossy codec that does not say how far it goes may move padding by this share of the range. */
const LOSSY_SHARE = 0.01;
/** What was moved lies this many times closer together than what lies beside it. */
const LEAST_CROWD = 4;

/**
 * 1 for each cell that Pixel Padding Value (0028,0120) and the other end of its range (0028,0121)
 * name. A value outside of the stored bits means whole cells. After a lossy codec values near it are
 * padding too, where there is a crowd of them.
 */
function paddingCells(
  fields: Fields,
  data: Uint8Array | Uint16Array,
  stored: Int32Array,
  signed: boolean,
  mask: number,
  loss: PlainFrame['loss'],
): Uint8Array {
  const padding = new Uint8Array(stored.length);
  const read = (tag: number): number | undefined => {
    if (!fields.has(tag)) return undefined;
    const value = fields.uint16(tag);
    if (value === undefined) return undefined;
    return signed && value > 32_767 ? value - 65_536 : value;
  };
  const value = read(0x00280120);
  if (value === undefined) return padding;
  const limit = read(0x00280121) ?? value;
  const [low, high] = [Math.min(value, limit), Math.max(value, limit)];
  const wide = Math.abs(loss === 'unknown' ? mask * LOSSY_SHARE : loss);
  const near = wide > 0 && isCrowd(data, stored, low, high, wide) ? wide : 0;
  for (let cell = 0; cell < stored.length; cell++) {
    const whole = signed && stored.length > 256 && cell > 32_767 ? cell - 65_536 : cell;
    const inside = stored[cell] >= low - near && stored[cell] <= high + near;
    padding[cell] = inside || (whole >= low && whole <= high && low > mask) ? 1 : 0;
  }
  return padding;
}

/** Whether values around the padding are much more frequent than those a little further away. */
function isCrowd(
  data: Uint8Array | Uint16Array,
  stored: Int32Array,
  low: number,
  high: number,
  near: number,
): boolean {
  let [inside, beside] = [0, 0];
  const step = Math.max(1, Math.floor(data.length / 100_000));
  for (let i = 0; i < data.length; i += step) {
    const value = stored[data[i]];
    if (value >= low - near && value <= high + near) inside++;
    else if (value >= low - 3 * near - 1 && value <= high + 3 * near + 1) beside++;
  }
  return inside > LEAST_CROWD * beside;
}

/** Rows are passed over to look at about `most` samples; which ones depends on the size alone. */
function spreadOf(
  { values, padding }: Cells,
  data: Uint8Array | Uint16Array,
  { width, height }: PixelLayout,
  most: number,
): Spread {
  const counts = new Uint32Array(values.length);
  const step = Math.max(1, Math.ceil((width * height) / most));
  for (let y = 0; y < height; y += step) countRow(data, y * width, width, counts);
  const used: number[] = [];
  let total = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] === 0 || padding[cell] === 1) continue;
    used.push(cell);
    total += counts[cell];
  }
  used.sort((a, b) => values[a] - values[b]);
  const quantile = (share: number): number => {
    let sum = 0;
    for (const cell of used) {
      sum += counts[cell];
      if (sum >= share * total) return values[cell];
    }
    return values[used.at(-1) ?? 0];
  };
  return { quantile, least: values[used[0] ?? 0], most: values[used.at(-1) ?? 0] };
}

function countRow(
  data: Uint8Array | Uint16Array,
  from: number,
  width: number,
  counts: Uint32Array,
): void {
  if (data instanceof Uint8Array) for (let i = from; i < from + width; i++) counts[data[i]]++;
  else for (let i = from; i < from + width; i++) counts[data[i]]++;
}

function choose(
  cells: Cells,
  spread: Spread,
  layout: PixelLayout,
  vois: readonly Voi[],
): { first: Voi; offered: readonly Voi[] } {
  const low = spread.quantile(0.02);
  const high = spread.quantile(0.98);
  const shows = ({ grey }: Voi): boolean => Math.abs(grey(high) - grey(low)) >= LEAST_SPREAD;
  const first = vois.find(shows);
  if (first) return { first, offered: [first, ...vois.filter((voi) => voi !== first)] };
  const plain = layout.bitsStored <= 8 ? wholeRange(cells) : middle(spread);
  return { first: plain, offered: layout.bitsStored <= 8 ? vois : [plain, ...vois] };
}

function middle(spread: Spread): Voi {
  const low = spread.quantile(TAIL);
  const high = spread.quantile(1 - TAIL);
  const { least, most } = spread;
  const short = SHORT * (most - least);
  const sticksOut = low - least > short || most - high > short;
  return sticksOut && low < high ? straight(low, high) : straight(least, most);
}

function wholeRange({ values }: Cells): Voi {
  let low = values[0];
  let high = values[0];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return straight(low, high);
}

function straight(low: number, high: number): Voi {
  return { name: '', low, high, straight: true, grey: ramp(low, high) };
}

/** DX writes INVERSE beside MONOCHROME1: they say the same (PS3.3 C.8.11.3.1.2), once. */
function isInverted({ photometric }: PixelLayout, fields: Fields): boolean {
  return photometric === 'MONOCHROME1' || fields.text(0x20500020).toUpperCase() === 'INVERSE';
}

function tableOf(
  { values, padding }: Cells,
  grey: (value: number) => number,
  inverted: boolean,
): Uint16Array {
  return Uint16Array.from(values, (value, cell) => {
    if (padding[cell] === 1) return 0;
    const light = Math.min(1, Math.max(0, grey(value)));
    return Math.round(65_535 * (inverted ? 1 - light : light));
  });
}

/** Values that 0 and 1 stand for in the viewer: the picture's own, and the windows' as far as is sane. */
function rangeToView(
  cells: Cells,
  spread: Spread,
  layout: PixelLayout,
  vois: readonly Voi[],
): [number, number] {
  if (layout.bitsStored <= 8) {
    const { low, high } = wholeRange(cells);
    return [low, high];
  }
  const own = Math.max(1, spread.most - spread.least);
  const low = Math.min(spread.least, ...vois.map((voi) => voi.low));
  const high = Math.max(spread.most, ...vois.map((voi) => voi.high));
  return [Math.max(low, spread.least - WIDEST * own), Math.min(high, spread.most + WIDEST * own)];
}

function presetOf(voi: Voi, low: number, high: number, inverted: boolean): ViewPreset {
  const range = Math.max(high - low, Number.MIN_VALUE);
  const center = ((voi.low + voi.high) / 2 - low) / range;
  const place = {
    name: voi.name,
    center: inverted ? 1 - center : center,
    width: (voi.high - voi.low) / range,
  };
  if (voi.straight) return place;
  const curve = Float32Array.from({ length: CURVE_POINTS }, (_, i) => {
    const x = i / (CURVE_POINTS - 1);
    const grey = Math.min(1, Math.max(0, voi.grey(low + (inverted ? 1 - x : x) * range)));
    return inverted ? 1 - grey : grey;
  });
  return { ...place, curve };
}
