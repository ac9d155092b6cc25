/**
 * Walks a data set before dicom-parser may: every length has to lie inside what holds it, sequences
 * may only be so deep, and there may only be so many elements. What passes is known to be short work
 * for a parser that recurses and that reads what it is told to read.
 */
import { damaged, truncated } from '../errors.ts';

/** Real headers nest five or six deep. */
const MOST_DEPTH = 40;
/** Real headers have a few hundred. */
const MOST_ELEMENTS = 100_000;
/** A header larger than this (without the pixels) is none. */
const MOST_HEADER_BYTES = 64_000_000;

const UNDEFINED = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
export const PIXEL_DATA = 0x7fe00010;
const OFFSETS = 0x7fe00001;
const FRAME_LENGTHS = 0x7fe00002;
const FLOAT_PIXELS = 0x7fe00008;
const DOUBLE_PIXELS = 0x7fe00009;

export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export interface PixelPlace {
  readonly tag: number;
  /** Empty in implicit VR. */
  readonly vr: string;
  readonly valueStart: number;
  /** Null: undefined length (fragments follow). */
  readonly length: number | null;
  /** First byte of the pixel group: what a parser of the header needs to see ends here. */
  readonly headerEnd: number;
  /** The extended offset table: where frames start and how long they are, eight bytes each. */
  readonly extended?: { readonly offsets: Uint8Array; readonly lengths: Uint8Array };
}

type Container =
  | { readonly kind: 'items'; readonly end: number; readonly explicit: boolean }
  | { readonly kind: 'elements'; readonly end: number; readonly explicit: boolean }
  /** Fragments of a compressed thumbnail: items of bytes, not of elements. */
  | { readonly kind: 'fragments'; readonly end: number; readonly explicit: boolean };

/**
 * Where the pixels are, or null in a data set that has none.
 * @throws TruncatedPictureError, DamagedPictureError
 */
export function findPixels(
  bytes: Uint8Array,
  start: number,
  { explicit, littleEndian }: Encoding,
): PixelPlace | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Container[] = [{ kind: 'elements', end: bytes.length, explicit }];
  const tagAt = (at: number): number =>
    view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
  const enter = (container: Container): void => {
    if (stack.length >= MOST_DEPTH) throw damaged('its header is nested too deeply');
    stack.push(container);
  };
  let at = start;
  let count = 0;
  let headerEnd: number | null = null;
  let offsets: Uint8Array | null = null;
  let lengths: Uint8Array | null = null;
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (at >= top.end) {
      stack.pop();
      continue;
    }
    if (at - start > MOST_HEADER_BYTES || ++count > MOST_ELEMENTS) {
      throw damaged('its header is larger than any picture needs');
    }
    if (at + 8 > top.end) throw cutShort(top, bytes);
    const tag = tagAt(at);
    if (top.kind !== 'elements') {
      const length = view.getUint32(at + 4, littleEndian);
      at += 8;
      if (tag === SEQUENCE_END) stack.pop();
      else if (tag !== ITEM) throw damaged('a sequence in its header is broken');
      else if (top.kind === 'fragments') at = endOf(at, length, top, bytes);
      else {
        const end = length === UNDEFINED ? top.end : endOf(at, length, top, bytes);
        enter({ kind: 'elements', end, explicit: top.explicit });
      }
      continue;
    }
    if (tag === ITEM_END) {
      at += 8;
      stack.pop();
      continue;
    }
    if (tag === SEQUENCE_END || tag === ITEM) throw damaged('a sequence in its header is broken');
    const element = readElement(bytes, view, at, top, littleEndian);
    const open = element.length === UNDEFINED;
    if (stack.length === 1 && tag >= OFFSETS) headerEnd ??= at;
    if (stack.length === 1 && isPixels(tag)) {
      const extended = offsets && lengths ? { extended: { offsets, lengths } } : {};
      const { vr, valueStart } = element;
      const length = open ? null : element.length;
      return { tag, vr, valueStart, length, headerEnd: headerEnd ?? at, ...extended };
    }
    at = element.valueStart;
    const end = open ? top.end : endOf(at, element.length, top, bytes);
    if (stack.length === 1 && tag === OFFSETS) offsets = bytes.subarray(at, end);
    if (stack.length === 1 && tag === FRAME_LENGTHS) lengths = bytes.subarray(at, end);
    const next = at + 4 <= end ? tagAt(at) : 0;
    if (open && tag === PIXEL_DATA) enter({ kind: 'fragments', end, explicit: top.explicit });
    else if (element.vr === 'SQ') enter({ kind: 'items', end, explicit: top.explicit });
    else if (open && (element.vr === 'UN' || element.vr === '')) {
      enter({ kind: 'items', end, explicit: false });
    } else if (open) throw damaged('a part of its header has no length');
    else if (element.vr === '' && (next === ITEM || next === SEQUENCE_END)) {
      enter({ kind: 'items', end, explicit: false });
    } else at = end;
  }
  return null;
}

function isPixels(tag: number): boolean {
  return tag === PIXEL_DATA || tag === FLOAT_PIXELS || tag === DOUBLE_PIXELS;
}

/** VRs whose length takes four bytes, two reserved ones before it (PS3.5 section 7.1.2). */
const LONG = new Set([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
]);

function readElement(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  top: Container,
  littleEndian: boolean,
): { vr: string; length: number; valueStart: number } {
  if (!top.explicit) {
    return { vr: '', length: view.getUint32(at + 4, littleEndian), valueStart: at + 8 };
  }
  const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
  if (!/^[A-Z]{2}$/.test(vr)) throw damaged('its header cannot be followed');
  if (!LONG.has(vr)) {
    return { vr, length: view.getUint16(at + 6, littleEndian), valueStart: at + 8 };
  }
  if (at + 12 > top.end) throw cutShort(top, bytes);
  return { vr, length: view.getUint32(at + 8, littleEndian), valueStart: at + 12 };
}

function endOf(at: number, length: number, top: Container, bytes: Uint8Array): number {
  if (at + length > top.end) throw cutShort(top, bytes);
  return at + length;
}

/** Beyond the file's end the rest is missing; beyond the end of a sequence the lengths are wrong. */
function cutShort(top: Container, bytes: Uint8Array): Error {
  return top.end === bytes.length
    ? truncated('its header is not whole')
    : damaged('the lengths in its header do not fit one another');
}
