/** The built app itself: how fast it starts on a device that has its model, and how much it fetches. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { serve } from '../tools/serve/server.mjs';

export interface Starts {
  /** From the navigation to the screen that opens radiographs, ms. */
  readonly screen: number[];
  /** From there: engine asked for → network loaded and tested, ms. */
  readonly engine: number[];
}

export interface Sizes {
  /** gzip bytes that had arrived before the first contentful paint. */
  readonly shell: number;
  /** gzip bytes of everything but the model, up to the first result on WASM. */
  readonly beforeResult: number;
  /** Bytes of the model's files as they are stored, and packed. */
  readonly model: number;
  readonly modelGzip: number;
  /** What was counted, largest first. */
  readonly files: readonly { path: string; gzip: number; shell: boolean }[];
}

/** Until pictures can be opened; without a service worker the page does not promise to work offline. */
async function setUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Set up this device' }).click();
  await page.getByRole('link', { name: 'Open radiographs' }).waitFor({ timeout: 120_000 });
}

/** Opens the app again and again in new tabs of a browser that has everything stored. */
export async function measureStarts(browser: Browser, dist: string, runs: number): Promise<Starts> {
  const server = await serve({ directory: dist });
  const context = await browser.newContext();
  try {
    const first = await context.newPage();
    await first.goto(server.url);
    await setUp(first);
    await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await first.close();
    await context.addInitScript({
      path: fileURLToPath(new URL('start-probe.js', import.meta.url)),
    });
    const starts: Starts = { screen: [], engine: [] };
    // The first tab of all compiles what the later ones find compiled.
    for (let run = -2; run < runs; run += 1) {
      const page = await context.newPage();
      await page.goto(server.url);
      const screen = await page.evaluate<number>('globalThis.fieldrayScreenAt');
      const engine = await page.evaluate(() => {
        const app = document.querySelector('fieldray-app');
        const begun = performance.now();
        return app?.services.active
          .engine()
          .then((made) => made.start())
          .then(() => performance.now() - begun);
      });
      if (run >= 0) {
        starts.screen.push(screen);
        starts.engine.push(engine ?? Number.NaN);
      }
      await page.close();
    }
    return starts;
  } finally {
    await context.close();
    await server.close();
  }
}

function gzipped(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

/** A first visit without a service worker, so that only what is needed is fetched. */
export async function measureSizes(
  browser: Browser,
  dist: string,
  picture: string,
): Promise<Sizes> {
  const fetched: string[] = [];
  const server = await serve({
    directory: dist,
    intercept: (_request, _response, inside) => {
      if (inside && !fetched.includes(inside)) fetched.push(inside);
      return false;
    },
  });
  const context = await browser.newContext({ serviceWorkers: 'block' });
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Set up this device' }).waitFor();
    const early = await page.evaluate(() => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0];
      if (!paint) throw new Error('The browser tells no first contentful paint.');
      return (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter((entry) => entry.responseEnd <= paint.startTime)
        .map((entry) => entry.name);
    });
    const shell = ['index.html', ...early.map((url) => url.slice(server.url.length))];
    await setUp(page);
    await page.getByRole('link', { name: 'Open radiographs' }).click();
    await page.locator('fr-read-screen input[type=file]').setInputFiles([picture]);
    await page.locator('fr-result-panel .verdict h2').waitFor({ timeout: 60_000 });

    const models = fetched.filter((name) => name.startsWith('models/'));
    const files = fetched
      .filter((name) => !name.startsWith('models/'))
      .map((name) => ({
        path: name,
        gzip: gzipped(path.join(dist, name)),
        shell: shell.includes(name),
      }))
      .sort((a, b) => b.gzip - a.gzip);
    const sum = (list: readonly { gzip: number }[]): number =>
      list.reduce((total, file) => total + file.gzip, 0);
    return {
      shell: sum(files.filter((file) => file.shell)),
      beforeResult: sum(files),
      model: models.reduce((total, name) => total + statSync(path.join(dist, name)).size, 0),
      modelGzip: models.reduce((total, name) => total + gzipped(path.join(dist, name)), 0),
      files,
    };
  } finally {
    await context.close();
    await server.close();
  }
}

/** Bytes of the whole built app (gzip) without models and precompressed copies: what is kept offline. */
export function keptOffline(dist: string): number {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('models') && !/\.(?:br|gz)$/.test(name))
    .filter((name) => statSync(path.join(dist, name)).isFile())
    .reduce((total, name) => total + gzipped(path.join(dist, name)), 0);
}
