/** The main way (first visit, open a file, result, offline reload) in the other two engines. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFirefox, findWebKit } from '../../tools/browser/find-others.mjs';
import { openFirefox, openWebKit, type OtherBrowser } from './support/other-browsers.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

/** Looks through every shadow root: `find(selector, words)`, and `until(thing)` waits for it. */
const HELPERS = `
  const all = function* (root) {
    for (const element of root.querySelectorAll('*')) {
      yield element;
      if (element.shadowRoot) yield* all(element.shadowRoot);
    }
  };
  const find = (selector, words = '') => {
    for (const element of all(document)) {
      if (element.matches(selector) && element.textContent.includes(words)) return element;
    }
    return null;
  };
  const until = async (look, what) => {
    const end = Date.now() + 120000;
    for (;;) {
      const found = look();
      if (found) return found;
      if (Date.now() > end) throw new Error('Waited in vain for ' + what);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
`;

interface Shown {
  verdict: string;
  shares: number[];
  facts: string;
}

describe.each([
  { name: 'Firefox', there: findFirefox() !== null, open: openFirefox },
  { name: 'WebKitGTK', there: findWebKit() !== null, open: openWebKit },
])('$name', ({ name, there, open }) => {
  if (!there) console.log(`${name} is not installed here: its tests are skipped.`);
  let site: Site;
  let pictures: Pictures;
  let browser: OtherBrowser;

  beforeAll(async () => {
    if (!there) return;
    [site, pictures, browser] = await Promise.all([Site.start(), makePictures(), open()]);
  });
  afterAll(async () => {
    if (!there) return;
    await browser.close();
    await site.remove();
    await pictures.remove();
  });

  const run = (body: string): Promise<unknown> => browser.run(HELPERS + body);

  async function read(file: string): Promise<Shown> {
    const base64 = (await readFile(file)).toString('base64');
    return (await run(`
      location.hash = '#/read';
      await until(() => find('h1', 'Open chest X-rays'), 'the empty read screen');
      await new Promise((resolve) => setTimeout(resolve, 300));
      const input = await until(() => find('fr-read-screen')?.shadowRoot.querySelector('input[type=file]'), 'the file input');
      const bytes = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'phantom.png', { type: 'image/png' }));
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
      const panel = await until(() => find('fr-result-panel')?.shadowRoot, 'the result panel');
      const verdict = await until(() => panel.querySelector('.verdict h2'), 'the verdict');
      const figures = panel.querySelector('fr-result-figures').shadowRoot;
      return {
        verdict: verdict.textContent.trim(),
        shares: figures.querySelector('fr-bar-list').bars.map(({ share }) => share),
        facts: figures.querySelector('.reading').textContent.replace(/\\s+/g, ' '),
      };
    `)) as Shown;
  }

  it.skipIf(!there)('first visit, a file, its result, and the same offline', async () => {
    await browser.go(site.url);
    await run(`
      (await until(() => find('button', 'Set up this device'), 'the button')).click();
      await until(() => find('h1', 'Ready to work offline'), 'the end of the setup');
      await navigator.serviceWorker.ready;
      await until(() => navigator.serviceWorker.controller, 'the service worker');
    `);
    const file = await pictures.file(6, 400);
    const online = await read(file);
    expect(online.shares).toHaveLength(4);
    expect(online.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);

    await site.stop();
    await browser.reload();
    await run(`await until(() => find('fr-read-screen'), 'the read screen without a server');`);
    const offline = await read(file);
    expect(offline.verdict).toBe(online.verdict);
    offline.shares.forEach((share, index) => {
      expect(share).toBeCloseTo(online.shares[index] ?? NaN, 4);
    });
    console.log(`${name}: ${offline.facts}`);
  });
});
