import { describe, expect, it } from 'vitest';
import type { InstallProgress, Manifest, ModelStore } from '../../src/model/index.ts';
import { FaultSite } from './support/fault-client.ts';
import { fixtureModel } from './support/fixture-model.ts';
import {
  asPromise,
  expectStored,
  faultOf,
  freshName,
  open,
  tamper,
  trusting,
} from './support/harness.ts';

const model = await fixtureModel();
const SHARD = 'graph/weights-1of2.bin';
const OTHER = 'graph/weights-2of2.bin';

async function installed(): Promise<{
  name: string;
  store: ModelStore<Manifest>;
  site: FaultSite;
  key: string;
}> {
  const name = freshName();
  const site = await FaultSite.create(model.site);
  const store = await open(name);
  await store.install(site.base, trusting());
  let key = '';
  await tamper(name, ['versions'], async (tx) => {
    key = (await asPromise(tx.objectStore('versions').getAllKeys()))[0] as string;
  });
  return { name, store, site, key };
}

/** Repair brings the file back with exactly one more request. */
async function expectRepair(
  store: ModelStore<Manifest>,
  site: FaultSite,
  path: string,
): Promise<void> {
  const before = (await site.fileRequests()).length;
  const check = await store.repair(site.base);
  expect(check).toMatchObject({ ok: true, damaged: [] });
  const after = (await site.fileRequests()).slice(before);
  expect(after.map((request) => [request.path, request.sent])).toEqual([
    [model.folder + path, model.files.get(path)!.length],
  ]);
  await expectStored(store, model);
  expect((await store.verify()).ok).toBe(true);
}

describe('damage to the stored model', () => {
  it('a file deleted: the quick check finds it, repair fetches exactly that file', async () => {
    const { name, store, site, key } = await installed();
    await tamper(name, ['files', 'chunks'], (tx) => {
      tx.objectStore('files').delete([key, SHARD]);
      tx.objectStore('chunks').delete(IDBKeyRange.bound([key, SHARD], [key, SHARD, []]));
    });
    expect(await store.quickCheck()).toMatchObject({ ok: false, damaged: [SHARD] });
    expect((await faultOf(store.read())).code).toBe('stored-model-damaged');
    await expectRepair(store, site, SHARD);
  });

  it('one chunk gone: the quick check finds it', async () => {
    const { name, store, site, key } = await installed();
    await tamper(name, ['chunks'], (tx) => {
      tx.objectStore('chunks').delete([key, SHARD, 3]);
    });
    expect(await store.quickCheck()).toMatchObject({ ok: false, damaged: [SHARD] });
    expect((await faultOf(store.read())).message).toContain(SHARD);
    await expectRepair(store, site, SHARD);
  });

  it('a chunk corrupted: verify finds it, later quick checks know it, repair mends it', async () => {
    const { name, store, site, key } = await installed();
    await tamper(name, ['chunks'], async (tx) => {
      const chunks = tx.objectStore('chunks');
      const chunk = (await asPromise(chunks.get([key, OTHER, 2]))) as { bytes: ArrayBuffer };
      new Uint8Array(chunk.bytes)[500] ^= 0x10;
      chunks.put(chunk);
    });
    expect((await store.quickCheck()).ok).toBe(true);
    const before = (await store.active())!.verifiedAt;
    const seen: InstallProgress[] = [];
    const check = await store.verify({ onProgress: (progress) => void seen.push(progress) });
    expect(check).toMatchObject({ ok: false, damaged: [OTHER] });
    expect((await store.active())!.verifiedAt).toBe(before);
    expect(seen.at(-1)).toMatchObject({ phase: 'done', bytesDone: model.totalBytes });
    expect(seen.filter(({ phase }) => phase === 'verifying').length).toBeGreaterThanOrEqual(3);
    expect(await store.quickCheck()).toMatchObject({ ok: false, damaged: [OTHER] });
    await expectRepair(store, site, OTHER);
  });

  it('corruption nobody has looked for yet: repair finds it by itself', async () => {
    const { name, store, site, key } = await installed();
    await tamper(name, ['chunks'], (tx) => {
      const bytes = new ArrayBuffer(16 * 1024);
      tx.objectStore('chunks').put({ version: key, path: SHARD, index: 0, bytes });
    });
    await expectRepair(store, site, SHARD);
  });

  it('records of another shape count as missing, not as a crash', async () => {
    const { name, store, site, key } = await installed();
    await tamper(name, ['files', 'chunks'], (tx) => {
      tx.objectStore('files').put({ version: key, path: SHARD, bytes: 'many' });
      tx.objectStore('chunks').put({ version: key, path: OTHER, index: 0, bytes: 'text' });
    });
    expect(await store.quickCheck()).toMatchObject({ ok: false, damaged: [SHARD] });
    expect((await store.verify()).damaged).toEqual([SHARD, OTHER]);
    const requests = (await site.fileRequests()).length;
    expect((await store.repair(site.base)).ok).toBe(true);
    expect((await site.fileRequests()).length - requests).toBe(2);
    await expectStored(store, model);
  });

  it('a manifest that cannot be read: nothing is in use, and installing again mends it', async () => {
    const { name, store, site, key } = await installed();
    await tamper(name, ['versions'], (tx) => {
      tx.objectStore('versions').put({ key, manifest: { id: 'nonsense' } });
    });
    expect(await store.active()).toBeNull();
    expect(await store.quickCheck()).toMatchObject({ ok: false, damaged: ['manifest.json'] });
    const requests = (await site.fileRequests()).length;
    await store.install(site.base, trusting());
    await expectStored(store, model);
    // The files themselves were whole: not one byte of them is fetched again.
    expect((await site.fileRequests()).length).toBe(requests);
  });

  it('nothing wrong: verify stamps the time, repair fetches nothing', async () => {
    const { store, site } = await installed();
    const before = (await store.active())!.verifiedAt;
    await new Promise((resolve) => setTimeout(resolve, 5));
    const check = await store.verify();
    expect(check.ok).toBe(true);
    expect((await store.active())!.verifiedAt).toBe(check.checkedAt);
    expect(check.checkedAt).toBeGreaterThan(before);
    const requests = (await site.log()).length;
    expect((await store.repair(site.base)).ok).toBe(true);
    expect((await site.log()).length).toBe(requests);
  });

  it('verify can be stopped', async () => {
    const { store } = await installed();
    const signal = AbortSignal.abort(new DOMException('enough', 'AbortError'));
    await expect(store.verify({ signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('repair without a network: refused by name, the rest stays', async () => {
    const { name, store, key } = await installed();
    await tamper(name, ['chunks'], (tx) => {
      tx.objectStore('chunks').delete([key, SHARD, 0]);
    });
    const nobody = new URL('http://127.0.0.1:9/models/');
    expect((await faultOf(store.repair(nobody))).code).toBe('server-unreachable');
    expect(await store.quickCheck()).toMatchObject({ ok: false, damaged: [SHARD] });
    expect((await store.usage()).modelBytes).toBe(model.totalBytes - 180_000);
  });
});
