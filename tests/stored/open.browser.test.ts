/**
 * What version 0.1.0 left on a device (tests/fixtures/stored, recorded by record.browser.ts) is
 * opened by the code of today, and work that was under way goes on from there.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { AdaptationRun, siteModelOf } from '../../src/adaptation/index.ts';
import { FolderScan, ScanPool, ScanStore } from '../../src/dataset/index.ts';
import { EvaluationRunner, RunStore } from '../../src/evaluation/index.ts';
import { openModelStore } from '../../src/model/index.ts';
import { closeAll, engineWith, newStore, partsWith } from '../adaptation/run-support.ts';
import { classPicture } from '../adaptation/support.ts';
import { restoreDatabase, type StoredDatabase } from '../fixtures/stored-data.ts';
import { FaultSite } from '../model/support/fault-client.ts';
import { fixtureModel } from '../model/support/fixture-model.ts';
import { expectStored, HASTY, trusting } from '../model/support/harness.ts';
import { makeServices } from '../screens/support/harness.ts';
import { fullManifest } from '../screens/support/manifest.ts';
import { counted, storedFolder } from './folders.ts';

const files = import.meta.glob<StoredDatabase>('../fixtures/stored/*.json', { import: 'default' });
const made: string[] = [];

/** A database with what was recorded, under a name of its own. */
async function restored(
  of: string,
  name = `stored-${crypto.randomUUID()}`,
  [from, to]: readonly [string, string] = ['', ''],
): Promise<string> {
  const load = files[`../fixtures/stored/${of}.json`];
  if (!load) throw new Error(`There is no ${of}.json.`);
  const stored = await load();
  const changed = from ? JSON.stringify(stored).replaceAll(from, to) : null;
  await restoreDatabase(name, changed ? (JSON.parse(changed) as StoredDatabase) : stored);
  made.push(name);
  return name;
}

afterEach(() => {
  closeAll();
  for (const name of made.splice(0)) indexedDB.deleteDatabase(name);
});

const SIZE = { graphBytes: 600, shards: [2500, 1001] };

describe('data of version 1', () => {
  it('a model is read, and the download of the next one goes on where it stopped', async () => {
    // The half-fetched one is offered as version 2: the app takes no earlier one any more.
    const next = await fixtureModel({ ...SIZE, version: '2.1.0', seed: 2 });
    const name = await restored('model-v1', undefined, [
      'fixture-net@1.1.0/069fce1cb260',
      next.key,
    ]);
    const store = await openModelStore({ name, ...HASTY });
    await expectStored(store, await fixtureModel({ ...SIZE, version: '1.0.0' }));
    expect((await store.verify()).ok).toBe(true);
    expect(await store.usage()).toEqual({ modelBytes: 4101, partialBytes: 2100 });
    const site = await FaultSite.create(next.site);
    await store.install(site.base, trusting());
    await expectStored(store, next);
    expect((await site.fileRequests()).map(({ range }) => range)).toEqual(['bytes=1500-', null]);
    store.close();
  });

  it('a scan is complete, and its folder is remembered', async () => {
    const store = new ScanStore(await restored('dataset-v1'));
    const folder = counted(await storedFolder());
    const scan = new FolderScan(folder, { store, pool: () => new ScanPool(1) });
    await scan.load();
    expect(scan.view).toMatchObject({ phase: 'done', total: 9, done: 9, failed: 1, kept: 9 });
    const { facts, failures, sums, smalls } = scan.result;
    const broken = folder.items.findIndex(({ path }) => path.includes('broken'));
    expect(failures.get(broken)?.code).toBe('unsupported-format');
    expect(facts.filter((each) => each?.format === 'png' && each.width === 96)).toHaveLength(8);
    expect([...sums.values()].map((each) => each.pictures)).toEqual([4, 4]);
    expect(new Set(smalls).size).toBeGreaterThan(20);
    expect(folder.opened()).toBe(0);
    const recent = await store.recent();
    expect(recent?.name).toBe('Ward 3');
    expect(recent?.handle.kind).toBe('directory');
    await scan.dispose();
  });

  it('evaluations are listed, and one that was paused goes on with what is left', async () => {
    const store = new RunStore(await restored('evaluations-v1'));
    const [second, first, ...more] = await store.list();
    expect(more).toEqual([]);
    expect([first.name, first.done, first.total]).toEqual(['Ward 3', 9, 9]);
    expect(first.finishedAt).toBe(1_790_000_000_000);
    expect([second.name, second.finishedAt]).toEqual(['Ward 3, second reader', null]);
    const pictures = await store.pictures(first.id);
    expect(pictures).toHaveLength(9);
    const answered = pictures.filter(({ logits }) => logits?.length === 4);
    expect(answered).toHaveLength(8);
    expect(pictures.find(({ logits }) => logits === null)?.failure?.code).toBe(
      'unsupported-format',
    );

    const services = await makeServices({ manifest: fullManifest() });
    const [model] = await (await services.evaluation()).models();
    const folder = counted(await storedFolder());
    // The network of the tests is another one than that of the recording by name at most.
    const same = { ...model, key: second.model.key };
    const parts = { store, appVersion: 'test' };
    const job = await EvaluationRunner.continue(second, folder, same, parts);
    expect(job.pictures).toHaveLength(second.done);
    await job.resume();
    expect(job.phase).toBe('done');
    expect(folder.opened()).toBe(9 - second.done);
    expect(await store.pictures(second.id)).toHaveLength(9);
    store.close();
    services.dispose();
  });

  it('an adapted model reads, and a training that was paused goes on to its end', async () => {
    const name = await restored('adaptations-v1');
    await restored('adaptations-tuning-v1', `${name}-tuning`);
    const store = newStore(name);
    const [adapted] = await store.models();
    expect(adapted.manifest).toMatchObject({ name: 'Ward 3', labels: ['COVID', 'Normal'] });
    const engine = engineWith(siteModelOf(adapted));
    const picture = new File([await classPicture(0, 3)], 'p.png');
    const reading = await engine.screen(picture, { signal: new AbortController().signal });
    expect(reading.logits).toHaveLength(2);

    const [record, ...more] = await store.trainings();
    expect(more).toEqual([]);
    expect(record).toMatchObject({ name: 'Ward 3 again', done: 9, total: 9 });
    expect(record.epochs).toBeGreaterThan(1);
    const base = { ...partsWith(store).base, ...record.base };
    const job = await AdaptationRun.continue(record, partsWith(store, { base }));
    expect(job.needsFolder).toBe(false);
    expect(job.log).toHaveLength(record.epochs);
    expect(job.unreadable.map(({ fault }) => fault.code)).toEqual(['unsupported-format']);
    await job.resume(null);
    expect(job.fault).toBeNull();
    expect(job.model?.manifest.log).toHaveLength(40);
    expect(await store.models()).toHaveLength(2);
    expect(await store.trainings()).toEqual([]);
  });

  it('a second stage finds its activations and its state', async () => {
    const name = await restored('adaptations-v1');
    await restored('adaptations-tuning-v1', `${name}-tuning`);
    const store = newStore(name);
    const [{ id }] = await store.trainings();
    expect(await store.tuning.places(id)).toEqual(new Set([0, 1]));
    expect(await store.tuning.read(id, [1, 0, 5])).toEqual([
      Uint16Array.of(1, 2, 3),
      Uint16Array.of(0, 0x3c00, 0xbc00, 0x7bff),
      null,
    ]);
    const state = await store.tuning.state(id);
    expect(state?.tail.weights).toEqual({ kernel: Float32Array.of(0.5, -0.25) });
    expect(state?.best?.validation).toEqual(Float64Array.of(0.1, -0.1));
    await store.removeTraining(id);
    expect(await store.tuning.places(id)).toEqual(new Set());
  });
});
