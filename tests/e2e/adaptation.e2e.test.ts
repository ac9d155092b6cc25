/** A model adapted at a site, through the built app: trained, used, out as a file and in again. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classPicture } from '../adaptation/support.ts';
import type { EvaluationDocument } from '../../src/evaluation/index.ts';
import type { AppPage } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
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

async function openFolder(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a labelled folder' }).click();
  await (await chooser).setFiles(folder);
}

/** Reads a picture that was not read since the last reload. */
async function read(): Promise<void> {
  await app.reload();
  await app.read(await clinic.pictures.file(1, 224, 'png'));
}

it('trains a head on a labelled folder and shows it beside the delivered one', async () => {
  const { page } = app;
  await goToAdaptation(page);
  await openFolder(page);
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
});

it('is judged on a folder as the delivered model is, its refusals with it', async () => {
  const { page } = app;
  await page.evaluate(() => (location.hash = '#/evaluation'));
  await openFolder(page);
  await page.getByRole('heading', { name: 'Evaluate this folder' }).waitFor();
  const choice = page.locator('section[aria-labelledby=start] select');
  await expect.poll(() => choice.locator('option').count()).toBe(2);
  const keys = await choice
    .locator('option')
    .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
  await choice.selectOption(keys.find((key) => key.includes('+site.')) ?? '');
  await page.getByRole('button', { name: 'Evaluate 28 pictures' }).click();
  await page.locator('fr-evaluation-result').waitFor({ timeout: 120_000 });
  await page
    .locator('fr-evaluation-result .facts')
    .getByText('Adapted at this site: “Ward 3, winter”')
    .waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Everything (JSON)' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  const told = JSON.parse(text) as EvaluationDocument;
  expect(told.model.version).toContain('+site.');
  expect(told.classes).toEqual(['COVID', 'Normal', 'Effusion']);
  expect(told.otherFolders).toEqual([]);
  expect(told.files).toHaveLength(28);
  // Every picture met the gate.
  expect(told.files.every(({ checks }) => Number.isFinite(checks?.gate))).toBe(true);
  const right = told.files.filter(({ label, predicted }) => label === predicted).length;
  expect(told.accuracy).toBeCloseTo(right / 28, 12);
});

it('reads on another tablet, which has nothing of the workbench but the file', async () => {
  const other = await Tablet.unpack();
  try {
    const there = await other.open(clinic.site.url);
    await there.setUp();
    await goToAdaptation(there.page);
    await there.page.getByText('None yet. The delivered model is in use.').waitFor();
    await there.page.locator('fr-adapted-list input[type=file]').setInputFiles(exported);
    await there.page.getByRole('heading', { name: 'Ward 3, autumn' }).waitFor();
    await there.page.getByRole('button', { name: 'Use it' }).click();
    await there.page.getByText('In use: every result says').first().waitFor();
    const picture = await clinic.pictures.file(1, 224, 'png');
    const result = await there.read(picture);
    await there.page
      .locator('fr-result-panel')
      .getByText('Adapted at this site: “Ward 3, autumn”')
      .first()
      .waitFor();
    expect(result.probabilities).toHaveLength(3);
    // The same picture here: the same model, the same answer.
    await app.reload();
    const here = await app.read(picture);
    expect(here.model).toBe(result.model);
    for (const [k, share] of here.probabilities.entries()) {
      expect(result.probabilities[k]).toBeCloseTo(share, 3);
    }
    expect(other.complaints).toEqual([]);
  } finally {
    await other.throwAway();
  }
});

it('is trained to its end though the tab was closed in the middle', async () => {
  let { page } = app;
  await goToAdaptation(page);
  await openFolder(page);
  await page.getByRole('heading', { name: 'New training' }).waitFor();
  await page.getByLabel('Name of the model').fill('Night');
  await page.getByLabel('Epochs at most').fill('500');
  await page.getByText('Every setting').click();
  await page.getByLabel('Batch').fill('1');
  await page.getByLabel('Stop after epochs without gain (0 never)').fill('0');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page
    .getByText(/Epoch \d+: validation loss/)
    .first()
    .waitFor({ timeout: 120_000 });
  app = await app.reopen();
  ({ page } = app);
  await goToAdaptation(page);
  const left = page.getByText(/\d+ of at most 500 epochs trained\./);
  await left.waitFor();
  const epochs = Number.parseInt(await left.innerText(), 10);
  expect(epochs).toBeGreaterThan(0);
  expect(epochs).toBeLessThan(500);
  // All pictures were read: the folder is needed no more.
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: '“Night” is trained' }).waitFor({ timeout: 120_000 });
  await page
    .getByText(/Epoch \d+ of 500 kept/)
    .first()
    .waitFor();
  const log = page.locator('fr-adapted-result fr-line-chart').first();
  await log.getByText('Show the figures').click();
  await expect.poll(() => log.locator('tbody tr').count()).toBe(500);
  expect(await page.getByText('Not finished').count()).toBe(0);
  expect(clinic.tablet.complaints).toEqual([]);
});
