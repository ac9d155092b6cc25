import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { parseManifest, type Manifest } from '../../src/model/index.ts';
import { assuranceFixture, FIXTURE_GATE_FILE, FIXTURE_LUNG_GRAPH } from '../fixtures/assurance.ts';
import { fixtureModel } from './support/fixture-model.ts';

const { manifest: plain } = await fixtureModel();
const { assurance, gateFile } = assuranceFixture(1, true);
const [some] = plain.files;
const manifest = {
  ...plain,
  files: [
    ...plain.files,
    { ...some, path: FIXTURE_GATE_FILE, bytes: gateFile.length },
    { ...some, path: FIXTURE_LUNG_GRAPH },
  ],
  assurance,
};

/** The fixture with one value, named by its path, changed; undefined removes it. */
function changed(place: string, value: unknown): unknown {
  const copy = structuredClone(manifest) as unknown as Record<string, unknown>;
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  let at = copy;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return copy;
}

function refusal(json: unknown): string {
  try {
    parseManifest(json);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).code).toBe('manifest-unusable');
    return (error as Fault).message;
  }
}

describe("the manifest's assurance", () => {
  it('may be absent: models of before it stay valid', () => {
    expect(parseManifest(plain).assurance).toBeUndefined();
  });

  it('is taken as training writes it, with and without a lung network', () => {
    expect(parseManifest(manifest)).toEqual(manifest);
    const { lungs, ...rest } = assurance;
    expect(lungs).toBeDefined();
    expect(parseManifest({ ...manifest, assurance: rest }).assurance?.lungs).toBeUndefined();
  });

  it('may bring a rule for lungs that are cut off, over numbers of the lung map alone', () => {
    const [term] = assurance.gate.rules.embedding.terms;
    const rule = (feature: string): unknown =>
      changed('assurance.lungs.limits.cutOff', {
        ...assurance.gate.rules.embedding,
        terms: [{ ...term, feature }],
      });
    for (const feature of ['border', 'balance']) {
      const { limits } = parseManifest(rule(feature)).assurance?.lungs ?? {};
      expect(limits?.cutOff?.terms[0].feature).toBe(feature);
    }
    expect(refusal(rule('distance'))).not.toBe('');
  });

  it.each<[string, string, unknown]>([
    ['a gate file that is not listed', 'assurance.gate.file', 'elsewhere.bin'],
    ['a lung graph that is not listed', 'assurance.lungs.graph', 'elsewhere.json'],
    ['an array beyond the end of the file', 'assurance.gate.tables.5.offset', gateFile.length],
    ['an array at an odd place', 'assurance.gate.tables.0.offset', 2],
    ['an array twice', 'assurance.gate.tables.0.name', 'spread'],
    ['int8 without its scale', 'assurance.gate.tables.5.scale', 'spread'],
    ['directions of another network', 'assurance.gate.tables.5.shape', [10, 1024]],
    ['more dimensions than directions', 'assurance.gate.dimensions', 11],
    ['one center too few', 'assurance.gate.groups', ['a', 'b', 'c', 'd']],
    ['a probe without a direction', 'assurance.quality.inverted.row', 10],
    ['an orientation without a direction', 'assurance.quality.orientation.rows', [4, 5, 6, 99]],
    ['a feature nobody computes', 'assurance.gate.rules.embedding.terms.0.feature', 'hue'],
    ['a scale of 0', 'assurance.gate.rules.embedding.terms.0.scale', 0],
    ['a threshold that is no number', 'assurance.gate.rules.embedding.threshold', null],
    ['shares that do not sum to 1', 'assurance.priors.shares', [0.25, 0.25, 0.25, 0.2]],
    ['a share of 0', 'assurance.priors.shares', [0, 0.25, 0.5, 0.25]],
    ['three thresholds for four classes', 'assurance.conformal.levels.0.thresholds', [0, 0, 0]],
    ['another score', 'assurance.conformal.score', 'entropy'],
    ['a curve that climbs', 'assurance.operating.curves.0.truePositives', [1, 2, 3, 4, 5, 6, 7]],
    ['a curve of another length', 'assurance.operating.curves.0.falsePositives', [60, 0]],
    ['more hits than positives', 'assurance.operating.curves.1.positives', 39],
    ['three curves', 'assurance.operating.curves.3', undefined],
    ['more found than images', 'assurance.gate.evaluation.rows.0.embedding.found', 101],
    ['a lung network of another input', 'assurance.lungs.input.shape', [1, 112, 112, 1]],
    ['half a golden grid', 'assurance.lungs.golden.0.whole', [1, 2]],
    ['no quality', 'assurance.quality', undefined],
  ])('is refused with %s', (_, place, value) => {
    expect(refusal(changed(place, value))).toContain('manifest.json');
  });

  it('can be read from the gate file it describes', () => {
    const { gate } = (parseManifest(manifest) as Required<Manifest>).assurance;
    const table = gate.tables.find(({ name }) => name === 'centers');
    const view = new Float32Array(gateFile.buffer, table?.offset, 15);
    expect(table?.shape).toEqual([5, 3]);
    expect(Math.max(...view.map(Math.abs))).toBeLessThanOrEqual(3);
    expect(new Set(view).size).toBe(15);
  });
});
