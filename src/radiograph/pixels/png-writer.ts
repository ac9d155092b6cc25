/** Writes a grey PNG of 8 bits: exact in every browser, where a canvas's own export may add noise. */
import { crc32 } from './crc32.ts';
import type { GreyImage } from '../types.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Filter type 2 (PNG, section 9): the difference from the pixel above packs smooth pictures well. */
const UP = 2;

/** @param image values 0 … 1, rounded to 255 steps */
export async function writeGreyPng({ width, height, data }: GreyImage): Promise<Blob> {
  const lines = new Uint8Array((width + 1) * height);
  let above = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const row = new Uint8Array(width);
    const to = y * (width + 1);
    lines[to] = UP;
    for (let x = 0; x < width; x++) {
      row[x] = Math.min(255, Math.max(0, Math.round(data[y * width + x] * 255)));
      lines[to + 1 + x] = row[x] - above[x];
    }
    above = row;
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // 8 bits, grey, deflate, adaptive filters, not interlaced.
  header.set([8, 0, 0, 0, 0], 8);
  const packed = await new Response(
    new Blob([lines]).stream().pipeThrough(new CompressionStream('deflate')),
  ).arrayBuffer();
  return new Blob(
    [SIGNATURE, chunk('IHDR', header), chunk('IDAT', new Uint8Array(packed)), chunk('IEND')],
    { type: 'image/png' },
  );
}

function chunk(type: string, content = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes, 4, 8 + content.length));
  return bytes;
}
