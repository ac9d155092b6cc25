/** The parts a JPEG is made of (ITU T.81, annex B), found by walking its markers; no pixel is decoded. */
import { cmykPicture, damaged, truncated, unsupportedVariant } from '../../errors.ts';
import { exifOrientation } from '../exif.ts';
import type { PictureHeader } from '../header.ts';
import { text } from '../sniff.ts';

/** One color channel: how many of its blocks lie side by side and above each other in a unit. */
export interface JpegComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
}

/** A table as it stands in the file: how many codes of 1 … 16 bits, then their symbols. */
export interface HuffmanSpec {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/** One run of entropy-coded bytes with all that is needed to follow its codes. */
export interface JpegScan {
  readonly components: readonly {
    readonly component: JpegComponent;
    /** Undefined where the file leaves the table out. */
    readonly dc: HuffmanSpec | undefined;
    readonly ac: HuffmanSpec | undefined;
  }[];
  /** First coefficient of the scan; 0 … 63 of a picture that is not progressive. */
  readonly first: number;
  readonly last: number;
  /** A later pass over the same coefficients of a progressive picture. */
  readonly refining: boolean;
  /** The lowest bit that this pass gives (successive approximation); 0 is the last one. */
  readonly lowestBit: number;
  /** Units between two restart markers; 0 without. */
  readonly restartInterval: number;
  /** The bytes: first, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

export interface JpegParts {
  readonly header: PictureHeader;
  readonly progressive: boolean;
  readonly components: readonly JpegComponent[];
  readonly scans: readonly JpegScan[];
  /** The file ends without its end marker, or goes on as no JPEG does. */
  readonly endMissing: boolean;
  /** Bytes that belong to no part stand between the parts. */
  readonly rubbishInside: boolean;
}

interface Frame {
  readonly header: PictureHeader;
  readonly progressive: boolean;
  readonly components: readonly JpegComponent[];
}

/** Frame markers that browsers decode: baseline, extended, progressive (Huffman). */
const COMMON_FRAMES = [0xc0, 0xc1, 0xc2];
const PROGRESSIVE = 0xc2;
/** Frame markers of lossless, hierarchical and arithmetic coding. */
const RARE_FRAMES = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/**
 * Walks every marker to the end. Bytes between two parts are passed over, as libjpeg and the browsers
 * do, and `rubbishInside` says so. They are not rubbish when a part's length is wrong and the part
 * reaches into the ones behind it: what those said (tables, orientation) is lost, so the file is refused.
 * So is one with rubbish in it that lacks a table: decoders would take a standard table in its place.
 * A file without its end marker, or with rubbish behind its pixels, is read as far as it goes:
 * `endMissing` says so, and whether all pixels are there is for `checkScans` to find out.
 * The EXIF part may hold a thumbnail, which is a JPEG and has an end of its own: whole parts are walked.
 * @throws TruncatedPictureError, DamagedPictureError, CmykPictureError, UnsupportedVariantError
 */
export function readJpegParts(bytes: Uint8Array): JpegParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<number, HuffmanSpec>();
  const scans: JpegScan[] = [];
  let frame: Frame | null = null;
  const exif: (readonly [number, number])[] = [];
  let restartInterval = 0;
  let endMissing = false;
  let rubbishInside = false;
  let before = 2;
  for (let at = 2; ;) {
    const next = nextMarker(bytes, at);
    if (next < 0) {
      if (scans.length === 0) throw truncated('the end of the JPEG is missing');
      endMissing = true;
      break;
    }
    // Any number of 0xff may stand before a marker.
    if (bytes.subarray(at, next).some((byte) => byte !== 0xff)) {
      if (reachesInto(bytes, before, at, next)) {
        throw damaged('the parts of the JPEG do not follow one another');
      }
      rubbishInside = true;
    }
    at = next;
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    // Markers without a length: stray restarts, and a second start.
    if ((marker >= 0xd0 && marker <= 0xd8) || marker === 0x01) {
      at += 2;
      continue;
    }
    const end = at + 4 <= bytes.length ? at + 2 + view.getUint16(at + 2) : Infinity;
    if (end > bytes.length) {
      if (scans.length === 0) throw truncated('a part of the JPEG is missing');
      endMissing = true;
      break;
    }
    const segment = bytes.subarray(at + 4, end);
    if (marker === 0xe1 && text(segment, 0, 6) === 'Exif\0\0') {
      exif.push([at + 10, end]);
    } else if (COMMON_FRAMES.includes(marker)) {
      // A second picture behind the first, whose end marker is gone, must not change it.
      if (frame && scans.length > 0) {
        endMissing = true;
        break;
      }
      frame = readFrame(segment, marker === PROGRESSIVE);
    } else if (RARE_FRAMES.includes(marker)) {
      throw unsupportedVariant('a rare kind of JPEG (lossless or arithmetic)');
    } else if (marker === 0xc4) {
      readTables(segment, tables);
    } else if (marker === 0xdd && segment.length >= 2) {
      restartInterval = (segment[0] << 8) | segment[1];
    }
    before = at + 4;
    at = end;
    if (marker === 0xda) {
      const to = endOfScan(bytes, end);
      const head = readScanHead(segment, frame, tables);
      scans.push({ ...head, restartInterval, from: end, to });
      before = to;
      at = to;
    }
  }
  if (!frame) throw damaged('the JPEG does not say how large it is');
  if (scans.length === 0) throw truncated('the JPEG holds no pixels');
  if (rubbishInside && scans.some(lacksTable)) throw damaged('a table of the JPEG is lost');
  const { header, progressive, components } = frame;
  // Where two parts contradict each other, the first one counts, as in browsers.
  const [first] = exif;
  const upright = first ? { exif, orientation: exifOrientation(bytes.subarray(...first)) } : {};
  const whole = { ...header, ...upright };
  return { header: whole, progressive, components, scans, endMissing, rubbishInside };
}

/** Whether a part that begins inside [from, to) has a length that leads to the marker at `next`. */
function reachesInto(bytes: Uint8Array, from: number, to: number, next: number): boolean {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at < to; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] >= 0xc0 && at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]) === next) {
      return true;
    }
  }
  return false;
}

/** Refining passes over single coefficients need a table, those over the mean of a block none. */
function lacksTable({ components, first, last, refining }: JpegScan): boolean {
  return components.some(({ dc, ac }) => (first === 0 && !refining && !dc) || (last > 0 && !ac));
}

/** The next marker at or behind a place; −1 where there is none. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const kind = bytes[at + 1];
    if (kind === undefined) break;
    if (kind !== 0 && kind !== 0xff) return at;
  }
  return -1;
}

function readFrame(segment: Uint8Array, progressive: boolean): Frame {
  if (segment.length < 6) throw damaged('the JPEG header is too short');
  const precision = segment[0];
  const height = (segment[1] << 8) | segment[2];
  const width = (segment[3] << 8) | segment[4];
  const channels = segment[5];
  if (precision !== 8) throw unsupportedVariant(`${precision} bits a sample in a JPEG`);
  if (channels === 4) throw cmykPicture();
  if (channels !== 1 && channels !== 3) throw damaged('the JPEG has a strange color model');
  if (height === 0) throw unsupportedVariant('a JPEG whose height comes after its pixels');
  const components: JpegComponent[] = [];
  for (let at = 6; at + 3 <= segment.length && components.length < channels; at += 3) {
    components.push({
      id: segment[at],
      horizontal: segment[at + 1] >> 4,
      vertical: segment[at + 1] & 15,
    });
  }
  const header = {
    format: 'jpeg',
    width,
    height,
    bitsStored: 8,
    orientation: 1,
    animated: false,
  } as const;
  return { header, progressive, components };
}

/** One segment may define several tables; the class (DC or AC) and the number make the key. */
function readTables(segment: Uint8Array, tables: Map<number, HuffmanSpec>): void {
  for (let at = 0; at + 17 <= segment.length;) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    tables.set(segment[at], { counts, symbols: segment.subarray(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

function readScanHead(
  segment: Uint8Array,
  frame: Frame | null,
  tables: ReadonlyMap<number, HuffmanSpec>,
): Omit<JpegScan, 'restartInterval' | 'from' | 'to'> {
  const count = segment[0] ?? 0;
  const components: JpegScan['components'][number][] = [];
  for (let at = 1; at + 2 <= segment.length && components.length < count; at += 2) {
    const component = frame?.components.find(({ id }) => id === segment[at]);
    if (!component) continue;
    const chosen = segment[at + 1];
    components.push({
      component,
      dc: tables.get(chosen >> 4),
      ac: tables.get(0x10 | (chosen & 15)),
    });
  }
  const [first = 0, last = 63, approximation = 0] = segment.subarray(1 + 2 * count);
  return {
    components,
    first,
    last,
    refining: approximation >> 4 !== 0,
    lowestBit: approximation & 15,
  };
}

/** Entropy-coded bytes end at the first marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    const inside = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!inside) return at;
  }
  return bytes.length;
}
