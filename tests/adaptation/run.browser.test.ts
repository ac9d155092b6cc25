/** The whole way with the real engine, workers and IndexedDB: read, train, keep, go on, read with it. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  AdaptationRun,
  judgingModelOf,
  siteModelOf,
  type AdaptedManifest,
  type AdaptedModel,
} from '../../src/adaptation/index.ts';
import { assure, defaultSettings } from '../../src/assurance/index.ts';
import type { SiteModel } from '../../src/inference/types.ts';
import { classPicture, learnableFolder } from './support.ts';
import {
  atPicture,
  closeAll,
  engineWith,
  model,
  newStore,
  onFullDisk,
  partsWith,
  QUICK,
  unpluggedAfter,
  workerWith,
} from './run-support.ts';

/** A busy machine needs minutes for what takes seconds. */
const LIMIT = 180_000;
afterEach(closeAll);

const folderOf = learnableFolder(
  { COVID: 14, Zebra: 14, Yak: 12 },
  { 'Yak/Yak 5 broken.png': 'this is no picture' },
);

function modelOf(run: AdaptationRun): AdaptedModel {
  if (!run.model) throw new Error(`There is no model: ${JSON.stringify(run.fault)}`);
  return run.model;
}

/** Everything but what tells one training from another. */
function outcomeOf({ manifest, head, gateCenters }: AdaptedModel): unknown {
  const bits = (values: Float32Array): number[] => [...new Uint32Array(values.slice().buffer)];
  const rest: Partial<AdaptedManifest> = { ...manifest };
  for (const key of ['id', 'name', 'created', 'gateGroups'] as const) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- of a copy
    delete rest[key];
  }
  return { rest, head: bits(head), gateCenters: bits(gateCenters) };
}

describe('a training', () => {
  it(
    'learns classes of its own, goes on without unreadable pictures, and reads with the result',
    async () => {
      const folder = await folderOf;
      const parts = partsWith();
      const run = AdaptationRun.begin(folder, QUICK, 'Ward 3', parts);
      await run.resume(folder);
      expect(run.fault).toBeNull();
      expect(run.phase).toBe('done');
      expect(run.unreadable.map(({ path }) => path)).toEqual([
        expect.stringContaining('Yak/Yak 5 broken.png'),
      ]);
      const adapted = modelOf(run);
      const { manifest } = adapted;
      expect(manifest.labels).toEqual(['COVID', 'Yak', 'Zebra']);
      expect(manifest.log).toHaveLength(QUICK.epochs);
      expect(manifest.pictures.unreadable).toBe(1);
      expect(manifest.madeWith.backend).toBe('wasm');
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
          examine: { copies: 'always' },
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
    },
    LIMIT,
  );

  it(
    'gives the same head to the last bit: again, with more workers, or interrupted twice',
    async () => {
      const folder = await folderOf;
      const settings = { ...QUICK, copies: 1 };
      const whole = AdaptationRun.begin(folder, settings, 'A', partsWith());
      await whole.resume(folder);
      const expected = outcomeOf(modelOf(whole));

      // Two workers finish pictures in another order.
      const again = AdaptationRun.begin(
        folder,
        settings,
        'B',
        partsWith(newStore(), { poolSize: 2 }),
      );
      await again.resume(folder);
      expect(outcomeOf(modelOf(again))).toEqual(expected);

      const name = `test-${crypto.randomUUID()}`;
      const first = AdaptationRun.begin(folder, settings, 'C', partsWith(newStore(name)));
      await first.resume(atPicture(folder, 17, () => void first.pause()));
      expect(first.phase).toBe('paused');
      expect(first.record.done).toBeGreaterThan(0);
      expect(first.needsFolder).toBe(true);

      // As after a reload: another store, another run, the record from the disk.
      const store = newStore(name);
      const [record] = await store.trainings();
      expect(record).toMatchObject({ done: first.record.done, epochs: 0 });
      const parts = partsWith(store, { createWorker: workerWith(5, () => void second.pause()) });
      const second: AdaptationRun = await AdaptationRun.continue(record, parts);
      expect(second.record.done).toBe(first.record.done);
      await second.resume(folder);
      expect(second.phase).toBe('paused');
      expect(second.log).toHaveLength(4);

      // In the middle of the epochs the folder is needed no more.
      const last = newStore(name);
      const [later] = await last.trainings();
      expect(later).toMatchObject({ done: 41, epochs: 4 });
      const third = await AdaptationRun.continue(later, partsWith(last));
      expect(third.needsFolder).toBe(false);
      await third.resume(null);
      expect(outcomeOf(modelOf(third))).toEqual(expected);
      const [kept] = await last.models();
      expect(kept).toBeDefined();
      expect(outcomeOf(kept)).toEqual(expected);

      const other = AdaptationRun.begin(folder, { ...settings, seed: 7 }, 'D', partsWith());
      await other.resume(folder);
      expect(outcomeOf(modelOf(other))).not.toEqual(expected);
    },
    LIMIT,
  );

  it(
    'is canceled while it reads or trains, and nothing is left of it',
    async () => {
      const folder = await learnableFolder({ A: 8, B: 8 });
      const store = newStore();
      const reading = AdaptationRun.begin(folder, QUICK, 'E', partsWith(store));
      let canceled = Promise.resolve();
      await reading.resume(atPicture(folder, 6, () => (canceled = reading.discard())));
      await canceled;
      expect(reading.model).toBeNull();
      expect(await store.trainings()).toEqual([]);
      expect(await store.training(reading.record.id)).toBeNull();

      const parts = partsWith(store, {
        createWorker: workerWith(3, () => (canceled = training.discard())),
      });
      const training: AdaptationRun = AdaptationRun.begin(folder, QUICK, 'F', parts);
      await training.resume(folder);
      await canceled;
      expect(training.model).toBeNull();
      expect(await store.trainings()).toEqual([]);
      expect(await store.training(training.record.id)).toBeNull();
      expect(await store.models()).toEqual([]);
    },
    LIMIT,
  );

  it(
    'goes on at once when it is continued before the pause has come to its end',
    async () => {
      const folder = await learnableFolder({ A: 6, B: 6 });
      const run = AdaptationRun.begin(folder, QUICK, 'G', partsWith());
      let again = Promise.resolve();
      await run.resume(
        atPicture(folder, 5, () => {
          void run.pause();
          again = run.resume(folder);
        }),
      );
      await again;
      expect(run.fault).toBeNull();
      expect(run.phase).toBe('done');
    },
    LIMIT,
  );

  it(
    'says that the folder went away in the middle, keeps what was read, and goes on when it is back',
    async () => {
      const folder = await learnableFolder({ Normal: 12, COVID: 12 });
      const parts = partsWith();
      const run = AdaptationRun.begin(folder, QUICK, 'H', parts);
      await run.resume(unpluggedAfter(folder, 9));
      expect(run.phase).toBe('stopped');
      expect(run.fault?.code).toBe('adaptation-folder-gone');
      expect(run.unreadable).toEqual([]);
      const { done } = run.record;
      expect(done).toBeGreaterThan(0);
      expect(done).toBeLessThanOrEqual(9);
      expect(await parts.store.trainings()).toMatchObject([{ done }]);
      const other = await learnableFolder({ Normal: 12, COVID: 13 });
      await run.resume(other);
      expect(run.fault?.code).toBe('adaptation-not-the-same');
      await run.resume(folder);
      expect(run.phase).toBe('done');
      // Both classes are known: the two models stand side by side.
      const { comparison } = modelOf(run).manifest.evaluation;
      expect(comparison?.installed.pictures).toBeGreaterThan(0);

      const whole = AdaptationRun.begin(folder, QUICK, 'I', partsWith());
      await whole.resume(folder);
      expect(outcomeOf(modelOf(run))).toEqual(outcomeOf(modelOf(whole)));
    },
    LIMIT,
  );

  it(
    'goes on in memory when the disk is full, and says so',
    async () => {
      const folder = await learnableFolder({ A: 6, B: 6 });
      const store = newStore();
      await onFullDisk(async () => {
        const run = AdaptationRun.begin(folder, QUICK, 'J', partsWith(store));
        await run.resume(folder);
        expect(run.phase).toBe('done');
        expect(run.notKept?.code).toBe('adaptation-not-kept');
        expect(run.notKept?.message).toMatch(/no more space/);
        expect(modelOf(run).manifest.labels).toEqual(['A', 'B']);
      });
      expect(await store.models()).toEqual([]);
    },
    LIMIT,
  );

  it(
    'keeps at the pause what a full disk did not take before',
    async () => {
      const folder = await learnableFolder({ A: 24, B: 24 });
      const store = newStore();
      const run = AdaptationRun.begin(folder, QUICK, 'K', partsWith(store));
      await onFullDisk((free) =>
        run.resume(
          atPicture(folder, 42, () => {
            expect(run.notKept?.code).toBe('adaptation-not-kept');
            free();
            void run.pause();
          }),
        ),
      );
      expect(run.notKept).toBeNull();
      expect(run.record.done).toBeGreaterThan(35);
      const [record] = await store.trainings();
      const kept = await store.training(record.id);
      expect(kept?.pictures).toHaveLength(run.record.done);
    },
    LIMIT,
  );

  it(
    'that diverges keeps its best epoch, or says what to change',
    async () => {
      const folder = await learnableFolder({ A: 8, B: 8 });
      // The weights leave float32 after a few steps: one an epoch, or all in the first.
      const late = { ...QUICK, epochs: 60, batch: 1000, learningRate: 1e38 };
      const run = AdaptationRun.begin(folder, late, 'Late', partsWith());
      await run.resume(folder);
      expect(run.fault).toBeNull();
      const { manifest, head } = modelOf(run);
      expect(manifest.notes).toContain('diverged');
      expect(manifest.log.length).toBeLessThan(60);
      expect(manifest.keptEpoch).toBeGreaterThan(0);
      expect(head.every(Number.isFinite)).toBe(true);

      const store = newStore();
      const early = { ...late, batch: 1, dropout: 0, learningRate: 3e38 };
      const none = AdaptationRun.begin(folder, early, 'Early', partsWith(store));
      await none.resume(folder);
      expect(none.phase).toBe('stopped');
      expect(none.fault).toMatchObject({
        code: 'training-diverged',
        remedy: 'Train anew with a learning rate ten times smaller (under “Every setting”).',
      });
      expect(await store.models()).toEqual([]);
    },
    LIMIT,
  );

  it('cannot run in two tabs at once', async () => {
    const folder = await learnableFolder({ A: 6, B: 6 });
    const parts = partsWith();
    const run = AdaptationRun.begin(folder, QUICK, 'L', parts);
    await navigator.locks.request(`fieldray-adaptation-${run.record.id}`, async () => {
      await run.resume(folder);
      expect(run.fault?.code).toBe('adaptation-elsewhere');
    });
    await run.discard();
    expect(await parts.store.trainings()).toEqual([]);
  });
});

describe('a folder that is too little', () => {
  it('has one class, two pictures of one, or an empty class folder', async () => {
    await expect(learnableFolder({ A: 6 })).rejects.toMatchObject({ code: 'dataset-one-class' });
    const folder = await learnableFolder({ A: 6, B: 2 }, { 'C/read me.txt': 'to come' });
    expect(folder.labels).toEqual(['A', 'B']);
    expect(folder.troubles).toMatchObject([{ code: 'dataset-empty-class' }]);
    expect(() => AdaptationRun.begin(folder, QUICK, 'M', partsWith())).toThrow(
      /“B” has only 2 pictures/,
    );
  });

  it(
    'has enough files, and too few of them can be read',
    async () => {
      const broken = Object.fromEntries([0, 1, 2].map((n) => [`B/B ${n} broken.png`, 'text']));
      const folder = await learnableFolder({ A: 6, B: 2 }, broken);
      const parts = partsWith();
      const run = AdaptationRun.begin(folder, QUICK, 'N', parts);
      await run.resume(folder);
      expect(run.phase).toBe('stopped');
      expect(run.fault?.code).toBe('adaptation-too-few-pictures');
      expect(run.unreadable).toHaveLength(3);
      await run.discard();
      expect(await parts.store.trainings()).toEqual([]);
    },
    LIMIT,
  );
});

describe('an adapted model on another delivered one', () => {
  it(
    'is refused by the worker',
    async () => {
      const site: SiteModel = {
        base: { id: model.manifest.id, version: '0.0.1' },
        version: 'x',
        temperature: 1,
        head: { weights: new Float32Array(2560), biases: new Float32Array(2) },
        overlay: null,
        gateCenters: new Float32Array(0),
      };
      await expect(engineWith(site).start()).rejects.toMatchObject({
        code: 'site-model-mismatch',
      });
    },
    LIMIT,
  );

  it(
    'takes weights of the graph, and is held to the known answers that came with them',
    async () => {
      const { id, version, golden } = model.manifest;
      const wrong: SiteModel = {
        base: { id, version },
        version: 'x',
        temperature: 1,
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
    },
    LIMIT,
  );
});
