/** A day at a clinic that keeps its studies, the browser killed in the middle of it, and the day after. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppPage } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

const PASSPHRASE = 'river lamp seven goats';
/** Nobody's name, and found in no dictionary of the browser's. */
const NAME = 'Zuberi Quixwood';
const NUMBER = 'QX-47119-ZB';
const WORDS = 'vexillary opacity of the lingula';

let site: Site;
let pictures: Pictures;
let tablet: Tablet;
let app: AppPage;

beforeAll(async () => {
  [site, pictures, tablet] = await Promise.all([Site.start(), makePictures(), Tablet.unpack()]);
  app = await tablet.open(site.url);
  await app.setUp();
});
afterAll(async () => {
  await tablet.throwAway();
  await site.remove();
  await pictures.remove();
});

async function nextPatient(name: string, number: string): Promise<void> {
  const { page } = app;
  await app.goTo('read');
  await page.getByRole('button', { name: 'Next patient' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Number' }).fill(number);
  await page.getByRole('textbox', { name: 'Number' }).press('Tab');
}

async function unlock(): Promise<void> {
  const cover = app.page.locator('fr-cover');
  await cover.locator('input[type=password]').fill(PASSPHRASE);
  await cover.getByRole('button', { name: 'Unlock', exact: true }).click();
  await cover.waitFor({ state: 'hidden', timeout: 60_000 });
}

/** Names of the profile's files that hold one of these, in any of the ways that browsers write text. */
async function filesThatName(...planted: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(tablet.profile, { recursive: true, withFileTypes: true });
  const needles = planted.flatMap((text) => [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
  ]);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => bytes.includes(needle))) found.push(entry.name);
  }
  return found;
}

describe('a day with kept studies', () => {
  it('keeps patients, results and the reader’s word, and locks', async () => {
    const { page } = app;
    await app.goTo('records');
    await page.locator('#reader-name').fill('Ada Okoye');
    await page.locator('#passphrase').fill(PASSPHRASE);
    await page.locator('#again').fill(PASSPHRASE);
    await page.locator('label.choice', { hasText: 'With a reading copy' }).click();
    await page.getByRole('button', { name: 'Keep studies on this device' }).click();
    await page.locator('fr-recovery-key input').check({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Unlocked by Ada Okoye').waitFor();

    await nextPatient(NAME, NUMBER);
    await app.openFiles([await pictures.file(1, 300)]);
    await app.result();
    await page.locator('fr-label-button').getByText(NAME).waitFor();
    await page
      .locator('fr-reader-word')
      .getByRole('button', { name: /^Agree|^Say what/ })
      .waitFor();
    const other = page
      .locator('fr-reader-word')
      .getByRole('button', { name: /^Something else$|^Say what it is$/ });
    await other.click();
    await page.locator('fr-reader-word').getByText('Something else', { exact: true }).click();
    await page.locator('fr-reader-word textarea').fill(WORDS);
    await page.locator('fr-reader-word').getByRole('button', { name: 'Save' }).click();
    await page.locator('fr-reader-word .said', { hasText: 'AO' }).waitFor();

    await nextPatient('', '');
    await app.openFiles([await pictures.file(2, 300)]);
    await app.result();
    await nextPatient('Late Comer', '12');
    await page.getByRole('button', { name: 'Cover the screen' }).click();
    await page.getByRole('button', { name: 'Show again' }).waitFor();
    expect(await page.getByText(NAME).first().isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Lock now' }).click();
    await unlock();
  }, 240_000);

  it('is there again after the browser was killed', async () => {
    // No goodbye: the browser's own processes end as with a dead battery.
    const lock = await readlink(path.join(tablet.profile, 'SingletonLock'));
    process.kill(Number(lock.slice(lock.lastIndexOf('-') + 1)), 'SIGKILL');
    await tablet.switchOff().catch(() => undefined);
    await tablet.switchOn();
    app = await tablet.open(site.url);
    await app.page.locator('fr-cover input[type=password]').waitFor({ timeout: 60_000 });
    expect(await app.page.getByText(NAME).count()).toBe(0);
    await unlock();
    const before = app.page.locator('fr-before-list');
    await before.getByText(NAME).waitFor({ timeout: 60_000 });
    expect(await before.locator('li').count()).toBe(2);
    await app.page
      .getByRole('button', { name: /^Late Comer/ })
      .first()
      .waitFor();
  }, 180_000);

  it('finds yesterday’s patient by number, with the picture and what was said', async () => {
    const { page } = app;
    await app.goTo('history');
    await page.getByRole('searchbox').fill(NUMBER.toLowerCase());
    await expect.poll(() => page.locator('fr-study-list li').count()).toBe(1);
    await page.locator('fr-study-list li button').click();
    await page.locator('fr-picture-pair fr-viewer[data-settled]').waitFor({ timeout: 60_000 });
    await page.locator('fr-reader-word').getByText(WORDS).waitFor();
    await app.goTo('figures');
    await page.getByText('Too few to say: ').first().waitFor();
  }, 120_000);

  it('asks before a page goes on which something is not kept', async () => {
    const asked: string[] = [];
    app.page.once('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await app.page.locator('fr-study-view, fr-figures-screen').first().click();
    await app.page.evaluate(() => (location.hash = '#/records'));
    await app.page.getByRole('button', { name: 'Lock now' }).click();
    await app.page.getByRole('button', { name: 'Go on without unlocking' }).click();
    await app.goTo('read');
    await app.openFiles([await pictures.file(3, 300)]);
    await app.result();
    await app.reload();
    expect(asked).toEqual(['beforeunload']);
  }, 120_000);

  it('leaves nothing of a study in the clear on the disk', async () => {
    await tablet.switchOff();
    // The search works: the app's own name is there.
    expect((await filesThatName('fieldray-records')).length).toBeGreaterThan(0);
    expect(await filesThatName(NAME, 'Zuberi', NUMBER, NUMBER.toLowerCase(), WORDS)).toEqual([]);
  }, 120_000);
});
