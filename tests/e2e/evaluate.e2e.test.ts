import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assess, fitOf } from '../../src/assurance/index.ts';
import { CLASS_LABELS, parseManifest } from '../../src/model/index.ts';
import type { Evaluation } from '../../tools/evaluate/summary.ts';
import { buildFolder } from './support/builds.ts';
import { makePictures, type Pictures } from './support/pictures.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** As the published dataset lays them: two classes in images/, two without. */
const PLACES = ['COVID/images', 'Lung_Opacity', 'Normal/images', 'Viral Pneumonia'];

let data: string;
let pictures: Pictures;

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['tools/evaluate.mjs', ...args], { cwd: root });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, out, err }));
  });
}
const app = (): string[] => ['--app', buildFolder('first')];

beforeAll(async () => {
  pictures = await makePictures();
  data = await mkdtemp(path.join(os.tmpdir(), 'fieldray-evaluate-'));
  for (const [at, place] of [...PLACES, 'Normal/masks', 'abroad'].entries()) {
    await mkdir(path.join(data, place), { recursive: true });
    for (const variant of [2 * at, 2 * at + 1]) {
      const file = await pictures.file(variant, 299, variant % 2 ? 'jpeg' : 'png');
      await cp(file, path.join(data, place, path.basename(file)));
    }
  }
  await writeFile(path.join(data, 'Normal/images/broken.png'), 'This is no picture.');
});
afterAll(async () => {
  await pictures.remove();
  await rm(data, { recursive: true, force: true });
});

it('reads a labelled folder with the built app and accounts for every file', async () => {
  const json = path.join(data, 'result.json');
  const { code, out, err } = await run('--data', data, '--json', json, '--workers', '2', ...app());
  expect(err).toContain('11 of 11 pictures');
  expect(code).toBe(0);
  const told = JSON.parse(await readFile(json, 'utf8')) as Evaluation;

  expect(told.classes).toEqual(CLASS_LABELS);
  const names = told.files.map((file) => file.path);
  expect(names).toHaveLength(9);
  expect(names.filter((name) => name.includes('masks') || name.includes('abroad'))).toEqual([]);
  const manifest = await shippedManifest();
  const fit = fitOf(manifest, { curves: null, siteFit: null }, null);
  expect(told.fit).toBe(fit.kind);
  for (const file of told.files) {
    expect(Object.keys(file).sort()).toEqual(
      [
        ...[
          'checks',
          'fit',
          'label',
          'logits',
          'origin',
          'path',
          'predicted',
          'probabilities',
          'refused',
        ],
        'sets',
      ].sort(),
    );
    expect(file.path.startsWith(`${file.label}/`)).toBe(true);
    if (file.path.endsWith('broken.png')) {
      expect(file).toMatchObject({ predicted: null, probabilities: null, logits: null });
      expect(file.refused).toBe('unsupported-format');
      continue;
    }
    expect(file.refused).toBeNull();
    // Nothing was measured at a site here: it is a hospital the model does not know.
    expect(file.fit).toBe(fit.kind);
    const again = assess(file.logits ?? [], fit.temperature);
    expect(file.predicted).toBe(again.label);
    for (const [at, probability] of again.probabilities.entries()) {
      expect(file.probabilities?.[at]).toBeCloseTo(probability, 9);
    }
  }

  // Counted again here, in another way than the tool counts.
  const read = told.files.filter((file) => file.predicted !== null);
  const right = read.filter((file) => file.predicted === file.label);
  expect(told.accuracy).toBeCloseTo(right.length / read.length, 12);
  const f1s: number[] = [];
  for (const [row, label] of CLASS_LABELS.entries()) {
    const are = read.filter((file) => file.label === label);
    const called = read.filter((file) => file.predicted === label);
    const hits = are.filter((file) => file.predicted === label).length;
    f1s.push((2 * hits) / (are.length + called.length));
    expect(told.report[label]).toMatchObject({
      support: are.length,
      recall: hits / are.length,
      precision: called.length > 0 ? hits / called.length : 0,
    });
    for (const [column, other] of CLASS_LABELS.entries()) {
      expect(told.confusionMatrix[row][column]).toBe(
        are.filter((file) => file.predicted === other).length,
      );
    }
  }
  expect(told.macroF1).toBeCloseTo(f1s.reduce((sum, f1) => sum + f1, 0) / 4, 12);
  expect(told.secondsPerImage).toBeGreaterThan(0);
  expect(told.unreadable).toBe(1);
  expect(told.otherFolders).toMatchObject([{ name: 'abroad', images: 2, unreadable: 0 }]);
  expect(told.model).toMatchObject({ id: manifest.id, version: manifest.version });
  expect(told.backend).toBe('wasm');

  expect(out).toContain(`accuracy ${told.accuracy.toFixed(4)}`);
  expect(out).toContain('Normal/images/broken.png: unsupported-format');
  expect(out).toMatch(/abroad: 2 pictures, mean top probability 0\.\d{4}, 0 refused/);
});

it('says what is missing, each with its exit code and nothing on the standard output', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  const bare = path.join(data, 'bare-app');
  await cp(buildFolder('first'), bare, { recursive: true });
  await rm(path.join(bare, 'models'), { recursive: true });
  try {
    const cases = [
      [['--data', path.join(data, 'none'), ...app()], 2, 'there is none'],
      [['--data', path.join(data, 'abroad'), ...app()], 2, 'none of the class folders'],
      [['--data', data, '--json', path.join(data, 'no/such/x.json'), ...app()], 2, 'written'],
      [['--data', data, '--port', String(port), ...app()], 3, 'something else uses it'],
      [['--data', data, '--app', data], 3, 'holds no built app'],
      [['--data', data, '--app', bare], 3, 'current.json'],
    ] as const;
    for (const [args, expected, text] of cases) {
      const { code, out, err } = await run(...args);
      expect(err).toContain(text);
      expect({ code, out }).toEqual({ code: expected, out: '' });
    }
  } finally {
    server.close();
    await rm(bare, { recursive: true, force: true });
  }
});

async function shippedManifest(): Promise<ReturnType<typeof parseManifest>> {
  const models = path.join(buildFolder('first'), 'models');
  const { manifest } = JSON.parse(await readFile(path.join(models, 'current.json'), 'utf8')) as {
    manifest: string;
  };
  return parseManifest(JSON.parse(await readFile(path.join(models, manifest), 'utf8')));
}
