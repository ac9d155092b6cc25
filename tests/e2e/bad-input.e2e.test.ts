/** Files as they really come: every one on the disk, opened in the built app by a person's ways. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeGif } from '../fixtures/images.ts';
import { without } from '../fixtures/jpeg.ts';
import { pngBomb } from '../fixtures/png.ts';
import type { AppPage } from './support/app-page.ts';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic();
let app: AppPage;

beforeAll(async () => {
  app = await clinic.tablet.open(clinic.site.url);
  // Tall enough for every row of the list to be in the document.
  await app.page.setViewportSize({ width: 1180, height: 3000 });
  await app.setUp();
});
afterEach(async () => {
  expect(clinic.tablet.complaints).toEqual([]);
  // A fresh list for the next test.
  await app.reload();
});

interface Row {
  readonly name: string;
  /** Everything the list says of it: the class, or what is wrong and what to do. */
  readonly text: string;
  readonly failed: boolean;
}

/** The list as it is shown. */
async function rows(): Promise<Map<string, Row>> {
  const list = app.page.locator('fr-thumb-list li');
  const shown = await list.evaluateAll((items) =>
    items.map((item) => ({
      name: item.querySelector('.name')?.textContent?.trim() ?? '',
      text: (item as HTMLElement).innerText,
      failed: item.querySelector('.trouble') !== null || item.matches('.trouble'),
    })),
  );
  return new Map(shown.map((row) => [row.name, row]));
}

describe('a batch with everything that can be wrong in it', () => {
  it('says of each file what is the matter with it, and reads all the others', async () => {
    const good = await clinic.pictures.file(1, 300);
    const png = await readFile(good);
    const jpeg = await readFile(await clinic.pictures.file(2, 300, 'jpeg'));
    const grey = sharp({
      create: { width: 64, height: 64, channels: 3, background: { r: 90, g: 90, b: 90 } },
    });
    const frames = [(x: number) => x & 255, (x: number) => 255 - (x & 255)];
    const bad: readonly (readonly [name: string, content: Uint8Array | string, says: RegExp])[] = [
      ['empty.png', '', /holds no bytes at all/],
      ['text.png', 'The radiograph of 3 May is in the other folder.', /This is a text file/],
      ['cut.png', png.subarray(0, Math.floor(png.length * 0.6)), /cut off/],
      ['cut.jpg', jpeg.subarray(0, Math.floor(jpeg.length * 0.6)), /cut off/],
      [
        'lost.jpg',
        without(jpeg, jpeg.length >> 1, jpeg.length >> 2),
        /lost or garbled|not in the file/,
      ],
      ['bomb.png', pngBomb(60_000, 60_000), /60,000 × 60,000 pixels/],
      ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9"/>', /SVG/],
      ['print.jpg', await grey.clone().toColorspace('cmyk').jpeg().toBuffer(), /CMYK/],
    ];
    const files = [good];
    for (const [name, content] of bad) files.push(await clinic.pictures.bytes(name, content));
    // Holes only: two gigabytes that take no room on the disk.
    const huge = await clinic.pictures.bytes('huge.png', png);
    await truncate(huge, 2_000_000_000);
    files.push(
      huge,
      await clinic.pictures.bytes('moving.gif', writeGif(64, 64, frames)),
      await clinic.pictures.bytes(
        'dot.png',
        await sharp({
          create: { width: 1, height: 1, channels: 3, background: { r: 90, g: 90, b: 90 } },
        })
          .png()
          .toBuffer(),
      ),
      await clinic.pictures.file(3, 300, 'webp'),
    );

    await app.goTo('read');
    await app.openFiles(files);
    await app.allRead();
    const shown = await rows();
    expect([...shown.keys()]).toEqual(files.map((file) => path.basename(file)));
    for (const [name, , says] of bad) {
      expect(shown.get(name)).toMatchObject({ failed: true, text: expect.stringMatching(says) });
    }
    expect(shown.get('huge.png')).toMatchObject({
      failed: true,
      text: expect.stringMatching(/2,000 MB large/),
    });
    // What is wrong and what to do about it: no two alike, not even the two that are cut off.
    const words = [...shown.values()]
      .filter((row) => row.failed)
      .map((row) => row.text.replace(row.name, ''));
    expect(words).toHaveLength(bad.length + 1);
    expect(new Set(words).size).toBe(words.length);
    // Read: with how sure it is, or with the word that it is not to be relied on.
    for (const name of ['phantom-1-300.png', 'phantom-3-300.webp']) {
      expect(shown.get(name)).toMatchObject({
        failed: false,
        text: expect.stringMatching(/%|Do not rely on it/),
      });
    }
    // A ramp opens, and is no chest.
    expect(shown.get('moving.gif')).toMatchObject({
      failed: false,
      text: expect.stringMatching(/Not read:/),
    });
    expect(shown.get('dot.png')).toMatchObject({
      failed: false,
      text: expect.stringMatching(/Not read: next to nothing to see/),
    });

    // What was read although it is odd says so beside its result.
    await app.page.locator('fr-thumb-list li', { hasText: 'moving.gif' }).locator('.open').click();
    await app.page.locator('fr-result-panel fr-notice', { hasText: 'first' }).waitFor();
    // The next picture by its key.
    await app.page.keyboard.press('j');
    await app.page.getByRole('heading', { name: 'dot.png' }).waitFor();
    await app.page.locator('fr-result-panel fr-notice', { hasText: '1 × 1' }).waitFor();
  });
});

/** The browser's first process: it reads the files that pages are given. */
async function processOf(profile: string): Promise<string> {
  for (const id of await readdir('/proc')) {
    if (!/^\d+$/.test(id)) continue;
    const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(profile) && !command.includes('--type=')) return id;
  }
  throw new Error('The browser has no process.');
}

/** How far the process has read in the file, once that is more than so many bytes. */
async function placeInFile(id: string, file: string, atLeast: number): Promise<number> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    for (const descriptor of readdirSync(`/proc/${id}/fd`)) {
      try {
        if (readlinkSync(`/proc/${id}/fd/${descriptor}`) !== file) continue;
        const facts = readFileSync(`/proc/${id}/fdinfo/${descriptor}`, 'utf8');
        const place = Number(/pos:\s*(\d+)/.exec(facts)?.[1]);
        if (place > atLeast) return place;
      } catch {
        // Closed meanwhile.
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('The browser did not read the file.');
}

describe('files on the disk', () => {
  it('removed or changed while the batch is read: told by name, the rest goes on', async () => {
    const many: string[] = [];
    for (let at = 0; at < 24; at += 1) {
      const original = await clinic.pictures.file(at % 6, 1200, 'jpeg');
      many.push(await clinic.pictures.bytes(`batch-${at}.jpg`, await readFile(original)));
    }
    await app.goTo('read');
    await app.openFiles(many);
    // The first ones are being read; the browser reads a file only when its turn comes.
    const [gone, changed] = [many[22], many[23]];
    await unlink(gone);
    await writeFile(changed, 'something else');
    await utimes(changed, new Date(), new Date(Date.now() - 3_600_000));
    await app.allRead();
    const shown = await rows();
    expect(shown.get('batch-22.jpg')).toMatchObject({
      failed: true,
      text: expect.stringMatching(/no longer there/),
    });
    expect(shown.get('batch-23.jpg')).toMatchObject({
      failed: true,
      text: expect.stringMatching(/changed or removed meanwhile/),
    });
    expect([...shown.values()].filter((row) => row.failed)).toHaveLength(2);
    expect(shown.size).toBe(24);
  });

  it.skipIf(process.platform !== 'linux')(
    'shortened in the middle of its own bytes: told by name, the next one is read',
    async () => {
      // A sound picture with much behind it: holes that take no room on the disk.
      const good = await clinic.pictures.file(5, 300);
      const large = await clinic.pictures.bytes('large.png', await readFile(good));
      await truncate(large, 390_000_000);
      const browser = await processOf(clinic.tablet.profile);
      await app.goTo('read');
      const opened = app.openFiles([large, good]);
      const place = await placeInFile(browser, large, 1_000_000);
      await truncate(large, 100_000);
      await opened;
      // It really was in the middle of its bytes.
      expect(place).toBeGreaterThan(1_000_000);
      expect(place).toBeLessThan(389_000_000);
      await app.allRead();
      const shown = await rows();
      expect(shown.get('large.png')).toMatchObject({
        failed: true,
        text: expect.stringMatching(/changed or removed meanwhile/),
      });
      expect(shown.get(path.basename(good))).toMatchObject({ failed: false });
    },
  );

  it('a folder dropped among pictures is opened, and all pictures are read', async () => {
    const picture = await clinic.pictures.file(4, 300);
    const folder = path.join(path.dirname(picture), 'Radiographs of May');
    await mkdir(folder);
    await writeFile(path.join(folder, 'inside.png'), await readFile(picture));
    await app.goTo('read');
    // The browser's own drag, with real paths: what a file manager starts.
    const session = await clinic.tablet.context.newCDPSession(app.page);
    const data = { items: [], files: [folder, picture], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
    }
    await app.allRead();
    const shown = await rows();
    expect(shown.get('Radiographs of May/inside.png')).toMatchObject({ failed: false });
    expect(shown.get(path.basename(picture))).toMatchObject({ failed: false });
  });

  it('of a hundred megapixels are scaled and read; of more, refused with their size', async () => {
    const phantom = sharp(await clinic.pictures.file(1, 512)).toColourspace('b-w');
    const vast = phantom.clone().resize(10_000, 10_000, { kernel: 'nearest' });
    const jpeg = await vast.clone().jpeg().toBuffer();
    // The same file with another size in its header.
    const larger = Buffer.from(jpeg);
    const frame = larger.indexOf(Buffer.from([0xff, 0xc0]));
    larger.writeUInt16BE(12_000, frame + 5);
    larger.writeUInt16BE(12_000, frame + 7);
    await app.goTo('read');
    await app.openFiles([
      await clinic.pictures.bytes('vast.jpg', jpeg),
      await clinic.pictures.bytes('vast.png', await vast.png({ compressionLevel: 1 }).toBuffer()),
      await clinic.pictures.bytes('larger.jpg', larger),
      await clinic.pictures.bytes('larger.png', pngBomb(16_000, 16_000)),
      await clinic.pictures.bytes('plain.png', await phantom.png().toBuffer()),
    ]);
    await app.allRead();
    const shown = await rows();
    const answers = ['vast.jpg', 'vast.png', 'plain.png'].map((name) => {
      expect(shown.get(name)).toMatchObject({ failed: false });
      return shown
        .get(name)
        ?.text.replace(name, '')
        .replace(/[\d.]+\s*%/, '');
    });
    // The same picture, whatever its size: the same class.
    expect(new Set(answers).size).toBe(1);
    for (const [name, size] of [
      ['larger.jpg', /12,000 × 12,000 pixels/],
      ['larger.png', /16,000 × 16,000 pixels/],
    ] as const) {
      expect(shown.get(name)).toMatchObject({ failed: true, text: expect.stringMatching(size) });
    }
  });

  it('five hundred at once are all read, and the list stays short in the document', async () => {
    const originals = await Promise.all(
      [0, 1, 2, 3].map(async (variant) => readFile(await clinic.pictures.file(variant, 240))),
    );
    const many: string[] = [];
    for (let at = 0; at < 500; at += 1) {
      const content = at % 100 === 99 ? 'not a picture' : (originals[at % 4] as Buffer);
      many.push(await clinic.pictures.bytes(`many-${String(at).padStart(3, '0')}.png`, content));
    }
    await app.page.setViewportSize({ width: 1180, height: 820 });
    await app.goTo('read');
    await app.openFiles(many);
    await app.page.getByRole('heading', { name: '500 pictures' }).waitFor();
    const listed = app.page.locator('fr-work-list .rows [role=row]');
    await listed.first().waitFor();
    expect(await listed.count()).toBeLessThan(60);
    await app.page
      .locator('fr-read-screen p[role=status]', { hasText: 'Done. 5 pictures could not be read.' })
      .waitFor({ state: 'attached', timeout: 240_000 });
  }, 300_000);
});
