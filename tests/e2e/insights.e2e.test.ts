/** The workbench's first screen as a person uses it: a folder from the disk, its scan, its exports. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasSharedData,
  layOutPhantoms,
  layOutShared,
  phantom,
  SHARED_DATA,
} from '../fixtures/published-layout.ts';
import { originOf } from '../../src/dataset/folder/origins.ts';
import type { LabelledFolder } from '../../src/dataset/types.ts';
import type { AppPage } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
import { Site } from './support/site.ts';

/** What the workbench promises on two cores, without the model. */
const LEAST_PER_SECOND = 12;
const COUNTS = { COVID: 60, Lung_Opacity: 90, Normal: 130, 'Viral Pneumonia': 20 };
const TOTAL = 301;
const LIMIT = 170_000;

/** What is used of the app's own state; in the page. */
interface AppParts {
  readonly services: { readonly workbench: { readonly folder: LabelledFolder | null } };
}

let site: Site;
let tablet: Tablet;
let folder: string;
let app: AppPage;

beforeAll(async () => {
  [site, tablet, folder] = await Promise.all([
    Site.start(),
    Tablet.unpack(),
    mkdtemp(path.join(os.tmpdir(), 'fieldray-insights-')),
  ]);
  await layOutPhantoms(path.join(folder, 'made'), {
    counts: COUNTS,
    origins: {
      COVID: ['https://sirm.org/x', 'https://bimcv.cipf.es/y'],
      Normal: ['https://www.kaggle.com/c/rsna-pneumonia-detection-challenge/data'],
    },
  });
  // One of the COVID pictures again among the normal ones: brighter, and saved anew.
  const planted = path.join(folder, 'made', 'Normal', 'images', 'Normal-planted.png');
  await writeFile(planted, await phantom(299, 7, (value) => 0.08 + 0.85 * value));
  app = await tablet.open(site.url);
  await app.page.addInitScript(() => {
    // The browser's own picker cannot be driven from outside; the older way gives the same files.
    delete (window as { showDirectoryPicker?: unknown }).showDirectoryPicker;
  });
  await app.page.reload();
  await app.setUp();
}, 240_000);

afterAll(async () => {
  await tablet.throwAway();
  await site.remove();
  await rm(folder, { recursive: true, force: true });
});

async function openInsights(name: string): Promise<Page> {
  const { page } = app;
  await page.evaluate(() => (location.hash = '#/insights'));
  await page.locator('fr-insights-screen fr-dominance-chart').waitFor();
  const chooser = page.waitForEvent('filechooser');
  const again = page.getByRole('button', { name: 'Open another' });
  await (
    (await again.isVisible()) ? again : page.getByRole('button', { name: 'Open a labelled folder' })
  ).click();
  await (await chooser).setFiles(path.join(folder, name));
  return page;
}

/** Pictures looked at, as the progress bar says it. */
async function scanned(page: Page): Promise<number> {
  const bar = page.locator('fr-scan-panel [role=progressbar]');
  return Number.parseInt((await bar.getAttribute('aria-valuetext')) ?? '0', 10);
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('It did not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

async function saved(page: Page, act: Locator): Promise<string> {
  const download = page.waitForEvent('download');
  await act.click();
  return readFile(await (await download).path(), 'utf8');
}

describe('the charts', () => {
  it('are copied as a picture and as figures', async () => {
    const { page } = app;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(() => (location.hash = '#/insights'));
    const tools = page.locator('#section-1 fr-bar-chart fr-chart-tools');
    await tools.getByText('Copy or save').click();
    await tools.getByRole('button', { name: 'Copy figures' }).click();
    await tools.getByText('The figures are copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/Normal.*10192/);
    await tools.getByRole('button', { name: 'Copy picture' }).click();
    await tools.getByText('The picture is copied.').waitFor();
    // As whoever pastes it would have it.
    const pasted = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const picture = await createImageBitmap(await item.getType('image/png'));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d');
      context?.drawImage(picture, 0, 0);
      const { data } = context?.getImageData(0, 0, picture.width, picture.height) ?? { data: [] };
      return { width: picture.width, shades: new Set(data).size };
    });
    expect(pasted.width).toBeGreaterThan(500);
    expect(pasted.shades).toBeGreaterThan(10);
    await tools.getByText('Copy or save').click();
  });

  it('are printed dark on white, whole, and without what paper cannot do', async () => {
    const { page } = app;
    await page.locator('fr-insights-screen #section-10').waitFor();
    // The width of an A4 page between its margins, from a screen in the dark theme.
    const before = page.viewportSize();
    const width = 688;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize({ width, height: 1000 });
    const charts = page.locator('fr-insights-screen svg.plot');
    await charts.first().waitFor();
    // They are drawn anew for the room that they have.
    await expect
      .poll(async () => {
        const boxes = await Promise.all((await charts.all()).map((chart) => chart.boundingBox()));
        return boxes.filter((box) => !box || box.width < 100 || box.x + box.width > width).length;
      })
      .toBe(0);
    expect(await charts.count()).toBeGreaterThan(10);
    const inks = await charts
      .locator('text')
      .evaluateAll((texts) => [...new Set(texts.map((each) => getComputedStyle(each).fill))]);
    const ground = await page.evaluate(
      () => getComputedStyle(document.documentElement).backgroundColor,
    );
    expect(ground).toBe('rgb(255, 255, 255)');
    // On paper as on the screen: the body's ink is dark.
    expect(inks).toContain('rgb(22, 32, 30)');
    expect(await page.locator('fr-chart-tools:visible').count()).toBe(0);
    expect(await page.locator('fr-insights-screen .contents').isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(3);
    await page.emulateMedia({ media: null, colorScheme: null });
    if (before) await page.setViewportSize(before);
  });
});

describe('a folder in the published layout', () => {
  it('is counted, scanned at speed, goes on after a reload, and gives up its planted twin', async () => {
    let page = await openInsights('made');
    await page.locator('fr-workbench-head').getByText(`${TOTAL} pictures in 4 classes`).waitFor();
    await page.locator('fr-workbench-head').getByText('4 metadata sheets').waitFor();
    // The ways to save lie behind "Copy or save".
    const tools = page.locator('#section-1 fr-bar-chart fr-chart-tools');
    await tools.getByText('Copy or save').click();
    const table = await saved(page, tools.getByRole('button', { name: 'CSV' }));
    expect(table).toContain('10192');
    expect(table).toContain('131');

    await page.getByRole('button', { name: 'Scan the pictures' }).click();
    await until(async () => (await scanned(page)) >= 60);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    const before = await scanned(page);
    await page.reload();
    page = await openInsights('made');
    await page.getByText('Kept from before').waitFor();
    expect(await scanned(page)).toBeGreaterThanOrEqual(before);
    const start = Date.now();
    const left = TOTAL - (await scanned(page));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Every picture was looked at').waitFor({ timeout: LIMIT });
    const perSecond = (1000 * left) / (Date.now() - start);
    console.log(`insights scan: ${perSecond.toFixed(1)} pictures a second, masks included`);
    expect(perSecond).toBeGreaterThan(LEAST_PER_SECOND);

    const panel = page.locator('fr-duplicates-panel');
    await panel.locator('.group').first().waitFor({ timeout: LIMIT });
    // Those that cross classes come first.
    expect(await panel.locator('.group').first().innerText()).toContain('in several classes');
    const groups = await saved(page, panel.getByRole('button', { name: 'Save the groups as CSV' }));
    const groupOf = (name: string): string | undefined =>
      groups
        .split('\r\n')
        .find((row) => row.includes(name))
        ?.split(',')[0];
    expect(groupOf('Normal-planted.png')).toBeDefined();
    expect(groupOf('Normal-planted.png')).toBe(groupOf('/COVID-8.png'));
    const split = await saved(page, page.getByRole('button', { name: 'Save the split as CSV' }));
    const rows = split.trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(TOTAL);
    const twins = rows.filter((row) => /Normal-planted\.png|\/COVID-8\.png/.test(row));
    expect(new Set(twins.map((row) => row.split(',').at(-1))).size).toBe(1);
    await page.getByText('Grey shown as RGB').first().waitFor();
  }, 240_000);

  it.skipIf(!hasSharedData)(
    'of the shared data is counted right (skipped without ../shared/data)',
    async () => {
      const laid = await layOutShared(SHARED_DATA, path.join(folder, 'shared'), 400);
      const page = await openInsights('shared');
      const total = Object.values(laid.images).reduce((sum, count) => sum + count, 0);
      await page
        .locator('fr-workbench-head')
        .getByText(`${total.toLocaleString('en-US')} pictures in 4 classes`)
        .waitFor();
      const facts = await page.evaluate(() => {
        const host = document.querySelector('fieldray-app') as unknown as AppParts;
        const images: Record<string, number> = {};
        const masks: Record<string, number> = {};
        const origins: Record<string, Record<string, number>> = {};
        for (const { label, mask, origin } of host.services.workbench.folder?.items ?? []) {
          images[label] = (images[label] ?? 0) + 1;
          masks[label] = (masks[label] ?? 0) + (mask ? 1 : 0);
          const counts = (origins[label] ??= {});
          counts[origin ?? ''] = (counts[origin ?? ''] ?? 0) + 1;
        }
        return { images, masks, origins };
      });
      const origins = Object.entries(laid.origins).map(([label, counts]) => [
        label,
        Object.fromEntries(Object.entries(counts).map(([name, n]) => [originOf(name) ?? '', n])),
      ]);
      expect(facts).toEqual({ ...laid, origins: Object.fromEntries(origins) as unknown });
    },
    240_000,
  );
});
