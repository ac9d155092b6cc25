/** What a slow line has to carry, counted in the gzip bytes of the files that are really asked for. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildFolder } from './support/builds.ts';
import { useClinic } from './support/clinic.ts';

// The WASM path: a device whose browser gives neither WebGPU nor WebGL.
const clinic = useClinic({ tablet: { args: ['--disable-3d-apis'] } });

/** A file of the build as gzip -9 packs it. */
function packedBytes(url: string): number {
  const name = new URL(url).pathname.slice(1) || 'index.html';
  const file = path.join(buildFolder('first'), name);
  if (!existsSync(file)) throw new Error(`${url} is not part of the build.`);
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

function sum(urls: Iterable<string>): number {
  return [...urls].reduce((bytes, url) => bytes + packedBytes(url), 0);
}

/** The page, its style and the code it names, with what that code names in turn (not `import()`). */
function shellFiles(): string[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(path.join(buildFolder('first'), name), 'utf8');
    const named = name.endsWith('.html')
      ? text.matchAll(
          /<(?:script|link rel="(?:stylesheet|modulepreload)")[^>]*? (?:src|href)="([^"]+)"/g,
        )
      : name.endsWith('.js')
        ? text.matchAll(/(?:^|[;}\s])(?:import|export)(?:[^"'`();]*?from)?["']([^"']+)["']/g)
        : [];
    for (const [, target] of named) {
      if (target) add(path.posix.join(path.posix.dirname(name), target));
    }
  };
  add('index.html');
  return [...found];
}

describe('bytes over the line', () => {
  it('the shell paints with at most 60 kB, and with nothing but them', async () => {
    const shell = shellFiles();
    const page = await clinic.tablet.context.newPage();
    const refused: string[] = [];
    await page.route('**/*', (route) => {
      const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
      if (shell.includes(name)) return route.continue();
      refused.push(name);
      return route.abort();
    });
    await page.goto(clinic.site.url);
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const painted = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const [first] = list.getEntriesByName('first-contentful-paint');
            if (first) resolve(first.startTime);
          }).observe({ type: 'paint', buffered: true });
        }),
    );
    await page.close();
    const bytes = sum(shell.map((name) => `${clinic.site.url}${name}`));
    console.log(
      `gzip bytes of the shell before the first paint: ${bytes} in ${shell.length} files`,
    );
    expect(painted).toBeGreaterThan(0);
    // The refusing works: more than the shell was asked for.
    expect(refused.length).toBeGreaterThan(0);
    expect(shell.length).toBeGreaterThanOrEqual(3);
    expect(bytes).toBeLessThanOrEqual(60_000);
  });

  it('everything but the model is at most 420 kB before the first result on WASM', async () => {
    const asked = new Set<string>();
    const kept = new Set<string>();
    clinic.tablet.context.on('request', (request) => {
      if (request.url().startsWith('blob:')) return;
      // What the service worker fetches to keep is no part of what a person waits for.
      (request.serviceWorker() ? kept : asked).add(request.url());
    });
    const app = await clinic.tablet.open(clinic.site.url);
    await app.setUpButton.waitFor();
    const early = [...asked].filter((url) => url.endsWith('.js'));
    console.log(`gzip bytes before the first button: ${sum(asked)} in ${asked.size} files`);
    // The reading room comes when it is gone to, not before the welcome that takes its place.
    expect(early.filter((url) => /\/(?:read-screen|viewer)/.test(url))).toEqual([]);
    expect(early.some((url) => url.includes('/welcome-screen'))).toBe(true);
    await app.setUp();
    await app.read(await clinic.pictures.file(1, 512));
    expect([...asked].some((url) => url.includes('/read-screen'))).toBe(true);
    const waited = sum([...asked].filter((url) => !url.includes('/models/')));
    const all = sum(new Set([...asked, ...kept].filter((url) => !url.includes('/models/'))));
    console.log(`gzip bytes before the first result: ${waited}; of the whole first visit: ${all}`);
    expect([...asked].some((url) => url.endsWith('.wasm'))).toBe(true);
    expect(kept.size).toBeGreaterThan(10);
    expect(waited).toBeLessThanOrEqual(420_000);
  });
});
