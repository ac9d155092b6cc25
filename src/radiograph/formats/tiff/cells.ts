/** Unpacked bytes of a block → samples, one a cell, in this machine's byte order. */
import type { TiffLayout } from './directory.ts';

type SampleLayout = Pick<TiffLayout, 'blockWidth' | 'bits' | 'littleEndian' | 'differences'>;

export interface Cells {
  readonly data: Uint8Array | Uint16Array;
  /** Pixels of a row. */
  readonly width: number;
  /** Cells of a pixel. */
  readonly samples: number;
}

/** @param samples of a pixel in this block: all of them, or one where each has its own plane */
export function cellsOf(
  bytes: Uint8Array,
  layout: SampleLayout,
  samples: number,
  rows: number,
): Cells {
  const { blockWidth: width, bits, littleEndian, differences } = layout;
  const row = width * samples;
  let data: Cells['data'];
  if (bits === 8) data = bytes;
  else if (bits === 16) data = words(bytes, littleEndian);
  else data = unpacked(bytes, row, rows, bits);
  if (differences) undoDifferences(data, row, rows, samples);
  return { data, width, samples };
}

function words(bytes: Uint8Array, littleEndian: boolean): Uint16Array {
  const data = new Uint16Array(bytes.length >> 1);
  const [low, high] = littleEndian ? [0, 1] : [1, 0];
  for (let i = 0, at = 0; i < data.length; i++, at += 2) {
    data[i] = bytes[at + low] | (bytes[at + high] << 8);
  }
  return data;
}

/** Rows begin at whole bytes; within one, the highest bit comes first. */
function unpacked(bytes: Uint8Array, row: number, rows: number, bits: number): Cells['data'] {
  const data = bits > 8 ? new Uint16Array(row * rows) : new Uint8Array(row * rows);
  const mask = 2 ** bits - 1;
  const rowBytes = Math.ceil((row * bits) / 8);
  for (let y = 0; y < rows; y++) {
    let at = y * rowBytes;
    let held = 0;
    let buffer = 0;
    for (let x = 0; x < row; x++) {
      for (; held < bits; held += 8) buffer = ((buffer << 8) | bytes[at++]) & 0xff_ffff;
      held -= bits;
      data[y * row + x] = (buffer >> held) & mask;
    }
  }
  return data;
}

/** TIFF 6.0, section 14: each sample is what it is more than the one of the pixel before. */
function undoDifferences(data: Cells['data'], row: number, rows: number, samples: number): void {
  for (let y = 0; y < rows; y++) {
    const end = Math.min(data.length, (y + 1) * row);
    for (let at = y * row + samples; at < end; at++) data[at] += data[at - samples];
  }
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) out |= 0x80 >> bit;
  return out;
});

/** For FillOrder 2: the lowest bit of each byte comes first. */
export function reverseBits(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte) => REVERSED[byte]);
}
