/**
 * The built app where things go wrong around it: what the person is told, and that the way goes on.
 * The download's and the engine's own tests (tests/model, tests/inference) go through every variant;
 * here each kind is met once by the whole app.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chestPhantom } from '../../src/model/phantom.ts';
import { encapsulated, SYNTAX, writeDicom } from '../fixtures/dicom.ts';
import { encodeJpeg2000 } from '../fixtures/dicom-packages.ts';
import type { AppPage } from './support/app-page.ts';
import { buildFolder } from './support/builds.ts';
import { Tablet, type TabletOptions } from './support/chromium.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

type Fault = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

let site: Site;
let pictures: Pictures;
let tablet: Tablet | null = null;
let fault: Fault = () => false;
/** Requests for model files: path and range. */
let asked: string[] = [];

beforeEach(async () => {
  fault = () => false;
  asked = [];
  pictures = await makePictures();
  site = await Site.start({
    intercept: (request, response, inside) => {
      if (inside.endsWith('.bin'))
        asked.push(
          `${inside.split(`${versionFolder}/`).pop() ?? ''} ${request.headers.range ?? ''}`,
        );
      return fault(request, response, inside);
    },
  });
});
afterEach(async () => {
  await tablet?.throwAway();
  tablet = null;
  await site.remove();
  await pictures.remove();
});

async function open(options: TabletOptions = {}): Promise<AppPage> {
  tablet = await Tablet.unpack(options);
  return tablet.open(site.url);
}

/** Whatever model is built in: the first of its weight files (the classifier's) is the one that things happen to. */
let versionFolder = '';
let shardName = '';
let shardFile = '';

function isShard(inside: string): boolean {
  return inside.endsWith(`${versionFolder}/${shardName}`);
}

beforeAll(() => {
  const models = path.join(buildFolder('first'), 'models');
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(models, file), 'utf8'));
  const { manifest } = read('current.json') as { manifest: string };
  const { files } = read(manifest) as { files: { path: string }[] };
  versionFolder = path.dirname(manifest);
  shardName = files.map((file) => file.path).find((name) => name.endsWith('.bin')) ?? '';
  shardFile = path.join(models, versionFolder, shardName);
});

function shard(): Buffer {
  return readFileSync(shardFile);
}

/** Answers for the shard with these bytes, complete or not. */
function serveInstead(change: (bytes: Buffer) => Buffer, type = 'application/octet-stream'): Fault {
  return (_request, response, inside) => {
    if (!isShard(inside)) return false;
    const bytes = change(shard());
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
    response.end(bytes);
    return true;
  };
}

describe('a server that gives something else', () => {
  const spoiled = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(1000) ^ 4, 1000);
    return copy;
  };
  const cases: readonly (readonly [string, Fault, RegExp])[] = [
    [
      '404 for one file',
      (_request, response, inside) => {
        if (!isShard(inside)) return false;
        response.writeHead(404).end('no');
        return true;
      },
      /does not hand out .*status 404/,
    ],
    [
      'a page to sign in, with status 200',
      serveInstead(() => Buffer.from('<!DOCTYPE html><title>Sign in</title>'), 'text/html'),
      /web page|sign in/i,
    ],
    [
      'one bit flipped',
      serveInstead(spoiled),
      /checksum|changed|differ|not the bytes|spoiled|wrong/i,
    ],
    ['a shorter shard', serveInstead((bytes) => bytes.subarray(0, 100_000)), /bytes|large|size/i],
  ];
  it.each(cases)(
    '%s: told in words, nothing of it is kept, and a later try succeeds',
    async (_name, wrong, says) => {
      fault = wrong;
      const app = await open();
      await app.setUpButton.click();
      const notice = app.page.getByRole('alert');
      await notice.waitFor({ timeout: 60_000 });
      expect(await notice.innerText()).toMatch(says);
      expect(await app.page.getByRole('link', { name: 'Read', exact: true }).count()).toBe(0);

      fault = () => false;
      await app.page.getByRole('button', { name: 'Try again' }).click();
      await app.ready.waitFor({ timeout: 60_000 });
      expect((await app.read(await pictures.file(1))).probabilities).toHaveLength(4);
    },
  );

  it('500 for a while: says when it tries again, and does', async () => {
    let left = 3;
    fault = (_request, response, inside) => {
      if (!isShard(inside) || left === 0) return false;
      left -= 1;
      response.writeHead(500, { 'Retry-After': '2' }).end('no');
      return true;
    };
    const app = await open();
    await app.setUpButton.click();
    await app.page.getByText(/next try in/).waitFor();
    await app.ready.waitFor({ timeout: 60_000 });
  });
});

describe('a line that breaks', () => {
  it('at every tenth of a file: goes on from there each time, and a reload loses nothing', async () => {
    const whole = shard();
    const tenth = Math.ceil(whole.length / 10);
    fault = (request, response, inside) => {
      if (!isShard(inside)) return false;
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const end = Math.min(whole.length, (Math.floor(from / tenth) + 1) * tenth);
      response.writeHead(from > 0 ? 206 : 200, {
        'Content-Type': 'application/octet-stream',
        'Content-Length': whole.length - from,
        ETag: '"same"',
        ...(from > 0
          ? { 'Content-Range': `bytes ${from}-${whole.length - 1}/${whole.length}` }
          : {}),
      });
      response.write(whole.subarray(from, end), () => {
        if (end === whole.length) response.end();
        // A broken stream loses what its reader has not fetched yet: a busy one is given its time.
        else setTimeout(() => request.socket.destroy(), 400);
      });
      return true;
    };
    const app = await open();
    await app.setUpButton.click();
    await expect
      .poll(() => asked.filter((line) => line.startsWith(shardName)).length, { timeout: 30_000 })
      .toBeGreaterThan(4);
    // In the middle of it the person reloads.
    await app.reload();
    await app.setUpButton.click();
    await app.ready.waitFor({ timeout: 90_000 });
    const starts = asked
      .filter((line) => line.startsWith(shardName))
      .map((line) => Number(/bytes=(\d+)-/.exec(line)?.[1] ?? 0));
    // Never back to the beginning.
    expect(starts.filter((start) => start === 0)).toHaveLength(1);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
  });
});

describe('a browser that keeps nothing', () => {
  it('site data forbidden, as in some private windows: says what to change', async () => {
    const app = await open({ forbidSiteData: true });
    await app.page.getByText('does not let the app keep data').waitFor();
    await app.page.getByText(/Leave private browsing/).waitFor();
  });

  it('no service workers, no WebAssembly: reads, and promises nothing that is not so', async () => {
    // The switch that takes WebAssembly away (--jitless) makes everything else too slow for a test.
    fault = (_request, response, inside) => {
      if (!inside.endsWith('.js')) return false;
      const script = readFileSync(path.join(buildFolder('first'), inside), 'utf8');
      response.writeHead(200, { 'Content-Type': 'text/javascript' });
      response.end(`delete globalThis.WebAssembly;\n${script}`);
      return true;
    };
    const app = await open({ noServiceWorkers: true });
    await app.setUpButton.click();
    await app.page
      .getByRole('heading', { name: 'Ready, but only with a network' })
      .waitFor({ timeout: 90_000 });
    await app.page.getByText('The app could not be kept on this device').waitFor();
    expect(await app.ready.count()).toBe(0);
    expect(await app.page.evaluate(() => typeof WebAssembly)).toBe('undefined');
    expect((await app.read(await pictures.file(1))).probabilities).toHaveLength(4);

    const side = 256;
    const bytes = Uint8Array.from(chestPhantom(side, 1), (value) => Math.round(value * 255));
    const stream = await encodeJpeg2000({ width: side, height: side, bits: 8, bytes });
    const format = { width: side, height: side, bitsAllocated: 8, syntax: SYNTAX.jpeg2000 };
    const file = writeDicom({ ...format, pixels: encapsulated([stream]) });
    await app.goTo('read');
    await app.openFiles([await pictures.bytes('packed.dcm', file)]);
    await app.page.getByText('This browser has WebAssembly switched off').first().waitFor();
    await app.page.getByText('leave Lockdown Mode for this site').first().waitFor();
    expect(await app.page.getByText('Connect this device to the network').count()).toBe(0);
    await app.goTo('status');
    await app.page.getByText('Does not work').waitFor();
  });

  it('too little room: says how much is needed, and goes on once there is room', async () => {
    const app = await open();
    const session = await (tablet as Tablet).context.newCDPSession(app.page);
    await session.send('Storage.overrideQuotaForOrigin', {
      origin: site.origin,
      quotaSize: 1_500_000,
    });
    await app.reload();
    await app.setUpButton.click();
    const notice = app.page.getByRole('alert');
    await notice.waitFor({ timeout: 60_000 });
    expect(await notice.innerText()).toMatch(/\d MB/);
    await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin });
    await app.page.getByRole('button', { name: 'Try again' }).click();
    await app.ready.waitFor({ timeout: 60_000 });
  });
});

describe('a stored model that was hurt', () => {
  it('one file gone: told at the next start, and only that file is fetched again', async () => {
    const app = await open();
    await app.setUp();
    await app.page.evaluate(
      (name) =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.open('fieldray-model');
          request.onerror = () => reject(request.error ?? new Error('It cannot be opened.'));
          request.onsuccess = () => {
            const tx = request.result.transaction(['files', 'chunks'], 'readwrite');
            for (const store of ['files', 'chunks']) {
              const cursor = tx.objectStore(store).openKeyCursor();
              cursor.onsuccess = () => {
                if (!cursor.result) return;
                const key = cursor.result.primaryKey;
                // In quotes: the lung network's file is named alike, in a folder of its own.
                if (JSON.stringify(key).includes(`"${name}"`)) tx.objectStore(store).delete(key);
                cursor.result.continue();
              };
            }
            tx.oncomplete = () => {
              request.result.close();
              resolve();
            };
          };
        }),
      shardName,
    );
    asked = [];
    await app.reload();
    await app.goTo('read');
    await app.openFiles([await pictures.file(1)]);
    await app.page
      .getByText(/The model on this device is damaged/)
      .first()
      .waitFor({ timeout: 60_000 });
    await app.page
      .getByText(/Repair it on the status page/)
      .first()
      .waitFor();
    await app.goTo('status');
    await app.page.getByText(/Files to repair:/).waitFor();
    await app.page.getByRole('button', { name: 'Repair' }).click();
    await app.page.getByText('Every byte checked').waitFor();
    await app.page.getByRole('button', { name: 'Check the stored model' }).waitFor();
    expect(await app.page.getByText(/Files to repair:/).count()).toBe(0);
    expect(asked).toEqual([`${shardName} `]);
    // The picture that could not be read is still in the list and is read now.
    await app.goTo('read');
    await app.page.getByRole('button', { name: /again/ }).click();
    await app.page.locator('fr-thumb-list li', { hasText: /%|Do not rely on it/ }).waitFor();
  });
});

describe('a device with less', () => {
  it('WASM without SIMD: slower, right, and the status page says so', async () => {
    // V8 offers SIMD only where the processor has SSE 4.1.
    const app = await open({ args: ['--js-flags=--no-enable-sse4-1'] });
    await app.setUp();
    expect((await app.read(await pictures.file(1))).probabilities).toHaveLength(4);
    await app.goTo('status');
    await app.page
      .getByText(/without SIMD/)
      .first()
      .waitFor();
  });

  it('no WebGPU: the status page says so, and why each way was taken or not', async () => {
    const app = await open();
    await app.setUp();
    await app.goTo('status');
    const row = app.page.locator('fr-data-table tr', { hasText: 'WebGPU' });
    await expect.poll(() => row.innerText(), { timeout: 60_000 }).toMatch(/Not here/);
    await app.page.getByText(/^WebGPU: /).waitFor();
  });

  it('the GPU process dies in the middle of a picture: read again on WASM, with a line for it', async () => {
    const app = await open();
    await app.setUp();
    await app.goTo('status');
    await app.page.getByLabel('Compute with').selectOption('webgl');
    await app.page.getByText(/Pictures are now read with/).waitFor({ timeout: 90_000 });
    const files: string[] = [];
    for (let variant = 0; variant < 6; variant += 1) files.push(await pictures.file(variant, 600));
    await app.goTo('read');
    await app.openFiles(files);
    await app.page
      .getByText(/^[12] of 6 read$/)
      .first()
      .waitFor({ timeout: 60_000 });
    const browser = await (tablet as Tablet).context.browser()?.newBrowserCDPSession();
    // The answer never comes when the process is killed at once.
    void browser?.send('Browser.crashGpuProcess').catch(() => undefined);
    await app.allRead();
    expect(await app.page.getByText(/could not be read\./).count()).toBe(0);
    const lines = await app.page.evaluate(() =>
      document
        .querySelector('fieldray-app')
        ?.services.session.cases.map(({ state }) =>
          state.phase === 'done'
            ? (state.reading.recovery?.message ?? state.reading.backend)
            : state.phase,
        ),
    );
    expect(lines).toHaveLength(6);
    expect(lines?.[0]).toBe('webgl');
    expect(
      lines?.filter((line) => /failed while it read this picture/.test(line)).length,
    ).toBeGreaterThan(0);
    expect(lines?.at(-1)).toBe('wasm');
    const told = lines?.findIndex((line) => /failed while/.test(line)) ?? -1;
    await app.page.locator('fr-thumb-list li').nth(told).locator('.open').click();
    await app.page.locator('fr-result-panel fr-notice', { hasText: 'read again with' }).waitFor();
  });
});
