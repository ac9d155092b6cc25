import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { certaintyOf, LEAST_SIDE, LIMITS, REFUSALS } from '../../src/assurance/index.ts';
import { CLEAR_CUT } from '../../src/inference/worker/evidence/copies.ts';

const read = (place: string): string =>
  readFileSync(new URL(`../../${place}`, import.meta.url), 'utf8');
const types = read('src/assurance/types.ts');
const list = read('docs/refusals.md');

/** The words of a union of strings, as the type file writes it. */
function codesOf(name: string): string[] {
  const union = new RegExp(`export type ${name} =([^;]*);`).exec(types)?.[1] ?? '';
  return [...union.matchAll(/\| '([a-z-]+)'/g)].map(([, code]) => code ?? '');
}

describe('the list of codes', () => {
  it.each(['RefusalCode', 'QualityCode', 'CautionCode'])('has every %s', (name) => {
    const codes = codesOf(name);
    expect(codes.length).toBeGreaterThan(2);
    for (const code of codes) expect(list).toContain(`| \`${code}\``);
  });

  it('has no code that the app does not know, and every refusal has its words', () => {
    const known = ['RefusalCode', 'QualityCode', 'CautionCode'].flatMap(codesOf);
    const listed = [...list.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code ?? '');
    expect(listed.toSorted()).toEqual([...known].toSorted());
    expect(Object.keys(REFUSALS).toSorted()).toEqual(codesOf('RefusalCode').toSorted());
  });

  it('says the limits that hold', () => {
    expect(list).toContain(`fewer than ${LEAST_SIDE} pixels`);
    expect(list).toContain(`fewer than ${LIMITS.grayLevels} different grays`);
    expect(list).toContain(`fewer than ${LIMITS.resolution} pixels`);
    expect(LIMITS.border).toBe(0.2);
  });
});

it('the screens name the thresholds that hold', () => {
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  expect(read('src/screens/settings/settings-screen.ts')).toContain(
    `not clear-cut (less than ${percent(CLEAR_CUT)})`,
  );
  const [, sure, fairly] =
    /“Sure” is (\d+) % and more, “fairly sure” (\d+) % and more/.exec(
      read('src/screens/about/about-screen.ts'),
    ) ?? [];
  expect(certaintyOf(Number(sure) / 100)).toBe('clear');
  expect(certaintyOf(Number(sure) / 100 - 1e-6)).toBe('likely');
  expect(certaintyOf(Number(fairly) / 100)).toBe('likely');
  expect(certaintyOf(Number(fairly) / 100 - 1e-6)).toBe('unsure');
});
