import { expect, it } from 'vitest';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic();

it('goes from the first visit to a result, and nothing is complained about', async () => {
  const app = await clinic.tablet.open(clinic.site.url);
  await app.setUp();
  const result = await app.read(await clinic.pictures.file(3));
  expect(result.verdict).not.toBe('');
  expect(result.probabilities).toHaveLength(4);
  expect(result.probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
  for (const screen of ['status', 'model', 'about', 'read'] as const) await app.goTo(screen);
  expect(clinic.tablet.complaints).toEqual([]);
});
