/** A picture's stream → its samples: JPEG, JPEG 2000, or plain ones behind Flate, LZW or run lengths. */
import { damaged } from '../../errors.ts';
import { unpackStream } from '../jpeg-inside.ts';
import { unfilter } from '../png/png-filter.ts';
import { cellsOf, type Cells } from '../tiff/cells.ts';
import { createPainter, type Painting } from '../tiff/paint.ts';
import { Photometric } from '../tiff/photometric.ts';
import { checkFilled, inflate, unpackBits, unpackLzw, type Unpack } from '../unpack.ts';
import type { Chosen } from './choose.ts';
import type { PdfObjects } from './objects.ts';
import { filtersOf } from './pages.ts';
import { locked, unreadable } from './refusals.ts';
import { isDictionary } from './objects.ts';
import { Ref, type Dictionary, type PdfValue } from './syntax.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface PdfPicture {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly painting: Painting;
  /** Black and white stand the other way round (Decode). */
  readonly inverted: boolean;
}

/** What the color space says. */
interface Colors {
  readonly samples: 1 | 3;
  /** Red, green and blue, one third each, of 16 bits. */
  readonly palette: Uint16Array | null;
}

/** A JPEG that was packed once more is hardly larger. */
const MOST_BETWEEN = 100_000_000;

const UNPACK: Readonly<Record<string, Unpack>> = {
  FlateDecode: inflate,
  LZWDecode: unpackLzw,
  RunLengthDecode: unpackBits,
};

/** @throws RadiographError by name; the signal's reason */
export async function readPicture(
  objects: PdfObjects,
  chosen: Chosen,
  signal: AbortSignal | undefined,
): Promise<PdfPicture> {
  const { picture, width, height } = chosen;
  const { dictionary } = picture;
  const filters = filtersOf(objects, dictionary.get('Filter'));
  const last = filters.at(-1) ?? '';
  refuseFilters(filters);
  const inverted = isInverted(objects, dictionary);
  if (last === 'DCTDecode' || last === 'JPXDecode') {
    let bytes = picture.bytes;
    for (const filter of filters.slice(0, -1)) {
      const room = Math.min(MOST_BETWEEN, 65_536 + bytes.length * 50);
      bytes = UNPACK[filter]?.(bytes, room) ?? bytes;
    }
    const colors = last === 'JPXDecode' ? null : colorsOf(objects, dictionary);
    const samples = colors?.samples ?? 1;
    const said = { width, height, samples, bits: 8, color: 'ybr' } as const;
    const packing = last === 'DCTDecode' ? 'jpeg' : 'jpeg-2000';
    const frame = await unpackStream(packing, bytes, said, signal);
    const size = { width: frame.width, height: frame.height };
    const bits = frame.bits ?? (frame.data instanceof Uint8Array ? 8 : 16);
    const cells = { data: frame.data, width: frame.width, samples: frame.samplesPerPixel };
    const palette = frame.samplesPerPixel === 1 ? (colors?.palette ?? null) : null;
    const painting = paint(size, bits, { samples: frame.samplesPerPixel, palette }, cells);
    return { ...size, bits, painting, inverted };
  }
  const colors = colorsOf(objects, dictionary);
  const bits = objects.number(dictionary.get('BitsPerComponent')) ?? 8;
  if (![1, 2, 4, 8, 16].includes(bits)) throw unreadable(`samples of ${bits} bits`);
  const plain = { width, height, bits, samples: colors.samples };
  const { bytes, differences } = samplesOf(objects, dictionary, picture.bytes, filters, plain);
  const layout = { bits, differences, littleEndian: false, blockWidth: width };
  const cells = cellsOf(bytes, layout, colors.samples, height);
  return { width, height, bits, painting: paint({ width, height }, bits, colors, cells), inverted };
}

function paint(
  size: { width: number; height: number },
  bits: number,
  { samples, palette }: Colors,
  cells: Cells,
): Painting {
  const grey = palette ? Photometric.palette : Photometric.minIsBlack;
  const photometric = samples === 3 ? Photometric.rgb : grey;
  const painter = createPainter({ ...size, bits, samples, photometric, palette, alpha: null });
  painter.put([cells], 0, 0, size.height);
  return painter.finish();
}

/** @throws UnsupportedFormatError */
function refuseFilters(filters: readonly string[]): void {
  for (const filter of filters) {
    if (filter === 'CCITTFaxDecode')
      throw unreadable('fax compression (CCITT), which has no grays');
    if (filter === 'JBIG2Decode') throw unreadable('fax compression (JBIG2), which has no grays');
    if (filter === 'Crypt') throw locked();
  }
  const last = filters.at(-1);
  const image = last === 'DCTDecode' || last === 'JPXDecode';
  for (const filter of image ? filters.slice(0, -1) : filters) {
    if (!Object.hasOwn(UNPACK, filter)) throw unreadable(`a rare way of packing (${filter})`);
  }
}

interface Plain {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
}

/** @throws TruncatedPictureError, DamagedPictureError */
function samplesOf(
  objects: PdfObjects,
  dictionary: Dictionary,
  packed: Bytes,
  filters: readonly string[],
  { width, height, bits, samples }: Plain,
): { bytes: Bytes; differences: boolean } {
  const row = Math.ceil((width * samples * bits) / 8);
  const parameters = dictionary.get('DecodeParms') ?? dictionary.get('DP');
  let bytes = packed;
  let differences = false;
  for (const [index, filter] of filters.entries()) {
    const mine = objects.dictionary(
      objects.list(parameters)[index] ?? (index === 0 ? parameters : undefined),
    );
    const predictor = objects.number(mine?.get('Predictor')) ?? 1;
    const filtered = predictor >= 10;
    if (filter === 'LZWDecode' && objects.number(mine?.get('EarlyChange')) === 0) {
      throw unreadable('LZW of a rare kind');
    }
    const isLast = index === filters.length - 1;
    const room = isLast
      ? (row + (filtered ? 1 : 0)) * height
      : Math.min(MOST_BETWEEN, 65_536 + bytes.length * 50);
    bytes = UNPACK[filter]?.(bytes, room) ?? bytes;
    if (filtered) bytes = withoutFilters(bytes, row, height, Math.max(1, (samples * bits) >> 3));
    differences = predictor === 2;
  }
  checkFilled(bytes, row * height);
  if (differences && bits < 8) throw unreadable('differences of few bits');
  return { bytes, differences };
}

/** PNG's filters, one for each line. */
function withoutFilters(bytes: Bytes, row: number, height: number, step: number): Bytes {
  checkFilled(bytes, (row + 1) * height);
  // A line of zeros stands above the first one.
  const lines = new Uint8Array(row * (height + 1));
  for (let y = 0; y < height; y++) {
    const from = y * (row + 1);
    const to = (y + 1) * row;
    lines.set(bytes.subarray(from + 1, from + 1 + row), to);
    unfilter(bytes[from], lines, to, to - row, row, step);
  }
  return lines.subarray(row);
}

/** @throws UnsupportedFormatError, DamagedPictureError */
function colorsOf(objects: PdfObjects, dictionary: Dictionary): Colors {
  return colorsIn(objects, dictionary.get('ColorSpace') ?? dictionary.get('CS'));
}

function colorsIn(objects: PdfObjects, space: PdfValue | undefined): Colors {
  const parts = objects.list(space);
  const name = parts.length > 0 ? objects.name(parts[0]) : objects.name(space);
  switch (name) {
    case '':
    case 'DeviceGray':
    case 'CalGray':
    case 'G':
      return { samples: 1, palette: null };
    case 'DeviceRGB':
    case 'CalRGB':
    case 'RGB':
      return { samples: 3, palette: null };
    case 'ICCBased': {
      const count = objects.number(objects.dictionary(parts[1])?.get('N')) ?? 3;
      if (count === 1 || count === 3) return { samples: count, palette: null };
      throw unreadable('the colors of printing (CMYK)');
    }
    case 'Indexed':
    case 'I':
      return { samples: 1, palette: paletteOf(objects, parts) };
    case 'DeviceCMYK':
    case 'CMYK':
      throw unreadable('the colors of printing (CMYK)');
    default:
      throw unreadable(`a rare color model (${name})`);
  }
}

/** [/Indexed base highest table] */
function paletteOf(objects: PdfObjects, parts: readonly PdfValue[]): Uint16Array {
  const { samples } = colorsIn(objects, parts[1]);
  const table = tableOf(objects, parts[3]);
  const palette = new Uint16Array(3 * 256);
  for (let entry = 0; entry < 256; entry++) {
    for (let channel = 0; channel < 3; channel++) {
      const at = samples === 1 ? entry : 3 * entry + channel;
      palette[channel * 256 + entry] = 257 * (table[at] ?? 0);
    }
  }
  return palette;
}

function tableOf(objects: PdfObjects, value: PdfValue | undefined): Uint8Array {
  const direct = objects.resolve(value);
  if (typeof direct === 'string') {
    return Uint8Array.from(direct, (character) => character.charCodeAt(0));
  }
  const stream = value instanceof Ref ? objects.stream(value.number) : null;
  if (!stream || !isDictionary(direct)) throw damaged('its palette is missing or broken');
  const [filter, ...others] = filtersOf(objects, stream.dictionary.get('Filter'));
  if (others.length > 0) throw unreadable('a palette packed twice');
  return filter === undefined
    ? stream.bytes
    : (UNPACK[filter]?.(stream.bytes, 1024) ?? stream.bytes);
}

/** [1 0], for each of its samples. */
function isInverted(objects: PdfObjects, dictionary: Dictionary): boolean {
  const decode = objects.list(dictionary.get('Decode') ?? dictionary.get('D'));
  const numbers = decode.map((each) => objects.number(each) ?? 0);
  return numbers.length >= 2 && numbers.every((each, i) => (i % 2 === 0 ? each === 1 : each === 0));
}
