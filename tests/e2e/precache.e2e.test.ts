import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFolder } from './support/builds.ts';
import { Tablet } from './support/chromium.ts';
import { Site } from './support/site.ts';

interface Entry {
  url: string;
  revision: string | null;
  integrity: string;
}

const folder = buildFolder('first');
let files: string[];
let entries: Entry[];

beforeAll(async () => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  files = found
    .filter((one) => one.isFile())
    .map((one) => path.relative(folder, path.join(one.parentPath, one.name)))
    .map((name) => name.split(path.sep).join('/'));
  const script = await readFile(path.join(folder, 'service-worker.js'), 'utf8');
  const list = /\[\{"url":.*?\}\](?=[,);])/s.exec(script)?.[0] ?? '[]';
  entries = JSON.parse(list) as Entry[];
});

describe('the list of what the service worker keeps', () => {
  it('is the build, file for file: nothing missing, nothing more', () => {
    // Said here once more in other words than the build's rule, so that a mistake there shows.
    const shell = files.filter(
      (name) =>
        name === 'index.html' ||
        name === 'manifest.webmanifest' ||
        name === 'third-party-notices.txt' ||
        /^icons\/[^/]+\.(?:png|svg)$/.test(name) ||
        /^assets\/[^/]+\.(?:js|css|wasm|woff2|json)$/.test(name),
    );
    expect(entries.map(({ url }) => url).sort()).toEqual(shell.sort());
    const others = files.filter((name) => !shell.includes(name));
    for (const name of others) {
      expect(name).toMatch(
        /^models\/|^screenshots\/|^service-worker\.js$|^parts\.cdx\.json$|^SHA256SUMS$|\.(?:br|gz)$/,
      );
    }
  });

  it('has every .wasm the app can ask for, and no part of a model', () => {
    const wasm = files.filter((name) => name.endsWith('.wasm'));
    expect(wasm.length).toBeGreaterThanOrEqual(2);
    const urls = entries.map(({ url }) => url);
    expect(urls).toEqual(expect.arrayContaining(wasm));
    expect(files.some((name) => name.startsWith('models/'))).toBe(true);
    expect(urls.filter((url) => url.startsWith('models/') || url.endsWith('.bin'))).toEqual([]);
  });

  it('carries the right hash of every file, and a revision where the name has none', async () => {
    for (const { url, integrity, revision } of entries) {
      const bytes = await readFile(path.join(folder, url));
      expect(integrity).toBe(`sha256-${createHash('sha256').update(bytes).digest('base64')}`);
      expect(revision === null).toBe(/^assets\//.test(url));
    }
  });
});

it('has no chunk that imports the script of a worker: WebKit would run that script twice', async () => {
  const chunks = files.filter((name) => /^assets\/.*\.js$/.test(name));
  const texts = await Promise.all(chunks.map((name) => readFile(path.join(folder, name), 'utf8')));
  const scripts = new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/new Worker\(\s*new URL\([^)]*?([\w.-]+\.js)["'`]/g)].map((one) => one[1]),
    ),
  );
  expect(scripts.size).toBeGreaterThanOrEqual(2);
  const importers = chunks.filter((_, index) =>
    [...(texts[index] ?? '').matchAll(/(?:from|import)\s*\(?["'`]\.\/([\w.-]+\.js)["'`]/g)].some(
      ([, target]) => scripts.has(target),
    ),
  );
  expect(importers).toEqual([]);
});

describe('in the browser', () => {
  let site: Site;
  let tablet: Tablet;
  beforeAll(async () => {
    [site, tablet] = await Promise.all([Site.start(), Tablet.unpack()]);
  });
  afterAll(async () => {
    await tablet.throwAway();
    await site.remove();
  });

  it('keeps exactly that, and models stay out of it after the whole setup', async () => {
    const app = await tablet.open(site.url);
    await app.setUp();
    const kept = await app.page.evaluate(async () => {
      const urls: string[] = [];
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) urls.push(url);
      }
      return urls;
    });
    const names = kept.map((url) => new URL(url).pathname.slice(1));
    expect(names.sort()).toEqual(entries.map(({ url }) => url).sort());
  });

  it('never answers for a model: without a server there is none', async () => {
    await site.stop();
    const app = await tablet.open(site.url);
    await app.readScreen.waitFor();
    const answer = await app.page.evaluate(() =>
      fetch('models/current.json').then(
        (response) => response.status,
        () => 'no answer',
      ),
    );
    expect(answer).toBe('no answer');
  });
});

it('finds a stored file that was changed: mends it from the server, or names it', async () => {
  const site = await Site.start();
  const tablet = await Tablet.unpack();
  const app = await tablet.open(site.url);
  await app.setUp();
  const works = app.page.getByText('Works: everything is on this device');
  await app.goTo('status');
  await works.waitFor();

  const spoil = (): Promise<void> =>
    app.page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          if (!request.url.endsWith('.wasm')) continue;
          const bytes = new Uint8Array(await (await cache.match(request))!.arrayBuffer());
          bytes[1000] = (bytes[1000] ?? 0) ^ 4;
          await cache.put(request, new Response(bytes));
          return;
        }
      }
      throw new Error('No .wasm file is kept.');
    });
  await spoil();
  await site.stop();
  await app.reload();
  await app.page.getByText('A file of the app is missing on this device').waitFor();
  await app.page.getByText(/could not be reached for: assets\/.*\.wasm/).waitFor();
  expect(await works.count()).toBe(0);

  await site.restart();
  await app.page.getByRole('button', { name: 'Try again' }).click();
  await works.waitFor();
  await tablet.throwAway();
  await site.remove();
});

it("keeps nothing when a file is not what was built (a captive portal's page)", async () => {
  let portal = true;
  const site = await Site.start({
    intercept: (_request, response, name) => {
      if (!portal || !name.endsWith('.wasm')) return false;
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Please sign in</p>');
      return true;
    },
  });
  const tablet = await Tablet.unpack();
  const app = await tablet.open(`${site.url}#/status`);
  await app.page
    .getByText('could not be kept on this device')
    .waitFor({ state: 'attached', timeout: 30_000 });
  // The screen names the first file that was not what was built.
  await app.page
    .getByText(/does not send the file that belongs to this version: assets\/.*\.wasm/)
    .waitFor();
  const active = await app.page.evaluate(
    async () => (await navigator.serviceWorker.getRegistration())?.active ?? null,
  );
  expect(active).toBeNull();

  // Signed in: the next try keeps everything.
  portal = false;
  await app.page.getByRole('button', { name: 'Check for an update' }).click();
  await app.page.getByText('The app opens; the model is not here yet').waitFor();
  await site.stop();
  await app.reload();
  await app.page.locator('fr-status-screen').waitFor();
  await tablet.throwAway();
  await site.remove();
});
