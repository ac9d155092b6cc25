/**
 * Whether a JPEG holds all of its picture. Decoders fill what is missing with plain gray and say
 * nothing, so a file that lost bytes in its middle would be read with half a chest in it. The codes
 * are followed (ITU T.81, F.2.2 and G.1.2) and the blocks counted; no coefficient is computed.
 */
import type { HuffmanSpec, JpegParts, JpegScan } from './jpeg-parts.ts';

export interface ScanFindings {
  /** Of the picture, 0 … 1, in the scan that lacks most. */
  readonly missing: number;
  /** Codes that mean nothing: from there on the picture is noise. */
  readonly garbled: boolean;
}

/** For each 16 bits that may come: length of the code in the upper byte, its symbol in the lower; 0: no code. */
type Lookup = Uint16Array;

/** A read past the end must find bytes; four are looked at from any bit. */
const PADDING = 8;
const COEFFICIENTS = 64;

export function checkScans(bytes: Uint8Array, parts: JpegParts): ScanFindings {
  const lookups = new Map<HuffmanSpec, Lookup>();
  const lookupOf = (spec: HuffmanSpec | undefined): Lookup | null => {
    if (!spec) return null;
    let lookup = lookups.get(spec);
    if (!lookup) lookups.set(spec, (lookup = buildLookup(spec)));
    return lookup;
  };
  let missing = 0;
  let garbled = false;
  for (const scan of parts.scans) {
    const blocks = blocksOf(scan, parts, lookupOf);
    // A later pass needs every earlier coefficient to be followed, and adds only fine detail.
    if (!blocks || (scan.refining && scan.first > 0)) continue;
    const found = followScan(bytes, scan, blocks, unitsOf(scan, parts));
    missing = Math.max(missing, found.missing);
    garbled ||= found.garbled;
  }
  if (parts.endMissing) missing = Math.max(missing, passesMissing(parts));
  return { missing, garbled };
}

/**
 * The share of coefficients that no pass gives down to their last bit. With an end marker the writer
 * meant it so; without one, passes were cut off.
 */
function passesMissing({ components, scans, progressive }: JpegParts): number {
  let whole = 0;
  for (const component of components) {
    const given = new Uint8Array(COEFFICIENTS);
    for (const scan of scans) {
      if (!scan.components.some((each) => each.component === component)) continue;
      if (!progressive) given.fill(1);
      else if (scan.lowestBit === 0) given.fill(1, scan.first, scan.last + 1);
    }
    whole += given.reduce((sum, each) => sum + each, 0);
  }
  return 1 - whole / (components.length * COEFFICIENTS);
}

/** Units in a scan: groups of blocks of all channels, or single blocks where it holds one channel. */
function unitsOf(scan: JpegScan, { header, components }: JpegParts): number {
  const most = (side: 'horizontal' | 'vertical'): number =>
    Math.max(...components.map((component) => component[side]));
  const single = scan.components.length === 1 ? scan.components[0].component : null;
  const along = (pixels: number, side: 'horizontal' | 'vertical'): number =>
    single
      ? Math.ceil(Math.ceil((pixels * single[side]) / most(side)) / 8)
      : Math.ceil(pixels / (8 * most(side)));
  return along(header.width, 'horizontal') * along(header.height, 'vertical');
}

interface Block {
  /** Null: this scan has no such coefficients. */
  readonly dc: Lookup | null;
  readonly ac: Lookup | null;
}

/** The blocks of one unit in their order; null if the file leaves out what is needed to follow them. */
function blocksOf(
  scan: JpegScan,
  { progressive }: JpegParts,
  lookupOf: (spec: HuffmanSpec | undefined) => Lookup | null,
): readonly Block[] | null {
  const single = scan.components.length === 1;
  const hasDc = scan.first === 0;
  const hasAc = progressive ? scan.first > 0 : true;
  const blocks: Block[] = [];
  for (const { component, dc, ac } of scan.components) {
    const block = { dc: hasDc ? lookupOf(dc) : null, ac: hasAc ? lookupOf(ac) : null };
    const followed = scan.refining || ((block.dc || !hasDc) && (block.ac || !hasAc));
    const count = single ? 1 : component.horizontal * component.vertical;
    if (!followed || count < 1) return null;
    for (let index = 0; index < count; index++) blocks.push(block);
  }
  return blocks.length > 0 ? blocks : null;
}

function followScan(
  bytes: Uint8Array,
  scan: JpegScan,
  blocks: readonly Block[],
  units: number,
): ScanFindings {
  const interval = scan.restartInterval > 0 ? scan.restartInterval : units;
  let whole = 0;
  let garbled = false;
  let left = units;
  for (const part of partsOf(bytes, scan)) {
    if (left <= 0) break;
    const wanted = Math.min(interval, left);
    const found = follow(part, scan, blocks, wanted);
    whole += found.units;
    garbled ||= found.garbled;
    left -= wanted;
  }
  return { missing: units > 0 ? 1 - whole / units : 0, garbled };
}

/** The bytes between restart markers without their stuffed zeros; each is good until the next is asked for. */
function* partsOf(bytes: Uint8Array, { from, to }: JpegScan): Generator<Uint8Array> {
  const room = new Uint8Array(to - from + PADDING);
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === 0xff && at + 1 < to) {
      const next = bytes[at + 1];
      if (next >= 0xd0 && next <= 0xd7) {
        yield padded(room, length);
        length = 0;
        at++;
        continue;
      }
      if (next === 0xff) continue; // fill byte
      at++;
    }
    room[length++] = byte;
  }
  yield padded(room, length);
}

function padded(room: Uint8Array, length: number): Uint8Array {
  return room.fill(0, length, length + PADDING).subarray(0, length + PADDING);
}

/** Follows codes until `wanted` units are whole or the bytes end. */
function follow(
  bytes: Uint8Array,
  scan: JpegScan,
  blocks: readonly Block[],
  wanted: number,
): { units: number; garbled: boolean } {
  const bits = (bytes.length - PADDING) * 8;
  if (scan.refining) {
    // One bit a block (the passes with more to them are left out above).
    return { units: Math.min(wanted, Math.floor(bits / blocks.length)), garbled: false };
  }
  const reader = { bytes, at: 0, skip: 0 };
  for (let unit = 0; unit < wanted; unit++) {
    for (const block of blocks) {
      if (!followBlock(reader, block, scan.first, scan.last)) {
        // Behind the end there are only zeros, which may happen to be no code.
        return { units: unit, garbled: reader.at + 16 <= bits };
      }
    }
    if (reader.at > bits) return { units: unit, garbled: false };
  }
  return { units: wanted, garbled: false };
}

interface Reader {
  readonly bytes: Uint8Array;
  /** The next bit. */
  at: number;
  /** Blocks still to come that a progressive picture has declared empty. */
  skip: number;
}

/** False at bits that are no code. */
function followBlock(reader: Reader, { dc, ac }: Block, first: number, last: number): boolean {
  if (dc) {
    const entry = dc[peek(reader)];
    if (entry === 0) return false;
    reader.at += (entry >> 8) + (entry & 15);
  }
  if (!ac) return true;
  if (reader.skip > 0) {
    reader.skip--;
    return true;
  }
  let k = Math.max(1, first);
  while (k <= last) {
    const entry = ac[peek(reader)];
    if (entry === 0) return false;
    const run = (entry & 0xf0) >> 4;
    const size = entry & 15;
    reader.at += entry >> 8;
    if (size > 0) {
      reader.at += size;
      k += run + 1;
      if (k > COEFFICIENTS) return false;
    } else if (run === 15) {
      k += 16;
    } else {
      // End of the block; in a progressive picture of 2^run … 2^(run + 1) - 1 blocks.
      reader.skip = run > 0 ? (1 << run) + (peek(reader) >> (16 - run)) - 1 : 0;
      reader.at += run;
      break;
    }
  }
  return true;
}

/** The next 16 bits. */
function peek({ bytes, at }: Reader): number {
  const index = Math.min(at >> 3, bytes.length - 3);
  const three = (bytes[index] << 16) | (bytes[index + 1] << 8) | bytes[index + 2];
  return (three >> (8 - (at & 7))) & 0xffff;
}

/** Codes of one length follow each other; the first of the next length is twice the next (annex C). */
function buildLookup({ counts, symbols }: HuffmanSpec): Lookup {
  const lookup = new Uint16Array(65_536);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    for (let index = 0; index < counts[length - 1] && next < symbols.length; index++) {
      const from = code << (16 - length);
      lookup.fill((length << 8) | symbols[next], from, from + (1 << (16 - length)));
      next++;
      code++;
    }
    code <<= 1;
  }
  return lookup;
}
