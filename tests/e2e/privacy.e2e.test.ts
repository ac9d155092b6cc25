import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenName } from '../../src/state/routes.ts';
import type { AppPage } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
import { readNetLog } from './support/net-log.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

let site: Site;
let pictures: Pictures;
let folder: string;
let twenty: string[];

beforeAll(async () => {
  [site, pictures] = await Promise.all([Site.start(), makePictures()]);
  folder = await mkdtemp(path.join(os.tmpdir(), 'fieldray-netlog-'));
  twenty = [];
  for (let variant = 0; variant < 20; variant += 1) {
    twenty.push(await pictures.file(variant, 300, variant % 2 === 0 ? 'png' : 'jpeg'));
  }
});
afterAll(async () => {
  await site.remove();
  await pictures.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Every one but the first visit's, where the sitting begins, and the list, where it is held. */
const SCREENS = [
  'status',
  'model',
  'settings',
  'insights',
  'evaluation',
  'adaptation',
  'film',
  'about',
] as const satisfies readonly ScreenName[];

/** Twenty pictures, every screen, one picture looked at, a reload, every screen again. */
async function sitting(app: AppPage): Promise<void> {
  await app.goTo('read');
  await app.openFiles(twenty);
  await app.allRead();
  await app.page.locator('fr-thumb-list button.open').first().click();
  await app.result();
  for (const screen of SCREENS) await app.goTo(screen);
  await app.goTo('read');
  await app.reload();
  await app.readScreen.waitFor();
  for (const screen of [...SCREENS].reverse()) await app.goTo(screen);
  await app.goTo('read');
}

describe('a whole sitting', () => {
  it('asks nothing of anyone but its own origin, first visit included', async () => {
    const netLog = path.join(folder, 'net.json');
    const tablet = await Tablet.unpack({
      // Chromium asks its maker about the fields of every page; a page cannot forbid it.
      args: [`--log-net-log=${netLog}`, '--disable-features=AutofillServerCommunication'],
    });
    const requested: string[] = [];
    tablet.context.on('request', (request) => requested.push(request.url()));
    tablet.context.on('page', (page) =>
      page.on('websocket', (socket) => requested.push(socket.url())),
    );
    const app = await tablet.open(site.url);
    await app.setUp();
    await sitting(app);
    await tablet.switchOff();

    const record = await readNetLog(netLog, 'http://127.0.0.1');
    await tablet.throwAway();
    // The recorders work: they saw the app's own files and the model's.
    expect(requested).toContain(`${site.url}models/current.json`);
    expect(record.urls).toContain(`${site.url}service-worker.js`);
    expect(record.urls).toContain(`${site.url}models/current.json`);

    const ours = (url: string): boolean =>
      url.startsWith(site.url) || url.startsWith(`blob:${site.origin}/`);
    expect(requested.filter((url) => !ours(url))).toEqual([]);
    expect(record.urls.filter((url) => !ours(url))).toEqual([]);
    expect(record.lookedUp.filter((host) => !host.includes('127.0.0.1'))).toEqual([]);
    // What is left is the browser's: nothing of it may even name us.
    expect(record.browsersOwn.filter((url) => /fieldray|127\.0\.0\.1/.test(url))).toEqual([]);
  });

  it('after the first visit needs no network at all', async () => {
    const tablet = await Tablet.unpack();
    const app = await tablet.open(site.url);
    await app.setUp();
    const passed: string[] = [];
    await tablet.context.setOffline(true);
    tablet.context.on('requestfinished', (request) => {
      if (!request.url().startsWith('blob:')) passed.push(request.url());
    });
    const failed: string[] = [];
    tablet.context.on('requestfailed', (request) => failed.push(request.url()));
    await sitting(app);
    // Answered, and by the service worker: nothing else could.
    expect(passed.length).toBeGreaterThan(0);
    expect(failed.filter((url) => !url.endsWith('service-worker.js'))).toEqual([]);
    expect(tablet.complaints).toEqual([]);
    await tablet.throwAway();
  });
});
