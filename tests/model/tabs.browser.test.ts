import { afterEach, describe, expect, it } from 'vitest';
import { FaultSite } from './support/fault-client.ts';
import { fixtureModel } from './support/fixture-model.ts';
import { deferred, expectStored, faultOf, freshName, open, trusting } from './support/harness.ts';
import { Tab } from './support/tab.ts';
import { PauseRequested, type InstallProgress } from '../../src/model/index.ts';

const model = await fixtureModel();
const SLOW = { path: '1of2.bin', kind: 'slow', piece: 6_000, pauseMs: 25 } as const;

const tabs: Tab[] = [];
async function openTab(): Promise<Tab> {
  const tab = await Tab.open();
  tabs.push(tab);
  return tab;
}
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close();
});

describe('two tabs at once', () => {
  it('one downloads; the other sees its progress, waits, and finds it done', async () => {
    const site = await FaultSite.create(model.site, { faults: [SLOW] });
    const name = freshName();
    const tab = await openTab();
    tab.order({ order: 'install', name, base: site.base.href });
    await tab.until(({ bytesDone = 0 }) => bytesDone > 40_000);

    const store = await open(name);
    let tested = 0;
    const options = trusting({ selfTest: async () => void (tested += 1) });
    await store.install(site.base, options);

    await tab.until(({ report }) => report === 'done');
    await expectStored(store, model);
    expect(tested).toBe(0);
    expect((await site.fileRequests()).length).toBe(3);
    const shared = options.seen.filter(({ phase }) => phase === 'downloading');
    expect(shared.length).toBeGreaterThan(2);
    expect(shared.at(-1)!.bytesDone).toBeGreaterThan(shared[0].bytesDone);
  });

  it('the second goes on where the first one was closed', async () => {
    const site = await FaultSite.create(model.site, { faults: [SLOW] });
    const name = freshName();
    const tab = await openTab();
    tab.order({ order: 'install', name, base: site.base.href });
    await tab.until(({ bytesDone = 0 }) => bytesDone > 60_000);

    const store = await open(name);
    const first = deferred<InstallProgress>();
    const installing = store.install(
      site.base,
      trusting({
        onProgress: (progress) => {
          if (progress.phase === 'downloading') first.resolve(progress);
        },
      }),
    );
    // It hears of the other's download before that one is gone.
    await first.promise;
    tab.close();
    await installing;
    await expectStored(store, model);
    const requests = await site.fileRequests();
    expect(requests.length).toBe(4);
    expect(Number(/^bytes=(\d+)-$/.exec(requests[2].range ?? '')?.[1])).toBeGreaterThan(40_000);
  });

  it('pausing while waiting for the other tab leaves that one alone', async () => {
    const site = await FaultSite.create(model.site, { faults: [SLOW] });
    const name = freshName();
    const tab = await openTab();
    tab.order({ order: 'install', name, base: site.base.href });
    await tab.until(({ bytesDone = 0 }) => bytesDone > 20_000);
    const store = await open(name);
    const pause = new AbortController();
    const options = trusting({
      signal: pause.signal,
      onProgress: ({ bytesDone }) => {
        if (bytesDone > 0) pause.abort(new PauseRequested());
      },
    });
    expect((await faultOf(store.install(site.base, options))).code).toBe('paused');
    await tab.until(({ report }) => report === 'done');
    await expectStored(store, model);
  });

  it('both ask at the same moment: every byte is fetched once', async () => {
    const site = await FaultSite.create(model.site);
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    const results = await Promise.all([
      one.install(site.base, trusting()),
      two.install(site.base, trusting()),
    ]);
    expect(results[0]).toEqual(results[1]);
    expect((await site.fileRequests()).length).toBe(3);
  });

  it('tells the others when the stored model changed', async () => {
    const site = await FaultSite.create(model.site);
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    let changes = 0;
    const stop = two.onChanged(() => void (changes += 1));
    await one.install(site.base, trusting());
    await expect.poll(() => changes).toBe(1);
    await one.remove();
    await expect.poll(() => changes).toBe(2);
    stop();
    await one.install(site.base, trusting());
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(changes).toBe(2);
  });
});

describe('a reload in the middle of the download', () => {
  it('goes on where it stopped, each time', async () => {
    const site = await FaultSite.create(model.site, { faults: [SLOW] });
    const name = freshName();
    const tab = await openTab();
    const starts: number[] = [];
    for (const limit of [30_000, 80_000, 130_000]) {
      tab.order({ order: 'install', name, base: site.base.href });
      await tab.until(({ bytesDone = 0, phase }) => phase === 'downloading' && bytesDone > limit);
      await tab.reload();
      const store = await open(name);
      starts.push((await store.usage()).partialBytes);
      expect(await store.active()).toBeNull();
    }
    tab.order({ order: 'install', name, base: site.base.href });
    await tab.until(({ report }) => report === 'done');
    await expectStored(await open(name), model);
    expect(starts[0]).toBeGreaterThan(30_000);
    expect(starts[2]).toBeGreaterThan(130_000);
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith('1of2.bin'));
    // What an aborted page had under way may still have been written after the reload began.
    const asked = shard.map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0));
    expect(asked.length).toBe(4);
    expect(asked).toEqual([...asked].sort((a, b) => a - b));
    for (const [index, start] of starts.entries()) {
      expect(asked[index + 1]).toBeGreaterThanOrEqual(start - 9_000);
    }
  });
});
