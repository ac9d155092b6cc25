/**
 * PNG's compressed stream → unfiltered scanlines, one at a time: whatever the picture's size, only
 * three lines are in memory. Inflating is the browser's own (`DecompressionStream`).
 */
import { damaged, truncated } from '../../errors.ts';
import type { PngLayout } from './png-chunks.ts';
import { unfilter, unfilterTwo } from './png-filter.ts';

/** One pass of Adam7, or the whole picture. Pixel (x, y) of the pass lies at x0 + x·dx, y0 + y·dy. */
export interface Pass {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

/** `line`: packed samples as in the file, valid only during the call. */
export type OnLine = (line: Uint8Array, y: number, pass: Pass) => void;

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function passesOf({ width, height, interlaced }: PngLayout): Pass[] {
  if (!interlaced) return [{ x0: 0, y0: 0, dx: 1, dy: 1, width, height }];
  return ADAM7.map(([x0, y0, dx, dy]) => ({
    x0,
    y0,
    dx,
    dy,
    width: Math.ceil((width - x0) / dx),
    height: Math.ceil((height - y0) / dy),
  })).filter((pass) => pass.width > 0 && pass.height > 0);
}

export function channelsOf(colorType: number): number {
  return { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colorType] ?? 1;
}

/**
 * Calls `onLine` for every line of every pass, in order. Stops reading when all are there, so
 * a stream that goes on for gigabytes costs nothing.
 * @throws TruncatedPictureError when the stream ends early, DamagedPictureError when it is no
 *   zlib stream or names a filter that does not exist
 */
export async function readScanlines(
  layout: PngLayout,
  onLine: OnLine,
  signal?: AbortSignal,
): Promise<void> {
  const bitsPerPixel = channelsOf(layout.colorType) * layout.bitDepth;
  const step = Math.max(1, bitsPerPixel >> 3);
  const passes = passesOf(layout);
  let passIndex = 0;
  let y = 0;
  let filled = -1; // −1: the filter byte comes next
  let length = 0;
  // The last finished line, then two that are filled one after the other and unfiltered together.
  let lines = new Uint8Array(0);
  let slots = [lines, lines, lines];
  const filters = [0, 0, 0];
  let slot = 1;
  const beginPass = () => {
    length =
      passIndex < passes.length ? Math.ceil((passes[passIndex].width * bitsPerPixel) / 8) : 0;
    lines = new Uint8Array(3 * length);
    slots = [0, 1, 2].map((each) => lines.subarray(each * length, (each + 1) * length));
    slot = 1;
    y = 0;
  };
  beginPass();

  const finish = () => {
    const pass = passes[passIndex];
    if (slot === 1) unfilter(filters[1], lines, length, 0, length, step);
    else unfilterTwo(filters[1], filters[2], lines, length, step);
    for (let each = 1; each <= slot; each++) onLine(slots[each], y++, pass);
    lines.copyWithin(0, slot * length, (slot + 1) * length);
    slot = 1;
    if (y < pass.height) return;
    passIndex++;
    beginPass();
  };

  const take = (chunk: Uint8Array) => {
    let at = 0;
    while (at < chunk.length && passIndex < passes.length) {
      if (filled < 0) {
        filters[slot] = chunk[at++];
        filled = 0;
        continue;
      }
      const part = Math.min(length - filled, chunk.length - at);
      lines.set(chunk.subarray(at, at + part), slot * length + filled);
      filled += part;
      at += part;
      if (filled < length) return;
      filled = -1;
      if (slot === 1 && y + 1 < passes[passIndex].height) slot = 2;
      else finish();
    }
  };

  const reader = inflated(layout).getReader();
  try {
    while (passIndex < passes.length) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw layout.endMissing ? truncated('its pixels end too early') : inflateFailure(error);
      });
      if (done) throw truncated('its pixels end too early');
      take(value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * Handed over piece by piece from memory: a Blob's own stream would go through another process, and
 * a large piece could inflate to gigabytes before the next line is asked for. Files come in parts of
 * 8 kB: joined, they cost the stream's machinery a quarter as many rounds, a fifth of the whole time.
 */
const PIECE_BYTES = 32_768;
const TIME_TO_READ_MS = 50;

function inflated({ data, endMissing }: PngLayout): ReadableStream<Uint8Array> {
  const pieces = piecesOf(data);
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = pieces.next();
      // A stream that ends without its checksum fails, and a failure throws unread lines away.
      if (done && endMissing) await new Promise((resolve) => setTimeout(resolve, TIME_TO_READ_MS));
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return packed.pipeThrough(new DecompressionStream('deflate'));
}

function* piecesOf(
  data: readonly Uint8Array<ArrayBuffer>[],
): Generator<Uint8Array<ArrayBuffer>, undefined> {
  let piece = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  for (const part of data) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + PIECE_BYTES - filled);
      piece.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      // The stream may still hold the last one.
      piece = new Uint8Array(PIECE_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** The stream's error is a TypeError for broken and for short data alike, told apart by its text. */
function inflateFailure(error: unknown): Error {
  return error instanceof TypeError && /end|trunc|incomplete/i.test(error.message)
    ? truncated('its pixels end too early')
    : damaged('its pixels cannot be unpacked', error);
}
