/** npm run bench: builds, measures, prints a table and writes it down. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM_ARGS, requireChromium } from '../tools/browser/find-chromium.mjs';
import { ensureBuilt } from '../tools/setup/build.mjs';
import { keptOffline, measureSizes, measureStarts } from './app.ts';
import { circumstances, otherLoad } from './machine.ts';
import { FOLDER_SIDES } from './pictures.ts';
import { rowsOf, tableMarkdown, tableText, type Measured } from './results.ts';
import { buildSite, serveSite, type BuiltSite } from './site.ts';
import type { Agreement, Bench } from './site/page.ts';

declare const fieldrayBench: Bench;

const ROOT = path.resolve(import.meta.dirname, '..');
/** Networks must agree to this share of the largest logit before they are timed. */
const TOLERANCE = 1e-3;

export const USAGE = `npm run bench -- [options]

Measures the shipped network against its peers, and the built app against its own limits, in a
Chromium without a window. Takes a few minutes; nothing else should run meanwhile.

  --runs N      turns of every network and every file, and starts of the app (default 40)
  --passes N    passes over each folder of 60 pictures (default 7)
  --pictures N  pictures in that folder (default 60)
  --app DIR     a built app instead of this checkout's own
  --out FILE    where the table goes as Markdown (default bench/RESULTS.md)
  --help        this text

Exit code: 0 measured (whether the limits are met or not), 1 the networks do not agree, or it failed.
`;

interface Options {
  readonly runs: number;
  readonly passes: number;
  readonly pictures: number;
  readonly app: string | null;
  readonly out: string;
}

function parse(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: 'string', default: '40' },
      passes: { type: 'string', default: '7' },
      pictures: { type: 'string', default: '60' },
      app: { type: 'string' },
      out: { type: 'string', default: path.join(ROOT, 'bench/RESULTS.md') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const number = (name: 'runs' | 'passes' | 'pictures'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be 1 or more.`);
    return value;
  };
  return {
    runs: number('runs'),
    passes: number('passes'),
    pictures: number('pictures'),
    app: values.app ?? null,
    out: values.out,
  };
}

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parse(argv);
    if (options) await run(options);
    else process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function run(options: Options): Promise<void> {
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
    browser = await chromium.launch({
      executablePath: requireChromium(),
      // Software WebGPU is slower than slow, and these figures are about WASM.
      args: CHROMIUM_ARGS.filter((each) => each !== '--enable-unsafe-webgpu'),
    });
    const load = otherLoad();
    const { agreement, ...page } = await measurePage(browser, site, options, distinct);
    console.error('Starting the app …');
    const starts = await measureStarts(browser, dist, options.runs);
    const picture = path.join(site.folder, 'pictures/1024x1024.png');
    const sizes = await measureSizes(browser, dist, picture);
    const measured: Measured = { ...page, starts, sizes, keptOffline: keptOffline(dist) };
    report(measured, agreement, site, { options, load, browser: browser.version() });
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measurePage(
  browser: Browser,
  site: BuiltSite,
  { runs, passes, pictures }: Options,
  distinct: number,
): Promise<Pick<Measured, 'turns' | 'folders'> & { agreement: Record<string, Agreement> }> {
  const server = await serveSite(site.folder);
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(server.url);
    await page.evaluate(() => fieldrayBench.open());
    const agreement = await page.evaluate(() => fieldrayBench.agreement());
    requireAgreement(agreement);
    console.error(`Networks and files, ${runs} turns …`);
    const turns = await page.evaluate((count) => fieldrayBench.turns(count), runs);
    const folders: Measured['folders'][number][] = [];
    for (const side of FOLDER_SIDES) {
      console.error(`A folder of ${pictures} pictures of ${side} × ${side}, ${passes} passes …`);
      const folder = await page.evaluate(
        ([name, count, different, times]) => fieldrayBench.folder(name, count, different, times),
        [`folder-${side}`, pictures, distinct, passes] as const,
      );
      folders.push({ side, pictures, runs: folder });
    }
    await page.close();
    return { turns, folders, agreement };
  } finally {
    await server.close();
  }
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

function report(
  measured: Measured,
  agreement: Readonly<Record<string, Agreement>>,
  site: BuiltSite,
  at: { options: Options; load: number; browser: string },
): void {
  const rows = rowsOf(measured);
  const largest = Math.max(...Object.values(agreement).map((each) => each.largest));
  const facts = [
    ...circumstances(at.browser),
    `Model ${site.model.id} ${site.model.version}, stored as ${site.model.dtype}`,
    `${at.options.runs} turns after 6 of warming up; folders ${at.options.passes} passes`,
    `All networks gave the same class on 8 inputs; logits differ by at most ${largest.toExponential(1)} of the largest`,
    ...(at.load > 0.7
      ? [`Other work was running (load ${at.load.toFixed(1)}): these figures are not worth keeping`]
      : []),
  ];
  console.log(`\n${facts.join('\n')}\n\n${tableText(rows)}\n`);
  const largestFiles = measured.sizes.files
    .slice(0, 8)
    .map((file) => `| ${file.path} | ${(file.gzip / 1000).toFixed(1)} kB |`);
  const markdown = [
    '# Benchmark',
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench\`. How each figure comes about: [README.md](README.md).`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    tableMarkdown(rows),
    '',
    'The largest files before the first result:',
    '',
    '| | gzip |',
    '| --- | --- |',
    ...largestFiles,
    '',
  ].join('\n');
  writeFileSync(at.options.out, markdown);
  console.error(`Written to ${path.relative(process.cwd(), at.options.out)}`);
}
