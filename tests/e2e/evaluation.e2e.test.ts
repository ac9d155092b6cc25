/** The evaluation screen of the built app: a labelled folder through it, told again by other means. */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvaluationDocument } from '../../src/evaluation/index.ts';
import { CLASS_LABELS } from '../../src/model/index.ts';
import type { AppPage } from './support/app-page.ts';
import { buildFolder } from './support/builds.ts';
import { useClinic } from './support/clinic.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clinic = useClinic();
let folder: string;
let app: AppPage;
/** Files in the class folders, one of them broken, and two of a folder that is none. */
const COUNTS = { COVID: 4, Lung_Opacity: 3, Normal: 4, 'Viral Pneumonia': 3, knees: 2 } as const;

beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'fieldray-evaluation-')), 'ward 3');
  let variant = 0;
  for (const [label, count] of Object.entries(COUNTS)) {
    await mkdir(path.join(folder, label), { recursive: true });
    for (let at = 0; at < count; at += 1) {
      const file = await clinic.pictures.file(variant, 224, 'png');
      await copyFile(file, path.join(folder, label, `chest ${variant}.png`));
      variant += 1;
    }
  }
  await writeFile(path.join(folder, 'Normal', 'broken.png'), 'This is no picture.');
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

async function goToEvaluation(page: AppPage['page']): Promise<void> {
  await page.evaluate(() => (location.hash = '#/evaluation'));
  await page.getByRole('heading', { name: 'Evaluation', exact: true }).waitFor();
}

async function openFolder(page: AppPage['page'], where = folder): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Open (a labelled folder|another)$/ }).click();
  await (await chooser).setFiles(where);
  await page.getByRole('heading', { name: 'Evaluate this folder' }).waitFor();
}

async function saved(page: AppPage['page'], button: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFile(await (await download).path(), 'utf8');
}

it('shows the shipped study and what to do before a folder is open', async () => {
  const { page } = app;
  await goToEvaluation(page);
  await page.getByRole('heading', { name: 'Judge the model on your own patients' }).waitFor();
  await page.getByRole('heading', { name: 'What it did where it was made' }).waitFor();
  const { evaluation } = JSON.parse(
    await readFile(path.join(buildFolder('first'), 'models', await currentManifest()), 'utf8'),
  ) as {
    evaluation: {
      groups: { name: string; images: number; confusion?: number[][] }[];
      trainingLog: { epoch: number; stage: string }[];
      keptEpoch: number;
    };
  };
  const cells = page.locator('fr-shipped-study fr-confusion-matrix .count');
  // The screen comes in pieces: none of them is asked for before it is there.
  const soon = { timeout: 20_000 };
  // Every held-out group has its own matrix, and a report whose last line has all its pictures.
  const group = page.getByLabel('Held-out pictures');
  for (const [at, { name, confusion }] of evaluation.groups.entries()) {
    await group.selectOption({ index: at });
    const found = async (): Promise<number[]> =>
      (await cells.allInnerTexts()).map((text) => Number(text.replace(/\D/g, '')));
    await expect.poll(found, soon).toEqual((confusion ?? []).flat());
    if (!confusion) continue;
    const report = page.getByRole('table', { name: `Classification report: ${name}` });
    const pictures = confusion.flat().reduce((sum, count) => sum + count, 0);
    await expect
      .poll(async () => (await report.locator('tr').last().innerText()).replace(/,/g, ''), soon)
      .toMatch(new RegExp(`\\b${pictures}$`));
  }
  await group.selectOption({ index: 0 });
  // Loss and accuracy, each with its stages and the kept epoch.
  const { trainingLog, keptEpoch } = evaluation;
  const stages = [...new Set(trainingLog.map(({ stage }) => stage))];
  const charts = page.locator('fr-shipped-study fr-line-chart');
  await expect.poll(() => charts.count(), soon).toBe(2);
  for (const each of await charts.all()) {
    expect(await each.locator('path.line').count()).toBe(2);
    for (const [at, stage] of stages.entries()) {
      await each.getByText(`${at + 1}: ${stage}`).waitFor();
    }
    const mark = Number(await each.locator('line.mark').getAttribute('x1'));
    await each.locator('svg.plot').getByText('kept', { exact: true }).waitFor();
    // Where the kept epoch lies between the first and the last.
    const first = Math.min(...trainingLog.map(({ epoch }) => epoch));
    const last = Math.max(...trainingLog.map(({ epoch }) => epoch));
    expect((mark - 52) / (520 - 52 - 16)).toBeCloseTo((keptEpoch - first) / (last - first), 3);
  }
  const chart = page.locator('fr-shipped-study fr-line-chart').first();
  await chart.getByText('Show the figures').click();
  await expect
    .poll(() => chart.locator('tbody tr').count(), soon)
    .toBe(evaluation.trainingLog.length);
});

it('gives the figures of the folder, the same as counted here and as the command line', async () => {
  const { page } = app;
  await openFolder(page);
  await page.getByText('knees (no class of this model: read without a score)').waitFor();
  await page.getByRole('button', { name: 'Evaluate 17 pictures' }).click();
  await page.locator('fr-evaluation-result').waitFor({ timeout: 120_000 });
  const told = JSON.parse(await saved(page, 'Everything (JSON)')) as EvaluationDocument;

  // Counted again, in another way than the app counts.
  expect(told.classes).toEqual(CLASS_LABELS);
  expect(told.files).toHaveLength(15);
  const read = told.files.filter((file) => file.predicted !== null);
  expect(read).toHaveLength(14);
  expect(told.unreadable).toBe(1);
  expect(told.otherFolders).toMatchObject([{ name: 'knees', images: 2, unreadable: 0 }]);
  const right = read.filter(({ label, predicted }) => label === predicted).length;
  expect(told.accuracy).toBeCloseTo(right / 14, 12);
  for (const [row, label] of CLASS_LABELS.entries()) {
    for (const [column, other] of CLASS_LABELS.entries()) {
      expect(told.confusionMatrix[row][column]).toBe(
        read.filter((file) => file.label === label && file.predicted === other).length,
      );
    }
    // The area under ROC is the share of pairs in the right order.
    let pairs = 0;
    let ordered = 0;
    for (const ill of read.filter((file) => file.label === label)) {
      for (const well of read.filter((file) => file.label !== label)) {
        const gap = ill.probabilities![row] - well.probabilities![row];
        pairs += 1;
        ordered += gap > 0 ? 1 : gap === 0 ? 0.5 : 0;
      }
    }
    expect(told.intervals.roc[label]?.value).toBeCloseTo(ordered / pairs, 12);
  }
  const tile = page.locator('fr-evaluation-result .tiles dd').first();
  expect(await tile.innerText()).toContain(`${((100 * right) / 14).toFixed(1)}%`);

  const csv = await saved(page, 'Answers (CSV)');
  expect(csv.trim().split('\r\n')).toHaveLength(18);
  const report = await saved(page, 'Report (HTML)');
  expect(report).toContain('<h2>ward 3</h2>');
  expect(report).not.toMatch(/<script|src=|@import|url\(|fr-chart-tools/);
  expect(report.match(/<svg class="plot"/g)).toHaveLength(9);

  const json = path.join(path.dirname(folder), 'cli.json');
  const code = await new Promise((resolve) => {
    spawn(
      process.execPath,
      ['tools/evaluate.mjs', '--data', folder, '--json', json, '--app', buildFolder('first')],
      { cwd: root, stdio: 'ignore' },
    ).on('close', resolve);
  });
  expect(code).toBe(0);
  const theirs = JSON.parse(await readFile(json, 'utf8')) as EvaluationDocument;
  // The browser's file input puts the chosen folder's own name before each path.
  const byPath = (document: EvaluationDocument): EvaluationDocument['files'][number][] =>
    document.files
      .map((file) => ({ ...file, path: file.path.replace(/^ward 3\//, '') }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  expect(byPath(theirs).map(({ path: name }) => name)).toEqual(
    byPath(told).map(({ path: name }) => name),
  );
  for (const [at, file] of byPath(told).entries()) {
    for (const [k, value] of (file.probabilities ?? []).entries()) {
      expect(byPath(theirs)[at].probabilities?.[k]).toBeCloseTo(value, 9);
    }
  }
  const figures = ({ accuracy, macroF1, report: lines, confusionMatrix }: EvaluationDocument) => ({
    accuracy,
    macroF1,
    lines,
    confusionMatrix,
  });
  expect(figures(theirs)).toEqual(figures(told));
});

it('shows the pictures of a cell and opens one, by keys alone', async () => {
  const { page } = app;
  const cell = page.locator('fr-evaluation-result fr-confusion-matrix button').first();
  await cell.focus();
  await page.keyboard.press('Enter');
  const list = page.locator('fr-evaluation-result fr-picture-list').first();
  await list.locator('.open').first().focus();
  await page.keyboard.press('Enter');
  const dialog = page.locator('dialog[aria-labelledby=name]');
  await dialog.locator('fr-viewer[data-settled]').waitFor();
  const name = await dialog.locator('#name').innerText();
  expect(name).toMatch(/^\S.*\/chest \d+\.png$/);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

it('goes on after the tab was closed in the middle, and compares the two runs', async () => {
  let { page } = app;
  // Enough that it is not over before it is stopped.
  for (let at = 0; at < 60; at += 1) {
    await copyFile(
      path.join(folder, 'COVID', 'chest 0.png'),
      path.join(folder, 'COVID', `more ${at}.png`),
    );
  }
  await openFolder(page);
  await page.getByRole('button', { name: 'Evaluate 77 pictures' }).click();
  await page
    .getByText(/[1-9]\d? of 77 read/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('heading', { name: 'Evaluation interrupted' }).waitFor();
  app = await app.reopen();
  ({ page } = app);
  await goToEvaluation(page);
  await page.getByText(/left at \d+ of 77/).waitFor();
  const left = Number(
    /left at (\d+)/.exec(await page.getByText(/left at \d+ of 77/).innerText())?.[1],
  );
  expect(left).toBeGreaterThan(0);
  await openFolder(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('fr-evaluation-result').waitFor({ timeout: 120_000 });
  const told = JSON.parse(await saved(page, 'Everything (JSON)')) as EvaluationDocument;
  expect(told.files).toHaveLength(75);

  const marks = page.locator('fr-runs-list input[type=checkbox]');
  expect(await marks.count()).toBe(2);
  await marks.nth(0).check();
  await marks.nth(1).check();
  await page.getByRole('button', { name: 'Compare the two marked' }).click();
  await page.getByText('On 14 pictures that both read').waitFor();
  await page.getByText('The difference may well be chance (p = 1.000).').waitFor();
  await page
    .getByRole('button', { name: /^Remove “/ })
    .first()
    .click();
  await page.locator('fr-dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect.poll(() => page.locator('fr-runs-list li').count()).toBe(1);
});

it('stops with a word when the folder goes away, and loses nothing', async () => {
  const { page } = app;
  const away = `${folder} away`;
  await openFolder(page);
  await page.getByRole('button', { name: 'Evaluate 77 pictures' }).click();
  await page
    .getByText(/[1-9]\d? of 77 read/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('heading', { name: 'Evaluation interrupted' }).waitFor();
  await rename(folder, away);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('The folder can no longer be read').waitFor({ timeout: 60_000 });
  const words = await page.getByText(/^\d+ of 77 read/).innerText();
  const done = Number(/^(\d+)/.exec(words)?.[1]);
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(77);
  await rename(away, folder);
  await openFolder(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('fr-evaluation-result').waitFor({ timeout: 120_000 });
  const told = JSON.parse(await saved(page, 'Everything (JSON)')) as EvaluationDocument;
  expect(told.unreadable).toBe(1);
  expect(told.files).toHaveLength(75);
  expect(clinic.tablet.complaints).toEqual([]);
});

async function currentManifest(): Promise<string> {
  const file = path.join(buildFolder('first'), 'models/current.json');
  return (JSON.parse(await readFile(file, 'utf8')) as { manifest: string }).manifest;
}
