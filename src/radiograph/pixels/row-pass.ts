/**
 * The inner loops of the resampling: one source row summed into the places of the target row.
 * Each kind of sample has its own loop, because a loop that meets several kinds of arrays runs
 * several times slower.
 */
import { LUMINANCE } from './luminance.ts';
import type { Axis, ResampleSource } from './types.ts';

/** Writes the weighted sums of source row `y` (not yet divided by the area or by white). */
export type RowPass = (y: number, sums: Float64Array) => void;

export function horizontalPass(source: ResampleSource, axis: Axis, targetWidth: number): RowPass {
  const { width } = source;
  switch (source.layout) {
    case 'float':
      return (y, sums) => sumFloats(source.data, y * width, axis, sums, targetWidth);
    case 'grey': {
      const { data } = source;
      return data instanceof Uint8Array
        ? (y, sums) => sumBytes(data, y * width, axis, sums, targetWidth)
        : (y, sums) => sumWords(data, y * width, axis, sums, targetWidth);
    }
    default: {
      const pixels = asPixels(source.data);
      const [red, green, blue] = LUMINANCE;
      const redFirst = source.layout.startsWith('rgb');
      const low = redFirst ? red : blue;
      const high = redFirst ? blue : red;
      return source.layout.endsWith('a')
        ? (y, sums) => sumAlpha(pixels, y * width, axis, sums, targetWidth, low, green, high)
        : (y, sums) => sumColors(pixels, y * width, axis, sums, targetWidth, low, green, high);
    }
  }
}

/** Four-byte pixels as one number each; every platform with a browser is little-endian. */
export function asPixels(data: Uint8Array | Uint16Array): Uint32Array {
  return data.byteOffset % 4 === 0
    ? new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2)
    : new Uint32Array(data.slice().buffer);
}

// The next three bodies are the same text on purpose: see the comment at the top.

function sumBytes(data: Uint8Array, at: number, axis: Axis, sums: Float64Array, n: number): void {
  const { first, last, firstShare, lastShare, shrinks } = axis;
  for (let j = 0; j < n; j++) {
    const end = at + last[j];
    let i = at + first[j];
    const edges = data[i] * firstShare[j] + data[end] * lastShare[j];
    let whole = 0;
    if (shrinks) for (i++; i < end; i++) whole += data[i];
    sums[j] = edges + whole;
  }
}

function sumWords(data: Uint16Array, at: number, axis: Axis, sums: Float64Array, n: number): void {
  const { first, last, firstShare, lastShare, shrinks } = axis;
  for (let j = 0; j < n; j++) {
    const end = at + last[j];
    let i = at + first[j];
    const edges = data[i] * firstShare[j] + data[end] * lastShare[j];
    let whole = 0;
    if (shrinks) for (i++; i < end; i++) whole += data[i];
    sums[j] = edges + whole;
  }
}

function sumFloats(
  data: Float32Array,
  at: number,
  axis: Axis,
  sums: Float64Array,
  n: number,
): void {
  const { first, last, firstShare, lastShare, shrinks } = axis;
  for (let j = 0; j < n; j++) {
    const end = at + last[j];
    let i = at + first[j];
    let sum = data[i] * firstShare[j] + data[end] * lastShare[j];
    if (shrinks) for (i++; i < end; i++) sum += data[i];
    sums[j] = sum;
  }
}

/** The three channels are summed as whole numbers and weighted once a place. */
function sumColors(
  pixels: Uint32Array,
  at: number,
  axis: Axis,
  sums: Float64Array,
  n: number,
  lowWeight: number,
  midWeight: number,
  highWeight: number,
): void {
  const { first, last, firstShare, lastShare, shrinks } = axis;
  for (let j = 0; j < n; j++) {
    const end = at + last[j];
    let i = at + first[j];
    const a = pixels[i];
    const b = pixels[end];
    const wa = firstShare[j];
    const wb = lastShare[j];
    let low = 0;
    let mid = 0;
    let high = 0;
    if (shrinks) {
      for (i++; i < end; i++) {
        const pixel = pixels[i];
        low += pixel & 255;
        mid += (pixel >>> 8) & 255;
        high += (pixel >>> 16) & 255;
      }
    }
    sums[j] =
      (low + (a & 255) * wa + (b & 255) * wb) * lowWeight +
      (mid + ((a >>> 8) & 255) * wa + ((b >>> 8) & 255) * wb) * midWeight +
      (high + ((a >>> 16) & 255) * wa + ((b >>> 16) & 255) * wb) * highWeight;
  }
}

/** As above, each pixel dimmed by its opacity first: transparency lies over black. */
function sumAlpha(
  pixels: Uint32Array,
  at: number,
  axis: Axis,
  sums: Float64Array,
  n: number,
  lowWeight: number,
  midWeight: number,
  highWeight: number,
): void {
  const { first, last, firstShare, lastShare, shrinks } = axis;
  const value = (pixel: number): number =>
    (((pixel & 255) * lowWeight +
      ((pixel >>> 8) & 255) * midWeight +
      ((pixel >>> 16) & 255) * highWeight) *
      (pixel >>> 24)) /
    255;
  for (let j = 0; j < n; j++) {
    const end = at + last[j];
    let i = at + first[j];
    let sum = value(pixels[i]) * firstShare[j] + value(pixels[end]) * lastShare[j];
    if (shrinks) for (i++; i < end; i++) sum += value(pixels[i]);
    sums[j] = sum;
  }
}
