/**
 * The training's own arithmetic (training/fieldray_training/assurance), number by number: what is fitted
 * there means the same here. The file is written by tests/fixtures/write-assurance-golden.py.
 */
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/assurance-golden.json' with { type: 'json' };
import { predictionSets } from '../../src/assurance/conformal.ts';
import { gateOf, scoreOf } from '../../src/assurance/gate.ts';
import { lungFeatures, WHOLE } from '../../src/preprocess/index.ts';
import { thresholdFor } from '../../src/assurance/operating.ts';
import { correctPriors } from '../../src/assurance/priors.ts';
import { probe } from '../../src/assurance/probes.ts';
import { whyOf } from '../../src/assurance/why.ts';
import { project } from '../../src/inference/worker/evidence/projection.ts';
import type { Evidence } from '../../src/inference/types.ts';
import { readGateTables } from '../../src/model/gate-tables.ts';
import { CLASS_LABELS, type Conformal, type Gate, type Quality } from '../../src/model/manifest.ts';
import type { Lungs } from '../../src/model/manifest/lungs.ts';
import { unit } from '../../src/model/phantom.ts';

const gate = golden.gate as unknown as Gate;
const quality = golden.quality as Quality;
const tables = readGateTables(gate, bytesOf(golden.gateFile));
const maps = new Float32Array(bytesOf(golden.maps));
const pixels = golden.mapSide ** 2;

/** As `embeddings` in the script makes them. */
function embedding(k: number): Float32Array {
  return Float32Array.from({ length: 1280 }, (_, i) =>
    Math.min(6, Math.max(0, 0.4 + (0.3 + 0.1 * k) * (2 * unit(i, 200 + k, 5) - 1))),
  );
}

/** As `features` in the script. */
function features(k: number): Float32Array {
  const pooled = embedding(k);
  return Float32Array.from(
    { length: 49 * 1280 },
    (_, at) =>
      pooled[at % 1280] * (1 + 0.4 * (2 * unit(at % 1280, 1000 + Math.floor(at / 1280), k) - 1)),
  );
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer;
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i] - value), `number ${i}`).toBeLessThan(1e-6 * (1 + Math.abs(value)));
  }
}

const pictures = Array.from({ length: golden.pictures }, (_, k) => k);
const mapOf = (k: number): Float32Array => maps.subarray(k * pixels, (k + 1) * pixels);

describe('the gate', () => {
  it.each(pictures)('sees embedding %i as the training does', (k) => {
    const { values, distances, residual } = project(embedding(k), features(k), gate, tables);
    expectClose(values, golden.values[k]);
    expectClose(distances, golden.distances[k]);
    expectClose([residual], [golden.features.residual[k]]);
  });

  it.each(pictures)('gives picture %i the same score by both rules', (k) => {
    const projection = project(embedding(k), features(k), gate, tables);
    const lungs = lungFeatures(mapOf(k), golden.mapSide, 0.5);
    expect(gateOf(projection, null, gate)).toMatchObject({
      rule: 'embedding',
      score: expect.closeTo(golden.scores.embedding[k], 6) as number,
    });
    expect(gateOf(projection, lungs, gate)).toMatchObject({
      rule: 'joined',
      score: expect.closeTo(golden.scores.joined[k], 6) as number,
    });
  });

  it('passes some of them and refuses others, or this proves little', () => {
    const { threshold } = gate.rules.embedding;
    const passed = golden.scores.embedding.filter((score) => score >= threshold);
    expect(passed.length).toBeGreaterThan(0);
    expect(passed.length).toBeLessThan(golden.pictures);
  });
});

it.each(pictures)('the probes call picture %i turned, inverted, mirrored alike', (k) => {
  const result = probe(project(embedding(k), features(k), gate, tables), quality);
  expect([result.turned, result.inverted, result.mirrored]).toEqual([
    golden.turned[k],
    golden.inverted[k],
    golden.mirrored[k],
  ]);
});

it.each(pictures)('lung map %i gives the same features', (k) => {
  const { border, ...features } = lungFeatures(mapOf(k), golden.mapSide, 0.5);
  expectClose([border], [golden.border[k]]);
  for (const [name, value] of Object.entries(features)) {
    expectClose([value], [golden.features[name as keyof typeof features][k]]);
  }
});

it.each(pictures)('lung map %i gives the same score of being cut off', (k) => {
  const rule = golden.cutOff as NonNullable<Lungs['limits']['cutOff']>;
  expectClose([scoreOf(rule, lungFeatures(mapOf(k), golden.mapSide, 0.5))], [golden.cutScores[k]]);
});

it.each(pictures)('the same share of evidence %i lies inside the lungs', (k) => {
  const whole = Uint8Array.from(mapOf(k), (p) => (p >= 0.5 ? 1 : 0));
  const activation = new Float32Array(4 * 49);
  activation.set(golden.activation[k]);
  const evidence = { activation, biases: new Float32Array(4) } as unknown as Evidence;
  const lungs = {
    state: 'found' as const,
    detail: null,
    side: golden.mapSide,
    visible: whole,
    whole,
    outlines: [],
    area: 0.2,
    border: 0,
  };
  expectClose([whyOf(evidence, lungs, WHOLE).insideLungs[0] ?? Number.NaN], [golden.inside[k]]);
});

it.each(pictures)('the prediction set of picture %i is the same', (k) => {
  const level = (own: boolean[][]): string[] =>
    CLASS_LABELS.filter((_, c) => own[k][c]).map(String);
  const conformal = {
    levels: [{ level: 0.9, thresholds: golden.conformal.thresholds }],
  } as unknown as Conformal;
  const probabilities = golden.probabilities[k];
  const [set] = predictionSets(probabilities, conformal, CLASS_LABELS);
  expect(set.labels.toSorted()).toEqual(level(golden.conformal.completed).toSorted());
  expect(set.completed).toBe(!golden.conformal.sets[k].some(Boolean));
});

it.each(pictures)('the probabilities of picture %i are corrected alike', (k) => {
  const { assumed, stated, corrected } = golden.priors;
  expectClose(correctPriors(golden.probabilities[k], assumed, stated), corrected[k]);
});

it('a curve flags what the app flags at its thresholds', () => {
  const { curve, probabilities, truth } = golden;
  for (const [i, threshold] of curve.thresholds.entries()) {
    const flagged = pictures.filter((k) => probabilities[k][0] >= threshold);
    expect(flagged.filter((k) => truth[k] === 0).length).toBe(curve.truePositives[i]);
    expect(flagged.filter((k) => truth[k] !== 0).length).toBe(curve.falsePositives[i]);
  }
  const sparing = thresholdFor(curve, { kind: 'specificity', value: 1 });
  const spared = pictures.filter((k) => truth[k] !== 0 && probabilities[k][0] < sparing);
  expect(spared.length).toBe(curve.negatives);
});
