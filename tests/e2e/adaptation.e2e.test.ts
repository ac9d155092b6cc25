/** A model adapted at a site, through the built app: trained, used, out as a file and in again. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classPicture } from '../adaptation/support.ts';
import type { AppPage } from './support/app-page.ts';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic();
let folder: string;
let app: AppPage;
let exported: string;
/** Two classes that the delivered model knows and one of the site's own. */
const COUNTS = { COVID: 10, Normal: 10, Effusion: 8 } as const;

beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'fieldray-adaptation-')), 'ward 3');
  for (const [look, [label, count]] of Object.entries(COUNTS).entries()) {
    await mkdir(path.join(folder, label), { recursive: true });
    for (let at = 0; at < count; at += 1) {
      const bytes = await classPicture(look, 10 * look + at);
      await writeFile(path.join(folder, label, `chest ${at}.png`), bytes);
    }
  }
  await clinic.tablet.context.addInitScript(() => {
    // The browser's own picker cannot be driven from outside; the older way gives the same files.
    delete (window as { showDirectoryPicker?: unknown }).showDirectoryPicker;
  });
  app = await clinic.tablet.open(clinic.site.url);
  await app.setUp();
});

afterAll(async () => {
  await rm(path.dirname(folder), { recursive: true, force: true });
});

async function goToAdaptation(page: Page): Promise<void> {
  await page.evaluate(() => (location.hash = '#/adaptation'));
  await page.getByRole('heading', { name: 'Adaptation', exact: true }).waitFor();
}

/** Reads a picture that was not read since the last reload. */
async function read(): Promise<void> {
  await app.reload();
  await app.read(await clinic.pictures.file(1, 224, 'png'));
}

it('trains a head on a labelled folder and shows it beside the delivered one', async () => {
  const { page } = app;
  await goToAdaptation(page);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a labelled folder' }).click();
  await (await chooser).setFiles(folder);
  await page.getByRole('heading', { name: 'New training' }).waitFor();
  await page.getByLabel('Name of the model').fill('Ward 3, autumn');
  await page.getByLabel('Epochs at most').fill('6');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page
    .getByRole('heading', { name: '“Ward 3, autumn” is trained' })
    .waitFor({ timeout: 120_000 });
  await page
    .getByText(/On the same \d+ validation pictures: adapted/)
    .first()
    .waitFor();
  const cells = page.locator('fr-adapted-result').first().locator('fr-confusion-matrix .count');
  expect(await cells.count()).toBe(9);
});

it('says on a result that the model was adapted here', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Use it' }).first().click();
  await page.getByText('In use: every result says').first().waitFor();
  await read();
  await page
    .locator('fr-result-panel')
    .getByText('Adapted at this site: “Ward 3, autumn”')
    .first()
    .waitFor();
  expect((await app.result()).model).toContain('+site.');
  expect((await app.result()).probabilities).toHaveLength(3);
});

it('leaves the device as one file whose parts are hashed', async () => {
  const { page } = app;
  await goToAdaptation(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('Ward-3-autumn.fieldray-model.zip');
  exported = path.join(path.dirname(folder), file.suggestedFilename());
  await file.saveAs(exported);
  const files = unzipSync(await readFile(exported));
  const index = JSON.parse(strFromU8(files['index.json'])) as { files: Record<string, string> };
  expect(Object.keys(index.files).sort()).toEqual([
    'evaluation.json',
    'manifest.json',
    'training-log.csv',
    'weights.bin',
  ]);
  for (const [name, hash] of Object.entries(index.files)) {
    expect(createHash('sha256').update(files[name]).digest('hex')).toBe(hash);
  }
  expect(strFromU8(files['training-log.csv']).trim().split('\n').length).toBeGreaterThan(1);
});

it('is removed, and the delivered model reads again', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Remove “Ward 3, autumn”' }).click();
  await page.locator('fr-dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('None yet. The delivered model is in use.').waitFor();
  await read();
  expect((await app.result()).model).not.toContain('+site.');
  expect(await page.getByText('Adapted at this site').count()).toBe(0);
});

it('is imported again, but not with a byte changed, and still works after a reload', async () => {
  const { page } = app;
  await goToAdaptation(page);
  const bytes = await readFile(exported);
  bytes[bytes.length >> 1] ^= 1;
  const damaged = await clinic.pictures.bytes('damaged.fieldray-model.zip', bytes);
  const input = page.locator('fr-adapted-list input[type=file]');
  await input.setInputFiles(damaged);
  await page.getByText('This file is not an adapted model that can be used').waitFor();
  await page.getByText('None yet. The delivered model is in use.').waitFor();

  await input.setInputFiles(exported);
  await page.getByRole('heading', { name: 'Ward 3, autumn' }).waitFor();
  expect(await page.getByText('This file is not an adapted model').count()).toBe(0);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('In use: every result says').first().waitFor();
  await read();
  await page
    .locator('fr-result-panel')
    .getByText('Adapted at this site: “Ward 3, autumn”')
    .first()
    .waitFor();
  await goToAdaptation(page);
  await page.getByText('In use: every result says').first().waitFor();
});

it('is renamed while it is in use, and results say the new name', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Rename “Ward 3, autumn”' }).click();
  const dialog = page.locator('fr-adapted-list #naming');
  await dialog.getByLabel('Name', { exact: true }).fill('Ward 3, winter');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Ward 3, winter' }).waitFor();
  await read();
  await page
    .locator('fr-result-panel')
    .getByText('Adapted at this site: “Ward 3, winter”')
    .first()
    .waitFor();
  expect(clinic.tablet.complaints).toEqual([]);
});
