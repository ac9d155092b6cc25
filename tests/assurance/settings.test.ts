import { describe, expect, it } from 'vitest';
import { defaultSettings, loadSettings, saveSettings } from '../../src/assurance/index.ts';
import type { AssuranceSettings } from '../../src/assurance/index.ts';
import type { Memory } from '../../src/inference/index.ts';
import type { Manifest } from '../../src/model/index.ts';

const manifest = {} as Manifest;
const start = defaultSettings(manifest);

function memoryOf(text: string | null): Memory & { text: string | null } {
  return {
    text,
    read() {
      return this.text;
    },
    write(_key, value) {
      this.text = value;
    },
  };
}

describe('what a site set', () => {
  it('comes back as it was kept', () => {
    const memory = memoryOf(null);
    expect(loadSettings(memory, manifest)).toEqual(start);
    const set: AssuranceSettings = {
      ...start,
      priors: [0.1, 0.2, 0.65, 0.05],
      coverage: 0.95,
      operating: { ...start.operating, COVID: { sensitivity: 0.99, specificity: 0.8 } },
      curves: [
        {
          label: 'COVID',
          thresholds: [0, 1],
          truePositives: [3, 0],
          falsePositives: [5, 0],
          positives: 3,
          negatives: 5,
        },
      ],
      curvesFrom: {
        model: `${manifest.id}@${manifest.version}`,
        run: 'a-run',
        name: 'Ward 3',
        made: 1_700_000_000_000,
      },
      siteFit: {
        temperature: 1.7,
        levels: [{ level: 0.9, thresholds: [-0.2, 0.1, 0.3, 0] }],
        pictures: 212,
      },
      copies: false,
    };
    saveSettings(memory, set);
    expect(loadSettings(memory, manifest)).toEqual(set);
    // Thresholds of one model would mislead with another.
    const next = { ...manifest, version: '99.0.0' };
    expect(loadSettings(memory, next)).toEqual({
      ...set,
      curves: null,
      curvesFrom: null,
      siteFit: null,
    });
  });

  it.each([
    ['no text at all', 'not json'],
    ['another thing', '[1,2]'],
    ['null', 'null'],
    ['priors that do not sum to 1', '{"priors":[0.1,0.1,0.1,0.1]}'],
    ['an impossible class', '{"priors":[0,0.5,0.25,0.25]}'],
    ['another coverage', '{"coverage":0.5}'],
    ['a target beyond reach', '{"operating":{"COVID":{"sensitivity":1,"specificity":0.9}}}'],
    ['a curve that is none', '{"curves":[{"label":"COVID"}]}'],
    [
      'a curve of nobody knows which model',
      '{"curves":[{"label":"COVID","thresholds":[0,1],"truePositives":[3,0],"falsePositives":[5,0],"positives":3,"negatives":5}]}',
    ],
    ['words for a switch', '{"copies":"no"}'],
  ])('is as delivered where %s was kept', (_, text) => {
    expect(loadSettings(memoryOf(text), manifest)).toEqual(start);
  });

  it('keeps what can be read beside what cannot', () => {
    const text = '{"coverage":0.95,"priors":"many"}';
    expect(loadSettings(memoryOf(text), manifest)).toEqual({ ...start, coverage: 0.95 });
  });
});
