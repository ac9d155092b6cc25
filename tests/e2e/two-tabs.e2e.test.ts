import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('two tabs', () => {
  it('set up at once: both become ready, with one model', async () => {
    const one = await tablet.open(site.url);
    const other = await tablet.open(site.url);
    await Promise.all([one.setUpButton.waitFor(), other.setUpButton.waitFor()]);
    await Promise.all([one.setUpButton.click(), other.setUpButton.click()]);
    await Promise.all([
      one.ready.waitFor({ timeout: 120_000 }),
      other.ready.waitFor({ timeout: 120_000 }),
    ]);
  });

  it('read at the same time and say the same', async () => {
    const [first, second] = tablet.context.pages();
    if (!first || !second) throw new Error('The tabs of the first test are gone.');
    const one = await tablet.open(site.url);
    const other = await tablet.open(site.url);
    await Promise.all([first.close(), second.close()]);
    const file = await pictures.file(5);
    const [left, right] = await Promise.all([one.read(file), other.read(file)]);
    expect(left.model).toBe(right.model);
    expect(left.verdict).toBe(right.verdict);
    left.probabilities.forEach((share, index) => {
      expect(share).toBeCloseTo(right.probabilities[index] ?? NaN, 3);
    });
    expect(tablet.complaints).toEqual([]);
  });
});
