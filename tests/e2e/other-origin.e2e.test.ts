/** An app that was built to take its model from another origin (FIELDRAY_MODELS_BASE). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../../tools/serve/server.mjs';
import { buildFolder, MODELS_HOST } from './support/builds.ts';
import { Tablet } from './support/chromium.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

let site: Site;
let tablet: Tablet;
let pictures: Pictures;
let shelf: Awaited<ReturnType<typeof serve>>;
/** Paths below the app's own models/, which nobody should ask for. */
let ownModels: string[] = [];
/** What the other origin was asked for: path and range. */
let asked: string[] = [];
/** Bytes of a weight file after which the line is cut, once; null: never. */
/** The classifier's weights, not those of the lung network in a folder below. */
const CLASSIFIER = /\d\/weights-[^/]*\.bin/;
let cutAfter: number | null = null;
let allowed = true;

beforeEach(async () => {
  [ownModels, asked, cutAfter, allowed] = [[], [], null, true];
  const models = path.join(buildFolder('elsewhere'), 'models');
  shelf = await serve({
    directory: models,
    basePath: '/shelf/',
    intercept: (request, response, inside) => {
      if (allowed) response.setHeader('Access-Control-Allow-Origin', '*');
      asked.push(`${inside} ${request.headers.range ?? ''}`.trim());
      if (cutAfter === null || !CLASSIFIER.test(inside)) return false;
      const whole = readFileSync(path.join(models, inside));
      const part = whole.subarray(0, cutAfter);
      cutAfter = null;
      response.writeHead(200, { 'Content-Length': whole.length });
      response.write(part, () => setTimeout(() => request.socket.destroy(), 1000));
      return true;
    },
  });
  [site, tablet, pictures] = await Promise.all([
    Site.start({
      build: 'elsewhere',
      intercept: (_request, _response, inside) => {
        if (inside.startsWith('models/')) ownModels.push(inside);
        return false;
      },
    }),
    Tablet.unpack({ args: [`--host-resolver-rules=MAP ${MODELS_HOST} 127.0.0.1:${shelf.port}`] }),
    makePictures(),
  ]);
});
afterEach(async () => {
  await tablet.throwAway();
  await shelf.close();
  await site.remove();
  await pictures.remove();
});

describe('models from another origin', () => {
  it('come from there and from nowhere else, and stay when both servers are gone', async () => {
    const app = await tablet.open(site.url);
    await app.setUp();
    const result = await app.read(await pictures.file(1));
    expect(asked.some((line) => line.endsWith('manifest.json'))).toBe(true);
    expect(asked.some((line) => line.endsWith('.bin'))).toBe(true);
    expect(ownModels).toEqual([]);
    expect(tablet.complaints).toEqual([]);

    await Promise.all([site.stop(), shelf.close()]);
    await app.reload();
    expect(await app.read(await pictures.file(1))).toEqual(result);
  });

  it('go on after a cut line with what is missing', async () => {
    cutAfter = 700_000;
    const app = await tablet.open(site.url);
    await app.setUpButton.click();
    await app.ready.waitFor({ timeout: 90_000 });
    const weights = asked.filter((line) => CLASSIFIER.test(line));
    expect(weights).toHaveLength(2);
    const start = Number(/bytes=(\d+)-$/.exec(weights[1] ?? '')?.[1]);
    expect(start).toBeGreaterThan(0);
    expect(start).toBeLessThanOrEqual(700_000);
  });

  it('are the only thing the policy lets in from outside', async () => {
    const app = await tablet.open(site.url);
    await app.setUpButton.waitFor();
    const outcomes = await app.page.evaluate(
      async (urls) =>
        Promise.all(
          urls.map((url) =>
            fetch(url).then(
              ({ status }) => String(status),
              () => 'refused',
            ),
          ),
        ),
      [
        `http://${MODELS_HOST}/shelf/current.json`,
        `http://127.0.0.1:${shelf.port}/shelf/current.json`,
      ],
    );
    expect(outcomes).toEqual(['200', 'refused']);
    expect(tablet.complaints.join()).toMatch(/connect-src/);
  });

  it('that the other origin does not share: the person is told, and it works once it does', async () => {
    allowed = false;
    const app = await tablet.open(site.url);
    await app.setUpButton.click();
    const notice = app.page.getByRole('alert');
    await notice.waitFor({ timeout: 60_000 });
    expect(await notice.innerText()).toContain('cannot be reached');
    allowed = true;
    await app.page.getByRole('button', { name: 'Try again' }).click();
    await app.ready.waitFor({ timeout: 90_000 });
  });
});
