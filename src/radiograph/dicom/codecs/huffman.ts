/** Huffman tables and entropy-coded bits of JPEG (T.81 annex F). */
import { damaged, truncated } from '../../errors.ts';

const FAST_BITS = 9;

export interface HuffmanTable {
  /** For the next FAST_BITS bits: length << 8 | symbol, or 0 for longer codes. */
  readonly fast: Uint16Array;
  /** Longer codes, by length: the largest code of it (-1: none), and where its symbols start. */
  readonly maxCode: Int32Array;
  readonly delta: Int32Array;
  readonly symbols: Uint8Array;
}

/** @param counts how many codes of 1 … 16 bits there are @throws DamagedPictureError */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const fast = new Uint16Array(1 << FAST_BITS);
  const maxCode = new Int32Array(18).fill(-1);
  const delta = new Int32Array(18);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1];
    if (code + count > 1 << length) throw damaged('the code tables of its JPEG are impossible');
    delta[length] = next - code;
    for (let i = 0; i < count; i++, code++, next++) {
      if (length > FAST_BITS) continue;
      const from = code << (FAST_BITS - length);
      fast.fill((length << 8) | symbols[next], from, from + (1 << (FAST_BITS - length)));
    }
    if (count > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { fast, maxCode, delta, symbols };
}

/** Beyond the data come zeros, as the standard's last bits may be cut; more than these are an error. */
const MOST_MISSING_BITS = 64;

/** The bits of one scan; stuffed bytes are taken out, markers end it. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  #missing = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Up to 16 bits. @throws TruncatedPictureError */
  read(count: number): number {
    if (count === 0) return 0;
    this.#fill(count);
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  symbol(table: HuffmanTable): number {
    this.#fill(16);
    const ahead = (this.#bits >>> (this.#count - FAST_BITS)) & ((1 << FAST_BITS) - 1);
    const hit = table.fast[ahead];
    if (hit !== 0) {
      this.#count -= hit >> 8;
      return hit & 255;
    }
    for (let length = FAST_BITS + 1; length <= 16; length++) {
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      if (code <= table.maxCode[length]) {
        this.#count -= length;
        return table.symbols[code + table.delta[length]];
      }
    }
    throw damaged('its compressed pixels cannot be unpacked');
  }

  /** A number of `size` bits in the sign-extended form of T.81 figure F.12. */
  signed(size: number): number {
    if (size === 0) return 0;
    const value = this.read(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Passes over a restart marker: the bits before it are padding. */
  restart(): void {
    this.#count = 0;
    this.#missing = 0;
    const at = this.#at;
    if (this.#bytes[at] !== 0xff || (this.#bytes[at + 1] & 0xf8) !== 0xd0) {
      throw damaged('its compressed pixels do not restart where they say');
    }
    this.#at = at + 2;
  }

  #fill(count: number): void {
    while (this.#count < count) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        this.#missing += 8;
        if (this.#missing > MOST_MISSING_BITS) throw truncated('a part of its pixels is missing');
        this.#bits = (this.#bits << 8) & 0xffffff;
      } else {
        this.#bits = ((this.#bits << 8) | byte) & 0xffffff;
        this.#at += byte === 0xff ? 2 : 1;
      }
      this.#count += 8;
    }
  }
}
