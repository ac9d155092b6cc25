/** The syntax of PDF objects (ISO 32000-1, 7.2 and 7.3): numbers, names, lists, dictionaries, references. */
import { damaged } from '../../errors.ts';

export class Name {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** To an object by its number; the generation says nothing that matters here. */
export class Ref {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
}

/** An operator of a content stream, or a word that is none of the others. */
export class Word {
  readonly word: string;
  constructor(word: string) {
    this.word = word;
  }
}

export type Dictionary = ReadonlyMap<string, PdfValue>;

export type PdfValue =
  number | boolean | null | string | Name | Ref | Word | Dictionary | readonly PdfValue[];

const MOST_DEPTH = 40;
/** Bytes of a text that are kept: a palette of 256 colors is one of 1024 at most. */
const MOST_TEXT = 4096;

const CR = 0x0d;
const LF = 0x0a;

/** Reads values one after another from bytes. */
export class PdfReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get ended(): boolean {
    this.skipSpace();
    return this.at >= this.bytes.length;
  }

  /** @throws DamagedPictureError */
  value(depth = 0): PdfValue {
    if (depth > MOST_DEPTH) throw damaged('its parts lie too deep in one another');
    this.skipSpace();
    const { bytes } = this;
    switch (bytes[this.at]) {
      case 0x2f: // /
        this.at++;
        return new Name(this.name());
      case 0x28: // (
        return this.text();
      case 0x5b: // [
        this.at++;
        return this.list(depth);
      case 0x3c: // <
        if (bytes[this.at + 1] !== 0x3c) return this.hex();
        this.at += 2;
        return this.dictionary(depth);
      case 0x5d: // ] } > ) without their beginning: passed over
      case 0x7b:
      case 0x7d:
      case 0x3e:
      case 0x29:
        this.at++;
        return new Word(String.fromCharCode(bytes[this.at - 1]));
      default:
        return this.wordOrNumber();
    }
  }

  /** Past white space and comments. */
  skipSpace(): void {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at++) {
      if (bytes[this.at] === 0x25) {
        while (this.at < bytes.length && bytes[this.at] !== CR && bytes[this.at] !== LF) this.at++;
      } else if (!isSpace(bytes[this.at])) return;
    }
  }

  /** Whether these letters come next; if so, they are read. */
  take(word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false;
    }
    this.at += word.length;
    return true;
  }

  private name(): string {
    const word = this.regular();
    return word.replace(/#([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  private regular(): string {
    const from = this.at;
    while (this.at < this.bytes.length && isRegular(this.bytes[this.at])) this.at++;
    return String.fromCharCode(...this.bytes.subarray(from, Math.min(this.at, from + 512)));
  }

  private wordOrNumber(): PdfValue {
    const word = this.regular();
    if (word === '') {
      this.at++;
      return null;
    }
    if (!/^[+-]*[0-9.][0-9.-]*$/.test(word)) {
      if (word === 'true' || word === 'false') return word === 'true';
      return word === 'null' ? null : new Word(word);
    }
    const number = Number.parseFloat(word.replace(/^[+-]*-/, '-')) || 0;
    return this.reference(number) ?? number;
  }

  /** “12 0 R” */
  private reference(number: number): Ref | null {
    if (!Number.isInteger(number) || number < 0) return null;
    const rest = String.fromCharCode(...this.bytes.subarray(this.at, this.at + 16));
    const found = /^[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+R(?![A-Za-z0-9])/.exec(rest);
    if (!found) return null;
    this.at += found[0].length;
    return new Ref(number);
  }

  private list(depth: number): PdfValue[] {
    const values: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.at >= this.bytes.length) return values;
      if (this.take(']')) return values;
      values.push(this.value(depth + 1));
    }
  }

  private dictionary(depth: number): Dictionary {
    const values = new Map<string, PdfValue>();
    for (;;) {
      this.skipSpace();
      if (this.at >= this.bytes.length || this.take('>>')) return values;
      const key = this.value(depth + 1);
      // Something that is no key is passed over.
      if (!(key instanceof Name)) continue;
      this.skipSpace();
      if (this.take('>>')) return values;
      values.set(key.name, this.value(depth + 1));
    }
  }

  private hex(): string {
    const end = this.bytes.indexOf(0x3e, this.at);
    const to = end < 0 ? this.bytes.length : end;
    const part = this.bytes.subarray(this.at + 1, Math.min(to, this.at + 1 + 2 * MOST_TEXT));
    this.at = Math.min(this.bytes.length, to + 1);
    const digits = Array.from(part, (byte) => String.fromCharCode(byte)).join('');
    const pairs = digits.replace(/[^0-9a-f]/gi, '').match(/..?/g) ?? [];
    return String.fromCharCode(...pairs.map((pair) => Number.parseInt(pair.padEnd(2, '0'), 16)));
  }

  /** Texts are only stepped over, but for the bytes of short ones (a palette may be one). */
  private text(): string {
    const { bytes } = this;
    const out: number[] = [];
    let deep = 0;
    while (this.at < bytes.length) {
      const byte = bytes[this.at++];
      if (byte === 0x28 && deep++ === 0) continue;
      if (byte === 0x29 && --deep === 0) break;
      if (byte === 0x5c) {
        out.push(...this.escaped());
        continue;
      }
      if (out.length < MOST_TEXT) out.push(byte);
    }
    return String.fromCharCode(...out);
  }

  private escaped(): number[] {
    const { bytes } = this;
    const byte = bytes[this.at++];
    if (byte >= 0x30 && byte <= 0x37) {
      let value = byte - 0x30;
      for (let i = 0; i < 2 && bytes[this.at] >= 0x30 && bytes[this.at] <= 0x37; i++) {
        value = 8 * value + bytes[this.at++] - 0x30;
      }
      return [value & 255];
    }
    if (byte === CR && bytes[this.at] === LF) this.at++;
    if (byte === CR || byte === LF) return [];
    const plain = 'nrtbf'.indexOf(String.fromCharCode(byte));
    return [plain < 0 ? byte : [10, 13, 9, 8, 12][plain]];
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === LF || byte === CR || byte === 9 || byte === 0 || byte === 12;
}

function isRegular(byte: number): boolean {
  return !isSpace(byte) && !DELIMITERS.has(byte);
}

const DELIMITERS = new Set(Array.from('()<>[]{}/%', (each) => each.charCodeAt(0)));
