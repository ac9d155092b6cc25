/**
 * What an HEIF file (ISO/IEC 23008-12; AVIF is one) says of its main picture: its size as shown. The
 * browser decodes it; this only keeps pictures out that are too large, and tells a cut file from one
 * that the browser does not know.
 */
import { damaged, truncated } from '../../errors.ts';
import { text } from '../bytes.ts';

export interface HeifSize {
  /** After its turning, which is part of the picture and done by every decoder. */
  readonly width: number;
  readonly height: number;
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A few dozen are usual; a grid of tiles has a property each. */
const MOST_BOXES = 10_000;

/** @throws TruncatedPictureError, DamagedPictureError */
export function readHeifSize(bytes: Uint8Array): HeifSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return sizeOf(view, bytes);
  } catch (error) {
    // A length inside the head led past the file's end.
    throw error instanceof RangeError ? damaged('its head cannot be followed', error) : error;
  }
}

function sizeOf(view: DataView, bytes: Uint8Array): HeifSize {
  const top = boxesIn(view, bytes, 0, bytes.length, true);
  const meta = top.find(({ type }) => type === 'meta');
  if (!meta) throw damaged('it holds no picture');
  // A full box: four bytes of version and flags come first.
  const inner = boxesIn(view, bytes, meta.start + 4, meta.end);
  const properties = inner.find(({ type }) => type === 'iprp');
  const primary = inner.find(({ type }) => type === 'pitm');
  const found = properties ? boxesIn(view, bytes, properties.start, properties.end) : [];
  const list = found.find(({ type }) => type === 'ipco');
  if (!list) throw damaged('it does not say how large it is');
  const all = boxesIn(view, bytes, list.start, list.end);
  const main = primary ? itemAt(view, primary) : 1;
  const mine = found
    .filter(({ type }) => type === 'ipma')
    .flatMap((box) => indexesOf(view, box, main));
  const chosen = mine.flatMap((index) => all[index - 1] ?? []);
  const extent = chosen.find(({ type }) => type === 'ispe');
  if (!extent) throw damaged('it does not say how large it is');
  const [width, height] = [view.getUint32(extent.start + 4), view.getUint32(extent.start + 8)];
  const quarters = chosen
    .filter(({ type }) => type === 'irot')
    .map(({ start }) => view.getUint8(start) & 3);
  const sideways = quarters.reduce((sum, each) => sum + each, 0) % 2 === 1;
  return sideways ? { width: height, height: width } : { width, height };
}

/** @param whole at the top, where a box that goes on behind the end shows that the file is cut */
function boxesIn(
  view: DataView,
  bytes: Uint8Array,
  from: number,
  to: number,
  whole = false,
): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < MOST_BOXES;) {
    const size = view.getUint32(at);
    const long = size === 1;
    const length = long ? Number(view.getBigUint64(at + 8)) : size === 0 ? to - at : size;
    const start = at + (long ? 16 : 8);
    const type = text(bytes, at + 4, 4);
    if (length < start - at) throw damaged('the parts of it do not follow one another');
    if (at + length > to) {
      if (whole && boxes.length > 0) throw truncated('a part of it is missing');
      throw damaged('the parts of it do not follow one another');
    }
    boxes.push({ type, start, end: at + length });
    at += length;
  }
  return boxes;
}

/** `pitm`: which of the pictures is the main one. */
function itemAt(view: DataView, { start }: Box): number {
  return view.getUint8(start) === 0 ? view.getUint16(start + 4) : view.getUint32(start + 4);
}

/** `ipma`: which properties, counted from 1, belong to a picture. */
function indexesOf(view: DataView, { start, end }: Box, item: number): number[] {
  const wideItem = view.getUint8(start) > 0;
  const wideIndex = (view.getUint8(start + 3) & 1) === 1;
  const entries = view.getUint32(start + 4);
  let at = start + 8;
  for (let i = 0; i < entries && at < end; i++) {
    const id = wideItem ? view.getUint32(at) : view.getUint16(at);
    at += wideItem ? 4 : 2;
    const count = view.getUint8(at++);
    const step = wideIndex ? 2 : 1;
    if (id === item) {
      return Array.from({ length: count }, (_, k) =>
        wideIndex ? view.getUint16(at + 2 * k) & 0x7fff : view.getUint8(at + k) & 0x7f,
      );
    }
    at += count * step;
  }
  return [];
}
