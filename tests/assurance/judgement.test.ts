/** Gate, sets, priors, copies, lungs and evidence: each rule by hand, then all of them over one reading. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { activationOf, assure, defaultSettings, softmax } from '../../src/assurance/index.ts';
import { predictionSets } from '../../src/assurance/conformal.ts';
import { decide, triageOf } from '../../src/assurance/decision.ts';
import { gateOf } from '../../src/assurance/gate.ts';
import { lungsOf } from '../../src/assurance/lungs.ts';
import { lungFeatures, WHOLE } from '../../src/preprocess/index.ts';
import { correctPriors } from '../../src/assurance/priors.ts';
import { stabilityOf } from '../../src/assurance/stability.ts';
import { whyOf } from '../../src/assurance/why.ts';
import type { AssuranceSettings, JudgingModel } from '../../src/assurance/types.ts';
import type { Evidence, GateProjection, Reading } from '../../src/inference/types.ts';
import { CLASS_LABELS, type Manifest } from '../../src/model/index.ts';
import { assuranceFixture } from '../fixtures/assurance.ts';
import { twoLungs } from '../fixtures/lung-map.ts';

const { assurance } = assuranceFixture(1, true);
const manifest = { temperature: 1, labels: CLASS_LABELS, assurance } as unknown as Manifest;
const settings = defaultSettings(manifest);

const projection = (distance: number, residual = -4): GateProjection => ({
  values: Float64Array.of(0, 0, 0, 0, 9, -9, -9, -9, -9, -9),
  distances: [distance + 1, distance, distance + 2, distance + 3, distance + 4],
  residual,
});

/** Evidence for each class at one place of 7 × 7. */
function mapsAt(places: readonly number[]): Float32Array {
  const maps = new Float32Array(4 * 49);
  places.forEach((place, k) => (maps[k * 49 + place] = 2));
  return maps;
}

/** Middle of the left lung; the upper left corner. */
const IN_LUNG = 3 * 7 + 2;
const CORNER = 0;

function evidence(part: Partial<Evidence> = {}): Evidence {
  return {
    activation: mapsAt([IN_LUNG, IN_LUNG, IN_LUNG, IN_LUNG]),
    biases: new Float32Array(4),
    measures: {
      ...{ grayLevels: 200, low: 0.02, middle: 0.5, high: 0.95, sharpness: 3, lettering: [] },
      ...{ clippedDark: 0, clippedBright: 0, content: { x: 0, y: 0, width: 1, height: 1 } },
    },
    gate: projection(3),
    lungs: twoLungs(),
    hash: '0123456789abcdef',
    copies: null,
    ...part,
  };
}

function reading(logits: number[], part: Partial<Evidence> = {}, more: object = {}): Reading {
  return {
    logits: Float32Array.from(logits),
    evidence: evidence(part),
    picture: { width: 800, height: 700 },
    adjust: null,
    seen: { state: 'whole', rect: { x: 0, y: 0, width: 1, height: 1 } },
    modelId: 'm',
    modelVersion: '1.0.0',
    ...more,
  } as unknown as Reading;
}

const codes = (of: Reading, set: AssuranceSettings = settings): string[] =>
  assure(of, set, manifest).cautions.map(({ code }) => code);

describe('the gate', () => {
  const { features } = lungsOf(twoLungs(), assurance.lungs!);

  it('is a logistic rule over clamped standard scores, by the nearest center', () => {
    // 2 − 1.5 · (3 − 5)/2 − 1 · (−4 + 4)/0.5
    const passed = gateOf(projection(3), null, assurance.gate);
    expect(passed).toMatchObject({ state: 'passed', rule: 'embedding' });
    expect(passed.score).toBeCloseTo(3.5, 12);
    // Beyond six scales nothing more is taken away.
    const far = gateOf(projection(1e6), null, assurance.gate);
    expect(far.state).toBe('refused');
    expect(far.score).toBeCloseTo(2 - 1.5 * 6, 12);
  });

  it('looks at the lungs where there is a map', () => {
    const joined = gateOf(projection(3), features, assurance.gate);
    expect(joined.rule).toBe('joined');
    const none = lungFeatures(new Float32Array(112 * 112), 112, 0.5);
    expect(gateOf(projection(3), none, assurance.gate).score).toBeLessThan(joined.score - 1);
  });

  it('never passes what is no number, and says where it could not look', () => {
    expect(gateOf(projection(Number.NaN), null, assurance.gate).state).toBe('refused');
    expect(gateOf(null, features, assurance.gate).state).toBe('unchecked');
    expect(gateOf(projection(3), features, null).state).toBe('unchecked');
  });
});

describe('a prediction set', () => {
  const levels = (level: number, thresholds: number[]) => ({
    ...assurance.conformal,
    levels: [{ ...assurance.conformal.levels[0], level, thresholds }],
  });

  it('holds every class whose margin is within its own threshold, the likeliest first', () => {
    // Margins: COVID −0.2, opacity 0.2, normal and pneumonia 0.4.
    const shares = [0.5, 0.3, 0.1, 0.1];
    const sets = predictionSets(shares, levels(0.9, [0, 0.25, 0.3, 0.35]), CLASS_LABELS);
    expect(sets).toEqual([{ coverage: 0.9, labels: ['COVID', 'Lung_Opacity'], completed: false }]);
  });

  it('is the two likeliest where nothing stands out', () => {
    const [set] = predictionSets(
      [0.4, 0.1, 0.35, 0.15],
      levels(0.9, [-0.5, -0.5, -0.5, -0.5]),
      CLASS_LABELS,
    );
    expect(set).toEqual({ coverage: 0.9, labels: ['COVID', 'Normal'], completed: true });
  });

  it('never names a class without the likelier ones where the likeliest is missing', () => {
    const sets = (shares: number[]) =>
      predictionSets(shares, levels(0.95, [-0.3, 0.66, -0.3, -0.7]), CLASS_LABELS)[0];
    expect(sets([0.62, 0.38, 0, 0])).toMatchObject({
      labels: ['COVID', 'Lung_Opacity'],
      completed: false,
    });
    expect(sets([0.01, 0, 0.61, 0.38]).labels).toEqual([
      'Normal',
      'Viral Pneumonia',
      'COVID',
      'Lung_Opacity',
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (weights, limits) => {
          const sum = weights.reduce((a, b) => a + b, 0);
          const shares = weights.map((weight) => weight / sum);
          const [set] = predictionSets(shares, levels(0.95, limits), CLASS_LABELS);
          const named = set.labels.map((label) => shares[CLASS_LABELS.indexOf(label as never)]);
          expect(Math.max(...named)).toBe(Math.max(...shares));
        },
      ),
    );
  });

  it('grows with the level that is asked for', () => {
    const at = (coverage: 0.9 | 0.95) =>
      assure(reading([1, 0.8, 0, -2]), { ...settings, coverage }, manifest).set;
    expect(at(0.9)?.coverage).toBe(0.9);
    expect(at(0.95)!.labels.length).toBeGreaterThanOrEqual(at(0.9)!.labels.length);
  });
});

describe('how common each class is', () => {
  it('is Saerens’ correction', () => {
    const corrected = correctPriors(
      [0.6, 0.2, 0.1, 0.1],
      [0.25, 0.25, 0.25, 0.25],
      [0.1, 0.1, 0.7, 0.1],
    );
    const sum = 0.06 + 0.02 + 0.07 + 0.01;
    [0.06, 0.02, 0.07, 0.01].forEach((part, k) => expect(corrected[k]).toBeCloseTo(part / sum, 12));
  });

  it('changes the answer and says from what, and leaves sets and limits as fitted', () => {
    const plain = assure(reading([2, 0, 1.5, 0]), settings, manifest);
    const here = { ...settings, priors: [0.01, 0.04, 0.94, 0.01] as const };
    const stated = assure(reading([2, 0, 1.5, 0]), here, manifest);
    expect(plain.assessment.label).toBe('COVID');
    expect(stated.assessment.label).toBe('Normal');
    expect(stated.priors).toEqual({
      assumed: [0.25, 0.2, 0.4, 0.15],
      stated: here.priors,
      applied: true,
    });
    expect(stated.uncorrected).toEqual(plain.assessment.probabilities);
    expect(stated.sets).toEqual(plain.sets);
    expect(stated.decisions).toEqual(plain.decisions);
  });
});

describe('limits of referral', () => {
  it('say refer, uncertain, not flagged; the most serious of the ill classes counts', () => {
    const states = (shares: number[]) =>
      decide(shares, assurance.operating.curves, settings.operating, CLASS_LABELS);
    const clear = states([0.97, 0.01, 0.01, 0.01]);
    expect(clear.find(({ label }) => label === 'COVID')?.state).toBe('refer');
    expect(triageOf(clear, CLASS_LABELS)).toBe('refer');
    const normal = states([0.01, 0.01, 0.97, 0.01]);
    expect(normal.find(({ label }) => label === 'Normal')?.state).toBe('refer');
    expect(triageOf(normal, CLASS_LABELS)).toBe('not-flagged');
    for (const { low, high } of clear) expect(low).toBeLessThanOrEqual(high);
    expect(triageOf([], CLASS_LABELS)).toBeNull();
    // Which of a site's own classes is nothing to refer for, nobody has said.
    expect(triageOf(clear, ['COVID', 'Zebra'])).toBeNull();
  });
});

describe('two copies', () => {
  const shares = softmax([2, 0, 0, 0]);
  const copies = (mirrored: number[], shifted: number[]) =>
    [Float32Array.from(mirrored), Float32Array.from(shifted)] as const;

  it('are stable, unstable, off or not to be had', () => {
    const same = stabilityOf(shares, copies([2, 0, 0, 0], [1.8, 0, 0, 0]), 1, true);
    expect(same.state).toBe('stable');
    expect(same.copies[0]).toEqual(shares);
    expect(stabilityOf(shares, copies([2, 0, 0, 0], [0, 0, 2, 0]), 1, true).state).toBe('unstable');
    // No other class, but far less sure.
    expect(stabilityOf(shares, copies([2, 0, 0, 0], [0.4, 0, 0, 0]), 1, true).state).toBe(
      'unstable',
    );
    expect(stabilityOf(shares, null, 1, false).state).toBe('off');
    expect(stabilityOf(shares, null, 1, true).state).toBe('unavailable');
    expect(stabilityOf(shares, 'not-needed', 1, true)).toMatchObject({ state: 'not-needed' });
    expect(stabilityOf(shares, 'not-needed', 1, false).state).toBe('off');
  });

  it('do not call a picture between two classes unstable because the first changes by a breath', () => {
    const between = softmax([1, 0.98, -3, -3]);
    const flipped = stabilityOf(between, copies([0.98, 1, -3, -3], [1, 0.98, -3, -3]), 1, true);
    expect(flipped.state).toBe('stable');
  });
});

describe('where the evidence lies', () => {
  const { lungs } = lungsOf(twoLungs(), assurance.lungs!);

  it('is the share of the positive evidence inside the lungs, class by class', () => {
    const maps = mapsAt([IN_LUNG, CORNER, IN_LUNG, CORNER]);
    // What speaks against a class is no evidence for it.
    maps[CORNER] = -50;
    const { insideLungs } = whyOf(evidence({ activation: maps }), lungs, WHOLE);
    expect(insideLungs[0]).toBeGreaterThan(0.6);
    expect(insideLungs[1]).toBeLessThan(0.05);
    expect(
      whyOf(evidence({ activation: new Float32Array(4 * 49) }), lungs, WHOLE).insideLungs,
    ).toEqual([null, null, null, null]);
  });

  it('marks an answer whose own evidence lies outside', () => {
    const outside = { activation: mapsAt([CORNER, IN_LUNG, IN_LUNG, IN_LUNG]) };
    expect(codes(reading([4, 0, 0, 0], outside))).toEqual(['evidence-outside-lungs']);
    // The evidence of a class that was not answered is nobody's harm.
    expect(codes(reading([0, 4, 0, 0], outside))).toEqual([]);
  });

  it('has an outline of each lung, closed, around its middle', () => {
    expect(lungs.outlines).toHaveLength(2);
    for (const line of lungs.outlines) {
      const xs = line.filter((_, i) => i % 2 === 0);
      const ys = line.filter((_, i) => i % 2 === 1);
      expect((Math.min(...ys) + Math.max(...ys)) / 2).toBeCloseTo(0.5, 2);
      expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(0.3, 1);
    }
    expect(lungs.area).toBeCloseTo(2 * Math.PI * 0.15 * 0.33, 2);
    expect(lungs.border).toBe(0);
  });
});

describe('the whole of it', () => {
  it('has nothing against a plain answer', () => {
    const plain = assure(reading([5, 0, 0, 0]), settings, manifest);
    expect(plain).toMatchObject({ refusal: null, cautions: [], gate: { state: 'passed' } });
    expect(plain.set?.labels).toEqual(['COVID']);
  });

  it.each([
    ['not-a-frontal-chest', { gate: projection(50) }, {}],
    ['blank-picture', { measures: { ...evidence().measures, low: 0.5, high: 0.52 } }, {}],
    ['blank-picture', { measures: { ...evidence().measures, low: Number.NaN } }, {}],
    ['too-few-pixels', {}, { picture: { width: 47, height: 300 } }],
    // The plainest reason first.
    [
      'blank-picture',
      { gate: projection(50), measures: { ...evidence().measures, high: 0.03 } },
      {},
    ],
  ] as [string, Partial<Evidence>, object][])('refuses: %s', (code, part, more) => {
    const refused = assure(reading([5, 0, 0, 0], part, more), settings, manifest);
    expect(refused.refusal?.code).toBe(code);
    expect(refused.refusal?.message.length).toBeGreaterThan(20);
    expect(refused.refusal?.remedy.length).toBeGreaterThan(20);
    // The figures are there all the same, for whoever asks.
    expect(refused.assessment.label).toBe('COVID');
  });

  it('puts the most serious first, whatever else is wrong', () => {
    const all = reading([5, 0, 0, 0], {
      measures: { ...evidence().measures, middle: 0.1 },
      activation: mapsAt([CORNER, 0, 0, 0]),
      copies: [Float32Array.of(0, 0, 5, 0), Float32Array.of(5, 0, 0, 0)],
    });
    const { cautions } = assure(all, settings, manifest);
    expect(cautions.map(({ code }) => code)).toEqual([
      'evidence-outside-lungs',
      'unstable',
      'too-dark',
    ]);
  });

  it.each([
    ['no-lungs-found', { ...twoLungs(), visible: new Float32Array(112 * 112) }],
    ['lungs-unavailable', { state: 'failed', detail: 'x' } as const],
  ] as [string, Evidence['lungs']][])('says %s', (code, lungs) => {
    const found = assure(reading([5, 0, 0, 0], { lungs }), settings, manifest);
    expect(found.cautions.map((each) => each.code)).toContain(code);
    expect(found.lungs.outlines).toEqual([]);
  });

  it('tells the calibration of a model that brings nothing else, and of a reading without evidence', () => {
    const bare = { temperature: 2, labels: CLASS_LABELS } as unknown as Manifest;
    const plain = assure(reading([5, 0, 0, 0]), settings, bare);
    expect(plain.assessment.probabilities).toEqual(softmax([5, 0, 0, 0], 2));
    expect(plain).toMatchObject({ set: null, sets: [], decisions: [], triage: null });
    expect(plain.cautions.map(({ code }) => code)).toEqual(['gate-unchecked']);
    const blind = assure({ ...reading([5, 0, 0, 0]), evidence: null }, settings, manifest);
    expect(blind).toMatchObject({ refusal: null, why: null, quality: [] });
  });
});

describe('prediction sets', () => {
  it('are nested: what is named at one level is named at every higher one', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true });
    const thresholds = fc.array(score, { minLength: 4, maxLength: 4 });
    const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
    let repaired = 0;
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 4, maxLength: 4 }),
        fc.array(thresholds, { minLength: 2, maxLength: 4 }),
        (weights, levels) => {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          const shares = weights.map((weight) => weight / sum);
          const named = levels.map((limits, at) => ({ level: 0.8 + at / 20, thresholds: limits }));
          const sets = predictionSets(shares, { levels: named }, CLASS_LABELS);
          const top = CLASS_LABELS[shares.indexOf(Math.max(...shares))];
          for (const [at, set] of sets.entries()) {
            expect(set.labels.length).toBeGreaterThan(0);
            expect(set.labels).toContain(top);
            const own = predictionSets(shares, { levels: [named[at]] }, CLASS_LABELS)[0];
            expect(set.labels).toEqual(expect.arrayContaining([...own.labels]));
            if (set.labels.length > own.labels.length) repaired++;
            if (at > 0) {
              expect(set.labels).toEqual(expect.arrayContaining([...sets[at - 1].labels]));
            }
          }
        },
      ),
    );
    // Otherwise no case was met that the rule is for.
    expect(repaired).toBeGreaterThan(0);
  });

  it('come of levels in any order', () => {
    const levels = [0.9, 0.95].map((level) => ({ level, thresholds: [level - 1, 0, 0, 0] }));
    const shares = [0.5, 0.3, 0.1, 0.1];
    expect(predictionSets(shares, { levels: levels.toReversed() }, CLASS_LABELS)).toEqual(
      predictionSets(shares, { levels }, CLASS_LABELS),
    );
  });
});

describe('which figures speak', () => {
  const fresh: NonNullable<JudgingModel['assurance']>['newHospital'] = {
    temperature: 4,
    conformal: { levels: [{ level: 0.9, thresholds: [0.9, 0.9, 0.9, 0.9] }] },
    operating: { curves: [] },
    words: { sure: 0.97, likely: 0.7 },
  };
  const model: JudgingModel = {
    ...manifest,
    temperature: 1,
    assurance: { ...assurance, newHospital: fresh, distance: { from: 5, slope: 0.5 } },
  };
  const logits = [5, 1, 0, 0];

  it('are those for a new hospital until the site measured itself', () => {
    const result = assure(reading(logits), settings, model);
    expect(result.fit).toEqual({ kind: 'new-hospital', pictures: null });
    expect(result.uncorrected).toEqual(softmax(logits, 4));
    expect(result.set?.labels).toHaveLength(4);
    expect(assure(reading(logits), settings, { ...model, assurance }).fit.kind).toBe(
      'known-hospitals',
    );
  });

  it('call an answer sure by the fit’s own words', () => {
    const certainty = (top: number): string =>
      assure(reading([4 * Math.log(top / ((1 - top) / 3)), 0, 0, 0]), settings, model).assessment
        .certainty;
    expect([0.98, 0.95, 0.65].map(certainty)).toEqual(['clear', 'likely', 'unsure']);
  });

  it('are less sure of an outlier, and only at a new hospital', () => {
    const far = reading(logits, { gate: projection(9) });
    expect(assure(far, settings, model).uncorrected).toEqual(softmax(logits, 4 * 3));
    const known = { ...model, assurance: { ...assurance, distance: { from: 5, slope: 0.5 } } };
    expect(assure(far, settings, known).uncorrected).toEqual(softmax(logits, 1));
  });

  it('are the site’s own once it measured itself', () => {
    const { curves } = assurance.operating;
    const siteFit = {
      temperature: 2,
      levels: [{ level: 0.9, thresholds: [-1, -1, -1, -1] }],
      pictures: 212,
    };
    const result = assure(reading(logits), { ...settings, curves, siteFit }, model);
    expect(result.fit).toEqual({ kind: 'this-site', pictures: 212 });
    expect(result.uncorrected).toEqual(softmax(logits, 2));
    expect(result.set?.completed).toBe(true);
    expect(result.decisions).toHaveLength(4);
    // It was measured with the delivered model, and says nothing of an adapted one.
    const adapted = { id: 'a', name: 'b', created: 0, pictures: 80, fewest: 12 };
    const other = assure(
      reading([30, 0, 0, 0]),
      { ...settings, curves, siteFit },
      { ...model, adapted },
    );
    expect(other.fit).toEqual({ kind: 'few-labels', pictures: 80 });
    expect(other.assessment.certainty).toBe('likely');
    const enough = { ...model, adapted: { ...adapted, fewest: 30 } };
    expect(assure(reading([30, 0, 0, 0]), settings, enough).assessment.certainty).toBe('clear');
  });
});

describe('lungs that were not located', () => {
  const seen = { state: 'not-located', rect: WHOLE, why: 'area' } as const;

  it('are a caution where the whole picture was read', () => {
    const result = assure(reading([5, 0, 0, 0], {}, { seen }), settings, manifest);
    expect(result.refusal).toBeNull();
    expect(result.cautions).toContainEqual({ code: 'lungs-not-located', severity: 'caution' });
    expect(assure(reading([5, 0, 0, 0]), settings, manifest).cautions).not.toContainEqual(
      expect.objectContaining({ code: 'lungs-not-located' }),
    );
  });

  it('are a refusal where the model reads nothing else', () => {
    const strict = { ...manifest, input: { crop: { otherwise: 'refuse' as const } } };
    expect(assure(reading([5, 0, 0, 0], {}, { seen }), settings, strict).refusal?.code).toBe(
      'lungs-needed',
    );
    expect(assure(reading([5, 0, 0, 0]), settings, strict).refusal).toBeNull();
  });
});

it('evidence is placed where the classifier looked', () => {
  const rect = { x: 0.5, y: 0.25, width: 0.5, height: 0.5 };
  const maps = new Float32Array(4 * 49);
  maps[0] = 1;
  const result = assure(
    reading([5, 0, 0, 0], { activation: maps }, { seen: { state: 'lungs', rect } }),
    settings,
    manifest,
  );
  const side = 56;
  const shown = activationOf(result.why!, 0, side, side);
  // Its first place lies at the box's corner, which is the middle of the picture's upper half.
  const brightest = shown.indexOf(Math.max(...shown));
  expect([brightest % side, Math.floor(brightest / side)]).toEqual([side / 2, side / 4]);
  const outside = shown.filter(
    (_, at) => at % side < side / 2 || Math.abs(Math.floor(at / side) - side / 2 + 0.5) > side / 4,
  );
  expect(Math.max(...outside)).toBe(0);
});
