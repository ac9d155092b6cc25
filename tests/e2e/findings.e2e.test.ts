/**
 * Every finding on a picture's quality, by the built app with the model on offer: on phantoms what
 * pixels alone tell, on real radiographs (../shared/data, where that is there) all of them, and the
 * one tap. How often each is found among the pictures held back stands in the model card.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileResult } from '../../src/evaluation/index.ts';
import { chestPhantom } from '../../src/model/phantom.ts';
import type { Evaluation } from '../../tools/evaluate/summary.ts';
import { ALTERATIONS, type Canvas } from '../fixtures/altered.ts';
import { hasSharedData, SHARED_DATA } from '../fixtures/published-layout.ts';
import { readTar } from '../fixtures/tar.ts';
import { buildFolder } from './support/builds.ts';
import { useClinic } from './support/clinic.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AS_IT_IS = { name: 'plain', alter: (of: Canvas): Canvas => of };
const SIDE = 299;
/** Real pictures of each class. */
const EACH = 6;
const TARS = ['covid', 'lung-opacity', 'normal', 'viral-pneumonia'];
/** Of these codes, what the network has to know of a chest; a phantom is none. */
const BY_NETWORK = ['rotated', 'mirrored', 'inverted', 'lungs-cut-off'];
/** Least share found among altered real radiographs; all of them where nothing else is said. */
const LEAST: Readonly<Record<string, number>> = {
  ...{ rotated: 0.95, inverted: 0.95 },
  // White letters on a lung that is nearly white are hardly seen by anybody.
  'text-over-lungs': 0.75,
  // A hint: the heart lies on the other side in some, and model 2.0.0, which sees the lungs' box alone, finds a quarter
  // of all (27 % of 346 on its card). Half a chest may look like one on its side.
  ...{ mirrored: 0.1, 'lungs-cut-off': 0.5 },
};

const clinic = useClinic();
let folder: string;
/** What was said of every file, by folder. */
let said: Map<string, readonly FileResult[]>;
let radiographs: readonly Canvas[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fieldray-findings-'));
  const phantoms = [0, 1, 3, 4].map((variant) => ({
    width: SIDE,
    height: SIDE,
    values: chestPhantom(SIDE, variant),
  }));
  radiographs = hasSharedData ? (await Promise.all(TARS.map(someOf))).flat() : [];
  const data = path.join(folder, 'data');
  // The command wants one folder that is named like a class.
  await Promise.all(phantoms.map((each, at) => save(path.join(data, 'Normal', `${at}`), each)));
  for (const [kind, pictures] of Object.entries({ phantom: phantoms, real: radiographs })) {
    for (const { name, alter } of [...ALTERATIONS, AS_IT_IS]) {
      await Promise.all(
        pictures.map((each, at) => save(path.join(data, `${kind} ${name}`, `${at}`), alter(each))),
      );
    }
  }
  const json = path.join(folder, 'said.json');
  const args = ['--data', data, '--json', json, '--app', buildFolder('first')];
  await promisify(execFile)(process.execPath, ['tools/evaluate.mjs', ...args], { cwd: ROOT });
  const { otherFolders } = JSON.parse(await readFile(json, 'utf8')) as Evaluation;
  said = new Map(otherFolders.map(({ name, files }) => [name, files]));
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function save(name: string, { width, height, values }: Canvas): Promise<string> {
  const file = `${name}.png`;
  const data = Uint8Array.from(values, (value) =>
    Math.round(255 * Math.min(1, Math.max(0, value))),
  );
  await mkdir(path.dirname(file), { recursive: true });
  await sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toFile(file);
  return file;
}

/** Of the pictures in a folder, the share of those that have this finding. */
function shareWith(name: string, code: string): number {
  const files = said.get(name) ?? [];
  return files.filter(({ checks }) => checks?.cautions.includes(code)).length / files.length;
}

describe('phantoms', () => {
  const byPixels = ALTERATIONS.filter(({ code }) => !BY_NETWORK.includes(code));

  it.each(byPixels)('$name: $code', ({ name, code }) => {
    expect(shareWith(`phantom ${name}`, code)).toBe(1);
  });

  it('as they are have none of it', () => {
    for (const { code } of byPixels) {
      expect([code, shareWith('phantom plain', code)]).toEqual([code, 0]);
    }
  });
});

describe.skipIf(!hasSharedData)(
  `real radiographs${hasSharedData ? '' : ' (skipped: there is no ../shared/data)'}`,
  () => {
    it('as they are have hardly ever any of it', () => {
      for (const { code } of ALTERATIONS) {
        const most = 2 / radiographs.length;
        expect(shareWith('real plain', code), code).toBeLessThanOrEqual(most);
      }
    });

    it.each(ALTERATIONS)('$name: $code', ({ name, code }) => {
      expect(shareWith(`real ${name}`, code)).toBeGreaterThanOrEqual(LEAST[code] ?? 1);
    });

    it('one tap makes of them the picture that they were', async () => {
      const app = await clinic.tablet.open(clinic.site.url);
      await app.setUp();
      const chest = radiographs[2 * EACH];
      const upright = await app.read(await save(path.join(folder, 'upright'), chest));
      for (const { name, code, alter } of ALTERATIONS) {
        if (code !== 'rotated' && code !== 'inverted' && code !== 'border') continue;
        // The first picture of a sitting is shown at once.
        await app.reload();
        await app.read(await save(path.join(folder, name), alter(chest)));
        const panel = app.page.locator('fr-result-panel');
        await panel.locator('.lines .button').click();
        await panel.locator('.changed').waitFor();
        const { verdict, probabilities } = await app.result();
        expect([name, verdict]).toEqual([name, upright.verdict]);
        // A border is cut off to a pixel of the measure's own grid (224).
        if (code === 'border') continue;
        for (const [k, share] of probabilities.entries()) {
          expect(Math.abs(share - upright.probabilities[k]), name).toBeLessThan(0.01);
        }
      }
    });
  },
);

async function someOf(kind: string): Promise<Canvas[]> {
  const found: Canvas[] = [];
  for await (const { bytes } of readTar(path.join(SHARED_DATA, `radiographs-${kind}.tar`), 97)) {
    const { data } = await sharp(bytes)
      .greyscale()
      .resize(SIDE, SIDE, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    found.push({
      width: SIDE,
      height: SIDE,
      values: Float32Array.from(data, (value) => value / 255),
    });
    if (found.length === EACH) break;
  }
  return found;
}
