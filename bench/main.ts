/** npm run bench: builds, measures, prints a table and writes it down. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, requireChromium } from '../tools/browser/find-chromium.mjs';
import { ensureBuilt } from '../tools/setup/build.mjs';
import { keptOffline, measureSizes, measureStarts } from './app.ts';
import { KeptParts } from './kept.ts';
import { circumstances, otherLoad } from './machine.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { FOLDER_SIDES } from './pictures.ts';
import { reportOf } from './report.ts';
import type { Measured } from './results.ts';
import { buildSite, serveSite, type BuiltSite } from './site.ts';
import type { Agreement, Bench } from './site/page.ts';

declare const fieldrayBench: Bench;

const ROOT = path.resolve(import.meta.dirname, '..');
const CACHE = path.join(ROOT, 'node_modules/.cache/fieldray/bench');
/** Networks must agree to this share of the largest logit before they are timed. */
const TOLERANCE = 1e-3;

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options) await run(options);
    else process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function run(options: Options): Promise<void> {
  const { parts } = options;
  if (options.app === null) ensureBuilt();
  console.error('Building the page, the other forms of the network and the pictures …');
  const distinct = Math.min(15, options.pictures);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fieldray-bench-'));
  let browser: Browser | null = null;
  try {
    // A build in the meantime must not change what is measured.
    const dist = path.join(folder, 'app');
    cpSync(path.resolve(options.app ?? path.join(ROOT, 'dist')), dist, { recursive: true });
    const site = await buildSite(path.join(folder, 'site'), distinct);
    const { id, version, dtype } = site.model;
    const counts = [options.runs, options.passes, options.pictures].join('-');
    const kept = new KeptParts(path.join(CACHE, `${id}-${version}-${counts}`));
    browser = await chromium.launch({
      executablePath: requireChromium(),
      // Software WebGPU is slower than slow, and these figures are about WASM.
      args: CHROMIUM_ARGS.filter((each) => each !== '--enable-unsafe-webgpu'),
    });
    const now = (facts: readonly string[] = []) => ({
      date: new Date().toISOString().slice(0, 10),
      load: otherLoad(),
      facts,
    });
    if (parts.includes('turns') || parts.includes('folders')) {
      await withPage(browser, site, async (page) => {
        const agreement = await page.evaluate(() => fieldrayBench.agreement());
        requireAgreement(agreement);
        if (parts.includes('turns')) {
          const at = now([`${options.runs} turns after warming up`, agreementLine(agreement)]);
          kept.write('turns', await measureTurns(page, options), at);
        }
        if (parts.includes('folders')) {
          const at = now([`${options.passes} passes`]);
          kept.write('folders', await measureFolders(page, options, distinct), at);
        }
      });
    }
    if (parts.includes('starts')) {
      console.error('Starting the app …');
      const at = now([`${options.runs} starts`]);
      kept.write('starts', await measureStarts(browser, dist, options.runs), at);
    }
    if (parts.includes('bytes')) {
      const picture = path.join(site.folder, 'pictures/1024x1024.png');
      const sizes = await measureSizes(browser, dist, picture);
      kept.write('bytes', { sizes, keptOffline: keptOffline(dist) }, now());
    }
    const model = `Model ${id} ${version}, stored as ${dtype}`;
    const report = reportOf(kept.read(), [...circumstances(browser.version()), model]);
    console.log(`\n${report.text}\n`);
    writeFileSync(options.out, report.markdown);
    console.error(`Written to ${path.relative(process.cwd(), options.out)}`);
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withPage(
  browser: Browser,
  site: BuiltSite,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const server = await serveSite(site.folder);
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(server.url);
    await page.evaluate(() => fieldrayBench.open());
    await work(page);
    await page.close();
  } finally {
    await server.close();
  }
}

function measureTurns(page: Page, { runs }: Options): Promise<Measured['turns']> {
  console.error(`Networks and files, ${runs} turns …`);
  return page.evaluate((count) => fieldrayBench.turns(count), runs);
}

async function measureFolders(
  page: Page,
  { pictures, passes }: Options,
  distinct: number,
): Promise<Measured['folders']> {
  const folders: Measured['folders'][number][] = [];
  for (const side of FOLDER_SIDES) {
    console.error(`A folder of ${pictures} pictures of ${side} × ${side}, ${passes} passes …`);
    const runs = await page.evaluate(
      ([name, count, different, times]) => fieldrayBench.folder(name, count, different, times),
      [`folder-${side}`, pictures, distinct, passes] as const,
    );
    folders.push({ side, pictures, runs });
  }
  return folders;
}

function requireAgreement(agreement: Readonly<Record<string, Agreement>>): void {
  for (const [name, { largest, sameClass }] of Object.entries(agreement)) {
    if (!sameClass || !(largest <= TOLERANCE)) {
      throw new Error(
        `${name} does not compute what the shipped network computes (off by ${largest}): there is nothing to compare.`,
      );
    }
  }
}

function agreementLine(agreement: Readonly<Record<string, Agreement>>): string {
  const largest = Math.max(...Object.values(agreement).map((each) => each.largest));
  return `all networks gave the same class on 8 inputs, logits differ by at most ${largest.toExponential(1)} of the largest`;
}
