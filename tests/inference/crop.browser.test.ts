/** Lungs first, then the classifier on the box around them: the same on every backend and on every way. */
import { afterEach, expect, it } from 'vitest';
import { Lane } from '../../src/inference/page/lane.ts';
import type { BackendId } from '../../src/inference/index.ts';
import { parseManifest } from '../../src/model/index.ts';
import {
  cropTo,
  locateLungs,
  pictureHash,
  pictureToModelInput,
  warp,
  WHOLE,
  type LungBox,
} from '../../src/preprocess/index.ts';
import { decodePicture } from '../../src/radiograph/index.ts';
import { LUNG_SIDE, makeAssuredModel, referenceLungs } from './support/assured-model.ts';
import { largestDifference, phantomPng, WorkerYard } from './support/bench.ts';
import { referenceRun, testNetwork } from './support/test-model.ts';

const PLAN = { golden: 'all', timedRuns: 0, budgetMs: 0 } as const;
const ALL: BackendId[] = ['wasm', 'webgl', 'webgpu', 'cpu'];
const SLOW = { timeout: 240_000 };
const CROP = {
  map: 'visible' as const,
  // What is dark is lung, and so are the phantom's corners: a high threshold and much trimming.
  threshold: 0.9,
  trim: 0.15,
  margin: 0.06,
  limits: { boxWidth: [0.1, 0.9] as [number, number] },
  otherwise: 'whole-picture' as const,
};
const network = testNetwork();

const lanes: Lane[] = [];
afterEach(() => {
  for (const lane of lanes.splice(0)) lane.close();
});

async function open(backend: BackendId, model = makeAssuredModel({ crop: CROP })): Promise<Lane> {
  const { lane, trial } = await Lane.open(
    backend,
    {
      source: { kind: 'bytes', model },
      createWorker: new WorkerYard().create,
      limits: {},
    },
    { plan: PLAN, allowSoftware: true },
  );
  if (!lane) throw new Error(trial.detail);
  lanes.push(lane);
  return lane;
}

async function inputOf(source: Blob): Promise<Float32Array> {
  return pictureToModelInput(await decodePicture(source));
}

/** What the classifier is to see, by the reference of the lung network. */
function expected(whole: Float32Array): { box: LungBox; values: Float32Array } {
  const logits = referenceLungs(whole);
  const map = (channel: number): Float32Array =>
    Float32Array.from(
      { length: LUNG_SIDE ** 2 },
      (_, at) => 1 / (1 + Math.exp(-logits[2 * at + channel])),
    );
  const { box } = locateLungs({ side: LUNG_SIDE, visible: map(0), whole: map(1) }, CROP);
  if (!box) throw new Error('The phantom has no lungs, so this proves nothing.');
  return { box, values: cropTo(whole, box) };
}

it.each(ALL)(
  '%s: classifier, map, copies see the box; lungs and measures all of it',
  SLOW,
  async (id) => {
    const lane = await open(id);
    const source = await phantomPng(5);
    const whole = await inputOf(source);
    const { box, values } = expected(whole);
    expect(box.right - box.left).toBeLessThan(200);
    const ask = { source, withFeatures: true, adjust: null };
    const reading = await lane.ask('read', { ...ask, examine: { copies: 'always' } });
    reading.thumbnail?.close();
    expect(reading.seen).toEqual({
      state: 'lungs',
      rect: {
        x: box.left / 224,
        y: box.top / 224,
        width: (box.right - box.left) / 224,
        height: (box.bottom - box.top) / 224,
      },
    });
    const reference = referenceRun(network, values);
    expect(largestDifference(reading.logits, reference.logits)).toBeLessThan(2e-3);
    // Otherwise the crop makes no difference to this network, and nothing was shown.
    expect(
      largestDifference(reference.logits, referenceRun(network, whole).logits),
    ).toBeGreaterThan(0.01);
    const { evidence } = reading;
    if (evidence?.lungs.state !== 'done') throw new Error('no lungs');
    expect(evidence.lungs.side).toBe(LUNG_SIDE);
    expect(evidence.hash).toBe(pictureHash(whole));
    const copies = evidence.copies;
    if (!copies || copies === 'not-needed') throw new Error(String(copies));
    const mirror = values.map((_, i) => values[i - (i % 224) + 223 - (i % 224)]);
    expect(largestDifference(copies[0], referenceRun(network, mirror).logits)).toBeLessThan(2e-3);
    // Asked for the classes alone, it sees the same.
    const alone = await lane.ask('read', { ...ask, examine: null });
    alone.thumbnail?.close();
    expect(alone.seen).toEqual(reading.seen);
    expect(largestDifference(alone.logits, reading.logits)).toBeLessThan(1e-4);
  },
);

it('the workbench embeds what the classifier sees, and changes copies of that', SLOW, async () => {
  const lane = await open('wasm');
  const source = await phantomPng(5);
  const { values } = expected(await inputOf(source));
  const turned = [0, 1, 0, -1, 0, 0] as const;
  const embedded = await lane.ask('embed', { source, copies: [turned], withInput: true });
  expect(largestDifference(embedded.input ?? [], values)).toBeLessThan(1e-6);
  const changed = new Float32Array(224 * 224);
  warp(values, 224, turned, changed);
  const rows = [values, changed].map((each) => referenceRun(network, each).logits);
  expect(
    largestDifference(
      embedded.logits,
      rows.flatMap((row) => [...row]),
    ),
  ).toBeLessThan(2e-3);
});

it('reads the whole picture and says why where the lungs are not located', SLOW, async () => {
  const source = await phantomPng(5);
  const whole = await inputOf(source);
  const reference = referenceRun(network, whole).logits;
  const narrow = { ...CROP, limits: { boxWidth: [0.95, 1] as [number, number] } };
  for (const [model, why] of [
    [makeAssuredModel({ crop: narrow }), 'boxWidth'],
    [makeAssuredModel({ crop: { ...CROP, limits: { area: [0.99, 1] } } }), 'area'],
    [makeAssuredModel({ crop: CROP, lungsWrongBy: 9 }), 'failed'],
  ] as const) {
    const lane = await open('wasm', model);
    const reading = await lane.ask('read', {
      source,
      withFeatures: false,
      examine: { copies: false },
      adjust: null,
    });
    reading.thumbnail?.close();
    expect(reading.seen).toEqual({ state: 'not-located', rect: WHOLE, why });
    expect(largestDifference(reading.logits, reference)).toBeLessThan(2e-3);
  }
});

it('a model that crops needs a lung network', () => {
  const { manifest } = makeAssuredModel({ lungs: false });
  const input = { ...manifest.input, crop: CROP };
  expect(() => parseManifest({ ...manifest, input })).toThrow(/needs a lung network/);
});
