/**
 * Walks the elements of a data set (PS3.5 section 7): every length has to lie inside what holds it,
 * sequences may only be so deep, and there may only be so many elements, so that a damaged header is
 * short work. What other readers forgive is forgiven here: elements without a value representation,
 * delimiters where a length was given, and sequences whose inside cannot be followed.
 */
import { damaged, truncated } from '../errors.ts';
import { isVr } from './sniff.ts';

/** Real headers nest five or six deep. */
const MOST_DEPTH = 40;
/** Real headers have a few hundred. */
const MOST_ELEMENTS = 100_000;
/** A header larger than this (without the pixels) is none. */
const MOST_HEADER_BYTES = 64_000_000;
/** So many elements in a row without a value representation are looked through to trust a guess. */
const LOOK_AHEAD = 4;

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

/** Where the value of an element lies; sequences have items instead. */
export interface Element {
  /** Empty where the file does not say. */
  readonly vr: string;
  readonly start: number;
  readonly length: number;
  readonly items?: DataSet[];
}

export interface DataSet {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly littleEndian: boolean;
  readonly elements: Map<number, Element>;
}

export interface PixelPlace {
  readonly tag: number;
  /** Empty in implicit VR. */
  readonly vr: string;
  readonly valueStart: number;
  /** Null: undefined length (fragments follow). */
  readonly length: number | null;
  /** The extended offset table: where frames start and how long they are, eight bytes each. */
  readonly extended?: { readonly offsets: Uint8Array; readonly lengths: Uint8Array };
}

export interface WalkedDataSet {
  readonly dataSet: DataSet;
  /** Null in a data set that has none. */
  readonly pixels: PixelPlace | null;
  /** A sequence could not be followed and was passed over. */
  readonly skipped: boolean;
}

interface Container {
  /** `fragments`: items of bytes (a compressed thumbnail, a private blob), not of elements. */
  readonly kind: 'elements' | 'items' | 'fragments';
  readonly start: number;
  readonly end: number;
  /** The file gave its length; the others end with a delimiter. */
  readonly sized: boolean;
  readonly explicit: boolean;
  /** Of the element that it is the value of. */
  readonly tag: number;
  readonly dataSet: DataSet;
  /** Where new items go. */
  readonly items: DataSet[];
}

interface Form {
  readonly vr: string;
  readonly length: number;
  readonly valueStart: number;
}

/** A fault inside a sequence, which can be passed over. */
class BrokenSequence extends Error {
  readonly fault: Error;

  constructor(fault: Error) {
    super('broken sequence');
    this.fault = fault;
  }
}

/**
 * Reads up to the pixels. The values stay where they are; nothing is copied.
 * @throws TruncatedPictureError, DamagedPictureError
 */
export function walkDataSet(
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  encoding: Encoding,
): WalkedDataSet {
  return new Walker(bytes, start, encoding).walk();
}

class Walker {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #start: number;
  readonly #root: DataSet;
  readonly #stack: Container[];
  #at: number;
  #count = 0;
  #skipped = false;
  #offsets: Uint8Array | null = null;
  #lengths: Uint8Array | null = null;

  constructor(bytes: Uint8Array<ArrayBuffer>, start: number, { explicit, littleEndian }: Encoding) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
    this.#start = start;
    this.#at = start;
    this.#root = { bytes, littleEndian, elements: new Map() };
    const end = bytes.length;
    const outside = { kind: 'elements', start, end, sized: true, explicit, tag: 0 } as const;
    this.#stack = [{ ...outside, dataSet: this.#root, items: [] }];
  }

  walk(): WalkedDataSet {
    for (let top = this.#stack.at(-1); top; top = this.#stack.at(-1)) {
      if (this.#at >= top.end) {
        this.#stack.pop();
        continue;
      }
      if (this.#at - this.#start > MOST_HEADER_BYTES || ++this.#count > MOST_ELEMENTS) {
        throw damaged('its header is larger than any picture needs');
      }
      try {
        const pixels = top.kind === 'elements' ? this.#element(top) : this.#item(top);
        if (pixels) return { dataSet: this.#root, pixels, skipped: this.#skipped };
      } catch (error) {
        if (!(error instanceof BrokenSequence)) throw error;
        this.#passOver(error.fault);
      }
    }
    return { dataSet: this.#root, pixels: null, skipped: this.#skipped };
  }

  #item(top: Container): null {
    if (this.#at + 8 > top.end) throw this.#cutShort(top);
    const tag = this.#tagAt(this.#at);
    const length = this.#lengthAt(this.#at + 4);
    const from = this.#at + 8;
    if (tag === SEQUENCE_END) {
      this.#stack.pop();
      // A sequence that has both a length and a delimiter ends where the header goes on.
      const goesOn = top.sized && this.#plausible(top.end, top.tag, this.#parentEnd(), top);
      this.#at = goesOn ? top.end : from;
    } else if (tag === ITEM_END) {
      this.#at = from;
    } else if (tag !== ITEM) {
      const ended = !top.sized && this.#plausible(this.#at, top.tag, this.#parentEnd(), top);
      if (!ended) throw this.#broken(damaged('a sequence in its header is broken'));
      this.#stack.pop();
    } else if (top.kind === 'fragments') {
      this.#at = this.#endOf(from, length, top);
    } else {
      const sized = length !== UNDEFINED;
      const end = sized ? this.#endOf(from, length, top) : top.end;
      const dataSet: DataSet = { ...this.#root, elements: new Map() };
      top.items.push(dataSet);
      this.#at = from;
      this.#enter({ ...top, kind: 'elements', start: from, end, sized, dataSet, items: [] });
    }
    return null;
  }

  #element(top: Container): PixelPlace | null {
    const at = this.#at;
    if (at + 8 > top.end) throw this.#cutShort(top);
    const tag = this.#tagAt(at);
    if (tag >= ITEM && tag <= SEQUENCE_END) return this.#delimiter(tag, top);
    const isRoot = this.#stack.length === 1;
    const element = this.#read(at, tag, top, isRoot);
    const { vr, valueStart, length } = element;
    const open = length === UNDEFINED;
    if (isRoot && isPixels(tag)) return this.#pixels(tag, element);
    const end = open ? top.end : this.#endOf(valueStart, length, top);
    const value = this.#bytes.subarray(valueStart, end);
    if (isRoot && tag === OFFSETS) this.#offsets = value;
    if (isRoot && tag === FRAME_LENGTHS) this.#lengths = value;
    const next = valueStart + 8 <= end ? this.#tagAt(valueStart) : 0;
    const hasItems = next === ITEM || next === SEQUENCE_END;
    this.#at = valueStart;
    const inner = { start: valueStart, end, sized: !open, tag, dataSet: top.dataSet, items: [] };
    const put = (items?: DataSet[]): void => {
      top.dataSet.elements.set(tag, { vr, start: valueStart, length, ...(items && { items }) });
    };
    const sequence = (explicit: boolean): void => {
      put(inner.items);
      this.#enter({ ...inner, kind: 'items', explicit });
    };
    if (vr === 'SQ') sequence(top.explicit);
    else if (open && !hasItems) throw this.#broken(damaged('a part of its header has no length'));
    else if (open && (tag === PIXEL_DATA || !['UN', ''].includes(vr))) {
      put();
      this.#enter({ ...inner, kind: 'fragments', explicit: top.explicit });
    } else if (hasItems && ['UN', ''].includes(vr)) {
      // Sequences of unknown representation are implicit inside (PS3.5 section 6.2.2).
      sequence(false);
    } else {
      put();
      this.#at = end;
    }
    return null;
  }

  #delimiter(tag: number, top: Container): null {
    if (this.#stack.length === 1) {
      // Some writers put a delimiter behind a sequence whose length they gave.
      if (tag === ITEM) throw damaged('a sequence in its header is broken');
      this.#at += 8;
    } else if (top.sized) {
      if (tag === ITEM) throw this.#broken(damaged('a sequence in its header is broken'));
      this.#at += 8;
    } else {
      this.#stack.pop();
      if (tag === ITEM_END) this.#at += 8;
    }
    return null;
  }

  #pixels(tag: number, { vr, valueStart, length }: Form): PixelPlace {
    const [offsets, lengths] = [this.#offsets, this.#lengths];
    const extended = offsets && lengths ? { extended: { offsets, lengths } } : {};
    return { tag, vr, valueStart, length: length === UNDEFINED ? null : length, ...extended };
  }

  /** The element's head, in the form that the header goes on behind. */
  #read(at: number, tag: number, top: Container, isRoot: boolean): Form {
    const bytes = this.#bytes;
    const named = isVr(bytes, at + 4);
    const declared =
      top.explicit && named
        ? this.#explicit(at, top.end)
        : top.explicit
          ? null
          : this.#implicit(at);
    const fits = ({ valueStart, length }: Form): boolean =>
      length === UNDEFINED ? this.#hasItem(valueStart, top.end) : valueStart + length <= top.end;
    // In an implicit data set two letters where the length stands are most often just a length.
    if (declared && fits(declared) && (top.explicit || !named)) return declared;
    if (isRoot && isPixels(tag) && declared) return declared;
    const goesOn = (form: Form): boolean =>
      fits(form) &&
      (form.length === UNDEFINED ||
        this.#plausible(form.valueStart + form.length, tag, top.end, top) ||
        (isRoot && isPixels(tag)));
    const found = this.#forms(at, top.end).find(goesOn);
    if (found && declared && !named) return found;
    if (found && (!declared || !goesOn(declared))) return found;
    if (declared) return declared;
    const fault = damaged('its header cannot be followed');
    throw isRoot ? fault : this.#broken(fault);
  }

  /** Every way to read this element's head. */
  #forms(at: number, end: number): Form[] {
    const forms: Form[] = [];
    if (isVr(this.#bytes, at + 4)) {
      const form = this.#explicit(at, end);
      if (form) forms.push(form);
    }
    forms.push(this.#implicit(at));
    forms.push({
      vr: '',
      length: this.#view.getUint16(at + 6, this.#littleEndian),
      valueStart: at + 8,
    });
    if (at + 12 <= end && this.#view.getUint16(at + 6) === 0) {
      forms.push({ vr: '', length: this.#lengthAt(at + 8), valueStart: at + 12 });
    }
    return forms;
  }

  #implicit(at: number): Form {
    return { vr: '', length: this.#lengthAt(at + 4), valueStart: at + 8 };
  }

  /** Null where it is cut. */
  #explicit(at: number, end: number): Form | null {
    const vr = String.fromCharCode(this.#bytes[at + 4], this.#bytes[at + 5]);
    if (!LONG.has(vr)) {
      const length = this.#view.getUint16(at + 6, this.#littleEndian);
      return { vr, length, valueStart: at + 8 };
    }
    if (at + 12 > end) return { vr, length: 0xfffffffe, valueStart: at + 8 };
    return { vr, length: this.#lengthAt(at + 8), valueStart: at + 12 };
  }

  /** Whether a header may go on here behind an element `tag`. */
  #plausible(
    at: number,
    tag: number,
    end: number,
    { explicit }: Pick<Container, 'explicit'>,
    depth = LOOK_AHEAD,
  ): boolean {
    if (at === end) return true;
    if (at + 8 > end) return false;
    const next = this.#tagAt(at);
    if (next === ITEM_END || next === SEQUENCE_END) return this.#lengthAt(at + 4) === 0;
    if (next <= tag || next >= ITEM) return false;
    if (explicit && isVr(this.#bytes, at + 4)) return true;
    if (depth === 0) return !explicit;
    return this.#forms(at, end).some(({ valueStart, length }) =>
      length === UNDEFINED
        ? this.#hasItem(valueStart, end)
        : isPixels(next)
          ? valueStart + length <= end
          : valueStart + length <= end &&
            this.#plausible(valueStart + length, next, end, { explicit }, depth - 1),
    );
  }

  #hasItem(at: number, end: number): boolean {
    if (at + 8 > end) return false;
    const tag = this.#tagAt(at);
    return tag === ITEM || tag === SEQUENCE_END;
  }

  /** Goes on behind the outermost sequence, if its end can be found. */
  #passOver(fault: Error): void {
    const outer = this.#stack[1];
    if (!outer) throw fault;
    const root = this.#stack[0];
    let end = outer.sized ? outer.end : -1;
    if (!outer.sized) {
      const mark = this.#littleEndian
        ? [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]
        : [0xff, 0xfe, 0xe0, 0xdd, 0, 0, 0, 0];
      const last = Math.min(root.end, outer.start + MOST_HEADER_BYTES) - 8;
      for (let at = outer.start; at <= last && end < 0; at++) {
        if (!mark.every((byte, i) => this.#bytes[at + i] === byte)) continue;
        if (this.#plausible(at + 8, outer.tag, root.end, root)) end = at + 8;
      }
    }
    if (end <= outer.start) throw fault;
    this.#stack.length = 1;
    this.#at = end;
    this.#skipped = true;
  }

  #enter(container: Container): void {
    if (this.#stack.length >= MOST_DEPTH) throw damaged('its header is nested too deeply');
    this.#stack.push(container);
  }

  #parentEnd(): number {
    return this.#stack.findLast(({ kind }) => kind === 'elements')?.end ?? this.#bytes.length;
  }

  #endOf(at: number, length: number, top: Container): number {
    if (at + length > top.end) throw this.#cutShort(top);
    return at + length;
  }

  /** Beyond the file's end the rest is missing; beyond the end of a sequence the lengths are wrong. */
  #cutShort(top: Container): Error {
    return top.end === this.#bytes.length
      ? truncated('its header is not whole')
      : this.#broken(damaged('the lengths in its header do not fit one another'));
  }

  #broken(fault: Error): Error {
    return this.#stack.length > 1 ? new BrokenSequence(fault) : fault;
  }

  #tagAt(at: number): number {
    const group = this.#view.getUint16(at, this.#littleEndian);
    return group * 0x10000 + this.#view.getUint16(at + 2, this.#littleEndian);
  }

  #lengthAt(at: number): number {
    return this.#view.getUint32(at, this.#littleEndian);
  }
}

function isPixels(tag: number): boolean {
  return tag === PIXEL_DATA || tag === FLOAT_PIXELS || tag === DOUBLE_PIXELS;
}

/** VRs whose length takes four bytes, two reserved ones before it (PS3.5 section 7.1.2). */
export const LONG: ReadonlySet<string> = new Set(
  'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '),
);
