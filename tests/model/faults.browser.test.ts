import { describe, expect, it } from 'vitest';
import { FaultSite } from './support/fault-client.ts';
import type { ServerFault, SiteSetup } from './support/fault-types.ts';
import { fixtureModel } from './support/fixture-model.ts';
import { expectStored, faultOf, open, trusting } from './support/harness.ts';

const model = await fixtureModel();
const SHARD = '1of2.bin';

/** The store refuses by this code, and nothing of the faulty file is left in it. */
async function expectRefusal(code: string, ...faults: ServerFault[]): Promise<FaultSite> {
  const site = await FaultSite.create(model.site);
  await site.faults(...faults);
  const store = await open();
  expect((await faultOf(store.install(site.base, trusting()))).code).toBe(code);
  expect(await store.active()).toBeNull();
  // model.json came first and is whole; of the shard nothing is kept.
  expect(await store.usage()).toEqual({ modelBytes: 0, partialBytes: 9_000 });
  // The server is mended: what is right already is not fetched again.
  await site.faults();
  const before = (await site.fileRequests()).length;
  await store.install(site.base, trusting());
  await expectStored(store, model);
  expect((await site.fileRequests()).length - before).toBe(2);
  return site;
}

/** The install gets through in spite of the faults. */
async function expectRecovery(setup: SiteSetup): Promise<FaultSite> {
  const site = await FaultSite.create(model.site, setup);
  const store = await open();
  await store.install(site.base, trusting());
  await expectStored(store, model);
  return site;
}

describe('a server that refuses', () => {
  it('404 for a file: named at once, not tried again', async () => {
    const site = await expectRefusal('file-not-on-server', {
      path: SHARD,
      kind: 'status',
      status: 404,
    });
    const refused = (await site.fileRequests()).filter(({ status }) => status === 404);
    expect(refused.length).toBe(1);
  });

  it('500 twice: recovers', async () => {
    const site = await expectRecovery({
      faults: [{ path: SHARD, kind: 'status', status: 500, times: 2 }],
    });
    expect((await site.fileRequests()).map(({ status }) => status)).toEqual([
      200, 500, 500, 200, 200,
    ]);
  });

  it('500 for ever: gives up by name after the tries it has', async () => {
    const site = await expectRefusal('server-trouble', {
      path: SHARD,
      kind: 'status',
      status: 500,
    });
    expect((await site.fileRequests()).filter(({ status }) => status === 500).length).toBe(5);
  });

  it('503 with Retry-After: waits that long', async () => {
    const begun = performance.now();
    await expectRecovery({
      faults: [{ path: SHARD, kind: 'status', status: 503, retryAfter: 1, times: 1 }],
    });
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it.each([
    ['current.json', 404, 'file-not-on-server'],
    ['manifest.json', 404, 'file-not-on-server'],
    ['current.json', 500, 'server-trouble'],
  ])('%s with status %i', async (path, status, code) => {
    const site = await FaultSite.create(model.site);
    await site.faults({ path, kind: 'status', status });
    const store = await open();
    expect((await faultOf(store.available(site.base))).code).toBe(code);
  });

  it('current.json with 500 once: recovers', async () => {
    await expectRecovery({
      faults: [{ path: 'current.json', kind: 'status', status: 500, times: 1 }],
    });
  });

  it('no server at all', async () => {
    const store = await open();
    const nobody = new URL('http://127.0.0.1:9/models/');
    expect((await faultOf(store.install(nobody, trusting()))).code).toBe('server-unreachable');
  });
});

describe('a web page instead of a file', () => {
  it('by its type', async () => {
    await expectRefusal('web-page-instead', { path: SHARD, kind: 'html', type: 'text/html' });
  });

  it('by its first bytes, whatever type it claims', async () => {
    const type = 'application/octet-stream';
    await expectRefusal('web-page-instead', { path: SHARD, kind: 'html', type });
  });

  it.each(['current.json', 'manifest.json'])('in the place of %s', async (path) => {
    for (const type of ['text/html', 'application/json']) {
      const site = await FaultSite.create(model.site);
      await site.faults({ path, kind: 'html', type });
      const store = await open();
      const fault = await faultOf(store.install(site.base, trusting()));
      expect(fault.code).toBe('web-page-instead');
    }
  });
});

describe('wrong bytes', () => {
  it('one bit flipped once: thrown away and fetched again', async () => {
    const site = await expectRecovery({
      faults: [{ path: SHARD, kind: 'flip', at: 77_777, times: 1 }],
    });
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith(SHARD));
    expect(shard.map(({ range }) => range)).toEqual([null, null]);
  });

  it('one bit flipped for ever: refused by name', async () => {
    await expectRefusal('wrong-bytes', { path: SHARD, kind: 'flip', at: 77_777 });
  });

  it.each([
    ['shorter', -1_000, false],
    ['longer', 1_000, false],
    ['shorter without a length', -1_000, true],
    ['longer without a length', 1_000, true],
  ])('a %s shard', async (_, by, quiet) => {
    await expectRefusal('wrong-size', { path: SHARD, kind: 'resize', by, quiet });
  });

  it('a flipped bit before a cut: found after the file was put together', async () => {
    const site = await expectRecovery({
      etag: 'none',
      faults: [
        { path: SHARD, kind: 'flip', at: 10, times: 1 },
        { path: SHARD, kind: 'cut', after: 100_000, times: 1 },
      ],
    });
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith(SHARD));
    expect(shard.map(({ range }) => range)).toEqual([null, 'bytes=100000-', null]);
  });
});

describe('servers that do not resume as asked', () => {
  const cut: ServerFault = { path: SHARD, kind: 'cut', after: 100_000, times: 1 };

  it('no ranges: the whole file comes again, and its stored beginning is skipped', async () => {
    const site = await expectRecovery({ ranges: false, faults: [cut] });
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith(SHARD));
    expect(shard.map(({ status, sent }) => [status, sent])).toEqual([
      [200, 100_000],
      [200, 180_000],
    ]);
  });

  it('no ranges, no ETag, cut three times', async () => {
    await expectRecovery({ ranges: false, etag: 'none', faults: [{ ...cut, times: 3 }] });
  });

  it('a weak ETag: the rest is asked for without If-Range', async () => {
    const site = await expectRecovery({ etag: 'weak', faults: [cut] });
    const rest = (await site.fileRequests()).filter(({ range }) => range !== null);
    expect(rest).toEqual([expect.objectContaining({ status: 206, ifRange: null, sent: 80_000 })]);
  });

  it('a changed file: the old beginning is thrown away', async () => {
    const site = await FaultSite.create(model.site);
    // The server holds another file under the same name first: same length, other bytes.
    await site.put(new Map([[`${model.folder}graph/weights-${SHARD}`, new Uint8Array(180_000)]]));
    await site.faults({ ...cut, path: SHARD });
    const store = await open(undefined, { retry: { attempts: 1, firstDelayMs: 5, maxDelayMs: 5 } });
    expect((await faultOf(store.install(site.base, trusting()))).code).toBe('server-unreachable');
    await site.put(model.site);
    await store.install(site.base, trusting());
    await expectStored(store, model);
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith(SHARD));
    expect(shard.at(-1)).toMatchObject({ status: 200, sent: 180_000, range: 'bytes=100000-' });
    expect(shard.at(-1)?.ifRange).toMatch(/^"/);
  });

  it('another part than asked for: the whole file is asked for', async () => {
    const site = await expectRecovery({
      faults: [cut, { path: SHARD, kind: 'wrong-part', times: 2 }],
    });
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith(SHARD));
    expect(shard.map(({ range }) => range)).toEqual([null, 'bytes=100000-', null]);
  });

  it('compressed answers: decoded bytes are counted, not Content-Length', async () => {
    await expectRecovery({
      faults: [
        { path: '.json', kind: 'gzip' },
        { path: '.bin', kind: 'gzip' },
      ],
    });
  });

  it('another origin that shows no headers and permits no preflight', async () => {
    const site = await FaultSite.create(model.site, { faults: [cut] }, true);
    const store = await open();
    await store.install(site.base, trusting());
    await expectStored(store, model);
    const shard = (await site.fileRequests()).filter(({ path }) => path.endsWith(SHARD));
    expect(shard.map(({ range, ifRange }) => [range, ifRange])).toEqual([
      [null, null],
      ['bytes=100000-', null],
    ]);
  });
});
