/** Values of a data set, each read with a limit and given back only if it makes sense. */
import type { DataSet, Element } from 'dicom-parser';

/** No text that is used here is longer; a header may claim megabytes. */
const LONGEST_TEXT = 1024;

export class Fields {
  readonly #dataSet: DataSet;

  constructor(dataSet: DataSet) {
    this.#dataSet = dataSet;
  }

  /** Upper case, trimmed, '' where there is none: a code string or a short text. */
  text(tag: string): string {
    return this.#value(tag).replaceAll('\0', '').trim();
  }

  /** The values of a text that holds several. */
  texts(tag: string): string[] {
    const text = this.text(tag);
    return text === '' ? [] : text.split('\\').map((part) => part.trim());
  }

  /** Decimal strings (DS, IS); empty unless all of them are numbers. */
  numbers(tag: string): number[] {
    const numbers = this.texts(tag).map((part) => (part === '' ? Number.NaN : Number(part)));
    return numbers.every(Number.isFinite) ? numbers : [];
  }

  /** The first of `numbers`. */
  number(tag: string): number | undefined {
    return this.numbers(tag)[0];
  }

  /** US; undefined where it is missing or cut. */
  uint16(tag: string, index = 0): number | undefined {
    const element = this.#dataSet.elements[tag];
    if (!element || element.length < 2 * (index + 1)) return undefined;
    return this.#dataSet.uint16(tag, index);
  }

  /** The raw bytes of a value, where it is at most `most` long. */
  bytes(tag: string, most: number): Uint8Array | undefined {
    const element = this.#dataSet.elements[tag];
    if (!element || element.length > most || element.hadUndefinedLength) return undefined;
    const bytes = this.#dataSet.byteArray as Uint8Array;
    return bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  }

  /** Words of two bytes in the file's order, at most 65,536 of them. */
  words(tag: string): Uint16Array | undefined {
    const bytes = this.bytes(tag, 131_072);
    if (!bytes) return undefined;
    return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => this.uint16(tag, i) ?? 0);
  }

  /** The items of a sequence. */
  items(tag: string): Fields[] {
    const items: Element[] = this.#dataSet.elements[tag]?.items ?? [];
    return items.flatMap(({ dataSet }) => (dataSet ? [new Fields(dataSet)] : []));
  }

  has(tag: string): boolean {
    return Object.hasOwn(this.#dataSet.elements, tag);
  }

  #value(tag: string): string {
    const element = this.#dataSet.elements[tag];
    if (!element || element.length > LONGEST_TEXT) return '';
    return new TextDecoder('latin1').decode(this.bytes(tag, LONGEST_TEXT));
  }
}
