import { describe, expect, it } from 'vitest';
import stored from '../fixtures/stored/model-v1.json' with { type: 'json' };
import { restoreDatabase } from '../fixtures/stored-data.ts';
import { FaultSite } from './support/fault-client.ts';
import { fixtureModel, siteOf } from './support/fixture-model.ts';
import { expectStored, faultOf, freshName, open, trusting } from './support/harness.ts';

const old = await fixtureModel();
const next = await fixtureModel({ version: '2.1.0', seed: 2 });

describe('a new version', () => {
  it('takes over only after its self-test; the old one is in use until then and gone after', async () => {
    const site = await FaultSite.create(old.site);
    const store = await open();
    await store.install(site.base, trusting());
    await site.put(next.site);
    expect((await store.available(site.base)).version).toBe('2.1.0');

    let inUse = '';
    await store.install(
      site.base,
      trusting({
        selfTest: async (bytes) => {
          expect(bytes.manifest.version).toBe('2.1.0');
          inUse = (await store.active())!.manifest.version;
          await expectStored(store, old);
        },
      }),
    );
    expect(inUse).toBe('2.0.0');
    await expectStored(store, next);
    expect(await store.usage()).toEqual({ modelBytes: next.totalBytes, partialBytes: 0 });
  });

  it('that fails its self-test leaves the old one in use, and is not fetched again', async () => {
    const site = await FaultSite.create(old.site);
    const store = await open();
    const first = await store.install(site.base, trusting());
    await site.put(next.site);
    const failing = trusting({ selfTest: () => Promise.reject(new Error('Logits off by 3.')) });
    const fault = await faultOf(store.install(site.base, failing));
    expect(fault.code).toBe('self-test-failed');
    expect(fault.message).toContain('2.1.0');
    expect(fault.message).toContain('Logits off by 3.');
    expect(await store.active()).toEqual(first);
    await expectStored(store, old);

    const before = (await site.fileRequests()).length;
    await store.install(site.base, trusting());
    expect((await site.fileRequests()).length).toBe(before);
    await expectStored(store, next);
  });

  it('that is replaced by a third one half-way leaves nothing behind', async () => {
    const site = await FaultSite.create(old.site);
    const name = freshName();
    const store = await open(name, { retry: { attempts: 1, firstDelayMs: 5, maxDelayMs: 5 } });
    await store.install(site.base, trusting());
    await site.put(next.site);
    await site.faults({ path: '1of2.bin', kind: 'cut', after: 100_000, times: 1 });
    await faultOf(store.install(site.base, trusting()));
    expect((await store.usage()).partialBytes).toBe(109_000);
    await expectStored(store, old);

    const third = await fixtureModel({ version: '2.2.0', seed: 3 });
    await site.put(third.site);
    const failing = trusting({ selfTest: () => Promise.reject(new Error('No.')) });
    await faultOf(store.install(site.base, failing));
    expect(await store.usage()).toEqual({
      modelBytes: old.totalBytes,
      partialBytes: third.totalBytes,
    });
  });

  it('fetches only the files that are new to this device', async () => {
    const site = await FaultSite.create(old.site);
    const store = await open();
    await store.install(site.base, trusting());
    // The same weights with another card: what a correction of the text looks like.
    const manifest = { ...old.manifest, version: '2.0.1' };
    await site.put(siteOf(manifest, old.files, 'fixture-net/2.0.1/'));
    const before = (await site.fileRequests()).length;
    const active = await store.install(site.base, trusting());
    expect(active.manifest.version).toBe('2.0.1');
    expect((await site.fileRequests()).length).toBe(before);
    expect((await store.verify()).ok).toBe(true);
    expect((await store.usage()).modelBytes).toBe(old.totalBytes);
  });

  it('published again under the same number with other bytes is another version', async () => {
    const site = await FaultSite.create(old.site);
    const store = await open();
    await store.install(site.base, trusting());
    const again = await fixtureModel({ version: '2.0.0', seed: 9 });
    await site.put(again.site);
    await store.install(site.base, trusting());
    await expectStored(store, again);
  });
});

describe('a model of an earlier version of the app', () => {
  it('that is on the device can be read, and is replaced by the present one', async () => {
    const name = freshName();
    await restoreDatabase(name, stored);
    const store = await open(name);
    expect(await store.active()).toMatchObject({ outdated: true, manifest: { version: '1.0.0' } });
    expect((await store.read()).shards.length).toBeGreaterThan(0);

    const site = await FaultSite.create(next.site);
    expect((await store.install(site.base, trusting())).outdated).toBe(false);
    expect(await store.active()).toMatchObject({ outdated: false, manifest: next.manifest });
    await expectStored(store, next);
  });
});

describe('an offer this app cannot take', () => {
  const listed = old.manifest.files[0];
  const badFile = (changed: object): unknown => {
    return {
      ...old.manifest,
      files: [...old.manifest.files, { ...listed, path: 'x', ...changed }],
    };
  };

  it.each([
    ['a path that climbs out', badFile({ path: '../../x.bin' }), 'manifest-unusable'],
    ['a negative size', badFile({ bytes: -4 }), 'manifest-unusable'],
    [
      'unknown labels',
      { ...old.manifest, labels: ['Dog', 'Cat', 'Normal', 'COVID'] },
      'manifest-unusable',
    ],
    ['a newer contract', { ...old.manifest, schema: 2 }, 'model-too-new'],
    ['a model for an earlier app', { ...old.manifest, version: '1.0.0' }, 'model-too-old'],
    ['another version than current.json says', next.manifest, 'manifest-unusable'],
  ])('%s: refused, nothing is fetched, the model in use stays', async (_, manifest, code) => {
    const site = await FaultSite.create(old.site);
    const store = await open();
    await store.install(site.base, trusting());
    await site.put(siteOf(manifest, new Map(), old.folder));
    const before = (await site.fileRequests()).length;
    expect((await faultOf(store.install(site.base, trusting()))).code).toBe(code);
    expect((await site.fileRequests()).length).toBe(before);
    await expectStored(store, old);
  });

  it.each([
    ['a manifest elsewhere', { id: 'fixture-net', version: '2.0.0', manifest: '../m.json' }],
    ['a manifest on another host', { id: 'a', version: '2.0.0', manifest: '//x.example/m.json' }],
    ['no version', { id: 'fixture-net', manifest: 'm.json' }],
    ['a list', []],
  ])('current.json with %s', async (_, current) => {
    const site = await FaultSite.create(siteOf(old.manifest, old.files, old.folder, current));
    const store = await open();
    expect((await faultOf(store.available(site.base))).code).toBe('manifest-unusable');
  });

  it('text that is no JSON', async () => {
    const site = await FaultSite.create(old.site);
    await site.put(new Map([['current.json', new TextEncoder().encode('{"id": ')]]));
    const store = await open();
    expect((await faultOf(store.available(site.base))).code).toBe('manifest-unusable');
  });

  it('a graph that names a shard nobody lists is refused before the self-test', async () => {
    const shards = [...old.files].filter(([path]) => path !== 'graph/weights-2of2.bin');
    const files = new Map(shards);
    const manifest = {
      ...old.manifest,
      files: old.manifest.files.filter(({ path }) => files.has(path)),
    };
    const site = await FaultSite.create(siteOf(manifest, files, old.folder));
    const store = await open();
    let tested = false;
    const options = trusting({ selfTest: async () => void (tested = true) });
    expect((await faultOf(store.install(site.base, options))).code).toBe('manifest-unusable');
    expect(tested).toBe(false);
    expect(await store.active()).toBeNull();
  });
});
