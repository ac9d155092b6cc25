/** The whole way with the real engine, worker and IndexedDB: read, train, keep, go on, read with it. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  AdaptationRun,
  AdaptationStore,
  judgingModelOf,
  siteModelOf,
  STUDY_SETTINGS,
  type RunParts,
  type TrainingSettings,
} from '../../src/adaptation/index.ts';
import { assure, defaultSettings } from '../../src/assurance/index.ts';
import type { LabelledFolder, LabelledItem } from '../../src/dataset/index.ts';
import {
  createScreeningService,
  type MeasuredScreeningService,
} from '../../src/inference/index.ts';
import type { SiteModel } from '../../src/inference/types.ts';
import { readGateTables } from '../../src/model/index.ts';
import { FileGoneError } from '../../src/radiograph/index.ts';
import { largestDifference, TestMemory } from '../inference/support/bench.ts';
import { makeAssuredModel } from '../inference/support/assured-model.ts';
import { classPicture, learnableFolder } from './support.ts';

const model = makeAssuredModel();
const open: MeasuredScreeningService[] = [];
const stores: AdaptationStore[] = [];
afterEach(() => {
  for (const service of open.splice(0)) service.dispose();
  for (const store of stores.splice(0)) store.close();
});

function engineWith(site: SiteModel | null): MeasuredScreeningService {
  const engine = createScreeningService({
    source: { kind: 'bytes', model, site },
    memory: new TestMemory(),
    poolSize: 1,
  });
  open.push(engine);
  return engine;
}

function newStore(name = `test-${crypto.randomUUID()}`): AdaptationStore {
  const store = new AdaptationStore(name);
  stores.push(store);
  return store;
}

function partsWith(store = newStore()): RunParts & { engines: number } {
  const gate = model.manifest.assurance?.gate;
  const parts = {
    engines: 0,
    store,
    base: model.manifest,
    engine: async (signal: AbortSignal) => {
      parts.engines++;
      const engine = engineWith(null);
      await engine.start(signal);
      return engine;
    },
    gate: async () =>
      gate && model.gate ? { gate, tables: readGateTables(gate, model.gate) } : null,
    appVersion: 'test',
  };
  return parts;
}

const QUICK: TrainingSettings = {
  ...STUDY_SETTINGS,
  epochs: 12,
  patience: 0,
  validationShare: 0.3,
};
const folderOf = learnableFolder(
  { COVID: 14, Zebra: 14, Yak: 12 },
  {
    'Yak/broken.png': 'this is no picture',
  },
);

/** The same folder, but every file from this place on is gone. */
function without(folder: LabelledFolder, from: number): LabelledFolder {
  const gone = (item: LabelledItem): LabelledItem => ({
    ...{ path: item.path, label: item.label, origin: null, group: null, mask: null },
    open: () => Promise.reject(new FileGoneError(item.path, 'Bring it back.')),
  });
  return { ...folder, items: folder.items.map((item, at) => (at >= from ? gone(item) : item)) };
}

describe('a training', () => {
  it('learns classes of its own, goes on without unreadable pictures, and reads with the result', async () => {
    const folder = await folderOf;
    const parts = partsWith();
    const run = AdaptationRun.begin(folder, QUICK, 'Ward 3', parts);
    await run.resume(folder);
    expect(run.fault).toBeNull();
    expect(run.phase).toBe('done');
    expect(run.unreadable.map(({ path }) => path)).toEqual([
      expect.stringContaining('Yak/broken.png'),
    ]);
    const adapted = run.model;
    if (!adapted) throw new Error('no model');
    const { manifest } = adapted;
    expect(manifest.labels).toEqual(['COVID', 'Yak', 'Zebra']);
    expect(manifest.log).toHaveLength(QUICK.epochs);
    expect(manifest.pictures.unreadable).toBe(1);
    expect(manifest.log.at(-1)?.loss).toBeLessThan(manifest.log[0]?.loss ?? 0);
    expect(manifest.evaluation.adapted.accuracy).toBeGreaterThan(0.6);
    expect(manifest.notes).toContain('few-for-temperature');
    // Only COVID is known to the delivered model: there is nothing to compare.
    expect(manifest.evaluation.comparison).toBeNull();

    // Kept, and the way to it forgotten.
    expect((await parts.store.models()).map((each) => each.manifest.id)).toEqual([manifest.id]);
    expect(await parts.store.trainings()).toEqual([]);

    const engine = engineWith(siteModelOf(adapted));
    const judging = judgingModelOf(manifest, model.manifest);
    let right = 0;
    for (const look of [0, 1, 2]) {
      const label = ['COVID', 'Zebra', 'Yak'][look];
      const reading = await engine.screen(new Blob([await classPicture(look, 900 + look)]), {
        examine: { lungs: true, copies: true, patient: true },
      });
      reading.thumbnail?.close();
      expect(reading.logits).toHaveLength(3);
      expect(reading.modelVersion).toBe(`${model.manifest.version}+site.${manifest.id}`);
      const assurance = assure(reading, defaultSettings(model.manifest), judging);
      expect(assurance.adapted).toMatchObject({ name: 'Ward 3' });
      expect(assurance.labels).toEqual(manifest.labels);
      expect(assurance.priors.applied).toBe(false);
      expect(assurance.triage).toBeNull();
      expect(assurance.gate.distances).toHaveLength(
        (model.manifest.assurance?.gate.groups.length ?? 0) + manifest.gateGroups.length,
      );
      // The evidence is that of the site's own head.
      for (const [k, logit] of reading.logits.entries()) {
        const map = Array.from(assurance.why?.maps.subarray(49 * k, 49 * (k + 1)) ?? []);
        const sum = map.reduce((total, value) => total + value, assurance.why?.biases[k] ?? 0);
        expect(sum).toBeCloseTo(logit, 3);
      }
      if (assurance.assessment.label === label) right++;
    }
    expect(right).toBeGreaterThanOrEqual(2);
  });

  it('gives the same head to the last bit, paused and continued in another tab or not', async () => {
    const folder = await folderOf;
    const settings = { ...QUICK, copies: 1 };
    const whole = AdaptationRun.begin(folder, settings, 'A', partsWith());
    await whole.resume(folder);

    const name = `test-${crypto.randomUUID()}`;
    const first = AdaptationRun.begin(folder, settings, 'B', partsWith(newStore(name)));
    const reading = first.resume(folder);
    await expect.poll(() => first.record.done, { interval: 5 }).toBeGreaterThan(8);
    await first.pause();
    await reading;
    expect(first.phase).toBe('paused');
    expect(first.needsFolder).toBe(true);

    // As after a reload: another store, another run, the record from the disk.
    const store = newStore(name);
    const [record] = await store.trainings();
    if (!record) throw new Error('nothing was kept');
    const parts = partsWith(store);
    const second = await AdaptationRun.continue(record, parts);
    expect(second.record.done).toBeGreaterThan(8);
    const training = second.resume(folder);
    await expect.poll(() => second.log.length, { interval: 5, timeout: 60_000 }).toBeGreaterThan(2);
    await second.pause();
    await training;

    // In the middle of the epochs the folder is needed no more.
    const again = newStore(name);
    const [later] = await again.trainings();
    if (later) {
      expect(later.epochs).toBeGreaterThan(2);
      const third = await AdaptationRun.continue(later, partsWith(again));
      expect(third.needsFolder).toBe(false);
      await third.resume(null);
      expect(third.fault).toBeNull();
    }
    const [kept] = await again.models();
    expect(kept?.manifest.log).toEqual(whole.model?.manifest.log);
    expect(largestDifference(kept?.head ?? [], whole.model?.head ?? [1])).toBe(0);
  });

  it('says that the folder went away, keeps what was read, and goes on when it is back', async () => {
    const folder = await learnableFolder({ Normal: 8, COVID: 8 });
    const parts = partsWith();
    const run = AdaptationRun.begin(folder, QUICK, 'C', parts);
    await run.resume(without(folder, 0));
    expect(run.phase).toBe('stopped');
    expect(run.fault?.code).toBe('adaptation-folder-gone');
    expect(run.unreadable).toEqual([]);
    const other = await learnableFolder({ Normal: 8, COVID: 9 });
    await run.resume(other);
    expect(run.fault?.code).toBe('adaptation-not-the-same');
    await run.resume(folder);
    expect(run.phase).toBe('done');
    // Both classes are known: the two models stand side by side.
    expect(run.model?.manifest.evaluation.comparison?.installed.pictures).toBeGreaterThan(0);
  });

  it('goes on in memory when the disk is full, and says so', async () => {
    const folder = await learnableFolder({ A: 6, B: 6 });
    const store = newStore();
    const full = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = full;
    try {
      const run = AdaptationRun.begin(folder, QUICK, 'D', partsWith(store));
      await run.resume(folder);
      expect(run.phase).toBe('done');
      expect(run.notKept?.code).toBe('adaptation-not-kept');
      expect(run.notKept?.message).toMatch(/no more space/);
      expect(run.model?.manifest.labels).toEqual(['A', 'B']);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    expect(await store.models()).toEqual([]);
  });

  it('cannot run in two tabs at once', async () => {
    const folder = await learnableFolder({ A: 6, B: 6 });
    const parts = partsWith();
    const run = AdaptationRun.begin(folder, QUICK, 'E', parts);
    await navigator.locks.request(`fieldray-adaptation-${run.record.id}`, async () => {
      await run.resume(folder);
      expect(run.fault?.code).toBe('adaptation-elsewhere');
    });
    await run.discard();
    expect(await parts.store.trainings()).toEqual([]);
  });
});

describe('an adapted model on another delivered one', () => {
  it('is refused by the worker', async () => {
    const site: SiteModel = {
      base: { id: model.manifest.id, version: '0.0.1' },
      version: 'x',
      head: { weights: new Float32Array(2560), biases: new Float32Array(2) },
      overlay: null,
      gateCenters: new Float32Array(0),
    };
    await expect(engineWith(site).start()).rejects.toMatchObject({ code: 'site-model-mismatch' });
  });

  it('takes weights of the graph, and is held to the known answers that came with them', async () => {
    const { id, version, golden } = model.manifest;
    const wrong: SiteModel = {
      base: { id, version },
      version: 'x',
      head: { weights: new Float32Array(2560), biases: new Float32Array(2) },
      overlay: { weights: {}, golden: golden.map(({ logits }) => logits.map((v) => v + 1)) },
      gateCenters: null,
    };
    await expect(engineWith(wrong).start()).rejects.toMatchObject({ code: 'no-backend-works' });
    const none: SiteModel = {
      ...wrong,
      overlay: {
        weights: { 'no such weight': new Float32Array(1) },
        golden: golden.map(({ logits }) => logits),
      },
    };
    await expect(engineWith(none).start()).rejects.toMatchObject({ code: 'model-unusable' });
  });
});
