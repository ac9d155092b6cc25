/**
 * The pictures that README.md and the install dialog show, taken from the built app with a phantom:
 *   npm run build && npx tsx tools/store-pictures.ts
 * Writes docs/screenshot.png and public/screenshots/*.png (both committed). Run it again when the
 * look or the shipped model changes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { chestPhantom } from '../src/model/phantom.ts';
import { CHROMIUM_ARGS, requireChromium } from './browser/find-chromium.mjs';
import { serve } from './serve/server.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Name, window in CSS pixels, device pixels for one of them. The manifest names the products. */
const WINDOWS = [
  ['wide', 1280, 800, 1],
  ['narrow', 412, 732, 2],
] as const;

async function phantom(variant: number, size: number): Promise<Buffer> {
  const data = Uint8Array.from(chestPhantom(size, variant), (value) => Math.round(255 * value));
  return sharp(data, { raw: { width: size, height: size, channels: 1 } })
    .png()
    .toBuffer();
}

async function readOne(page: Page, address: string, picture: Buffer): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: 'Set up this device' }).click();
  await page.getByRole('heading', { name: 'Ready to work offline' }).waitFor({ timeout: 120_000 });
  await page.getByRole('link', { name: 'Open radiographs' }).click();
  const input = page.locator('fr-read-screen input[type=file]');
  await input.setInputFiles([{ name: 'phantom.png', mimeType: 'image/png', buffer: picture }]);
  await page.locator('fr-result-panel .verdict h2').waitFor({ timeout: 60_000 });
  await page.locator('fr-viewer[data-settled]').waitFor();
}

async function save(place: string, shot: Buffer): Promise<void> {
  const file = path.join(ROOT, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await sharp(shot).png({ palette: true, compressionLevel: 9 }).toBuffer());
  console.log(place);
}

const picture = await phantom(0, 1024);
const server = await serve({ directory: path.join(ROOT, 'dist') });
const browser = await chromium.launch({
  executablePath: requireChromium(),
  args: CHROMIUM_ARGS.filter((each) => each !== '--enable-unsafe-webgpu'),
});
try {
  for (const [name, width, height, deviceScaleFactor] of WINDOWS) {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor });
    const page = await context.newPage();
    await readOne(page, server.url, picture);
    const shot = await page.screenshot();
    await save(`public/screenshots/result-${name}.png`, shot);
    if (name === 'wide') await save('docs/screenshot.png', shot);
    await context.close();
  }
} finally {
  await browser.close();
  await server.close();
}
