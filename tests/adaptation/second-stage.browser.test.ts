/** The second stage as a whole: real engine, workers and store, WebGL as the processor imitates it. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  AdaptationRun,
  AdaptationStore,
  judgingModelOf,
  packModel,
  siteModelOf,
  STUDY_SETTINGS,
  unpackModel,
  type RunParts,
  type SecondStageParts,
  type TrainingSettings,
} from '../../src/adaptation/index.ts';
import { assure, defaultSettings } from '../../src/assurance/index.ts';
import {
  createScreeningService,
  type MeasuredScreeningService,
} from '../../src/inference/index.ts';
import type { SiteModel } from '../../src/inference/types.ts';
import { readGateTables, type Manifest } from '../../src/model/index.ts';
import type { ModelBytes } from '../../src/model/types.ts';
import { largestDifference, TestMemory, WorkerYard } from '../inference/support/bench.ts';
import { fetchShippedModel } from '../inference/support/shipped-model.ts';
import { classPicture, learnableFolder } from './support.ts';

const SLOW = { timeout: 900_000 };
let model: ModelBytes<Manifest>;
const open: MeasuredScreeningService[] = [];
const stores: AdaptationStore[] = [];
beforeAll(async () => {
  model = await fetchShippedModel();
});
afterEach(() => {
  for (const service of open.splice(0)) service.dispose();
  for (const store of stores.splice(0)) store.close();
});

function engineWith(site: SiteModel | null): MeasuredScreeningService {
  const source = { kind: 'bytes' as const, model, site };
  const engine = createScreeningService({ source, memory: new TestMemory(), poolSize: 1 });
  open.push(engine);
  return engine;
}

function newStore(name = `test-${crypto.randomUUID()}`): AdaptationStore {
  const store = new AdaptationStore(name);
  stores.push(store);
  return store;
}

/** Lets the imitated graphics processor pass, however slow it is. */
function patient(more: SecondStageParts = {}): SecondStageParts {
  return {
    source: { kind: 'bytes', model },
    limits: { msAPicture: Infinity, probeMs: 600_000, pictures: 1 },
    backends: ['webgl'],
    callMs: 600_000,
    ...more,
  };
}

function partsWith(store: AdaptationStore, secondStage: SecondStageParts): RunParts {
  const gate = model.manifest.assurance?.gate;
  return {
    store,
    base: model.manifest,
    engine: async (signal: AbortSignal) => {
      const engine = engineWith(null);
      await engine.start(signal);
      return engine;
    },
    gate: async () =>
      gate && model.gate ? { gate, tables: readGateTables(gate, model.gate) } : null,
    appVersion: 'test',
    secondStage,
  };
}

/** A head that has hardly begun, so that there is much left to learn; all pictures in one step, so that every step is downhill. */
const SETTINGS: TrainingSettings = {
  ...STUDY_SETTINGS,
  ...{
    epochs: 2,
    learningRate: 1e-5,
    batch: 32,
    dropout: 0,
    patience: 0,
    validationShare: 0.3,
    balance: 'none' as const,
  },
  tuning: { from: 16, epochs: 2, learningRate: 2e-5 },
};

describe('the second stage', () => {
  it(
    'lowers the loss, goes on after a reload, and reads the same as an imported file',
    SLOW,
    async () => {
      const folder = await learnableFolder({ COVID: 8, Normal: 8 });
      const name = `test-${crypto.randomUUID()}`;
      const first = AdaptationRun.begin(
        folder,
        SETTINGS,
        'Ward',
        partsWith(newStore(name), patient()),
      );
      const running = first.resume(folder);
      await expect.poll(() => first.log.length, { timeout: 600_000, interval: 20 }).toBe(3);
      await first.pause();
      await running;
      expect(first.fault).toBeNull();
      expect(first.phase).toBe('paused');
      expect(first.secondStage?.fault ?? null).toBeNull();

      // As after a reload: another store, another run; the folder is needed no more.
      const store = newStore(name);
      const [record] = await store.trainings();
      if (!record) throw new Error('nothing was kept');
      expect(record.epochs).toBe(3);
      const second = await AdaptationRun.continue(record, partsWith(store, patient()));
      expect(second.needsFolder).toBe(false);
      expect(second.log.map(({ stage, epoch }) => [stage, epoch])).toEqual([
        ['head', 1],
        ['head', 2],
        ['fine-tuning', 3],
      ]);
      await second.resume(null);
      expect(second.fault).toBeNull();
      expect(second.secondStage?.fault ?? null).toBeNull();
      const adapted = second.model;
      if (!adapted) throw new Error('no model');
      const { manifest } = adapted;
      const losses = manifest.log.map(({ loss }) => loss);
      expect(losses).toHaveLength(4);
      expect(losses[3]).toBeLessThan(losses[2] ?? 0);
      expect(losses[3]).toBeLessThan(losses[1] ?? 0);
      expect(manifest.keptEpoch).toBeGreaterThan(2);
      expect(manifest.tuned).toMatchObject({ from: 'b16' });
      expect(manifest.tuned?.golden).toHaveLength(model.manifest.golden.length);
      expect(Object.keys(adapted.overlay)).toHaveLength(8);
      // What the way needed is gone.
      expect(await store.trainings()).toEqual([]);
      expect(await store.tuning.places(record.id)).toEqual(new Set());
      expect(await store.tuning.state(record.id)).toBeNull();

      const [kept] = await store.models();
      const imported = await unpackModel(await packModel(adapted), model.manifest);
      expect(imported).toEqual(kept);
      const judging = judgingModelOf(manifest, model.manifest);
      const readWith = async (site: SiteModel | null) => {
        const engine = engineWith(site);
        const picture = new Blob([await classPicture(0, 900)]);
        const examine = { lungs: false, copies: 'always' as const };
        const reading = await engine.screen(picture, { examine });
        reading.thumbnail?.close();
        engine.dispose();
        return reading;
      };
      const here = await readWith(siteModelOf(adapted));
      const there = await readWith(siteModelOf(imported));
      const delivered = await readWith(null);
      expect(there.logits).toEqual(here.logits);
      expect(here.logits).toHaveLength(2);
      // The network is another one, and the gate still sees what it was fitted on.
      expect(largestDifference(here.embedding, delivered.embedding)).toBeGreaterThan(1e-3);
      const groups = delivered.evidence?.gate?.distances.length ?? 0;
      expect(groups).toBeGreaterThan(0);
      expect(
        largestDifference(
          here.evidence?.gate?.distances.slice(0, groups) ?? [],
          delivered.evidence?.gate?.distances ?? [],
        ),
      ).toBeLessThan(1e-3);
      const assurance = assure(here, defaultSettings(model.manifest), judging);
      expect(assurance.labels).toEqual(['COVID', 'Normal']);
      expect(assurance.gate.distances).toHaveLength(groups + manifest.gateGroups.length);
    },
  );

  it('leaves the head to a device that cannot, and says why', SLOW, async () => {
    const folder = await learnableFolder({ A: 6, B: 6 });
    const store = newStore();
    const slow = patient({ limits: { msAPicture: 0, probeMs: 600_000, pictures: 1 } });
    const run = AdaptationRun.begin(folder, SETTINGS, 'Slow', partsWith(store, slow));
    await run.resume(folder);
    expect(run.phase).toBe('done');
    expect(run.fault).toBeNull();
    expect(run.secondStage?.fault).toMatchObject({
      code: 'adaptation-second-stage-impossible',
      message: expect.stringMatching(
        /only imitated .* an epoch of \d+ pictures would take \d+ seconds/,
      ),
    });
    expect(run.model?.manifest).toMatchObject({ tuned: null, keptEpoch: expect.any(Number) });
    expect(run.model?.manifest.notes).toContain('tuning-left-out');
    expect(run.model?.manifest.log.every(({ stage }) => stage === undefined)).toBe(true);
    expect(run.model?.overlay).toEqual({});
  });

  it('keeps the best so far when the graphics processor goes away for good', SLOW, async () => {
    const folder = await learnableFolder({ A: 6, B: 6 });
    const made: Worker[] = [];
    const createTail = (): Worker => {
      const worker = new WorkerYard().create();
      made.push(worker);
      return worker;
    };
    const settings = { ...SETTINGS, tuning: { from: 16, epochs: 3, learningRate: 1e-3 } };
    const parts = partsWith(newStore(), patient({ createTail, callMs: 20_000 }));
    const run = AdaptationRun.begin(folder, settings, 'Lost', parts);
    const running = run.resume(folder);
    // The first worker was the probe's, the second trains.
    await expect.poll(() => run.log.length, { timeout: 600_000, interval: 20 }).toBe(3);
    made[1]?.terminate();
    await running;
    expect(run.phase).toBe('done');
    expect(run.secondStage?.fault).toMatchObject({ code: 'tail-silent' });
    const { log, notes, tuned } = run.model?.manifest ?? {};
    expect(log).toHaveLength(3);
    expect(notes).toContain(tuned ? 'tuning-cut' : 'tuning-left-out');
  });

  it('goes on in memory when the disk is full, and is canceled without a trace', SLOW, async () => {
    const folder = await learnableFolder({ A: 6, B: 6 });
    const store = newStore();
    // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    try {
      const settings = { ...SETTINGS, tuning: { from: 16, epochs: 1, learningRate: 1e-3 } };
      const run = AdaptationRun.begin(folder, settings, 'Full', partsWith(store, patient()));
      await run.resume(folder);
      expect(run.phase).toBe('done');
      expect(run.notKept?.message).toMatch(/no more space/);
      expect(run.log).toHaveLength(3);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    const run = AdaptationRun.begin(folder, SETTINGS, 'Gone', partsWith(store, patient()));
    const running = run.resume(folder);
    await expect.poll(() => run.log.length, { timeout: 600_000, interval: 20 }).toBe(2);
    expect((await store.tuning.places(run.record.id)).size).toBe(12);
    await run.discard();
    await running;
    expect(await store.trainings()).toEqual([]);
    expect((await store.tuning.places(run.record.id)).size).toBe(0);
  });
});
