/**
 * PNG. Grey of 8 bits (nearly all radiographs) and of 16 (which browsers cut to 8), very large
 * pictures, and everything where the browser's decoder does not give exact bytes, go through our own
 * lines; color and the rare forms through that decoder. It gives grey as four bytes a pixel, which
 * takes longer to unpack, to copy and to average than unpacking the one byte here.
 */
import { createAreaReducer } from '../../pixels/area-reducer.ts';
import type { DecodeInput, RadiographDecoder } from '../decoder.ts';
import { orient, orientFloats, size as orientedSize } from '../exif.ts';
import { checkSize, factsFrom, fittedSize } from '../header.ts';
import { decodeWithImageDecoder, imageDecoderIsTrustworthy } from '../image-decoder.ts';
import { ColorType, readPngChunks, readPngSize, type PngLayout } from './png-chunks.ts';
import { lineReader, type LineReader } from './png-samples.ts';
import { readScanlines } from './png-scanlines.ts';
import { resample } from '../../pixels/resample.ts';
import { highestOf, whiteOf, withWhite } from '../../pixels/white.ts';
import type { DecodedPicture } from '../../types.ts';

/** Line by line a large picture needs little memory; this is a film scanned at 1000 dpi. */
const MOST_PIXELS = 250_000_000;

/** Adam7 needs the whole picture in memory. */
const MOST_INTERLACED_PIXELS = 50_000_000;

export const pngDecoder: RadiographDecoder = {
  format: 'png',
  async decode(input) {
    // The size first: a bomb is refused before its chunks are even walked.
    const size = readPngSize(input.bytes);
    checkSize(
      { ...size, format: 'png', bitsStored: size.bitDepth, orientation: 1, animated: false },
      size.interlaced ? MOST_INTERLACED_PIXELS : MOST_PIXELS,
    );
    const layout = readPngChunks(input.bytes);
    const large = layout.width * layout.height > input.maxPixels;
    // Some browsers turn the picture upright themselves and some do not: our lines always do.
    // A file without its end, or one that claims to move, some browsers refuse.
    const sound = !layout.endMissing && !layout.animated;
    const plain =
      layout.bitDepth < 16 &&
      layout.orientation === 1 &&
      sound &&
      !large &&
      !isWholeByteGrey(layout);
    if (plain && (await imageDecoderIsTrustworthy())) {
      return decodeWithImageDecoder(input, layout, 'image/png');
    }
    return decodePngLines(input, layout);
  },
};

/** Samples that are the picture's bytes as they stand. */
function isWholeByteGrey({ colorType, bitDepth, transparency }: PngLayout): boolean {
  return colorType === ColorType.grey && bitDepth >= 8 && !transparency;
}

/** Our own decoder alone: exact in every browser. */
export async function decodePngLines(
  input: DecodeInput,
  layout: PngLayout,
): Promise<DecodedPicture> {
  const { width, height } = layout;
  const large = width * height > input.maxPixels;
  if (large && !layout.interlaced) return decodeReduced(input, layout);
  if (isWholeByteGrey(layout) && !large) return decodeGrey(input, layout);

  const reader = lineReader(layout);
  const pixels = new Float32Array(width * height);
  const row = new Float32Array(width);
  await readScanlines(
    layout,
    (line, y, pass) => {
      reader.read(line, pass.width, row);
      let to = (pass.y0 + y * pass.dy) * width + pass.x0;
      for (let x = 0; x < pass.width; x++, to += pass.dx) pixels[to] = row[x];
    },
    input.signal,
  );
  const fitted = fittedSize(width, height, input.maxPixels);
  const kept = large
    ? resample({ layout: 'float', data: pixels, width, height }, fitted.width, fitted.height)
    : pixels;
  return uprightPicture(layout, kept, fitted, reader);
}

function uprightPicture(
  layout: PngLayout,
  pixels: Float32Array,
  stored: { width: number; height: number },
  found: LineReader,
): DecodedPicture {
  const { orientation } = layout;
  const white = layout.bitDepth === 16 ? whiteOf(found.highest, layout.significantBits) : 65_535;
  if (white !== 65_535) {
    const gain = 65_535 / white;
    for (let i = 0; i < pixels.length; i++) pixels[i] = Math.min(1, pixels[i] * gain);
  }
  const upright = orientFloats(pixels, stored.width, stored.height, orientation);
  const { width, height } = orientedSize(stored, orientation);
  const facts = withWhite(factsFrom(layout, width, height, found), white);
  return { kind: 'pixels', radiograph: { ...facts, pixels: upright } };
}

/** Grey of 8 or 16 bits, as nearly all radiographs are: the samples as they stand in the file. */
async function decodeGrey(input: DecodeInput, layout: PngLayout): Promise<DecodedPicture> {
  const { width, height } = layout;
  const wide = layout.bitDepth === 16;
  const data = wide ? new Uint16Array(width * height) : new Uint8Array(width * height);
  await readScanlines(
    layout,
    (line, y, pass) => {
      let to = (pass.y0 + y * pass.dy) * width + pass.x0;
      if (wide) {
        for (let x = 0; x < pass.width; x++, to += pass.dx) {
          data[to] = (line[2 * x] << 8) | line[2 * x + 1];
        }
      } else if (pass.dx === 1 && pass.width === width) {
        data.set(line, to);
      } else {
        for (let x = 0; x < pass.width; x++, to += pass.dx) data[to] = line[x];
      }
    },
    input.signal,
  );
  const white =
    data instanceof Uint16Array ? whiteOf(highestOf(data), layout.significantBits) : 255;
  const samples = orient({ width, height, layout: 'grey', data, white }, layout.orientation);
  const facts = withWhite(
    factsFrom(layout, samples.width, samples.height, { colored: false, transparent: false }),
    white,
  );
  return { kind: 'samples', samples, facts };
}

async function decodeReduced(input: DecodeInput, layout: PngLayout): Promise<DecodedPicture> {
  const { width, height } = layout;
  const fitted = fittedSize(width, height, input.maxPixels);
  const reader = lineReader(layout);
  const reducer = createAreaReducer(width, height, fitted.width, fitted.height);
  const row = new Float32Array(width);
  await readScanlines(
    layout,
    (line) => {
      reader.read(line, width, row);
      reducer.push(row);
    },
    input.signal,
  );
  return uprightPicture(layout, reducer.pixels, fitted, reader);
}
