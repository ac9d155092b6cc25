/**
 * PNG's line filters undone (PNG 9.2). A megapixel of grey passes here on every reading, so grey of
 * eight bits has loops of its own that keep the neighbors in hand instead of fetching them again:
 * they take half the time.
 */
import { damaged } from './errors.ts';

/**
 * In place. `up`: the line above, unfiltered, zeros for the first. `step`: bytes from a sample to
 * the one on its left.
 * @throws DamagedPictureError for a filter that does not exist
 */
export function unfilter(filter: number, line: Uint8Array, up: Uint8Array, step: number): void {
  const bytes = step === 1;
  switch (filter) {
    case 0:
      break;
    case 1:
      if (bytes) subOfBytes(line);
      else sub(line, step);
      break;
    case 2:
      for (let i = 0; i < line.length; i++) line[i] += up[i];
      break;
    case 3:
      if (bytes) averageOfBytes(line, up);
      else average(line, up, step);
      break;
    case 4:
      if (bytes) paethOfBytes(line, up);
      else paethOf(line, up, step);
      break;
    default:
      throw damaged('a line of it is packed in a way no PNG uses');
  }
}

function subOfBytes(line: Uint8Array): void {
  let left = 0;
  for (let i = 0; i < line.length; i++) {
    left = (left + line[i]) & 255;
    line[i] = left;
  }
}

function averageOfBytes(line: Uint8Array, up: Uint8Array): void {
  let left = 0;
  for (let i = 0; i < line.length; i++) {
    left = (((left + up[i]) >> 1) + line[i]) & 255;
    line[i] = left;
  }
}

function paethOfBytes(line: Uint8Array, up: Uint8Array): void {
  let left = 0;
  let upLeft = 0;
  for (let i = 0; i < line.length; i++) {
    const above = up[i];
    left = (paeth(left, above, upLeft) + line[i]) & 255;
    line[i] = left;
    upLeft = above;
  }
}

function sub(line: Uint8Array, step: number): void {
  for (let i = step; i < line.length; i++) line[i] += line[i - step];
}

function average(line: Uint8Array, up: Uint8Array, step: number): void {
  const n = line.length;
  for (let i = 0; i < step && i < n; i++) line[i] += up[i] >> 1;
  for (let i = step; i < n; i++) line[i] += (line[i - step] + up[i]) >> 1;
}

function paethOf(line: Uint8Array, up: Uint8Array, step: number): void {
  const n = line.length;
  for (let i = 0; i < step && i < n; i++) line[i] += up[i];
  for (let i = step; i < n; i++) line[i] += paeth(line[i - step], up[i], up[i - step]);
}

function paeth(left: number, up: number, upLeft: number): number {
  const nearLeft = Math.abs(up - upLeft);
  const nearUp = Math.abs(left - upLeft);
  const nearBoth = Math.abs(left + up - 2 * upLeft);
  if (nearLeft <= nearUp && nearLeft <= nearBoth) return left;
  return nearUp <= nearBoth ? up : upLeft;
}
