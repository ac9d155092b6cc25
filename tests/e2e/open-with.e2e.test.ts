/**
 * "Open with", as the system does it: the app is installed in a real Chromium, which then starts it
 * with real files. Only the system's own menu and the browser's question before the first file are
 * passed by; both belong to the browser.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CDPSession } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AppPage } from './support/app-page.ts';
import { buildFolder } from './support/builds.ts';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic({ tablet: { args: ['--enable-devtools-pwa-handler'] } });
let system: CDPSession;
let app: AppPage;

beforeAll(async () => {
  app = await clinic.tablet.open(clinic.site.url);
  await app.setUp();
  const browser = clinic.tablet.context.browser();
  if (!browser) throw new Error('This Chromium cannot be spoken to as a whole.');
  system = await browser.newBrowserCDPSession();
  const { url } = clinic.site;
  await system.send('PWA.install', { manifestId: url, installUrlOrBundleUrl: url });
});

/** The windows that took the files. */
async function openWith(...files: string[]): Promise<readonly string[]> {
  const manifestId = clinic.site.url;
  const { targetIds } = await system.send('PWA.launchFilesInApp', { manifestId, files });
  return targetIds;
}

describe('"Open with"', () => {
  it('is offered for every kind of file that the manifest names', async () => {
    const { fileHandlers } = await system.send('PWA.getOsAppState', {
      manifestId: clinic.site.url,
    });
    const manifest = JSON.parse(
      readFileSync(path.join(buildFolder('first'), 'manifest.webmanifest'), 'utf8'),
    ) as { file_handlers: { accept: Record<string, string[]> }[] };
    const named = manifest.file_handlers.flatMap(({ accept }) => Object.entries(accept));
    expect(named.length).toBeGreaterThan(4);
    const offered = fileHandlers.flatMap(({ accepts }) =>
      accepts.map(({ mediaType, fileExtensions }) => [mediaType, [...fileExtensions].sort()]),
    );
    expect(Object.fromEntries(offered)).toEqual(
      Object.fromEntries(named.map(([type, endings]) => [type, [...endings].sort()])),
    );
  });

  it('shows one picture at once, in the window that is there', async () => {
    const before = clinic.tablet.context.pages().length;
    await openWith(await clinic.pictures.file(5));
    await app.page.getByRole('heading', { name: 'phantom-5-512.png' }).waitFor();
    expect((await app.result()).probabilities).toHaveLength(4);
    expect(clinic.tablet.context.pages()).toHaveLength(before);
  });

  it('adds several to the list, what cannot be read among them', async () => {
    const text = await clinic.pictures.bytes('notes.png', 'The notes of the ward round.');
    await openWith(await clinic.pictures.file(6), text, await clinic.pictures.file(7));
    await app.goTo('read');
    const list = app.page.locator('fr-thumb-list li');
    await expect
      .poll(async () => (await list.allInnerTexts()).join(), { timeout: 60_000 })
      .toMatch(/^(?!.*(?:Waiting|Being read)).*phantom-7/s);
    const rows = await list.allInnerTexts();
    expect(rows.map((row) => /phantom-\d+|notes/.exec(row)?.[0])).toEqual([
      'phantom-5',
      'phantom-6',
      'notes',
      'phantom-7',
    ]);
    expect(rows[2]).toContain('This is a text file');
  });

  it('starts the app when no window is open, with no network', async () => {
    await clinic.site.stop();
    await clinic.tablet.context.newPage();
    await app.page.close();
    const [targetId] = await openWith(await clinic.pictures.file(8));
    // A window of the system's making is no page of the test's; its address says what it shows.
    await expect
      .poll(async () => (await system.send('Target.getTargetInfo', { targetId })).targetInfo.url, {
        timeout: 60_000,
      })
      .toBe(`${clinic.site.url}#/read/case-1`);
  });
});
