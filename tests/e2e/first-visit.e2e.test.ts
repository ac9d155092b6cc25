import { afterAll, beforeAll, expect, it } from 'vitest';
import { Tablet } from './support/chromium.ts';
import { makePictures, type Pictures } from './support/pictures.ts';
import { Site } from './support/site.ts';

let site: Site;
let tablet: Tablet;
let pictures: Pictures;

beforeAll(async () => {
  [site, tablet, pictures] = await Promise.all([Site.start(), Tablet.unpack(), makePictures()]);
});
afterAll(async () => {
  await tablet.throwAway();
  await site.remove();
  await pictures.remove();
});

it('goes from the first visit to a result, and nothing is complained about', async () => {
  const app = await tablet.open(site.url);
  await app.setUp();
  const result = await app.read(await pictures.file(3));
  expect(result.verdict).not.toBe('');
  expect(result.probabilities).toHaveLength(4);
  expect(result.probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
  for (const screen of ['status', 'model', 'about', 'read'] as const) await app.goTo(screen);
  expect(tablet.complaints).toEqual([]);
});
