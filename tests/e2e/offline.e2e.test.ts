import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tablet } from './support/chromium.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

let site: Site;
let tablet: Tablet;
let pictures: Pictures;

beforeAll(async () => {
  [site, tablet, pictures] = await Promise.all([Site.start(), Tablet.unpack(), makePictures()]);
});
afterAll(async () => {
  await tablet.throwAway();
  await site.remove();
  await pictures.remove();
});

describe('airplane mode', () => {
  it('reads without a reload right after the first visit', async () => {
    const app = await tablet.open(site.url);
    await app.setUp();
    await site.stop();
    await tablet.context.setOffline(true);
    const first = await app.read(await pictures.file(1));
    expect(first.probabilities).toHaveLength(4);

    await app.reload();
    await app.goTo('read');
    const again = await app.read(await pictures.file(1));
    expect(again).toEqual(first);
  });

  it('closes and opens again', async () => {
    const [page] = tablet.context.pages();
    if (!page) throw new Error('The tab of the first test is gone.');
    await page.close();
    const app = await tablet.open(site.url);
    await app.readScreen.waitFor();
    expect((await app.read(await pictures.file(2))).probabilities).toHaveLength(4);
  });

  it('survives a restart of the browser, at an address it never saw', async () => {
    await tablet.switchOff();
    await tablet.switchOn();
    await tablet.context.setOffline(true);
    const app = await tablet.open(`${site.url}some/old/bookmark?from=mail#/status`);
    await app.page.locator('fr-status-screen').waitFor();
    const elsewhere = await tablet.open(site.url);
    expect((await elsewhere.read(await pictures.file(3))).probabilities).toHaveLength(4);
  });

  it('takes the server back when it comes back, and says when it does not', async () => {
    const [page] = tablet.context.pages();
    if (!page) throw new Error('The tab of the earlier test is gone.');
    await page.close();
    const app = await tablet.open(`${site.url}#/status`);
    const check = app.page.getByRole('button', { name: 'Check for an update' });
    await check.click();
    await app.page.getByText('The server could not be asked.').waitFor();
    await site.restart();
    await tablet.context.setOffline(false);
    await check.click();
    await app.page.getByText('This is the newest version.').waitFor();
  });
});
