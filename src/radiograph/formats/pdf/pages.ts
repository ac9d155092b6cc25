/**
 * Where on the pages pictures are drawn: content streams (ISO 32000-1, 8.4 and 8.10) are followed for
 * their transformations alone. Nothing is painted.
 */
import { inflate } from '../unpack.ts';
import type { PdfObjects } from './objects.ts';
import { Name, PdfReader, Ref, Word, type Dictionary, type PdfValue } from './syntax.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** a b c d e f: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface Drawn {
  /** The picture's object. */
  readonly number: number;
  readonly page: number;
  /** From the unit square to the page as it is shown, whose sides are 1 and upwards. */
  readonly matrix: Matrix;
  /** Width over height of the page as it is shown. */
  readonly pageRatio: number;
}

export interface Pages {
  readonly count: number;
  readonly drawn: readonly Drawn[];
}

const SAME: Matrix = [1, 0, 0, 1, 0, 0];
const MOST_PAGES = 200;
const MOST_CONTENT = 8_000_000;
const MOST_OPERATORS = 200_000;
/** Forms that draw forms. */
const MOST_DEPTH = 5;
const LETTER = [0, 0, 612, 792];

export function drawnPictures(objects: PdfObjects): Pages {
  const pages: Dictionary[] = [];
  for (const [, dictionary] of objects.dictionaries()) {
    if (objects.name(dictionary.get('Type')) === 'Page') pages.push(dictionary);
  }
  const drawn = pages
    .slice(0, MOST_PAGES)
    .flatMap((page, index) => new PageReader(objects, page, index).read());
  return { count: pages.length, drawn };
}

class PageReader {
  readonly #objects: PdfObjects;
  readonly #page: Dictionary;
  readonly #index: number;
  readonly #drawn: Drawn[] = [];
  #operators = 0;

  constructor(objects: PdfObjects, page: Dictionary, index: number) {
    this.#objects = objects;
    this.#page = page;
    this.#index = index;
  }

  read(): Drawn[] {
    const objects = this.#objects;
    const box = objects.list(this.#inherited('CropBox') ?? this.#inherited('MediaBox'));
    const sides = box.map((each) => objects.number(each) ?? 0);
    const [x0, y0, x1, y1] = sides.length === 4 ? sides : LETTER;
    const [width, height] = [Math.abs(x1 - x0) || 612, Math.abs(y1 - y0) || 792];
    const turn = (((objects.number(this.#inherited('Rotate')) ?? 0) % 360) + 360) % 360;
    const sideways = turn === 90 || turn === 270;
    const pageRatio = sideways ? height / width : width / height;
    const unit: Matrix = [
      ...([1 / width, 0, 0, 1 / height] as const),
      ...([-Math.min(x0, x1) / width, -Math.min(y0, y1) / height] as const),
    ];
    const shown = times(unit, TURNS[turn] ?? SAME);
    const resources = objects.dictionary(this.#inherited('Resources'));
    this.#follow(this.#contents(), resources, shown, pageRatio, 0);
    return this.#drawn;
  }

  /** Pages have what their parents say where they say nothing. */
  #inherited(key: string): PdfValue | undefined {
    let node: Dictionary | null = this.#page;
    for (let step = 0; node && step < 32; step++) {
      const value = node.get(key);
      if (value !== undefined && this.#objects.resolve(value) !== null) return value;
      node = this.#objects.dictionary(node.get('Parent'));
    }
    return undefined;
  }

  #contents(): Bytes {
    const contents = this.#page.get('Contents');
    const refs =
      contents instanceof Ref && this.#objects.stream(contents.number)
        ? [contents]
        : this.#objects.list(contents);
    const parts = refs.flatMap((ref) => (ref instanceof Ref ? this.#plain(ref.number) : []));
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length + 1, 0)).fill(0x20);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length + 1;
    }
    return whole;
  }

  #plain(number: number): Bytes[] {
    const found = this.#objects.stream(number);
    if (!found) return [];
    const filter = found.dictionary.get('Filter');
    const names = filtersOf(this.#objects, filter);
    if (names.length === 0) return [found.bytes.subarray(0, MOST_CONTENT)];
    if (names.length > 1 || names[0] !== 'FlateDecode') return [];
    try {
      return [inflate(found.bytes, Math.min(MOST_CONTENT, 65_536 + found.bytes.length * 50))];
    } catch {
      return [];
    }
  }

  #follow(
    content: Bytes,
    resources: Dictionary | null,
    start: Matrix,
    pageRatio: number,
    depth: number,
  ): void {
    const xObjects = this.#objects.dictionary(resources?.get('XObject'));
    const reader = new PdfReader(content);
    const kept: Matrix[] = [];
    let matrix = start;
    let operands: PdfValue[] = [];
    while (!reader.ended && this.#operators < MOST_OPERATORS) {
      const value = reader.value();
      if (!(value instanceof Word)) {
        operands.push(value);
        if (operands.length > 64) operands = [];
        continue;
      }
      this.#operators++;
      switch (value.word) {
        case 'q':
          if (kept.length < 1000) kept.push(matrix);
          break;
        case 'Q':
          matrix = kept.pop() ?? matrix;
          break;
        case 'cm':
          matrix = times(matrixOf(operands), matrix);
          break;
        case 'BI':
          skipInline(reader);
          break;
        case 'Do': {
          const name = operands.at(-1);
          const target = name instanceof Name ? xObjects?.get(name.name) : undefined;
          if (target instanceof Ref) {
            this.#draw(target.number, resources, matrix, pageRatio, depth);
          }
          break;
        }
        default:
      }
      operands = [];
    }
  }

  #draw(
    number: number,
    resources: Dictionary | null,
    matrix: Matrix,
    pageRatio: number,
    depth: number,
  ): void {
    const found = this.#objects.stream(number);
    const kind = this.#objects.name(found?.dictionary.get('Subtype'));
    if (kind === 'Image') this.#drawn.push({ number, page: this.#index, matrix, pageRatio });
    if (kind !== 'Form' || !found || depth >= MOST_DEPTH) return;
    const own = this.#objects.list(found.dictionary.get('Matrix'));
    const inner = own.length === 6 ? times(matrixOf(own), matrix) : matrix;
    const theirs = this.#objects.dictionary(found.dictionary.get('Resources')) ?? resources;
    for (const content of this.#plain(number)) {
      this.#follow(content, theirs, inner, pageRatio, depth + 1);
    }
  }
}

/** Of a page whose sides are 1, by its clockwise degrees. */
const TURNS: Readonly<Record<number, Matrix>> = {
  90: [0, -1, 1, 0, 0, 1],
  180: [-1, 0, 0, -1, 1, 1],
  270: [0, 1, -1, 0, 1, 0],
};

/** First the one, then the other. */
function times(first: Matrix, then: Matrix): Matrix {
  const [a, b, c, d, e, f] = first;
  const [A, B, C, D, E, F] = then;
  return [
    ...([a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D] as const),
    ...([e * A + f * C + E, e * B + f * D + F] as const),
  ];
}

function matrixOf(operands: readonly PdfValue[]): Matrix {
  const numbers = operands.slice(-6).map((each) => (typeof each === 'number' ? each : NaN));
  if (numbers.length < 6 || numbers.some(Number.isNaN)) return SAME;
  const [a, b, c, d, e, f] = numbers;
  return [a, b, c, d, e, f];
}

/** Past the bytes of a small picture that stands in the content itself. */
function skipInline(reader: PdfReader): void {
  const { bytes } = reader;
  for (let at = reader.at; at + 2 < bytes.length; at++) {
    const before = bytes[at] <= 0x20;
    if (before && bytes[at + 1] === 0x45 && bytes[at + 2] === 0x49 && !(bytes[at + 3] > 0x20)) {
      reader.at = at + 3;
      return;
    }
  }
  reader.at = bytes.length;
}

/** The names of a stream's filters, the first one to be undone first. */
export function filtersOf(objects: PdfObjects, filter: PdfValue | undefined): string[] {
  const single = objects.name(filter);
  const all = single === '' ? objects.list(filter).map((each) => objects.name(each)) : [single];
  const long: Readonly<Record<string, string>> = {
    ...{ Fl: 'FlateDecode', LZW: 'LZWDecode', RL: 'RunLengthDecode', DCT: 'DCTDecode' },
  };
  return all.map((name) => long[name] ?? name);
}
