import { describe, expect, it } from 'vitest';
import { PauseRequested } from '../../src/model/index.ts';
import { FaultSite } from './support/fault-client.ts';
import { bytesOf, fixtureModel, type FixtureModel } from './support/fixture-model.ts';
import { deferred, expectStored, faultOf, freshName, open, trusting } from './support/harness.ts';

/** Which file a place in the whole download lies in, and how far into it. */
function placeOf(model: FixtureModel, at: number): { path: string; offset: number } {
  let before = 0;
  for (const [path, bytes] of model.files) {
    if (at < before + bytes.length) return { path, offset: at - before };
    before += bytes.length;
  }
  throw new RangeError('behind the end');
}

describe('installing a model', () => {
  it('downloads, checks, tests and activates it', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    const store = await open();
    expect(await store.active()).toBeNull();
    expect((await faultOf(store.read())).code).toBe('no-model-stored');
    expect((await store.available(site.base)).version).toBe('2.0.0');

    const before = Date.now();
    let tested = 0;
    const options = trusting({
      selfTest: async (bytes) => {
        tested += 1;
        expect(bytes.shards.map((shard) => shard.byteLength)).toEqual([120_001, 180_000]);
        expect(await store.active()).toBeNull();
      },
    });
    const active = await store.install(site.base, options);

    expect(tested).toBe(1);
    expect(active.manifest).toEqual(model.manifest);
    expect(active.verifiedAt).toBeGreaterThanOrEqual(before);
    expect(active.activatedAt).toBeGreaterThanOrEqual(active.verifiedAt);
    expect(await store.active()).toEqual(active);
    await expectStored(store, model);
    expect(await store.usage()).toEqual({ modelBytes: model.totalBytes, partialBytes: 0 });
    const requests = await site.fileRequests();
    expect(requests.map(({ status }) => status)).toEqual([200, 200, 200]);

    const phases = options.seen.map(({ phase }) => phase);
    expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual([
      'checking',
      ...['downloading', 'verifying', 'downloading', 'verifying', 'downloading', 'verifying'],
      ...['self-test', 'activating', 'done'],
    ]);
    expect(options.seen.at(-1)).toMatchObject({
      bytesDone: model.totalBytes,
      bytesTotal: model.totalBytes,
    });
  });

  it('does nothing but ask when the version on offer is the active one', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    const store = await open();
    const first = await store.install(site.base, trusting());
    const again = await store.install(
      site.base,
      trusting({ selfTest: () => Promise.reject(new Error('not asked')) }),
    );
    expect(again).toEqual(first);
    expect((await site.fileRequests()).length).toBe(3);
  });

  it('removes everything', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    const store = await open();
    await store.install(site.base, trusting());
    await store.remove();
    expect(await store.active()).toBeNull();
    expect(await store.usage()).toEqual({ modelBytes: 0, partialBytes: 0 });
    expect((await store.quickCheck()).ok).toBe(false);
    expect((await faultOf(store.verify())).code).toBe('no-model-stored');
  });
});

describe('a connection that breaks', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'at %i tenths of the download: goes on at the same byte',
    async (tenth) => {
      const model = await fixtureModel();
      const { path, offset } = placeOf(model, Math.floor((model.totalBytes * tenth) / 10));
      const site = await FaultSite.create(model.site);
      await site.faults({ path, kind: 'cut', after: offset, times: 1 });
      const store = await open();
      await store.install(site.base, trusting());
      await expectStored(store, model);

      const requests = await site.fileRequests();
      expect(requests.length).toBe(4);
      const [cut, rest] = requests.filter((request) => request.path.endsWith(path));
      expect(cut.sent).toBe(offset);
      // Below 512 bytes nothing is kept: a web page could not be told from a file yet.
      expect(rest.range).toBe(offset < 512 ? null : `bytes=${offset}-`);
      expect(requests.reduce((sum, { sent }) => sum + sent, 0)).toBe(model.totalBytes);
    },
  );

  it('nine times in one download: every byte is served once', async () => {
    const model = await fixtureModel({ graphBytes: 50_000, shards: [450_000] });
    const site = await FaultSite.create(model.site);
    await site.faults(
      { path: '.bin', kind: 'cut', after: 50_000, times: 8 },
      { path: 'model.json', kind: 'cut', after: 49_000, times: 1 },
    );
    // Two tries in a row at most: it gets through because every break brought something new.
    const store = await open(undefined, { retry: { attempts: 2, firstDelayMs: 5, maxDelayMs: 5 } });
    await store.install(site.base, trusting());
    await expectStored(store, model);
    const requests = await site.fileRequests();
    expect(requests.length).toBe(2 + 9);
    expect(requests.reduce((sum, { sent }) => sum + sent, 0)).toBe(model.totalBytes);
  });

  it('and stays away: gives up by name, and a new start goes on without what is done', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    await site.faults({ path: '1of2.bin', kind: 'cut', after: 90_000, times: 1 });
    const name = freshName();
    const first = await open(name, { retry: { attempts: 1, firstDelayMs: 5, maxDelayMs: 5 } });
    expect((await faultOf(first.install(site.base, trusting()))).code).toBe('server-unreachable');
    expect(await first.active()).toBeNull();
    expect(await first.usage()).toEqual({ modelBytes: 0, partialBytes: 9_000 + 90_000 });
    first.close();

    const second = await open(name);
    const options = trusting();
    await second.install(site.base, options);
    await expectStored(second, model);
    const requests = await site.fileRequests();
    expect(requests.map(({ range }) => range)).toEqual([null, null, 'bytes=90000-', null]);
    expect(requests.reduce((sum, { sent }) => sum + sent, 0)).toBe(model.totalBytes);
    const downloading = options.seen.filter(({ phase }) => phase === 'downloading');
    expect(downloading[0].bytesDone).toBe(99_000);
  });

  it('by going silent: the stall limit ends the wait, the rest is fetched', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    await site.faults({ path: '1of2.bin', kind: 'stall', after: 70_000, times: 1 });
    const store = await open(undefined, { stallMs: 400 });
    const options = trusting();
    await store.install(site.base, options);
    await expectStored(store, model);
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith('1of2.bin'));
    expect(shard.map(({ range }) => range)).toEqual([null, 'bytes=70000-']);
    expect(options.seen.some(({ retryInSeconds }) => typeof retryInSeconds === 'number')).toBe(
      true,
    );
  });

  it('is tried again at once when the device comes online', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    await site.faults({ path: '1of2.bin', kind: 'cut', after: 70_000, times: 1 });
    const store = await open(undefined, {
      retry: { attempts: 5, firstDelayMs: 50_000, maxDelayMs: 50_000 },
    });
    const begun = performance.now();
    await store.install(
      site.base,
      trusting({
        onProgress: ({ retryInSeconds }) => {
          if (!retryInSeconds) return;
          expect(retryInSeconds).toBeGreaterThan(20);
          setTimeout(() => globalThis.dispatchEvent(new Event('online')), 20);
        },
      }),
    );
    expect(performance.now() - begun).toBeLessThan(15_000);
    await expectStored(store, model);
  });
});

describe('pause and resume', () => {
  it('goes on at the byte where it stopped', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    await site.faults({ path: '1of2.bin', kind: 'slow', piece: 9_000, pauseMs: 30, times: 1 });
    const store = await open();
    const pause = new AbortController();
    const options = trusting({
      signal: pause.signal,
      onProgress: ({ bytesDone }) => {
        if (bytesDone > 60_000) pause.abort(new PauseRequested());
      },
    });
    expect((await faultOf(store.install(site.base, options))).code).toBe('paused');
    const { partialBytes } = await store.usage();
    expect(partialBytes).toBeGreaterThan(60_000);

    await store.install(site.base, trusting());
    await expectStored(store, model);
    const requests = await site.fileRequests();
    expect(requests.map(({ range }) => range)).toEqual([
      null,
      null,
      `bytes=${partialBytes - 9_000}-`,
      null,
    ]);
  });

  it('ends the wait between two tries', async () => {
    const site = await FaultSite.create((await fixtureModel()).site);
    await site.faults({ path: '1of2.bin', kind: 'status', status: 500 });
    const store = await open(undefined, {
      retry: { attempts: 5, firstDelayMs: 50_000, maxDelayMs: 50_000 },
    });
    const pause = new AbortController();
    const options = trusting({
      signal: pause.signal,
      onProgress: ({ retryInSeconds }) => {
        if (retryInSeconds) pause.abort(new PauseRequested());
      },
    });
    expect((await faultOf(store.install(site.base, options))).code).toBe('paused');
    expect((await site.fileRequests()).length).toBe(2);
  });

  it('stops a self-test that never ends', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    const store = await open();
    const pause = new AbortController();
    const reached = deferred<null>();
    const installing = store.install(
      site.base,
      trusting({
        signal: pause.signal,
        selfTest: () => {
          reached.resolve(null);
          return new Promise(() => undefined);
        },
      }),
    );
    await reached.promise;
    pause.abort(new PauseRequested());
    expect((await faultOf(installing)).code).toBe('paused');
    expect(await store.active()).toBeNull();
  });

  it('does not begin when it was stopped before', async () => {
    const site = await FaultSite.create((await fixtureModel()).site);
    const store = await open();
    const signal = AbortSignal.abort(new PauseRequested());
    expect((await faultOf(store.install(site.base, trusting({ signal })))).code).toBe('paused');
    expect(await site.log()).toEqual([]);
  });
});

describe('memory', () => {
  it('takes files of many chunks and odd sizes', async () => {
    const model = await fixtureModel({ shards: [1, 16 * 1024, 16 * 1024 + 1, 1_500_000] });
    const site = await FaultSite.create(model.site);
    const store = await open();
    await store.install(site.base, trusting());
    await expectStored(store, model);
    expect(bytesOf(4, 1)).not.toEqual(bytesOf(4, 2));
  });
});
