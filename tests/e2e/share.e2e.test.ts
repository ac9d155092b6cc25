import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppPage } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

let site: Site;
let tablet: Tablet;
let pictures: Pictures;
let app: AppPage;
const posted: string[] = [];

beforeAll(async () => {
  [site, tablet, pictures] = await Promise.all([
    Site.start({
      intercept: (request) => {
        if (request.method === 'POST') posted.push(request.url ?? '');
        return false;
      },
    }),
    Tablet.unpack(),
    makePictures(),
  ]);
  app = await tablet.open(site.url);
  await app.setUp();
});
afterAll(async () => {
  await tablet.throwAway();
  await site.remove();
  await pictures.remove();
});

/** What the system's share sheet does: a navigation by POST to the manifest's address. */
async function share(files: readonly string[]): Promise<void> {
  const contents = await Promise.all(
    files.map(async (file) => ({
      name: path.basename(file),
      base64: (await readFile(file)).toString('base64'),
    })),
  );
  await Promise.all([
    app.page.waitForEvent('load'),
    app.page.evaluate(async (given) => {
      const manifest = (await (await fetch('manifest.webmanifest')).json()) as {
        share_target: { action: string; params: { files: { name: string }[] } };
      };
      const form = document.createElement('form');
      form.method = 'POST';
      form.enctype = 'multipart/form-data';
      form.action = manifest.share_target.action;
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.name = manifest.share_target.params.files[0]?.name ?? '';
      const transfer = new DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: 'image/png' }));
      }
      input.files = transfer.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    }, contents),
  ]);
}

describe('the share sheet', () => {
  it('opens the shared picture, and it never goes over the line', async () => {
    await share([await pictures.file(7)]);
    await app.page.getByRole('heading', { name: 'phantom-7-512.png' }).waitFor();
    expect((await app.result()).probabilities).toHaveLength(4);
    expect(posted).toEqual([]);
    expect(new URL(app.page.url()).search).toBe('');
  });

  it('keeps nothing once the page has it: a reload starts empty', async () => {
    await app.page.goto(site.url);
    await app.readScreen.waitFor();
    const kept = await app.page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.includes('shared'));
      const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return keys.flat().length;
    });
    expect(kept).toBe(0);
  });

  it('takes several in their order, offline too', async () => {
    await site.stop();
    await tablet.context.setOffline(true);
    await share([await pictures.file(8), await pictures.file(9), await pictures.file(10)]);
    await app.allRead();
    const names = await app.page
      .locator('fr-thumb-list li')
      .evaluateAll((rows) => rows.map((row) => /phantom-\d+/.exec(row.textContent)?.[0]));
    expect(names).toEqual(['phantom-8', 'phantom-9', 'phantom-10']);
  });

  it('says so when nothing came', async () => {
    await app.page.goto(`${site.url}?shared=failed`);
    await app.page.getByText('The shared pictures did not arrive.').waitFor();
    expect(new URL(app.page.url()).search).toBe('');
  });
});
