/**
 * TIFF: grey, color and palettes of 1 to 16 bits, in strips and tiles. Block by block, each put in its
 * place at once: beside the picture only one unpacked block is in memory.
 */
import { damaged } from '../../errors.ts';
import { resample } from '../../pixels/resample.ts';
import { squareSize } from '../../pixels/square.ts';
import { whiteOf, withWhite } from '../../pixels/white.ts';
import type { DecodedPicture, PictureSamples } from '../../types.ts';
import type { DecodeInput } from '../decoder.ts';
import { orient, swapsAxes } from '../exif.ts';
import { checkSize, factsFrom, fittedSize, type PictureHeader } from '../header.ts';
import { unpackStream } from '../jpeg-inside.ts';
import { asIs, checkFilled, inflate, unpackBits, unpackLzw, type Unpack } from '../unpack.ts';
import { cellsOf, reverseBits, type Cells } from './cells.ts';
import { Compression, readDirectory, type TiffLayout } from './directory.ts';
import { createPainter, type Painting } from './paint.ts';
import { Photometric } from './photometric.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** One or two bytes a pixel, besides the file itself and one unpacked block. */
const MOST_PIXELS = 100_000_000;
/** Bytes of one unpacked block: old writers put the whole picture into one. */
const MOST_BLOCK_BYTES = 200_000_000;
/** Between two looks at whether someone stopped this. */
const PAUSE_MS = 50;

const UNPACK: Readonly<Partial<Record<number, Unpack>>> = {
  [Compression.none]: asIs,
  [Compression.lzw]: unpackLzw,
  [Compression.deflate]: inflate,
  [Compression.oldDeflate]: inflate,
  [Compression.packBits]: unpackBits,
};

/** @throws RadiographError by name; the signal's reason */
export async function decodeTiff(input: DecodeInput): Promise<DecodedPicture> {
  const layout = await readDirectory(input.bytes);
  const { width, height, bits, orientation, pages } = layout;
  const header: PictureHeader = {
    ...{ width, height, bitsStored: bits, orientation, animated: pages },
    format: 'tiff',
  };
  checkSize(header, MOST_PIXELS);
  if (blockRowBytes(layout) * layout.blockHeight > MOST_BLOCK_BYTES) {
    throw damaged('its pixels lie in parts that are too large');
  }
  const painting = await paint(layout, input.bytes, input.signal);
  const white = whiteIn(painting, layout);
  if (layout.photometric === Photometric.minIsWhite) {
    const { data } = painting;
    for (let i = 0; i < data.length; i++) data[i] = white - data[i];
  }
  const stored: PictureSamples = { width, height, layout: 'grey', data: painting.data, white };
  const upright = orient(stored, orientation);
  const ratio = swapsAxes(orientation) ? 1 / layout.pixelRatio : layout.pixelRatio;
  const square = squareSize(upright.width, upright.height, ratio);
  const fitted = fittedSize(square.width, square.height, input.maxPixels);
  const plain = factsFrom(header, fitted.width, fitted.height, painting);
  const facts = bits === 16 ? withWhite(plain, white) : plain;
  if (fitted.width === upright.width && fitted.height === upright.height) {
    return { kind: 'samples', samples: upright, facts };
  }
  const pixels = resample(upright, fitted.width, fitted.height);
  return { kind: 'pixels', radiograph: { ...facts, pixels } };
}

/** The rule of white.ts for files of 16 bits; the others are as their bits say. */
function whiteIn({ white, highest }: Painting, { bits, highestSaid }: TiffLayout): number {
  if (bits !== 16) return white;
  return whiteOf(highest, highestSaid > 0 ? 32 - Math.clz32(highestSaid) : 0);
}

/** Bytes of one unpacked row of a block. */
function blockRowBytes({ blockWidth, bits, planes, samples }: TiffLayout): number {
  return Math.ceil((blockWidth * bits * (planes ? 1 : samples)) / 8);
}

async function paint(
  layout: TiffLayout,
  file: Bytes,
  signal: AbortSignal | undefined,
): Promise<Painting> {
  const { width, height, blockWidth, blockHeight, planes, samples, blocks } = layout;
  const painter = createPainter(layout);
  const across = Math.ceil(width / blockWidth);
  const plane = across * Math.ceil(height / blockHeight);
  let looked = performance.now();
  for (let index = 0; index < plane; index++) {
    const left = (index % across) * blockWidth;
    const top = Math.floor(index / across) * blockHeight;
    const rows = Math.min(blockHeight, height - top);
    const parts: Cells[] = [];
    for (let sample = 0; sample < (planes ? samples : 1); sample++) {
      const { offset, bytes } = blocks[sample * plane + index];
      parts.push(await unpack(layout, file.subarray(offset, offset + bytes), rows, signal));
    }
    painter.put(parts, left, top, rows);
    if (performance.now() - looked < PAUSE_MS) continue;
    // Lets a message that stops this arrive.
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    looked = performance.now();
  }
  return painter.finish();
}

/** @param rows of the block that belong to the picture; a tile has more of them, a last strip has not */
async function unpack(
  layout: TiffLayout,
  given: Bytes,
  rows: number,
  signal: AbortSignal | undefined,
): Promise<Cells> {
  const packed = layout.reversedBits ? reverseBits(given) : given;
  if (layout.compression === Compression.jpeg) return unpackJpeg(layout, packed, rows, signal);
  const row = blockRowBytes(layout);
  const block = UNPACK[layout.compression]?.(packed, row * rows) ?? packed;
  checkFilled(block, row * rows);
  return cellsOf(block, layout, layout.planes ? 1 : layout.samples, rows);
}

async function unpackJpeg(
  layout: TiffLayout,
  packed: Bytes,
  rows: number,
  signal: AbortSignal | undefined,
): Promise<Cells> {
  const { blockWidth, blockHeight, bits, planes, samples, tiled, photometric } = layout;
  const said = {
    width: blockWidth,
    height: tiled ? blockHeight : rows,
    samples: planes ? 1 : samples,
    bits,
    color: photometric === Photometric.rgb ? 'rgb' : 'ybr',
  } as const;
  const frame = await unpackStream('jpeg', withTables(packed, layout.jpegTables), said, signal);
  const expected = said.samples >= 3 ? 3 : 1;
  if (frame.width < said.width || frame.height < rows || frame.samplesPerPixel !== expected) {
    throw damaged('a part of its pixels has another size than it says');
  }
  return { data: frame.data, width: frame.width, samples: frame.samplesPerPixel };
}

/** Tables that all blocks share stand once in the file; a JPEG of its own has them before its scan. */
function withTables(block: Bytes, tables: Uint8Array | null): Bytes {
  // Its own marks for beginning and end are left away.
  const inner = tables?.subarray(2, tables.length - 2) ?? new Uint8Array(0);
  if (inner.length === 0 || block[0] !== 0xff || block[1] !== 0xd8) return block;
  const whole = new Uint8Array(block.length + inner.length);
  whole.set(block.subarray(0, 2));
  whole.set(inner, 2);
  whole.set(block.subarray(2), 2 + inner.length);
  return whole;
}
