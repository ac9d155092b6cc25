/** From a film on a light box to a result: by the camera, by a photo from disk, by keys alone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeScene, type Scene } from '../fixtures/film-scene.ts';
import { writeFakeVideo, writePhoto } from '../fixtures/film-files.ts';
import type { AppPage } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
import { longestTaskOf, mainTasksDuring } from './support/main-thread.ts';
import { Site } from './support/site.ts';

interface Axe {
  run(root: Document): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** A tablet lying and a phone upright. */
const SIZES = [
  [1024, 768],
  [390, 844],
] as const;
/** A folder to put screenshots in, for looking at. */
const pictures = process.env.FIELDRAY_SCREENSHOTS;

let site: Site;
let folder: string;
let scene: Scene;
let video: string;

beforeAll(async () => {
  site = await Site.start();
  folder = await mkdtemp(path.join(os.tmpdir(), 'fieldray-film-'));
  scene = makeScene({ kind: 'light box', seed: 4, width: 1280, height: 960 });
  video = path.join(folder, 'film.y4m');
  await writeFakeVideo(scene.photo, video);
  await writePhoto(scene.photo, path.join(folder, 'ward 3.jpg'));
  await writePhoto(scene.photo, path.join(folder, 'lying.jpg'), 6);
  await sharp(path.join(folder, 'ward 3.jpg')).resize(4000).toFile(path.join(folder, 'large.jpg'));
});
afterAll(async () => {
  await site.remove();
  await rm(folder, { recursive: true, force: true });
});

async function openFilm(app: AppPage): Promise<void> {
  await app.page.goto(`${site.url}#/read`);
  await app.page.getByRole('link', { name: 'Photograph film' }).click();
  await app.page.getByRole('heading', { name: 'Photograph film' }).waitFor();
}

async function givePhoto(page: Page, name: string): Promise<void> {
  await page.locator('fr-film-screen input[type=file]').setInputFiles(path.join(folder, name));
  await corrected(page);
}

/** The corrected picture is shown and can be taken. */
async function corrected(page: Page): Promise<void> {
  await page.locator('fr-film-adjust button.primary:not([disabled])').waitFor({ timeout: 90_000 });
}

/** The corrected picture as it is drawn: grays from the middle of its rows. */
function shownFilm(page: Page): Promise<number[]> {
  return page.locator('fr-film-adjust fr-thumbnail canvas').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext('2d');
    if (!context || width < 2) return [];
    const grays: number[] = [];
    for (let at = 0; at < 64; at++) {
      const x = Math.floor(((at % 8) + 0.5) * (width / 8));
      const y = Math.floor((Math.floor(at / 8) + 0.5) * (height / 8));
      grays.push(context.getImageData(x, y, 1, 1).data[0] ?? 0);
    }
    return grays;
  });
}

function cornersOf(page: Page): Promise<Corner[]> {
  return page
    .locator('fr-corner-editor')
    .evaluate((editor) => (editor as unknown as { corners: Corner[] }).corners);
}

/** The farthest corner's distance from where the scene has it, by the film's diagonal. */
function worstOff(corners: readonly Corner[]): number {
  const [a, , c] = scene.corners;
  const diagonal = Math.hypot(c.x - a.x, c.y - a.y);
  const offs = corners.map(({ x, y }, i) =>
    Math.hypot(x - scene.corners[i].x, y - scene.corners[i].y),
  );
  return Math.max(...offs) / diagonal;
}

function videoTrack(page: Page) {
  return page.locator('fr-camera-view').evaluateHandle((view) => {
    const { camera } = view as unknown as { camera: { stream: MediaStream } };
    return camera.stream.getVideoTracks()[0];
  });
}

async function useIt(app: AppPage): Promise<void> {
  await app.page.getByRole('button', { name: 'Use this picture' }).click();
  const panel = app.page.locator('fr-result-panel');
  await panel.locator('.verdict h2').waitFor({ timeout: 60_000 });
  // How right an answer on a film is was never measured: no figure stands there, not even on demand.
  expect(await panel.locator('fr-bar-list').count()).toBe(0);
  expect(await panel.locator('.verdict').innerText()).not.toMatch(/%|of 100/);
}

describe('with a camera', () => {
  let tablet: Tablet;
  let app: AppPage;
  beforeAll(async () => {
    tablet = await Tablet.unpack({
      args: [
        '--disable-3d-apis',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${video}`,
      ],
    });
    app = await tablet.open(site.url);
    await app.setUp();
  });
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(() => tablet.throwAway());

  it('the film is photographed, found, corrected and read, and the result says what it is', async () => {
    const { page } = app;
    // Without a network: nothing of it is needed.
    await site.stop();
    ends.push(() => site.restart());
    await openFilm(app);
    await page.getByRole('button', { name: 'Use the camera' }).click();
    const shutter = page.getByRole('button', { name: 'Take the photo' });
    await page.locator('fr-camera-view button.shutter:not([disabled])').waitFor();
    // The test's own look at the drawn pixels is no part of what the app does: it stays between the stretches.
    const during = (button: Locator) =>
      mainTasksDuring(page, async () => {
        await button.click();
        await corrected(page);
      });
    const photographed = await during(shutter);
    const upright = await shownFilm(page);
    // Corrected again, as after any change.
    const turnedRight = await during(page.getByRole('button', { name: 'Turn right' }));
    const turned = await shownFilm(page);
    const turnedLeft = await during(page.getByRole('button', { name: 'Turn left' }));
    const tasks = [...photographed, ...turnedRight, ...turnedLeft].sort((a, b) => b.ms - a.ms);
    const corners = await cornersOf(page);
    console.log(
      `camera: corners off by ${(100 * worstOff(corners)).toFixed(2)} % of the diagonal; longest ` +
        `tasks of the main thread: ${tasks
          .slice(0, 3)
          .map(({ ms, parts }) => `${ms.toFixed(0)} ms (${parts.join(', ')})`)
          .join(', ')}`,
    );
    expect(worstOff(corners)).toBeLessThan(0.02);
    expect(tasks.length).toBeGreaterThan(20);
    // What is corrected is seen: a picture with light and dark, and another one after the turn.
    expect(Math.max(...upright) - Math.min(...upright)).toBeGreaterThan(60);
    expect(turned).not.toEqual(upright);
    // The camera is let go as soon as the photo is there.
    expect(await page.locator('fr-camera-view').count()).toBe(0);

    await useIt(app);
    const panel = page.locator('fr-result-panel');
    await panel.getByText(/Photograph of film: the answer is less reliable/).waitFor();
    if (pictures) await page.screenshot({ path: path.join(pictures, 'film-result.png') });
    const origin = await page
      .locator('fr-result-panel')
      .evaluate((element) => (element as unknown as { entry: { origin?: string } }).entry.origin);
    expect(origin).toBe('photograph of film');
    expect(tablet.complaints).toEqual([]);
    expect(tasks[0]?.ms).toBeLessThan(50);
  });

  it('the camera is stopped when the page is hidden or left', async () => {
    const { page } = app;
    await openFilm(app);
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.locator('fr-camera-view button.shutter:not([disabled])').waitFor();
    if (pictures) {
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await page.screenshot({ path: path.join(pictures, `film-camera-${width}.png`) });
      }
    }
    const track = await videoTrack(page);
    expect(await track.evaluate((each) => each?.readyState)).toBe('live');
    // Out of sight it is let go, and asked for again when it is seen.
    const show = (state: 'hidden' | 'visible') =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await show('hidden');
    expect(await track.evaluate((each) => each?.readyState)).toBe('ended');
    await show('visible');
    await page.locator('fr-camera-view button.shutter:not([disabled])').waitFor();
    const next = await videoTrack(page);
    expect(await next.evaluate((each) => each?.readyState)).toBe('live');
    await page.getByRole('link', { name: 'Back to the pictures' }).click();
    await page.locator('fr-read-screen').waitFor();
    expect(await next.evaluate((each) => each?.readyState)).toBe('ended');
  });
});

describe('without leave to use the camera', () => {
  let tablet: Tablet;
  let app: AppPage;
  beforeAll(async () => {
    // Chromium without its fake dialog: nobody says yes, which a headless browser takes as no.
    tablet = await Tablet.unpack({
      args: [
        '--disable-3d-apis',
        '--use-fake-device-for-media-stream',
        '--deny-permission-prompts',
      ],
    });
    app = await tablet.open(site.url);
    await app.setUp();
  });
  afterAll(() => tablet.throwAway());

  it('says so in plain words and leads to the file button, which keeps the name', async () => {
    const { page } = app;
    await openFilm(app);
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.getByText('This app may not use the camera.').waitFor();
    expect(await page.locator('fr-film-screen .choices .primary').innerText()).toMatch(
      /Open a photo/,
    );
    await givePhoto(page, 'ward 3.jpg');
    expect(worstOff(await cornersOf(page))).toBeLessThan(0.02);
    await useIt(app);
    await page.getByRole('heading', { name: 'ward 3.jpg' }).waitFor();
  });

  it('a photo stored on its side stands upright', async () => {
    const { page } = app;
    await openFilm(app);
    await givePhoto(page, 'lying.jpg');
    expect(worstOff(await cornersOf(page))).toBeLessThan(0.02);
  });

  it('a photo of 12 megapixels holds the page up no longer than a small one', async () => {
    const { page } = app;
    const longest = await longestTaskOf(page, 50, async () => {
      await openFilm(app);
      await givePhoto(page, 'large.jpg');
    });
    console.log(
      `12 megapixels: longest task of the main thread ${longest.ms.toFixed(0)} ms ` +
        `(${longest.parts.join(', ')})`,
    );
    const scale = 4000 / scene.photo.width;
    const corners = (await cornersOf(page)).map(({ x, y }) => ({ x: x / scale, y: y / scale }));
    expect(worstOff(corners)).toBeLessThan(0.02);
    expect(longest.ms).toBeLessThan(50);
    await openFilm(app);
    await givePhoto(page, 'ward 3.jpg');
  });

  it('corners are dragged by touch, with a magnifier, and moved by keys', async () => {
    const { page } = app;
    const handle = page.getByRole('button', { name: 'Top left corner' });
    const size = await handle.boundingBox();
    if (!size) throw new Error('There is no handle.');
    expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(44);
    const [before] = await cornersOf(page);
    const middle = { x: size.x + size.width / 2, y: size.y + size.height / 2 };
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', by: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: middle.x + by, y: middle.y + by }],
      });
    await touch('touchStart', 0);
    await touch('touchMove', 10);
    await touch('touchMove', 30);
    await page.locator('fr-corner-editor canvas.lens').waitFor({ state: 'visible' });
    await touch('touchEnd', 30);
    await page.locator('fr-corner-editor canvas.lens').waitFor({ state: 'hidden' });
    const [dragged] = await cornersOf(page);
    expect(dragged.x - before.x).toBeGreaterThan(20);
    expect(dragged.y - before.y).toBeGreaterThan(20);

    await handle.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowUp');
    const [moved] = await cornersOf(page);
    expect(moved.x).toBeLessThan(dragged.x);
    expect(dragged.y - moved.y).toBeGreaterThan(5 * (dragged.x - moved.x));
    await page
      .getByText(/Top left corner: \d+ % across, \d+ % down/)
      .waitFor({ state: 'attached' });
    await corrected(page);
  });

  it('four corners that enclose nothing are a word, not a picture', async () => {
    const { page } = app;
    await page.locator('fr-corner-editor').evaluate((editor) => {
      const line = [10, 20, 30, 40].map((x) => ({ x, y: x }));
      editor.dispatchEvent(new CustomEvent('corners-set', { detail: line }));
    });
    await page.getByText('These four corners do not enclose a film.').waitFor();
    expect(await page.getByRole('button', { name: 'Use this picture' }).isDisabled()).toBe(true);
  });

  it('what is no picture is refused in the words of the reading path', async () => {
    const { page } = app;
    await openFilm(app);
    await page.locator('fr-film-screen input[type=file]').setInputFiles({
      name: 'notes.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('no picture'),
    });
    await page.getByText('This is a text file').waitFor();
  });

  it('axe finds nothing, light and dark, on tablet and phone', async () => {
    const { page } = app;
    const source = readFileSync(
      createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
      'utf8',
    );
    for (const scheme of ['light', 'dark'] as const) {
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: scheme });
        await openFilm(app);
        for (const step of ['begin', 'adjust']) {
          if (step === 'adjust') await givePhoto(page, 'ward 3.jpg');
          // Through the debugger: the app's own policy lets no other script in.
          await page.evaluate(source);
          const violations = await page.evaluate(async () => {
            const { axe } = globalThis as unknown as { axe: Axe };
            const found = await axe.run(document);
            return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
          });
          expect(violations, `${step} at ${width} px, ${scheme}`).toEqual([]);
          if (pictures) {
            const name = `film-${step}-${width}-${scheme}.png`;
            await page.screenshot({ path: path.join(pictures, name) });
          }
        }
      }
    }
  });
});
