import { describe, expect, it } from 'vitest';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic();

describe('two tabs', () => {
  it('set up at once: both become ready, with one model', async () => {
    const one = await clinic.tablet.open(clinic.site.url);
    const other = await clinic.tablet.open(clinic.site.url);
    await Promise.all([one.setUpButton.waitFor(), other.setUpButton.waitFor()]);
    await Promise.all([one.setUpButton.click(), other.setUpButton.click()]);
    await Promise.all([
      one.ready.waitFor({ timeout: 120_000 }),
      other.ready.waitFor({ timeout: 120_000 }),
    ]);
  });

  it('read at the same time and say the same', async () => {
    const [first, second] = clinic.tablet.context.pages();
    if (!first || !second) throw new Error('The tabs of the first test are gone.');
    const one = await clinic.tablet.open(clinic.site.url);
    const other = await clinic.tablet.open(clinic.site.url);
    await Promise.all([first.close(), second.close()]);
    const file = await clinic.pictures.file(5);
    const [left, right] = await Promise.all([one.read(file), other.read(file)]);
    expect(left.model).toBe(right.model);
    expect(left.verdict).toBe(right.verdict);
    left.probabilities.forEach((share, index) => {
      expect(share).toBeCloseTo(right.probabilities[index] ?? NaN, 3);
    });
    expect(clinic.tablet.complaints).toEqual([]);
  });
});
