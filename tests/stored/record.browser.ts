/**
 * Writes tests/fixtures/stored/*.json: what this version of the app leaves in its databases. Run it
 * before a change of what is stored, under a new file name, and keep the old files:
 * VITE_FIELDRAY_RECORD=<name> npx vitest run --project browser
 */
import { commands } from 'vitest/browser';
import { describe, it } from 'vitest';
import { AdaptationRun } from '../../src/adaptation/index.ts';
import { FolderScan, ScanPool, ScanStore } from '../../src/dataset/index.ts';
import { EvaluationRunner, RunStore } from '../../src/evaluation/index.ts';
import { openModelStore } from '../../src/model/index.ts';
import { closeAll, newStore, partsWith, QUICK, workerWith } from '../adaptation/run-support.ts';
import { dumpDatabase } from '../fixtures/stored-data.ts';
import { FaultSite } from '../model/support/fault-client.ts';
import { fixtureModel } from '../model/support/fixture-model.ts';
import { HASTY, trusting } from '../model/support/harness.ts';
import { makeServices } from '../screens/support/harness.ts';
import { fullManifest } from '../screens/support/manifest.ts';
import { storedFolder } from './folders.ts';

const NAME = import.meta.env.VITE_FIELDRAY_RECORD as string | undefined;

async function record(database: string, of: string): Promise<void> {
  const text = `${JSON.stringify(await dumpDatabase(database))}\n`;
  await commands.writeFile(`tests/fixtures/stored/${of}-${NAME ?? ''}.json`, text);
}

describe('what this version stores', () => {
  it('of the delivered model: one version in use, another on its way', async () => {
    const name = `record-${crypto.randomUUID()}`;
    const size = { graphBytes: 600, shards: [2500, 1001] };
    const store = await openModelStore({
      name,
      chunkBytes: 1024,
      retry: { ...HASTY.retry, attempts: 1 },
    });
    const first = await fixtureModel(size);
    await store.install((await FaultSite.create(first.site)).base, trusting());
    const next = await fixtureModel({ ...size, version: '2.1.0', seed: 2 });
    const site = await FaultSite.create(next.site, {
      faults: [{ path: 'weights-1of2.bin', kind: 'cut', after: 1500 }],
    });
    await store.install(site.base, trusting()).catch(() => undefined);
    store.close();
    await record(name, 'model');
  });

  it('of a scan', async () => {
    const name = `record-${crypto.randomUUID()}`;
    const store = new ScanStore(name);
    const folder = await storedFolder();
    const scan = new FolderScan(folder, { store, pool: () => new ScanPool(1) });
    await scan.load();
    await scan.start();
    const root = await navigator.storage.getDirectory();
    const handle = await root.getDirectoryHandle('Ward 3', { create: true });
    await store.remember('Ward 3', handle);
    await scan.dispose();
    await record(name, 'dataset');
  });

  it('of two evaluations, one of them paused', async () => {
    const services = await makeServices({ manifest: fullManifest() });
    const [model] = await (await services.evaluation()).models();
    const name = `record-${crypto.randomUUID()}`;
    const store = new RunStore(name);
    const folder = await storedFolder();
    const parts = { store, appVersion: '0.1.0', now: () => 1_790_000_000_000 };
    await EvaluationRunner.begin(folder, model, parts).resume();
    const paused = EvaluationRunner.begin(folder, model, {
      ...parts,
      now: () => 1_790_000_900_000,
    });
    paused.subscribe(() => {
      if (paused.run.done >= 3) void paused.pause();
    });
    const slow = folder.items[4];
    const open = slow.open.bind(slow);
    Object.defineProperty(slow, 'open', {
      value: async (signal?: AbortSignal) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return open(signal);
      },
    });
    await paused.resume();
    await paused.rename('Ward 3, second reader');
    store.close();
    services.dispose();
    await record(name, 'evaluations');
  });

  it('of an adapted model and a training that was paused', async () => {
    const name = `record-${crypto.randomUUID()}`;
    const store = newStore(name);
    const folder = await storedFolder();
    const at = { now: () => 1_790_000_000_000 };
    const done = AdaptationRun.begin(folder, QUICK, 'Ward 3', partsWith(store, at));
    await done.resume(folder);
    if (!done.model) throw new Error(JSON.stringify(done.fault));
    let pause = (): void => undefined;
    const parts = partsWith(store, { ...at, createWorker: workerWith(3, () => pause()) });
    const settings = { ...QUICK, epochs: 40 };
    const run = AdaptationRun.begin(folder, settings, 'Ward 3 again', parts);
    pause = () => void run.pause();
    await run.resume(folder);
    const { id } = run.record;
    await store.tuning.keep(id, 0, Uint16Array.of(0, 0x3c00, 0xbc00, 0x7bff));
    await store.tuning.keep(id, 1, Uint16Array.of(1, 2, 3));
    const weights = { kernel: Float32Array.of(0.5, -0.25) };
    const head = Float32Array.of(1, 2, 3);
    await store.tuning.saveState(id, {
      log: [
        {
          epoch: 1,
          accuracy: 0.75,
          loss: 0.6,
          val_accuracy: 0.5,
          val_loss: 0.7,
          learning_rate: 1e-5,
        },
      ],
      tail: { steps: 1, weights, first: weights, second: weights },
      head,
      adam: { steps: 1, first: Float64Array.of(4, 5, 6), second: Float64Array.of(7, 8, 9) },
      random: [1, 2, 3, 4],
      best: { epoch: 1, loss: 0.7, head, weights, validation: Float64Array.of(0.1, -0.1) },
    });
    closeAll();
    await record(name, 'adaptations');
    await record(`${name}-tuning`, 'adaptations-tuning');
  });
});
