/**
 * JPEG of 12 bits (T.81, sequential DCT, Huffman: "extended", process 4) in grey, our own: no kept
 * package decodes it in the browser. It reads 8 bits as well, which is how the tests hold it against
 * libjpeg.
 */
import { damaged, truncated } from '../../errors.ts';
import { unreadable } from '../refusals.ts';
import { BitReader, huffmanTable, type HuffmanTable } from './huffman.ts';
import { inverseDct } from './inverse-dct.ts';
import type { JpegMember } from './jpeg.ts';

export const codec: JpegMember = {
  decode({ bytes, components, precision, width, height }) {
    if (components !== 1) throw unreadable('color of 12 bits a sample');
    const data = decodeGreyJpeg(bytes, width, height, precision);
    return {
      ...{ data, width, height, samplesPerPixel: 1, planar: 0, color: null },
      ...{ bits: precision, loss: 'unknown' },
    };
  },
};

/** Place in the block of the k-th coefficient of the stream. */
const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27],
  ...[20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51],
  ...[58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

interface Tables {
  readonly quantization: (Uint16Array | undefined)[];
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
  restartInterval: number;
  /** Of the one component: which quantization table it uses. */
  quantizer: number;
}

/**
 * @param precision bits a sample, 8 or 12
 * @returns width × height samples
 * @throws TruncatedPictureError, DamagedPictureError
 */
export function decodeGreyJpeg(
  bytes: Uint8Array,
  width: number,
  height: number,
  precision: number,
): Uint16Array {
  const tables: Tables = { quantization: [], dc: [], ac: [], restartInterval: 0, quantizer: 0 };
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 4 > bytes.length) throw truncated('its pixels are missing');
    const marker = bytes[at + 1];
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (bytes[at] !== 0xff || end > bytes.length) {
      throw damaged('the parts of its JPEG do not follow one another');
    }
    const segment = bytes.subarray(at + 4, end);
    if (marker === 0xdb) readQuantization(segment, tables);
    else if (marker === 0xc4) readHuffman(segment, tables);
    else if (marker === 0xdd) tables.restartInterval = (segment[0] << 8) | segment[1];
    else if (marker === 0xc0 || marker === 0xc1) tables.quantizer = segment[8];
    else if (marker === 0xda) {
      const selectors = segment[2] ?? 0;
      const scan = {
        dc: tables.dc[selectors >> 4],
        ac: tables.ac[selectors & 15],
        quantization: tables.quantization[tables.quantizer],
      };
      if (!scan.dc || !scan.ac || !scan.quantization) {
        throw damaged('the code tables of its JPEG are missing');
      }
      const reader = new BitReader(bytes, end);
      const whole = { dc: scan.dc, ac: scan.ac, quantization: scan.quantization };
      return readScan(reader, whole, width, height, precision, tables.restartInterval);
    }
    at = end;
  }
}

function readQuantization(segment: Uint8Array, tables: Tables): void {
  for (let at = 0; at < segment.length;) {
    const wide = segment[at] >> 4 !== 0;
    const id = segment[at] & 15;
    at++;
    const size = wide ? 128 : 64;
    if (id > 3 || at + size > segment.length)
      throw damaged('the tables of its JPEG are impossible');
    tables.quantization[id] = Uint16Array.from({ length: 64 }, (_, i) =>
      wide ? (segment[at + 2 * i] << 8) | segment[at + 2 * i + 1] : segment[at + i],
    );
    at += size;
  }
}

function readHuffman(segment: Uint8Array, tables: Tables): void {
  for (let at = 0; at < segment.length;) {
    const kind = segment[at] >> 4;
    const id = segment[at] & 15;
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = segment.subarray(at + 17, at + 17 + total);
    if (kind > 1 || id > 3 || counts.length < 16 || symbols.length < total) {
      throw damaged('the code tables of its JPEG are impossible');
    }
    (kind === 0 ? tables.dc : tables.ac)[id] = huffmanTable(counts, symbols);
    at += 17 + total;
  }
}

interface Scan {
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
  readonly quantization: Uint16Array;
}

function readScan(
  reader: BitReader,
  scan: Scan,
  width: number,
  height: number,
  precision: number,
  restartInterval: number,
): Uint16Array {
  const pixels = new Uint16Array(width * height);
  const block = new Float64Array(64);
  const white = 2 ** precision - 1;
  const middle = 2 ** (precision - 1);
  let predictor = 0;
  let count = 0;
  for (let top = 0; top < height; top += 8) {
    const bottom = Math.min(8, height - top);
    for (let left = 0; left < width; left += 8, count++) {
      if (restartInterval > 0 && count > 0 && count % restartInterval === 0) {
        reader.restart();
        predictor = 0;
      }
      block.fill(0);
      predictor += reader.signed(reader.symbol(scan.dc) & 15);
      block[0] = predictor * scan.quantization[0];
      const rows = readAc(reader, scan, block);
      inverseDct(block, rows);
      const right = Math.min(8, width - left);
      for (let y = 0; y < bottom; y++) {
        const to = (top + y) * width + left;
        for (let x = 0; x < right; x++) {
          const value = Math.round(block[y * 8 + x] + middle);
          pixels[to + x] = value < 0 ? 0 : value > white ? white : value;
        }
      }
    }
  }
  return pixels;
}

/** Which rows of coefficients are not all zeros, a bit each. */
function readAc(reader: BitReader, scan: Scan, block: Float64Array): number {
  let rows = 1;
  for (let k = 1; k < 64; k++) {
    const symbol = reader.symbol(scan.ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0) {
      if (run < 15) break;
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) throw damaged('its compressed pixels cannot be unpacked');
    const place = ZIGZAG[k];
    block[place] = reader.signed(size) * scan.quantization[k];
    rows |= 1 << (place >> 3);
  }
  return rows;
}
