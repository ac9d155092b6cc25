/** Values of a data set, each read with a limit and given back only if it makes sense. */
import { decodeText } from './charset.ts';
import type { DataSet, Element } from './elements.ts';
import { readNumber } from './number.ts';
import { unreadableField } from './refusals.ts';

/** No text that is used here is longer; a header may claim megabytes. */
const LONGEST_TEXT = 1024;

/** Functional groups whose values stand for those of the data set (PS3.3 C.7.6.16). */
const SHARED_GROUPS = 0x52009229;
const FRAME_GROUPS = 0x52009230;
const GROUPS = [
  0x00209071, // Frame Anatomy
  0x00209450, // Patient Orientation in Frame
  0x00289110, // Pixel Measures
  0x00289132, // Frame VOI LUT
  0x00289145, // Pixel Value Transformation
  0x00289443, // Frame Pixel Data Properties
];

/** How many bytes a binary number of this VR has, and how it is read. */
const BINARY: Readonly<
  Record<string, readonly [size: number, read: (view: DataView, at: number, le: boolean) => number]>
> = {
  US: [2, (view, at, le) => view.getUint16(at, le)],
  SS: [2, (view, at, le) => view.getInt16(at, le)],
  UL: [4, (view, at, le) => view.getUint32(at, le)],
  SL: [4, (view, at, le) => view.getInt32(at, le)],
  FL: [4, (view, at, le) => view.getFloat32(at, le)],
  FD: [8, (view, at, le) => view.getFloat64(at, le)],
};

export class Fields {
  readonly #dataSet: DataSet;

  constructor(dataSet: DataSet) {
    this.#dataSet = dataSet;
  }

  /** These fields, and in their place what the functional groups say of one frame (from 0). */
  forFrame(frame: number): Fields {
    const shared = this.items(SHARED_GROUPS)[0];
    const own = this.items(FRAME_GROUPS)[frame];
    if (!shared && !own) return this;
    const elements = new Map(this.#dataSet.elements);
    for (const groups of [shared, own]) {
      for (const group of GROUPS) {
        const item = groups?.items(group)[0];
        if (item) for (const [tag, element] of item.#dataSet.elements) elements.set(tag, element);
      }
    }
    return new Fields({ ...this.#dataSet, elements });
  }

  /** Trimmed, '' where there is none: a code string or a short text, in the file's character set. */
  text(tag: number): string {
    const bytes = this.bytes(tag, LONGEST_TEXT);
    if (!bytes) return '';
    return decodeText(bytes, this.#characterSets()).replaceAll('\0', '').trim();
  }

  /** The values of a text that holds several. */
  texts(tag: number): string[] {
    const text = this.text(tag);
    return text === '' ? [] : text.split('\\').map((part) => part.trim());
  }

  /**
   * Decimal strings (DS, IS) or binary numbers; empty where there are none.
   * @throws DamagedPictureError naming the field, where there are some that cannot be read
   */
  numbers(tag: number): number[] {
    const element = this.#dataSet.elements.get(tag);
    if (!element || element.length === 0) return [];
    const binary = Object.hasOwn(BINARY, element.vr) ? BINARY[element.vr] : undefined;
    if (binary) return this.#binary(tag, element, ...binary);
    if (element.length > LONGEST_TEXT || element.items) throw unreadableField(tag, '');
    const parts = this.texts(tag);
    // An empty value at the end, and nothing but blanks, is nothing.
    while (parts.at(-1) === '') parts.pop();
    return parts.flatMap((part) => {
      const numbers = readNumber(part);
      if (!numbers) throw unreadableField(tag, part);
      return numbers;
    });
  }

  /** The first of `numbers`. @throws DamagedPictureError naming the field */
  number(tag: number): number | undefined {
    return this.numbers(tag)[0];
  }

  /** A whole number, of two bytes or in another form; undefined where it is missing or cut. */
  uint16(tag: number, index = 0): number | undefined {
    const element = this.#dataSet.elements.get(tag);
    if (!element) return undefined;
    if (['IS', 'DS', 'LO', 'SH', 'CS', 'UL', 'SL'].includes(element.vr)) {
      return this.numbers(tag)[index];
    }
    if (element.length < 2 * (index + 1) || element.items) return undefined;
    const { littleEndian } = this.#dataSet;
    return this.#view().getUint16(element.start + 2 * index, littleEndian);
  }

  /** The raw bytes of a value, where it is at most `most` long. */
  bytes(tag: number, most: number): Uint8Array | undefined {
    const element = this.#dataSet.elements.get(tag);
    if (!element || element.length > most || element.items) return undefined;
    return this.#dataSet.bytes.subarray(element.start, element.start + element.length);
  }

  /** Words of two bytes in the file's order, at most 65,536 of them. */
  words(tag: number): Uint16Array | undefined {
    const bytes = this.bytes(tag, 131_072);
    if (!bytes) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { littleEndian } = this.#dataSet;
    return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) =>
      view.getUint16(2 * i, littleEndian),
    );
  }

  /** The items of a sequence; their texts are in the character set of the whole. */
  items(tag: number): Fields[] {
    const items = this.#dataSet.elements.get(tag)?.items ?? [];
    const sets = this.#dataSet.elements.get(CHARACTER_SET);
    return items.map((item) => {
      if (sets && !item.elements.has(CHARACTER_SET)) item.elements.set(CHARACTER_SET, sets);
      return new Fields(item);
    });
  }

  has(tag: number): boolean {
    return this.#dataSet.elements.has(tag);
  }

  #characterSets(): readonly string[] {
    const bytes = this.bytes(CHARACTER_SET, LONGEST_TEXT);
    if (!bytes) return [];
    return new TextDecoder('latin1')
      .decode(bytes)
      .split('\\')
      .map((part) => part.replaceAll('\0', '').trim());
  }

  #binary(
    tag: number,
    { start, length }: Element,
    size: number,
    read: (view: DataView, at: number, littleEndian: boolean) => number,
  ): number[] {
    if (length % size !== 0 || length > LONGEST_TEXT) throw unreadableField(tag, '');
    const view = this.#view();
    const numbers = Array.from({ length: length / size }, (_, i) =>
      read(view, start + i * size, this.#dataSet.littleEndian),
    );
    if (!numbers.every(Number.isFinite)) throw unreadableField(tag, String(numbers));
    return numbers;
  }

  #view(): DataView {
    const { bytes } = this.#dataSet;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

const CHARACTER_SET = 0x00080005;
