/**
 * What a TIFF says of its first picture (TIFF 6.0; BigTIFF), checked before anything is allocated. The
 * directories themselves are read by geotiff.
 */
import { fromArrayBuffer, type GeoTIFF, type ImageFileDirectory } from 'geotiff';
import { damaged, truncated } from '../../errors.ts';
import { Photometric } from './photometric.ts';
import { unreadable } from './refusals.ts';

export const Compression = {
  none: 1,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  packBits: 32_773,
  oldDeflate: 32_946,
} as const;

/** Strips are blocks as wide as the picture. */
export interface Block {
  readonly offset: number;
  readonly bytes: number;
}

export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  /** Bits of one sample: 1 … 16. */
  readonly bits: number;
  /** Samples of a pixel, opacity and other extra ones included. */
  readonly samples: number;
  readonly photometric: number;
  readonly compression: number;
  /** Each sample is the difference from the one on its left. */
  readonly differences: boolean;
  /** Each sample in a plane of its own. */
  readonly planes: boolean;
  readonly littleEndian: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly tiled: boolean;
  /** Row by row, plane by plane. */
  readonly blocks: readonly Block[];
  /** The last sample is opacity. */
  readonly alpha: 'straight' | 'premultiplied' | null;
  /** Red, green and blue, one third of the entries each; 16 bits. */
  readonly palette: ArrayLike<number> | null;
  readonly jpegTables: Uint8Array | null;
  /** 1 … 8 as in EXIF. */
  readonly orientation: number;
  /** Height of a pixel over its width. */
  readonly pixelRatio: number;
  /** MaxSampleValue, or 0. */
  readonly highestSaid: number;
  /** There are further pages, smaller copies of this one not counted. */
  readonly pages: boolean;
  /** Bits of each byte run from the lowest up. */
  readonly reversedBits: boolean;
}

/** Nobody packs a radiograph into more; a damaged number may claim billions. */
const MOST_BLOCKS = 1_000_000;
/** Pages that are looked at for the picture and for a word about more. */
const MOST_PAGES = 8;
const REDUCED_COPY = 1;

/** @throws TruncatedPictureError, DamagedPictureError, UnsupportedVariantError */
export async function readDirectory(file: Uint8Array<ArrayBuffer>): Promise<TiffLayout> {
  const { page, pages, littleEndian } = await findPage(file);
  const tags = await valuesOf(page);
  const layout = layoutOf(tags, littleEndian, pages);
  for (const { offset, bytes } of layout.blocks) {
    if (bytes === 0 || offset === 0) throw damaged('a part of its pixels was never written');
    if (offset + bytes > file.length) throw truncated('a part of its pixels is missing');
  }
  return layout;
}

/** The first page that is no smaller copy of another. */
async function findPage(
  file: Uint8Array<ArrayBuffer>,
): Promise<{ page: ImageFileDirectory; pages: boolean; littleEndian: boolean }> {
  const littleEndian = file[0] === 0x49;
  const whole = file.byteLength === file.buffer.byteLength ? file.buffer : file.slice().buffer;
  let tiff: GeoTIFF;
  let first: ImageFileDirectory;
  try {
    tiff = await fromArrayBuffer(whole);
    first = await tiff.requestIFD(0);
  } catch (error) {
    throw error instanceof RangeError && /outside the bounds/i.test(error.message)
      ? truncated('the list of its parts is missing')
      : damaged('the list of its parts cannot be followed', error);
  }
  const found: ImageFileDirectory[] = [];
  let next: ImageFileDirectory | null = first;
  for (let index = 1; next && index <= MOST_PAGES; index++) {
    if (((await optional(next, 'NewSubfileType')) & REDUCED_COPY) === 0) found.push(next);
    // Pages that cannot be followed are not the one that is shown.
    next = await tiff.requestIFD(index).catch(() => null);
  }
  return { page: found[0] ?? first, pages: found.length > 1, littleEndian };
}

async function optional(page: ImageFileDirectory, tag: 'NewSubfileType'): Promise<number> {
  const value: unknown = await page.loadValue(tag).catch(() => 0);
  return typeof value === 'number' ? value : 0;
}

const TAGS = [
  ...(['ImageWidth', 'ImageLength', 'BitsPerSample', 'Compression', 'FillOrder'] as const),
  ...(['PhotometricInterpretation', 'SamplesPerPixel', 'PlanarConfiguration'] as const),
  ...(['StripOffsets', 'StripByteCounts', 'RowsPerStrip', 'TileWidth', 'TileLength'] as const),
  ...(['TileOffsets', 'TileByteCounts', 'Predictor', 'SampleFormat', 'ExtraSamples'] as const),
  ...(['ColorMap', 'JPEGTables', 'Orientation', 'XResolution', 'YResolution'] as const),
  'MaxSampleValue',
] as const;

type Tag = (typeof TAGS)[number];
type Values = Readonly<Partial<Record<Tag, ArrayLike<number>>>>;

/** Every value as a list of numbers; what cannot be read is left out. */
async function valuesOf(page: ImageFileDirectory): Promise<Values> {
  const values: Partial<Record<Tag, ArrayLike<number>>> = {};
  for (const tag of TAGS) {
    const value: unknown = await page.loadValue(tag).catch(() => {
      // Without these there is no picture; the others have a usual value.
      if (/Offsets|ByteCounts|ColorMap|JPEGTables/.test(tag)) {
        throw truncated(`the list of its parts is not whole (${tag})`);
      }
      return undefined;
    });
    if (typeof value === 'number') values[tag] = [value];
    else if (isNumbers(value)) values[tag] = value;
  }
  return values;
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  return (ArrayBuffer.isView(value) && !(value instanceof DataView)) || Array.isArray(value);
}

function layoutOf(tags: Values, littleEndian: boolean, pages: boolean): TiffLayout {
  const number = (tag: Tag, usual: number): number => tags[tag]?.[0] ?? usual;
  const [width, height] = [number('ImageWidth', 0), number('ImageLength', 0)];
  if (!isCount(width) || !isCount(height)) throw damaged('it has no width or no height');
  const samples = number('SamplesPerPixel', 1);
  const bits = bitsOf(tags, samples);
  const photometric = photometricOf(tags, samples);
  const compression = compressionOf(number('Compression', 1));
  const planes = number('PlanarConfiguration', 1) === 2 && samples > 1;
  const tiled = tags.TileOffsets !== undefined;
  const blockWidth = tiled ? number('TileWidth', 0) : width;
  const rows = tiled ? number('TileLength', 0) : Math.min(height, number('RowsPerStrip', height));
  if (!isCount(blockWidth) || !isCount(rows)) throw damaged('its pixels lie in parts of no size');
  const across = Math.ceil(width / blockWidth);
  const count = across * Math.ceil(height / rows) * (planes ? samples : 1);
  if (count > MOST_BLOCKS) throw damaged('its pixels lie in more parts than there can be');
  const stored = Math.ceil((blockWidth * bits * (planes ? 1 : samples)) / 8) * rows;
  const predictor = number('Predictor', 1);
  if (predictor > 2) throw unreadable('pixels that are no whole numbers');
  return {
    ...{ width, height, bits, samples, photometric, compression, planes, littleEndian, tiled },
    ...{ blockWidth, blockHeight: rows, pages },
    differences: predictor === 2,
    blocks: blocksOf(tags, tiled, count, compression === Compression.none ? stored : 0),
    alpha: alphaOf(tags, samples, photometric),
    palette: photometric === Photometric.palette ? paletteOf(tags, bits) : null,
    jpegTables: tags.JPEGTables ? Uint8Array.from(tags.JPEGTables) : null,
    orientation: orientationOf(number('Orientation', 1)),
    pixelRatio: ratioOf(tags),
    highestSaid: bits === 16 ? Math.max(0, ...Array.from(tags.MaxSampleValue ?? [], Number)) : 0,
    reversedBits: number('FillOrder', 1) === 2,
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function bitsOf({ BitsPerSample, SampleFormat }: Values, samples: number): number {
  const all = Array.from(BitsPerSample ?? [1], Number);
  const [bits = 1] = all;
  if (!isCount(samples) || samples > 8) throw damaged(`it has ${samples} samples a pixel`);
  if (all.some((each) => each !== bits)) throw unreadable('samples of different sizes');
  const format = SampleFormat?.[0] ?? 1;
  if (format === 3 || (format === 2 && bits > 8)) {
    throw unreadable(format === 3 ? 'pixels that are no whole numbers' : 'negative pixel values');
  }
  if (![1, 2, 4, 8, 10, 12, 14, 16].includes(bits)) throw unreadable(`samples of ${bits} bits`);
  return bits;
}

function photometricOf({ PhotometricInterpretation: said }: Values, samples: number): number {
  const photometric = said?.[0] ?? (samples >= 3 ? Photometric.rgb : Photometric.minIsBlack);
  const needed = photometric === Photometric.rgb || photometric === Photometric.ycbcr ? 3 : 1;
  if (photometric === 5) throw unreadable('the colors of printing (CMYK)');
  if (!Object.values<number>(Photometric).includes(photometric)) {
    throw unreadable(`a rare color model (number ${photometric})`);
  }
  if (samples < needed) throw damaged(`${samples} samples a pixel do not make its colors`);
  return photometric;
}

function compressionOf(number: number): number {
  if (number >= 2 && number <= 4) throw unreadable('fax compression (CCITT), which has no grays');
  if (number === 6) throw unreadable('JPEG of an old kind');
  if (!Object.values<number>(Compression).includes(number)) {
    throw unreadable(`a rare way of packing (number ${number})`);
  }
  return number;
}

/** @param stored bytes of an unpacked block, for files that leave the counts away; 0: they may not */
function blocksOf(tags: Values, tiled: boolean, count: number, stored: number): Block[] {
  const offsets = tiled ? tags.TileOffsets : tags.StripOffsets;
  const counts = tiled ? tags.TileByteCounts : tags.StripByteCounts;
  if (!offsets) throw damaged('it does not say where its pixels lie');
  if (offsets.length < count) throw damaged('it does not say where all of its pixels lie');
  if ((counts?.length ?? 0) < count && stored === 0) {
    throw damaged('it does not say how long the parts of its pixels are');
  }
  return Array.from({ length: count }, (_, i) => ({
    offset: offsets[i],
    bytes: counts?.[i] ?? stored,
  }));
}

function alphaOf(
  { ExtraSamples }: Values,
  samples: number,
  photometric: number,
): TiffLayout['alpha'] {
  const colors = photometric === Photometric.rgb ? 3 : 1;
  const kind = ExtraSamples?.[0] ?? 0;
  if (samples !== colors + 1 || kind === 0) return null;
  return kind === 1 ? 'premultiplied' : 'straight';
}

function paletteOf({ ColorMap }: Values, bits: number): ArrayLike<number> {
  if (bits > 8 || (ColorMap?.length ?? 0) < 3 * 2 ** bits) {
    throw damaged('its palette is missing or broken');
  }
  return ColorMap ?? [];
}

function orientationOf(said: number): number {
  return said >= 1 && said <= 8 ? said : 1;
}

/** Dots an inch across over those down. geotiff gives a fraction as two numbers. */
function ratioOf({ XResolution, YResolution }: Values): number {
  const [x = 0, y = 0] = [XResolution, YResolution].map(
    (value) => (value?.[0] ?? 0) / (value?.[1] ?? 1),
  );
  const ratio = x / y;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : 1;
}
