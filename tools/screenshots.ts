/**
 * Pictures of every screen of the built app, to be looked at by people:
 *   npx tsx tools/screenshots.ts [--app dist] [--out test-results/screens] [--pictures DIR] [--only read]
 *     [--data LABELLED_FOLDER]
 * Radiographs are phantoms unless a folder of one's own is named; nothing of it is copied but what
 * the pictures show, and the output folder is ignored by git.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { encode } from 'fast-png';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';
import { chestPhantom } from '../src/model/phantom.ts';
import { CHROMIUM_ARGS, requireChromium } from './browser/find-chromium.mjs';
import { serve } from './serve/server.mjs';

const { values } = parseArgs({
  options: {
    app: { type: 'string', default: 'dist' },
    out: { type: 'string', default: 'test-results/screens' },
    pictures: { type: 'string' },
    only: { type: 'string', default: '' },
    /** A labelled folder for the workbench. */
    data: { type: 'string' },
  },
});

const SIZES = [
  [1024, 768],
  [768, 1024],
  [390, 844],
  [1440, 900],
] as const;
const THEMES = ['light', 'dark'] as const;
const READ_LIMIT = 90_000;

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

function uploads(): Upload[] {
  if (values.pictures) {
    const folder = values.pictures;
    return readdirSync(folder)
      .filter((name) => /\.(png|jpe?g)$/i.test(name))
      .slice(0, 12)
      .map((name) => ({
        name,
        mimeType: name.endsWith('.png') ? 'image/png' : 'image/jpeg',
        buffer: readFileSync(path.join(folder, name)),
      }));
  }
  return Array.from({ length: 9 }, (_, variant) => {
    const size = 512;
    const data = Uint8Array.from(chestPhantom(size, variant), (value) => Math.round(255 * value));
    const png = encode({ width: size, height: size, data, channels: 1, depth: 8 });
    return {
      name: `phantom-${variant}.png`,
      mimeType: 'image/png',
      buffer: Buffer.from(png),
    };
  });
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((target) => (location.hash = target), hash);
  await page.waitForTimeout(400);
}

async function open(page: Page, files: readonly Upload[]): Promise<void> {
  await page.locator('fr-read-screen input[type=file]').setInputFiles([...files]);
}

/** A picture of grays 0 … 255, one value a pixel. */
function upload(name: string, size: number, gray: (x: number, y: number) => number): Upload {
  const data = Uint8Array.from({ length: size * size }, (_, at) =>
    Math.round(gray(at % size, Math.floor(at / size))),
  );
  const png = encode({ width: size, height: size, data, channels: 1, depth: 8 });
  return { name, mimeType: 'image/png', buffer: Buffer.from(png) };
}

/** Pictures with something to say against each: turned, inverted, framed, blank, no chest at all. */
function difficult(): Upload[] {
  const size = 512;
  const chest = chestPhantom(size, 1);
  const at = (x: number, y: number): number => 255 * (chest[y * size + x] ?? 0);
  const frame = 90;
  const inner = size - 2 * frame;
  const framed = (x: number, y: number): number => {
    const column = Math.floor(((x - frame) / inner) * size);
    const row = Math.floor(((y - frame) / inner) * size);
    return Math.min(column, row) < 0 || Math.max(column, row) >= size ? 0 : at(column, row);
  };
  return [
    upload('blank.png', size, () => 128),
    upload('waves.png', size, (x, y) => 127 + 120 * Math.sin(x / 9) * Math.cos(y / 13)),
    upload('turned.png', size, (x, y) => at(y, size - 1 - x)),
    upload('upside-down.png', size, (x, y) => at(size - 1 - x, size - 1 - y)),
    upload('inverted.png', size, (x, y) => 255 - at(x, y)),
    upload('framed.png', size, framed),
  ];
}

/** What is used of the app's own state; in the page. */
interface AppState {
  services: {
    session: {
      cases: readonly {
        id: string;
        name: string;
        order: number;
        state: {
          phase: string;
          assessment?: { certainty: string };
          assurance?: {
            refusal: { code: string } | null;
            cautions: readonly { code: string; severity: string }[];
            quality: readonly { code: string; remedy: unknown }[];
          };
        };
      }[];
    };
  };
}

/** Runs in the page: the newest picture of that name once it is read, and what kind of verdict it got. */
function newestResult(name: string): { id: string; kind: string | null } | null {
  const app = document.querySelector('fieldray-app') as unknown as AppState;
  const cases = app.services.session.cases.filter((entry) => entry.name === name);
  const entry = cases.sort((a, b) => b.order - a.order)[0];
  if (!entry || entry.state.phase === 'queued' || entry.state.phase === 'reading') return null;
  const { assurance, assessment } = entry.state;
  if (!assurance) return { id: entry.id, kind: null };
  const remedy = assurance.quality.find((finding) => finding.remedy !== null);
  const against = assurance.cautions.find(({ severity }) => severity !== 'hint');
  const kind = assurance.refusal
    ? `refused-${assurance.refusal.code}`
    : remedy
      ? `remedy-${remedy.code}`
      : (against?.code ?? assessment?.certainty ?? null);
  return { id: entry.id, kind };
}

/**
 * The kinds of verdict that occur among all pictures, each once: sure, uncertain, refused, with a
 * remedy, and whatever else speaks against an answer. Which occur is up to the model.
 */
async function walkStates(
  page: Page,
  pictures: readonly Upload[],
  shot: (name: string) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  for (const picture of [...pictures, ...difficult()]) {
    await goTo(page, '#/read');
    await open(page, [picture]);
    const last = await page.waitForFunction(newestResult, picture.name, { timeout: READ_LIMIT });
    const { id, kind } = (await last.jsonValue()) as { id: string; kind: string | null };
    if (kind === null || seen.has(kind)) continue;
    seen.add(kind);
    await goTo(page, `#/read/${id}`);
    await page.locator('fr-result-panel .verdict h2').waitFor();
    await page.locator('fr-viewer[data-settled]').waitFor();
    await shot(`state-${kind}`);
  }
}

/** Walks once through the app and calls `shot` on every screen. */
async function walk(
  page: Page,
  address: string,
  shot: (name: string) => Promise<void>,
): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: 'Set up this device' }).waitFor();
  await shot('1-welcome');
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.bin', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Set up this device' }).click();
  await page.waitForTimeout(1500);
  await shot('2-download');
  release();
  await page
    .getByRole('heading', { name: 'Ready to work offline' })
    .waitFor({ timeout: READ_LIMIT });
  await page.unroute('**/*.bin');
  await shot('3-ready');
  await page.getByRole('link', { name: 'Open radiographs' }).click();
  await page.getByRole('button', { name: 'Choose pictures' }).waitFor();
  await shot('4-read-empty');

  const pictures = uploads();
  await open(page, pictures.slice(0, 1));
  await page.locator('fr-result-panel .verdict h2').waitFor({ timeout: READ_LIMIT });
  await page.locator('fr-viewer[data-settled]').waitFor();
  await shot('5-result');
  await page.getByRole('button', { name: 'Brightness and contrast' }).click();
  await page.keyboard.press('Escape');
  await goTo(page, '#/read');
  const broken = {
    name: 'report.png',
    mimeType: 'image/png',
    buffer: Buffer.from('not a picture'),
  };
  await open(page, [...pictures.slice(1), broken]);
  await page.waitForTimeout(150);
  await shot('6-list-running');
  await page.getByText('Reading pictures').waitFor({ state: 'detached' });
  await page.locator('fr-read-screen .run').waitFor({ state: 'detached', timeout: READ_LIMIT });
  await shot('7-list');
  await page.locator('fr-thumb-list .open').nth(1).click();
  await page.locator('fr-viewer[data-settled]').waitFor();
  await page.getByRole('button', { name: 'Brightness and contrast' }).click();
  await shot('8-result-of-many');
  await page.getByRole('button', { name: 'Keys and gestures' }).click();
  await shot('9-viewer-help');
  await page.keyboard.press('Escape');
  await goTo(page, `#/read/case-${pictures.length + 1}`);
  await page.getByRole('button', { name: 'Try again' }).first().waitFor();
  await page.waitForTimeout(400);
  await shot('10-failed');

  await walkStates(page, pictures, shot);

  await goTo(page, '#/settings');
  await page.locator('fr-settings-screen h2').first().waitFor();
  await shot('11-settings');
  const here = page.getByText('As it is here');
  if ((await here.count()) > 0) {
    await here.click();
    await shot('11-settings-own');
  }
  await goTo(page, '#/status');
  await page.locator('fr-status-screen fr-data-table').waitFor({ timeout: READ_LIMIT });
  await shot('11-status');
  await goTo(page, '#/model');
  await shot('12-model-card');
  await goTo(page, '#/about');
  await shot('13-help');
  await goTo(page, '#/insights');
  await page.locator('fr-insights-screen fr-dominance-chart').waitFor();
  await shot('14-insights');
  const { data } = values;
  if (data) {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Open a labelled folder' }).click();
    await (await chooser).setFiles(data);
    await page.getByRole('button', { name: 'Scan the pictures' }).click();
    await page.getByText('Every picture was looked at').waitFor({ timeout: 4 * READ_LIMIT });
    await page.locator('fr-duplicates-panel .groups').waitFor({ timeout: READ_LIMIT });
    await page.getByRole('button', { name: 'Look with the model' }).click();
    await page.locator('fr-embedding-panel fr-scatter-chart').waitFor({ timeout: 4 * READ_LIMIT });
    await shot('15-insights-folder');
  }
}

async function main(): Promise<void> {
  const server = await serve({ directory: path.resolve(values.app) });
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    args: [...CHROMIUM_ARGS],
  });
  const out = path.resolve(values.out);
  mkdirSync(out, { recursive: true });
  const shoot = async (context: BrowserContext): Promise<void> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error('  page error:', error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error('  console:', message.text());
    });
    const shot = async (name: string): Promise<void> => {
      if (!name.includes(values.only)) return;
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        for (const theme of THEMES) {
          await page.evaluate(
            (value) => (document.documentElement.dataset['theme'] = value),
            theme,
          );
          await page.waitForTimeout(150);
          const fullPage = width === 1440 || width === 390;
          await page.screenshot({
            path: path.join(out, `${name}-${width}x${height}-${theme}.png`),
            fullPage,
          });
        }
      }
    };
    await walk(page, server.url, shot);
  };
  try {
    await shoot(await browser.newContext({ deviceScaleFactor: 1 }));
  } finally {
    await browser.close();
    await server.close();
  }
  console.log(`Screenshots are in ${values.out}`);
}

await main();
