/** Damaged DICOM through the app's own worker, and real files where there are some beside the checkout. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chestPhantom } from '../../src/model/phantom.ts';
import { encapsulated, SYNTAX, words, writeDicom } from '../fixtures/dicom.ts';
import { encodeJpeg12, encodeLossless, encodeRle } from '../fixtures/dicom-encoders.ts';
import { encodeHtj2k, encodeJpeg2000, encodeJpegLs } from '../fixtures/dicom-packages.ts';
import { noiseByte } from '../fixtures/sources.ts';
import { readTar } from '../fixtures/tar.ts';
import type { AppPage } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

const SIDE = 256;
const grey12 = Uint16Array.from(chestPhantom(SIDE, 1), (value) => Math.round(value * 4095));

let site: Site;
let tablet: Tablet;
let pictures: Pictures;
let app: AppPage;

beforeAll(async () => {
  [site, tablet, pictures] = await Promise.all([Site.start(), Tablet.unpack(), makePictures()]);
  app = await tablet.open(site.url);
  await app.setUp();
});
afterAll(async () => {
  await tablet.throwAway();
  await site.remove();
  await pictures.remove();
});

interface Outcome {
  readonly name: string;
  readonly code: string;
  readonly label: string;
  readonly top: number;
  readonly decodeMs: number;
  readonly recovered: boolean;
}

/** What came of every opened file, from the session itself. */
function outcomes(): Promise<Outcome[]> {
  return app.page.evaluate(() => {
    const { session } = document.querySelector('fieldray-app')!.services;
    return session.cases.map(({ name, state }) => {
      const nothing = { label: '', top: 0, decodeMs: 0, recovered: false };
      if (state.phase === 'failed') return { name, code: state.fault.code, ...nothing };
      if (state.phase !== 'done') return { name, code: state.phase, ...nothing };
      const { probabilities, label } = state.assessment;
      return {
        ...{ name, code: 'done', label, top: Math.max(...probabilities) },
        decodeMs: state.reading.timings.decode,
        recovered: state.reading.recovery !== null,
      };
    });
  });
}

describe('damaged files in the worker of the app', () => {
  it('each has a name, none takes long, and the same worker reads on', async () => {
    const raw = { width: SIDE, height: SIDE, bits: 12, bytes: words(grey12) };
    const high = Uint8Array.from(grey12, (value) => value >> 8);
    const low = Uint8Array.from(grey12, (value) => value & 255);
    const streams: [string, Uint8Array][] = [
      [SYNTAX.rle, encodeRle([high, low])],
      [SYNTAX.lossless1, encodeLossless(grey12, SIDE, SIDE, 12, 1)],
      [SYNTAX.extended, encodeJpeg12(grey12, SIDE, SIDE, 2)],
      [SYNTAX.jpegLs, await encodeJpegLs(raw)],
      [SYNTAX.jpeg2000, await encodeJpeg2000(raw)],
      [SYNTAX.htj2k, await encodeHtj2k(raw)],
    ];
    const common = { width: SIDE, height: SIDE, bitsStored: 12 };
    const whole = new Map([['plain', writeDicom({ ...common, pixels: raw.bytes })]]);
    for (const [syntax, bytes] of streams) {
      whole.set(syntax, writeDicom({ ...common, syntax, pixels: encapsulated([bytes]) }));
    }
    const names: string[] = [];
    for (const [kind, bytes] of whole) {
      for (let variant = 0; variant < 20; variant += 1) {
        const spoiled = bytes.slice(
          0,
          variant % 4 === 3 ? bytes.length - 100 * variant : undefined,
        );
        for (let change = 0; change <= variant; change += 1) {
          const at =
            140 + ((noiseByte(variant, change, 1) * 256 + noiseByte(change, variant, 2)) % 4000);
          if (at < spoiled.length) spoiled[at] = noiseByte(variant, change, 3);
        }
        names.push(await pictures.bytes(`${kind}-${variant}.dcm`, spoiled));
      }
    }
    await app.goTo('read');
    const begun = performance.now();
    await app.openFiles(names);
    await app.allRead();
    const took = performance.now() - begun;
    const found = await outcomes();
    expect(found).toHaveLength(names.length);
    const counts: Record<string, number> = {};
    for (const { code } of found) counts[code] = (counts[code] ?? 0) + 1;
    console.log(
      `${names.length} damaged files in ${Math.round(took)} ms: ${JSON.stringify(counts)}`,
    );
    expect(counts['damaged-picture']).toBeGreaterThan(5);
    expect(counts['truncated-picture']).toBeGreaterThan(5);
    for (const code of [
      'unexpected-decode-error',
      'reading-failed',
      'worker-stopped',
      'queued',
      'out-of-memory',
    ]) {
      expect(counts[code], code).toBeUndefined();
    }
    expect(Math.max(...found.map(({ decodeMs }) => decodeMs))).toBeLessThan(2000);
    expect(found.filter(({ recovered }) => recovered)).toEqual([]);
    expect(took / names.length).toBeLessThan(2000);

    // Not one of them is in the way of the next good one.
    await app.openFiles([await pictures.bytes('good.dcm', whole.get(SYNTAX.jpeg2000)!)]);
    const good = async () => (await outcomes()).find(({ name }) => name === 'good.dcm');
    await expect.poll(async () => (await good())?.code).toBe('done');
    expect((await good())?.recovered).toBe(false);
  });
});

const tar = new URL('../../../shared/data/dicom.tar', import.meta.url);
const absent = !existsSync(tar);
if (absent) console.info('Skipped: ../shared/data is not here, so no real DICOM is read.');

it.skipIf(absent)('the real chest radiographs are classified, all of them', async () => {
  const names: string[] = [];
  for await (const { name, bytes } of readTar(tar)) {
    const last = name.split('/').at(-1) ?? '';
    if (last.endsWith('.dcm') && !last.startsWith('RG3'))
      names.push(await pictures.bytes(last, bytes));
  }
  await app.reload();
  await app.goTo('read');
  await app.openFiles(names);
  await app.allRead();
  const found = await outcomes();
  console.log(found.map(({ label, top, code }) => `${code} ${label} ${top.toFixed(2)}`).join('\n'));
  expect(found).toHaveLength(12);
  expect(found.filter(({ code }) => code !== 'done')).toEqual([]);
  // Not all the same, and not by a hair: a wrong grey scale would give one answer to all.
  expect(new Set(found.map(({ label }) => label)).size).toBeGreaterThan(1);
});
