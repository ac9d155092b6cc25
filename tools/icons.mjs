#!/usr/bin/env node
// Draws public/icons/*.png from the one mark (public/icons/mark.svg). The results are committed.
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';

const icons = new URL('../public/icons/', import.meta.url);
const mark = await readFile(new URL('mark.svg', icons), 'utf8');
/** The whole square is the mark's ground: the system cuts its own shape out of it. */
const square = mark.replace('rx="112"', 'rx="0"');
/** Maskable icons may lose all but the middle 80 %; the drawing is brought inside it. */
const maskable = square
  .replace(
    '<g fill="none"',
    '<g transform="translate(256 256) scale(.8) translate(-256 -256)"><g fill="none"',
  )
  .replace('</svg>', '</g></svg>');

/** @param {string} name @param {string} svg @param {number} size */
async function draw(name, svg, size) {
  const png = await sharp(Buffer.from(svg), { density: ((72 * size) / 512) * 2 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: true, quality: 100 })
    .toBuffer();
  await writeFile(new URL(name, icons), png);
}

await draw('icon-192.png', mark, 192);
await draw('icon-512.png', mark, 512);
await draw('maskable-192.png', maskable, 192);
await draw('maskable-512.png', maskable, 512);
await draw('apple-touch-180.png', square, 180);
await draw('favicon-32.png', mark, 32);
