/**
 * PNG's line filters undone (PNG 9.2). A megapixel of grey passes here on every reading, so grey of
 * eight bits has loops of its own that keep the neighbors in hand instead of fetching them again.
 * Both lines lie in one array: a loop that writes to one array and reads from another takes half as
 * long again. Where two lines have the same filter, they are undone together, the lower one a pixel
 * behind: each pixel waits for its neighbors, and the processor does one wait's work in the other's.
 */
import { damaged } from '../../errors.ts';

/**
 * In place.
 * @param bytes holds the line and the one above it
 * @param at where the line begins
 * @param up where the line above begins, unfiltered; zeros for the first
 * @param length bytes of a line
 * @param step bytes from a sample to the one on its left
 * @throws DamagedPictureError for a filter that does not exist
 */
export function unfilter(
  filter: number,
  bytes: Uint8Array,
  at: number,
  up: number,
  length: number,
  step: number,
): void {
  const single = step === 1;
  const gap = up - at;
  const end = at + length;
  switch (filter) {
    case 0:
      break;
    case 1:
      if (single) subOfBytes(bytes, at, end);
      else sub(bytes, at, end, step);
      break;
    case 2:
      for (let i = at; i < end; i++) bytes[i] += bytes[i + gap];
      break;
    case 3:
      if (single) averageOfBytes(bytes, at, end, gap);
      else average(bytes, at, end, gap, step);
      break;
    case 4:
      if (single) paethOfBytes(bytes, at, end, gap);
      else paethOf(bytes, at, end, gap, step);
      break;
    default:
      throw damaged('a line of it is packed in a way no PNG uses');
  }
}

/**
 * Two lines that follow a finished one, in place: `length` bytes each, all three in a row.
 * @throws DamagedPictureError for a filter that does not exist
 */
export function unfilterTwo(
  upper: number,
  lower: number,
  bytes: Uint8Array,
  length: number,
  step: number,
): void {
  if (upper === lower && step === 1 && upper === 3) averageOfTwo(bytes, length);
  else if (upper === lower && step === 1 && upper === 4) paethOfTwo(bytes, length);
  else {
    unfilter(upper, bytes, length, 0, length, step);
    unfilter(lower, bytes, 2 * length, length, length, step);
  }
}

function averageOfTwo(bytes: Uint8Array, length: number): void {
  const below = 2 * length;
  let left = 0;
  let leftBelow = 0;
  for (let i = 0; i < length; i++) {
    const above = left;
    left = (((left + bytes[i]) >> 1) + bytes[length + i]) & 255;
    bytes[length + i] = left;
    if (i === 0) continue;
    leftBelow = (((leftBelow + above) >> 1) + bytes[below + i - 1]) & 255;
    bytes[below + i - 1] = leftBelow;
  }
  const last = below + length - 1;
  bytes[last] = ((leftBelow + left) >> 1) + bytes[last];
}

function paethOfTwo(bytes: Uint8Array, length: number): void {
  const below = 2 * length;
  let left = 0;
  let upLeft = 0;
  let leftBelow = 0;
  let upLeftBelow = 0;
  for (let i = 0; i < length; i++) {
    const upBelow = left;
    const above = bytes[i];
    left = (paeth(left, above, upLeft) + bytes[length + i]) & 255;
    bytes[length + i] = left;
    upLeft = above;
    if (i === 0) continue;
    leftBelow = (paeth(leftBelow, upBelow, upLeftBelow) + bytes[below + i - 1]) & 255;
    bytes[below + i - 1] = leftBelow;
    upLeftBelow = upBelow;
  }
  const last = below + length - 1;
  bytes[last] += paeth(leftBelow, left, upLeftBelow);
}

function subOfBytes(bytes: Uint8Array, at: number, end: number): void {
  let left = 0;
  for (let i = at; i < end; i++) {
    left = (left + bytes[i]) & 255;
    bytes[i] = left;
  }
}

function averageOfBytes(bytes: Uint8Array, at: number, end: number, gap: number): void {
  let left = 0;
  for (let i = at; i < end; i++) {
    left = (((left + bytes[i + gap]) >> 1) + bytes[i]) & 255;
    bytes[i] = left;
  }
}

function paethOfBytes(bytes: Uint8Array, at: number, end: number, gap: number): void {
  let left = 0;
  let upLeft = 0;
  for (let i = at; i < end; i++) {
    const above = bytes[i + gap];
    left = (paeth(left, above, upLeft) + bytes[i]) & 255;
    bytes[i] = left;
    upLeft = above;
  }
}

function sub(bytes: Uint8Array, at: number, end: number, step: number): void {
  for (let i = at + step; i < end; i++) bytes[i] += bytes[i - step];
}

function average(bytes: Uint8Array, at: number, end: number, gap: number, step: number): void {
  const second = Math.min(at + step, end);
  for (let i = at; i < second; i++) bytes[i] += bytes[i + gap] >> 1;
  for (let i = second; i < end; i++) bytes[i] += (bytes[i - step] + bytes[i + gap]) >> 1;
}

function paethOf(bytes: Uint8Array, at: number, end: number, gap: number, step: number): void {
  const second = Math.min(at + step, end);
  for (let i = at; i < second; i++) bytes[i] += bytes[i + gap];
  for (let i = second; i < end; i++) {
    bytes[i] += paeth(bytes[i - step], bytes[i + gap], bytes[i + gap - step]);
  }
}

/**
 * Of left, up and upper left the one nearest to left + up − upLeft; the first of these where two are as
 * near. Said by thirds instead of distances, and without a branch: in the grain of a radiograph
 * nobody can guess which way it goes, and wrong guesses take most of the time.
 *
 * With t = 3·upLeft − left − up: the upper left is nearest while t lies between the other two,
 * beyond the higher one the lower wins, and the other way round.
 */
function paeth(left: number, up: number, upLeft: number): number {
  const gap = left - up;
  const negative = gap >> 31;
  const low = up + (gap & negative);
  const high = left - (gap & negative);
  const third = 3 * upLeft - left - up;
  const belowHigh = (third - high) >> 31;
  const aboveLow = (low - third) >> 31;
  const nearest = (upLeft & belowHigh) | (low & ~belowHigh);
  return (nearest & aboveLow) | (high & ~aboveLow);
}
