import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AppPage } from './support/app-page.ts';
import { useClinic } from './support/clinic.ts';

let app: AppPage;
const posted: string[] = [];

const clinic = useClinic({
  site: {
    intercept: (request) => {
      if (request.method === 'POST') posted.push(request.url ?? '');
      return false;
    },
  },
});
beforeAll(async () => {
  app = await clinic.tablet.open(clinic.site.url);
  await app.setUp();
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
    await share([await clinic.pictures.file(7)]);
    await app.page.getByRole('heading', { name: 'phantom-7-512.png' }).waitFor();
    expect((await app.result()).probabilities).toHaveLength(4);
    expect(posted).toEqual([]);
    expect(new URL(app.page.url()).search).toBe('');
  });

  it('keeps nothing once the page has it: a reload starts empty', async () => {
    await app.page.goto(clinic.site.url);
    await app.readScreen.waitFor();
    const kept = await app.page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.includes('shared'));
      const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return keys.flat().length;
    });
    expect(kept).toBe(0);
  });

  it('takes several in their order, offline too', async () => {
    await clinic.site.stop();
    await clinic.tablet.context.setOffline(true);
    await share([
      await clinic.pictures.file(8),
      await clinic.pictures.file(9),
      await clinic.pictures.file(10),
    ]);
    await app.allRead();
    const names = await app.page
      .locator('fr-thumb-list li')
      .evaluateAll((rows) => rows.map((row) => /phantom-\d+/.exec(row.textContent)?.[0]));
    expect(names).toEqual(['phantom-8', 'phantom-9', 'phantom-10']);
  });

  it('says so when nothing came', async () => {
    await app.page.goto(`${clinic.site.url}?shared=failed`);
    await app.page.getByText('The shared pictures did not arrive.').waitFor();
    expect(new URL(app.page.url()).search).toBe('');
  });
});
