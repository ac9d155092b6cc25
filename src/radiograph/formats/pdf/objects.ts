/**
 * The objects of a PDF, found by looking for “12 0 obj” and not through the file's own tables: those
 * are often wrong or of another kind, and a picture is always such an object. Only objects without a
 * stream may lie packed in others (ISO 32000-1, 7.5.7); these are unpacked when they are first asked
 * for.
 */
import { damaged } from '../../errors.ts';
import { inflate } from '../unpack.ts';
import { Name, PdfReader, Ref, type Dictionary, type PdfValue } from './syntax.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface PdfObject {
  readonly value: PdfValue;
  /** Where its stream begins, if it has one. */
  readonly stream: number | null;
}

/** A reference, or an object without a number of its own. */
export interface Found {
  readonly dictionary: Dictionary;
  readonly number: number;
  /** The stream's bytes as they stand in the file. */
  readonly bytes: Bytes;
}

const MOST_OBJECTS = 200_000;
/** Objects of a document's structure; a packed list of them is never larger. */
const MOST_UNPACKED = 16_000_000;
/** Looked through at once, with what a number before its word may take. */
const CHUNK = 1_000_000;
const OVERLAP = 32;
const START =
  /(?<!\d)(\d{1,10})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj(?![A-Za-z])|trailer(?![A-Za-z])/g;
const END_STREAM = 'endstream';

export class PdfObjects {
  readonly #bytes: Bytes;
  /** Number → where its value begins; the last one counts, as later versions are appended. */
  readonly #places = new Map<number, number>();
  readonly #read = new Map<number, PdfObject>();
  readonly #packed = new Map<number, PdfValue>();
  readonly #trailers: Dictionary[] = [];
  #unpackedAll = false;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#scan();
  }

  /** It says that its texts and streams are encrypted. */
  get encrypted(): boolean {
    return (
      this.#trailers.some((each) => each.has('Encrypt')) ||
      this.streams().some(
        ({ dictionary }) => isNamed(dictionary.get('Type'), 'XRef') && dictionary.has('Encrypt'),
      )
    );
  }

  /** Every object with a stream, in the order of the file. */
  streams(): readonly Found[] {
    return [...this.#places.keys()].flatMap((number) => this.stream(number) ?? []);
  }

  /** Every dictionary there is, the packed ones too. */
  *dictionaries(): Iterable<readonly [number, Dictionary]> {
    this.#unpackAll();
    for (const number of new Set([...this.#places.keys(), ...this.#packed.keys()])) {
      const value = this.#value(number);
      if (isDictionary(value)) yield [number, value];
    }
  }

  stream(number: number): Found | null {
    const object = this.#object(number);
    if (!object || object.stream === null || !isDictionary(object.value)) return null;
    const dictionary = object.value;
    return { dictionary, number, bytes: this.#streamBytes(dictionary, object.stream) };
  }

  /** What a value is, where it is a reference; at most so many steps. */
  resolve(value: PdfValue | undefined, steps = 8): PdfValue {
    if (!(value instanceof Ref)) return value ?? null;
    return steps > 0 ? this.resolve(this.#value(value.number), steps - 1) : null;
  }

  number(value: PdfValue | undefined): number | null {
    const found = this.resolve(value);
    return typeof found === 'number' ? found : null;
  }

  dictionary(value: PdfValue | undefined): Dictionary | null {
    const found = this.resolve(value);
    return isDictionary(found) ? found : null;
  }

  list(value: PdfValue | undefined): readonly PdfValue[] {
    const found = this.resolve(value);
    return Array.isArray(found) ? (found as readonly PdfValue[]) : [];
  }

  name(value: PdfValue | undefined): string {
    const found = this.resolve(value);
    return found instanceof Name ? found.name : '';
  }

  #scan(): void {
    const decoder = new TextDecoder('latin1');
    let behind = 0;
    for (let from = 0; from < this.#bytes.length; from += CHUNK - OVERLAP) {
      const text = decoder.decode(this.#bytes.subarray(from, from + CHUNK));
      for (const found of text.matchAll(START)) {
        const at = from + found.index;
        // Inside of a stream there may be anything, other PDFs too.
        if (at < behind) continue;
        // The beginning of this number stands in the chunk before, which has found it whole.
        if (found.index === 0 && isDigit(this.#bytes[at - 1])) continue;
        const start = at + found[0].length;
        if (found[1] === undefined) {
          const trailer = this.#safely(() => new PdfReader(this.#bytes, start).value());
          if (isDictionary(trailer)) this.#trailers.push(trailer);
          continue;
        }
        const number = Number(found[1]);
        this.#places.delete(number);
        this.#places.set(number, start);
        this.#read.delete(number);
        if (this.#places.size > MOST_OBJECTS) throw damaged('it has more parts than there can be');
        const object = this.#parse(start);
        if (object !== null && object.stream !== null && isDictionary(object.value)) {
          const length = object.value.get('Length');
          const end = typeof length === 'number' ? object.stream + length : 0;
          if (end > 0 && this.#endsAt(end)) behind = end;
        }
      }
    }
  }

  #object(number: number): PdfObject | null {
    const known = this.#read.get(number);
    if (known) return known;
    const place = this.#places.get(number);
    const object = place === undefined ? null : this.#parse(place);
    if (object) this.#read.set(number, object);
    return object;
  }

  #value(number: number): PdfValue {
    const object = this.#object(number);
    if (object) return object.value;
    this.#unpackAll();
    return this.#packed.get(number) ?? null;
  }

  #parse(place: number): PdfObject | null {
    return this.#safely(() => {
      const reader = new PdfReader(this.#bytes, place);
      const value = reader.value();
      if (!isDictionary(value)) return { value, stream: null };
      reader.skipSpace();
      if (!reader.take('stream')) return { value, stream: null };
      if (this.#bytes[reader.at] === 0x0d) reader.at++;
      if (this.#bytes[reader.at] === 0x0a) reader.at++;
      return { value, stream: reader.at };
    });
  }

  #safely<T>(read: () => T): T | null {
    try {
      return read();
    } catch {
      // One part that cannot be read says nothing against the others.
      return null;
    }
  }

  /** By its length where its end stands there, else up to the next end. */
  #streamBytes(dictionary: Dictionary, start: number): Bytes {
    const length = this.number(dictionary.get('Length'));
    if (length !== null && length >= 0 && this.#endsAt(start + length)) {
      return this.#bytes.subarray(start, start + length);
    }
    const end = indexOf(this.#bytes, END_STREAM, start);
    return this.#bytes.subarray(start, end < 0 ? this.#bytes.length : end);
  }

  #endsAt(end: number): boolean {
    if (end > this.#bytes.length) return false;
    const behind = String.fromCharCode(...this.#bytes.subarray(end, end + 16));
    return behind.trimStart().startsWith(END_STREAM);
  }

  #unpackAll(): void {
    if (this.#unpackedAll) return;
    this.#unpackedAll = true;
    for (const { dictionary, bytes } of this.streams()) {
      if (!isNamed(dictionary.get('Type'), 'ObjStm')) continue;
      this.#safely(() => this.#unpack(dictionary, bytes));
    }
  }

  #unpack(dictionary: Dictionary, packed: Bytes): void {
    const plain = dictionary.has('Filter') ? inflate(packed, roomFor(packed)) : packed;
    const first = this.number(dictionary.get('First')) ?? 0;
    const count = Math.min(this.number(dictionary.get('N')) ?? 0, MOST_OBJECTS);
    const head = new PdfReader(plain);
    for (let i = 0; i < count; i++) {
      const number = head.value();
      const offset = head.value();
      if (typeof number !== 'number' || typeof offset !== 'number') return;
      this.#packed.set(number, new PdfReader(plain, first + offset).value());
    }
  }
}

/** Text packs a hundredfold at best; a few bytes may claim gigabytes. */
function roomFor(packed: Uint8Array): number {
  return Math.min(MOST_UNPACKED, 4096 + packed.length * 200);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

export function isDictionary(value: PdfValue | undefined): value is Dictionary {
  return value instanceof Map;
}

export function isNamed(value: PdfValue | undefined, name: string): boolean {
  return value instanceof Name && value.name === name;
}

function indexOf(bytes: Uint8Array, word: string, from: number): number {
  const first = word.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < word.length && bytes[at + i] === word.charCodeAt(i)) i++;
    if (i === word.length) return at;
  }
  return -1;
}
