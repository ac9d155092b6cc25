import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS, LEAST_SIDE, REFUSALS } from '../../src/assurance/index.ts';

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
