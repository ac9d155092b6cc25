import { describe, expect, it } from 'vitest';
import type { SiteVerdict } from '../../src/assurance/site-test.ts';
import { Observable } from '../../src/base/observable.ts';
import type { Reading } from '../../src/inference/types.ts';
import type { Manifest } from '../../src/model/index.ts';
import { SiteLooks } from '../../src/state/site-looks.ts';
import { TestMemory } from '../inference/support/bench.ts';
import { makeTestModel } from '../inference/support/test-model.ts';
import { anAssurance, aReading } from '../screens/support/assurance.ts';

const HOSPITALS = {
  dimensions: 2,
  list: [{ name: 'North', count: 400, mean: [0, 0], spread: [1, 1] }],
  test: {
    statistic: 'standardized-mean',
    minimum: 30,
    threshold: 0.5,
    falseAlarms: { images: 100, found: 5 },
  },
  note: '',
};
const bare = makeTestModel({ variants: [0] }).manifest;
const manifest = {
  ...bare,
  assurance: { hospitals: HOSPITALS, priors: { shares: [0.25, 0.25, 0.25, 0.25] } },
} as unknown as Manifest;
const SHARES = [0.1, 0.2, 0.6, 0.1];

function picture(number: number, at: readonly number[], part: Partial<Reading> = {}): Reading {
  return aReading(SHARES, {
    modelId: bare.id,
    modelVersion: bare.version,
    evidence: {
      gate: { values: Float64Array.from([...at, 99]), distances: [], residual: 0 },
      hash: number.toString(16).padStart(16, '0'),
    } as unknown as Reading['evidence'],
    ...part,
  });
}

function looks(memory = new TestMemory()) {
  const look = new Observable<SiteVerdict | null>(null);
  const site = new SiteLooks(memory, look);
  const read = (reading: Reading, assurance = anAssurance(SHARES)): void =>
    site.note(reading, assurance, manifest);
  return { site, look, memory, read };
}

describe('the pictures of a site', () => {
  it('tell from the thirtieth on, each counted once', () => {
    const { look, read, site } = looks();
    for (let n = 0; n < 29; n++) read(picture(n, [2, 2]));
    for (let n = 0; n < 29; n++) read(picture(n, [2, 2]));
    expect(look.value).toEqual({ kind: 'too-few', pictures: 29, minimum: 30 });
    expect(site.shares(manifest)).toBeNull();
    read(picture(29, [2, 2]));
    expect(look.value).toMatchObject({ kind: 'different', pictures: 30 });
    expect(site.shares(manifest)?.[2]).toBeGreaterThan(0.9);
  });

  it('are known the next day, and of no other model', () => {
    const { read, memory } = looks();
    for (let n = 0; n < 40; n++) read(picture(n, [0.1, 0]));
    const later = looks(memory);
    later.site.load(manifest);
    expect(later.look.value).toMatchObject({ kind: 'alike', pictures: 40 });
    later.site.load({ ...manifest, version: '2.0.1' });
    expect(later.look.value).toMatchObject({ kind: 'too-few', pictures: 0 });
  });

  it('do not count where they were refused, changed by hand, or read by another model', () => {
    const { look, read, site } = looks();
    site.load(manifest);
    const refusal = { code: 'blank-picture', message: '', remedy: '' } as const;
    read(picture(1, [2, 2]), anAssurance(SHARES, { refusal }));
    read(picture(2, [2, 2], { adjust: { rotate: 90 } }));
    read(picture(3, [2, 2], { modelVersion: '2.0.9' }));
    expect(look.value).toMatchObject({ pictures: 0 });
    // A model adapted here lies over the delivered one, which the gate still sees with.
    read(picture(4, [2, 2], { modelVersion: `${bare.version}+site.ward` }));
    expect(look.value).toMatchObject({ pictures: 1 });
  });

  it('are forgotten on request, and nonsense in the storage is nothing', () => {
    const { look, read, site, memory } = looks();
    for (let n = 0; n < 31; n++) read(picture(n, [2, 2]));
    site.forget(manifest);
    expect(look.value).toMatchObject({ pictures: 0 });
    expect(memory.read('site-looks')).toBeNull();
    memory.write('site-looks', '{"model":"x","pictures":-3}');
    const other = looks(memory);
    other.site.load(manifest);
    expect(other.look.value).toMatchObject({ pictures: 0 });
  });

  it('keep to bounds, the newest counting most', () => {
    const { look, read, memory } = looks();
    for (let n = 0; n < 650; n++) read(picture(n, [0, 0]));
    for (let n = 650; n < 1100; n++) read(picture(n, [2, 2]));
    expect(look.value).toMatchObject({ kind: 'different' });
    expect(memory.read('site-looks')?.length).toBeLessThan(20_000);
  });

  it('say nothing under a model that does not know its hospitals', () => {
    const { site, look } = looks();
    site.load(bare);
    site.note(picture(1, [0, 0]), anAssurance(SHARES), bare);
    expect(look.value).toBeNull();
  });
});
