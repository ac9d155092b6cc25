import { afterEach, describe, expect, it } from 'vitest';
import { Lane, type LaneSetup } from '../../src/inference/page/lane.ts';
import type { BackendId, Evidence, Examination } from '../../src/inference/index.ts';
import { assure, defaultSettings } from '../../src/assurance/index.ts';
import type { Assurance } from '../../src/assurance/types.ts';
import { pictureToModelInput } from '../../src/preprocess/index.ts';
import { adjustPicture, decodePicture } from '../../src/radiograph/index.ts';
import type { Adjustment } from '../../src/radiograph/types.ts';
import { largestDifference, phantomPng, WorkerYard } from './support/bench.ts';
import { LUNG_SIDE, makeAssuredModel, referenceLungs } from './support/assured-model.ts';
import { makeTestModel, referenceRun, testNetwork } from './support/test-model.ts';

const PLAN = { golden: 'all', timedRuns: 0, budgetMs: 0 } as const;
const ALL: BackendId[] = ['wasm', 'webgl', 'webgpu', 'cpu'];
const SLOW = { timeout: 240_000 };
const EVERYTHING: Examination = { copies: 'always' };
const network = testNetwork();

const lanes: Lane[] = [];
afterEach(() => {
  for (const lane of lanes.splice(0)) lane.close();
});

async function open(backend: BackendId, model = makeAssuredModel(), lungs = false): Promise<Lane> {
  const setup: LaneSetup = {
    source: { kind: 'bytes', model },
    createWorker: new WorkerYard().create,
    limits: {},
    lungs: () => lungs,
  };
  const { lane, trial } = await Lane.open(backend, setup, { plan: PLAN, allowSoftware: true });
  if (!lane) throw new Error(trial.detail);
  lanes.push(lane);
  return lane;
}

async function read(
  lane: Lane,
  examine: Examination = EVERYTHING,
  adjust: Adjustment | null = null,
  variant = 5,
): Promise<{ evidence: Evidence; logits: Float32Array; input: Float32Array }> {
  const source = await phantomPng(variant);
  const reading = await lane.ask('read', { source, withFeatures: false, examine, adjust });
  reading.thumbnail?.close();
  if (!reading.evidence) throw new Error('no evidence');
  const decoded = await decodePicture(source);
  const input = pictureToModelInput(adjust ? adjustPicture(decoded, adjust) : decoded);
  return { evidence: reading.evidence, logits: reading.logits, input };
}

describe('evidence on every backend', () => {
  it.each(ALL)('%s: maps, gate, lungs and copies are those of the reference', SLOW, async (id) => {
    const lane = await open(id);
    const { evidence, logits, input } = await read(lane);
    const { activation, biases, lungs, copies, gate, measures } = evidence;
    expect(activation).toHaveLength(4 * 49);
    for (const k of [0, 1, 2, 3]) {
      const sum = activation.subarray(49 * k, 49 * (k + 1)).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum + biases[k] - logits[k])).toBeLessThan(1e-3);
    }
    const reference = referenceRun(network, input);
    const place = (map: ArrayLike<number>, k: number, at: number): number => {
      let sum = 0;
      for (let c = 0; c < 1280; c++) sum += map[at * 1280 + c] * network.dense[4 * c + k];
      return sum / 49;
    };
    const expected = Array.from({ length: 196 }, (_, i) =>
      place(reference.features, Math.floor(i / 49), i % 49),
    );
    expect(largestDifference(activation, expected)).toBeLessThan(2e-3);

    if (lungs.state !== 'done') throw new Error(lungs.state);
    expect(lungs.side).toBe(LUNG_SIDE);
    const lungLogits = referenceLungs(input);
    const visible = Array.from(lungs.visible, (_, i) => 1 / (1 + Math.exp(-lungLogits[2 * i])));
    const whole = Array.from(lungs.whole, (_, i) => 1 / (1 + Math.exp(-lungLogits[2 * i + 1])));
    expect(largestDifference(lungs.visible, visible)).toBeLessThan(2e-3);
    expect(largestDifference(lungs.whole, whole)).toBeLessThan(2e-3);

    if (!copies || copies === 'not-needed') throw new Error(String(copies));
    const mirror = input.map((_, i) => input[i - (i % 224) + 223 - (i % 224)]);
    expect(largestDifference(copies[0], referenceRun(network, mirror).logits)).toBeLessThan(2e-3);
    const shifted = input.map((_, i) => {
      const [x, y] = [i % 224, Math.floor(i / 224)];
      return input[Math.max(0, y - 6) * 224 + Math.max(0, x - 6)];
    });
    expect(largestDifference(copies[1], referenceRun(network, shifted).logits)).toBeLessThan(2e-3);

    expect(gate?.distances).toHaveLength(5);
    expect(measures.grayLevels).toBeGreaterThan(100);
    expect(measures.sharpness).toBeGreaterThan(1.45);
  });

  it('all of them come to the same judgement, figure by figure', SLOW, async () => {
    const { manifest } = makeAssuredModel();
    const settings = defaultSettings(manifest);
    const judged = [];
    for (const id of ALL) {
      const lane = await open(id);
      const source = await phantomPng(5);
      const ask = { source, withFeatures: false, examine: EVERYTHING, adjust: null };
      const reading = await lane.ask('read', ask);
      reading.thumbnail?.close();
      const facts = { backend: id, modelId: manifest.id, modelVersion: manifest.version };
      judged.push(assure({ ...reading, ...facts, recovery: null }, settings, manifest));
    }
    const [first, ...others] = judged;
    for (const each of others) {
      // Every word is the same …
      expect(each.cautions).toEqual(first.cautions);
      expect(each.sets).toEqual(first.sets);
      expect([each.refusal, each.triage, each.gate.state]).toEqual([
        first.refusal,
        first.triage,
        first.gate.state,
      ]);
      // … and every figure within what the manifest allows.
      const figures = ({ uncorrected, gate, stability, why, lungs, quality }: Assurance) => [
        ...uncorrected,
        ...gate.distances,
        gate.score,
        stability.difference,
        ...stability.copies.flat(),
        ...(why?.insideLungs ?? []).map((share) => share ?? -1),
        lungs.area,
        ...quality.map(({ measured }) => measured),
      ];
      expect(figures(first).every(Number.isFinite)).toBe(true);
      expect(largestDifference(figures(each), figures(first))).toBeLessThan(manifest.tolerance);
    }
  });
});

describe('what is examined', () => {
  it('is only what was asked for', async () => {
    const lane = await open('wasm');
    const { evidence } = await read(lane, { copies: false });
    expect(evidence.copies).toBeNull();
  });

  it('spares the copies of an answer that is clear-cut, by the temperature of its model', async () => {
    const thrifty: Examination = { copies: 'where-unclear' };
    const model = makeAssuredModel();
    const at = (temperature: number): typeof model => ({
      ...model,
      manifest: { ...model.manifest, temperature },
    });
    const sure = await read(await open('wasm', at(1e-3)), thrifty);
    expect(sure.evidence.copies).toBe('not-needed');
    const unsure = await read(await open('wasm', at(1e3)), thrifty);
    expect(unsure.evidence.copies).toHaveLength(2);
  });

  it.each([
    ['was asked for with the start', true],
    ['is asked for by the first picture', false],
  ])('has the lungs of the very first pictures where their network %s', async (_, early) => {
    const lane = await open('wasm', makeAssuredModel(), early);
    const quick: Examination = { copies: false };
    // Two at once, as a batch gives them to a lane: neither is judged by another rule than later ones.
    const first = await Promise.all([read(lane, quick), read(lane, quick, null, 3)]);
    const again = await read(lane, quick);
    expect(first.map(({ evidence }) => evidence.lungs.state)).toEqual(['done', 'done']);
    expect(first[0].evidence.lungs).toEqual(again.evidence.lungs);
  });

  it('says so where the model has no lungs, and no gate', async () => {
    const without = await open('wasm', makeAssuredModel({ lungs: false }));
    const { evidence } = await read(without);
    expect(evidence.lungs).toEqual({ state: 'none-in-model' });
    expect(evidence.gate).not.toBeNull();
    const bare = await open('wasm', makeTestModel());
    expect((await read(bare)).evidence).toMatchObject({
      gate: null,
      lungs: { state: 'none-in-model' },
    });
  });

  it.each([
    ['answers wrongly', { lungsWrongBy: 0.1 }, /known answers came out wrong/],
    ['cannot be built', { lungsBroken: true }, /weight files/],
  ] as const)('goes on without a lung network that %s', async (_, options, why) => {
    const lane = await open('wasm', makeAssuredModel(options));
    for (const variant of [1, 2]) {
      const { evidence, logits, input } = await read(lane, EVERYTHING, null, variant);
      expect(evidence.lungs).toEqual({ state: 'failed', detail: expect.stringMatching(why) });
      expect(largestDifference(logits, referenceRun(network, input).logits)).toBeLessThan(2e-3);
      expect(evidence.copies).toHaveLength(2);
    }
  });

  it('is of the picture as it was turned, inverted and cropped', async () => {
    const lane = await open('wasm');
    const crop = { x: 0.25, y: 0, width: 0.5, height: 1 };
    const adjust = { crop, rotate: 90, invert: true } as const;
    const { logits, input } = await read(lane, EVERYTHING, adjust);
    expect(largestDifference(logits, referenceRun(network, input).logits)).toBeLessThan(2e-3);
    const plain = await read(lane);
    expect(largestDifference(logits, plain.logits)).toBeGreaterThan(0.01);
  });

  it.each(['wasm', 'webgl'] as const)('leaves no tensors behind on %s', SLOW, async (id) => {
    const lane = await open(id);
    await read(lane);
    const before = await lane.tensors();
    for (let turn = 0; turn < 5; turn++) await read(lane);
    expect(await lane.tensors()).toBe(before);
  });
});
