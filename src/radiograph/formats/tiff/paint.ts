/** Blocks of samples, put in their places as grey. Color becomes its brightness, transparency black. */
import { LUMINANCE } from '../../pixels/luminance.ts';
import type { Cells } from './cells.ts';
import type { TiffLayout } from './directory.ts';
import { Photometric } from './photometric.ts';

/** Channels this far apart (of 1) are color, not a rounding of grey; one pixel in a hundred. */
const CHROMA = 0.08;
const COLORED_SHARE = 0.01;
const ALL = 65_535;

export type PaintLayout = Pick<
  TiffLayout,
  'width' | 'height' | 'bits' | 'samples' | 'photometric' | 'palette' | 'alpha'
>;

export interface Painting {
  /**
   * Row-major, one a pixel. Grey as it stands in the file; color and palettes as brightness, spread
   * over 16 bits where the file has 8.
   */
  readonly data: Uint8Array | Uint16Array;
  /** What a cell's white is where the file is taken at its word. */
  readonly white: number;
  /** The highest sample of a file of 16 bits. */
  readonly highest: number;
  readonly colored: boolean;
  readonly transparent: boolean;
}

export interface Painter {
  /**
   * @param block one, with all samples of each pixel, or one for each sample
   * @param left and `top`: its place in pixels
   * @param rows of it that belong to the picture
   */
  put(block: readonly Cells[], left: number, top: number, rows: number): void;
  finish(): Painting;
}

export function isGrey({ photometric }: PaintLayout): boolean {
  return photometric === Photometric.minIsBlack || photometric === Photometric.minIsWhite;
}

export function createPainter(layout: PaintLayout): Painter {
  return isGrey(layout) ? greyPainter(layout) : colorPainter(layout);
}

/** Where the cell of a sample lies, for pixel `i` of a block. */
function cellAt(block: readonly Cells[], sample: number): { data: Cells['data']; step: number } {
  const plane = block[sample];
  if (block.length > 1 && plane) return { data: plane.data, step: 1 };
  const [{ data, samples }] = block;
  return { data: data.subarray(sample), step: samples };
}

function greyPainter(layout: PaintLayout): Painter {
  const { width, height, bits, alpha, samples } = layout;
  const data = bits > 8 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const white = 2 ** bits - 1;
  let highest = 0;
  let transparent = false;
  return {
    put(block, left, top, rows) {
      const across = Math.min(block[0].width, width - left);
      const grey = cellAt(block, 0);
      const cover = alpha ? cellAt(block, samples - 1) : null;
      for (let y = 0; y < rows; y++) {
        const from = y * block[0].width;
        const to = (top + y) * width + left;
        if (grey.step === 1 && !cover) {
          data.set(grey.data.subarray(from, from + across), to);
          continue;
        }
        for (let x = 0; x < across; x++) {
          const value = grey.data[(from + x) * grey.step];
          const opacity = cover ? cover.data[(from + x) * cover.step] : white;
          if (opacity < white) transparent = true;
          data[to + x] = alpha === 'straight' ? Math.round((value * opacity) / white) : value;
        }
      }
      if (bits < 16) return;
      for (let y = 0; y < rows; y++) {
        const from = (top + y) * width + left;
        for (let at = from; at < from + across; at++) if (data[at] > highest) highest = data[at];
      }
    },
    finish: () => ({ data, white, highest, colored: false, transparent }),
  };
}

function colorPainter(layout: PaintLayout): Painter {
  const { width, height, bits, alpha, samples, palette } = layout;
  const data = new Uint16Array(width * height);
  const full = 2 ** bits - 1;
  // Sixteen bits stay as they are: what is white among them is only known at the end.
  const gain = bits === 16 ? 1 : ALL / full;
  const entries = palette ? paletteEntries(palette, bits) : null;
  const [red, green, blue] = LUMINANCE;
  let highest = 0;
  let colored = 0;
  let transparent = false;
  return {
    put(block, left, top, rows) {
      const across = Math.min(block[0].width, width - left);
      const [r, g, b] = [0, 1, 2].map((sample) => cellAt(block, entries ? 0 : sample));
      const cover = alpha ? cellAt(block, samples - 1) : null;
      for (let y = 0; y < rows; y++) {
        const from = y * block[0].width;
        const to = (top + y) * width + left;
        for (let x = 0; x < across; x++) {
          const i = from + x;
          if (entries) {
            const entry = r.data[i * r.step];
            data[to + x] = entries.grey[entry] ?? 0;
            colored += entries.colored[entry] ?? 0;
            continue;
          }
          const [rv, gv, bv] = [r.data[i * r.step], g.data[i * g.step], b.data[i * b.step]];
          const most = Math.max(rv, gv, bv);
          if (most > highest) highest = most;
          if (most - Math.min(rv, gv, bv) > CHROMA * full) colored++;
          let light = red * rv + green * gv + blue * bv;
          if (cover) {
            const opacity = cover.data[i * cover.step];
            if (opacity < full) transparent = true;
            if (alpha === 'straight') light *= opacity / full;
          }
          data[to + x] = light * gain + 0.5;
        }
      }
    },
    finish: () => ({
      ...{ data, white: ALL, highest, transparent },
      colored: colored > data.length * COLORED_SHARE,
    }),
  };
}

/** Brightness of each entry, and whether it shows color. */
function paletteEntries(
  palette: ArrayLike<number>,
  bits: number,
): { grey: Uint16Array; colored: Uint8Array } {
  const count = 2 ** bits;
  const values = Array.from({ length: 3 * count }, (_, i) => palette[i]);
  // Some writers give a palette of 16 bits the values of one of 8.
  const gain = values.every((value) => value <= 255) ? 257 : 1;
  const grey = new Uint16Array(count);
  const colored = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [0, 1, 2].map((channel) => gain * values[channel * count + i]);
    grey[i] = LUMINANCE[0] * r + LUMINANCE[1] * g + LUMINANCE[2] * b + 0.5;
    colored[i] = Math.max(r, g, b) - Math.min(r, g, b) > CHROMA * ALL ? 1 : 0;
  }
  return { grey, colored };
}
