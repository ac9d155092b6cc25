/**
 * How long a head takes on a labelled folder in the built app, and what it is trained on:
 *
 *   npx tsx tests/fixtures/published-layout.ts ../shared/data LAID_OUT 400
 *   npx tsx bench/adaptation.ts LAID_OUT OUT
 *
 * OUT gets the embeddings (embeddings.f32, as training has them) and what the app made of them
 * (adaptation.json); training/adaptation_parity.py then trains the same recipe in PyTorch on them
 * (parity.json), and both together become RESULTS-adaptation.md. PYTHON names a Python with torch.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { Services } from '../src/state/services.ts';
import { CHROMIUM_ARGS, requireChromium } from '../tools/browser/find-chromium.mjs';
import { serve } from '../tools/serve/server.mjs';
import { beforehand, reportOf, type MeasuredTraining, type Parity } from './adaptation-report.ts';
import { circumstances } from './machine.ts';

interface Outcome {
  readonly fault: string | null;
  readonly readSeconds: number;
  readonly trainSeconds: number;
  readonly report: unknown;
  readonly part: readonly (readonly number[])[];
  readonly embeddings: readonly string[];
}

const [data, out] = process.argv.slice(2);
if (!data || !out) {
  console.error('npx tsx bench/adaptation.ts LAID_OUT OUT');
  process.exit(2);
}
const before = beforehand();
const server = await serve({ directory: path.resolve('dist') });
const browser = await chromium.launch({
  executablePath: requireChromium(),
  // A real tablet's processor: the imitated graphics processor would only take time.
  args: [...CHROMIUM_ARGS.filter((each) => each !== '--enable-unsafe-webgpu'), '--disable-3d-apis'],
});
try {
  const page = await browser.newPage({ serviceWorkers: 'block' });
  // What tsx wraps around each function's name is not there inside the page.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(server.url);
  const outcome = await adapt(page, path.resolve(data));
  if (outcome.fault) throw new Error(outcome.fault);
  await mkdir(out, { recursive: true });
  const { embeddings, ...rest } = outcome;
  const told = { ...before, machine: circumstances(browser.version()), ...rest };
  await writeFile(
    path.join(out, 'embeddings.f32'),
    Buffer.concat(embeddings.map((text) => Buffer.from(text, 'base64'))),
  );
  await writeFile(path.join(out, 'adaptation.json'), JSON.stringify(told, null, 2));
} finally {
  await browser.close();
  await server.close();
}
const python = spawnSync(
  process.env['PYTHON'] ?? 'python3',
  ['training/adaptation_parity.py', path.resolve(out)],
  { stdio: 'inherit', env: { OMP_NUM_THREADS: '1', ...process.env } },
);
const read = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(path.join(out, name), 'utf8')) as T;
const words = reportOf(
  await read<MeasuredTraining>('adaptation.json'),
  await read<Parity>('parity.json'),
);
await writeFile(path.join(import.meta.dirname, 'RESULTS-adaptation.md'), words);
console.log(words);
process.exitCode = python.status ?? 1;

async function adapt(page: Page, folder: string): Promise<Outcome> {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.webkitdirectory = true;
    input.id = 'bench-folder';
    document.body.append(input);
  });
  await page.locator('#bench-folder').setInputFiles(folder, { timeout: 0 });
  return page.evaluate(async (): Promise<Outcome> => {
    await customElements.whenDefined('fieldray-app');
    const app = document.querySelector('fieldray-app') as unknown as { services: Services };
    const { adapted, setup, workbench } = app.services;
    await setup.load();
    await setup.install();
    const input = document.querySelector('#bench-folder') as HTMLInputElement;
    await workbench.open({ folderFiles: [...(input.files ?? [])] });
    const labelled = workbench.folder;
    if (!labelled) return failed(JSON.stringify(workbench.state));
    const settings = {
      ...{ epochs: 30, batch: 32, seed: 2026, perClass: 0, validationShare: 0.15, dropout: 0.5 },
      ...{ gamma: 2, alpha: 0.25, learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      ...{ balance: 'sampling' as const, patience: 8, copies: 0 },
      geometry: { rotation: 25, shift: 0.2, shear: 0.15, zoom: 0.2, flip: true },
    };
    const begun = performance.now();
    await adapted.begin(labelled, settings, 'bench');
    const { run } = adapted;
    if (!run) return failed(JSON.stringify(adapted.fault));
    let read = Number.NaN;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (run.phase === 'training' && Number.isNaN(read)) read = performance.now();
        if (run.phase === 'done' || run.phase === 'stopped') resolve();
      };
      run.subscribe(look);
      look();
    });
    const ended = performance.now();
    if (!run.model) return failed(JSON.stringify(run.fault));
    const { training, validation } = run.data;
    return {
      fault: null,
      readSeconds: (read - begun) / 1000,
      trainSeconds: (ended - read) / 1000,
      report: run.model.manifest,
      part: [[...training.classOf], [...validation.classOf]],
      embeddings: [training, validation].flatMap((part) => base64(part.embeddings)),
    };

    function failed(fault: string): Outcome {
      return { fault, readSeconds: 0, trainSeconds: 0, report: {}, part: [], embeddings: [] };
    }

    /** In pieces of whole triples, so that they can be put together again. */
    function base64(values: Float32Array): string[] {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const pieces: string[] = [];
      for (let at = 0; at < bytes.length; at += 30_000) {
        pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 30_000))));
      }
      return pieces;
    }
  });
}
