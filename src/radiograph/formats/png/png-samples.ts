/** PNG lines → luminance floats, for every color type and bit depth. Transparency lies over black. */
import { LUMINANCE } from '../../pixels/luminance.ts';
import { ColorType, type PngLayout } from './png-chunks.ts';
import { channelsOf } from './png-scanlines.ts';

export interface LineReader {
  /** `line`: `count` pixels packed as in the file → `count` floats 0 … 1 into `out`. */
  read(line: Uint8Array, count: number, out: Float32Array): void;
  /** What was met so far. */
  readonly colored: boolean;
  readonly transparent: boolean;
  /** The highest sample, opacity left out; 0 below 16 bits, where nobody asks. */
  readonly highest: number;
}

/** Channels this far apart (of 1) are color, not a rounding of grey; one pixel in a hundred. */
const CHROMA = 0.08;
const COLORED_SHARE = 0.01;

export function lineReader(layout: PngLayout): LineReader {
  const { bitDepth, colorType, palette, transparency } = layout;
  const channels = channelsOf(colorType);
  const [red, green, blue] = LUMINANCE;
  const white = colorType === ColorType.palette ? 255 : 2 ** bitDepth - 1;
  const sample = sampleReader(bitDepth);
  const key = colorKey(layout);
  let pixels = 0;
  let coloredPixels = 0;
  let transparentPixels = 0;
  let highest = 0;
  const colors = colorType === ColorType.rgb || colorType === ColorType.rgba ? 3 : 1;

  const color = (r: number, g: number, b: number): number => {
    if (Math.max(r, g, b) - Math.min(r, g, b) > CHROMA * white) coloredPixels++;
    return (red * r + green * g + blue * b) / white;
  };
  const over = (value: number, opacity: number): number => {
    if (opacity === 1) return value;
    transparentPixels++;
    return value * opacity;
  };
  const matches = (line: Uint8Array, at: number): boolean =>
    key?.every((value, channel) => sample(line, at + channel) === value) ?? false;

  const valueAt = (line: Uint8Array, at: number): number => {
    switch (colorType) {
      case ColorType.grey:
        return over(sample(line, at) / white, matches(line, at) ? 0 : 1);
      case ColorType.greyAlpha:
        return over(sample(line, at) / white, sample(line, at + 1) / white);
      case ColorType.palette: {
        const entry = sample(line, at);
        const [r, g, b] = palette?.subarray(entry * 3, entry * 3 + 3) ?? [];
        // An index beyond the table is black, as browsers have it.
        return over(color(r ?? 0, g ?? 0, b ?? 0), (transparency?.[entry] ?? 255) / 255);
      }
      default: {
        const value = color(sample(line, at), sample(line, at + 1), sample(line, at + 2));
        if (colorType === ColorType.rgba) return over(value, sample(line, at + 3) / white);
        return over(value, matches(line, at) ? 0 : 1);
      }
    }
  };

  return {
    read(line, count, out) {
      pixels += count;
      for (let x = 0; x < count; x++) out[x] = valueAt(line, x * channels);
      if (bitDepth < 16) return;
      for (let x = 0; x < count; x++) {
        for (let color = 0; color < colors; color++) {
          highest = Math.max(highest, sample(line, x * channels + color));
        }
      }
    },
    get colored() {
      return coloredPixels > pixels * COLORED_SHARE;
    },
    get highest() {
      return highest;
    },
    get transparent() {
      return transparentPixels > 0;
    },
  };
}

type SampleReader = (line: Uint8Array, index: number) => number;

function sampleReader(bitDepth: number): SampleReader {
  if (bitDepth === 8) return (line, i) => line[i];
  if (bitDepth === 16) return (line, i) => (line[2 * i] << 8) | line[2 * i + 1];
  const mask = 2 ** bitDepth - 1;
  return (line, i) => {
    const bit = i * bitDepth;
    return (line[bit >> 3] >> (8 - bitDepth - (bit & 7))) & mask;
  };
}

/** The sample (or triple) that tRNS makes transparent; two bytes each, whatever the depth. */
function colorKey({ colorType, transparency }: PngLayout): number[] | null {
  const count = { [ColorType.grey as number]: 1, [ColorType.rgb as number]: 3 }[colorType];
  if (!count || !transparency || transparency.length < 2 * count) return null;
  return Array.from(
    { length: count },
    (_, i) => (transparency[2 * i] << 8) | transparency[2 * i + 1],
  );
}
