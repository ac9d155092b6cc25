import { afterEach, describe, expect, it, vi } from 'vitest';
import { Database } from '../../src/base/database.ts';
import { openModelStore } from '../../src/model/index.ts';
import { FaultSite } from './support/fault-client.ts';
import { bytesOf, fixtureModel } from './support/fixture-model.ts';
import {
  asPromise,
  expectStored,
  faultOf,
  freshName,
  open,
  rawDatabase,
  trusting,
} from './support/harness.ts';

const MB = 1024 * 1024;

const real = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB')!;
function replaceIndexedDB(value: unknown): void {
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value });
}
afterEach(() => {
  vi.restoreAllMocks();
  Object.defineProperty(globalThis, 'indexedDB', real);
});

/**
 * The browser's own IndexedDB, in a bucket of its own with a small quota that the browser holds it to
 * (Storage Buckets API): a full device without filling one.
 */
interface Bucket {
  readonly indexedDB: IDBFactory;
  getDirectory(): Promise<FileSystemDirectoryHandle>;
}
interface Buckets {
  open(name: string, options: { quota: number }): Promise<Bucket>;
  delete(name: string): Promise<void>;
}

/**
 * 5 MB beside the model. They are a file of the bucket and not a database: Chromium gives the room of a
 * deleted database back only when it tidies up, whenever that is.
 * @returns deletes them; the room is free at once
 */
async function storePhotos(bucket: Bucket): Promise<() => Promise<void>> {
  const folder = await bucket.getDirectory();
  const file = await folder.getFileHandle('photos', { create: true });
  const stream = await file.createWritable();
  await stream.write(bytesOf(5 * MB, 1));
  await stream.close();
  return () => folder.removeEntry('photos');
}

describe('a device without space', () => {
  it('is told before the download, with needed and available bytes', async () => {
    const model = await fixtureModel();
    const site = await FaultSite.create(model.site);
    const store = await open();
    const persist = vi
      .spyOn(navigator.storage, 'persist')
      .mockReturnValue(new Promise<boolean>(() => undefined));
    // Chromium reports the same large quota to every page, so the figure is given here.
    const estimate = vi
      .spyOn(navigator.storage, 'estimate')
      .mockResolvedValue({ quota: 5 * MB, usage: 4 * MB });
    const fault = await faultOf(store.install(site.base, trusting()));
    expect(fault.code).toBe('not-enough-space');
    expect(fault).toMatchObject({ needed: model.totalBytes + 2 * MB, available: 1 * MB });
    expect(fault.message).toContain('1.0 MB');
    expect((await site.fileRequests()).length).toBe(0);

    expect(persist).not.toHaveBeenCalled();

    // A browser that does not say is no reason to stop.
    estimate.mockRejectedValue(new TypeError('not here'));
    await store.install(site.base, trusting());
    await expectStored(store, model);
    // With the first download the browser is asked not to clear it away; the answer is not waited for.
    expect(persist).toHaveBeenCalled();
  });

  it('is named in the middle of the download, and nothing is lost', async () => {
    const buckets = (navigator as unknown as { storageBuckets: Buckets }).storageBuckets;
    const bucketName = freshName();
    const bucket = await buckets.open(bucketName, { quota: 10 * MB });
    replaceIndexedDB(bucket.indexedDB);
    const deletePhotos = await storePhotos(bucket);

    const old = await fixtureModel();
    const big = await fixtureModel({ version: '2.1.0', seed: 2, shards: [2 * MB, 3 * MB] });
    const site = await FaultSite.create(old.site);
    const store = await open();
    await store.install(site.base, trusting());
    await site.put(big.site);
    const fault = await faultOf(store.install(site.base, trusting()));
    expect(fault.code).toBe('not-enough-space');
    expect((fault as unknown as { needed: number }).needed).toBeGreaterThan(100_000);
    // The earlier version works on; what had arrived is there.
    await expectStored(store, old);
    const { partialBytes } = await store.usage();
    expect(partialBytes).toBeGreaterThan(2 * MB);

    // The user deletes photos, presses the button again, and it goes on.
    await deletePhotos();
    const before = (await site.fileRequests()).length;
    await store.install(site.base, trusting());
    await expectStored(store, big);
    const after = (await site.fileRequests()).slice(before);
    expect(after.map(({ range }) => range)).toEqual([`bytes=${partialBytes - 9_000 - 2 * MB}-`]);
    store.close();
    await buckets.delete(bucketName);
  });
});

describe('a browser that keeps no data', () => {
  it('a page of no origin, as in a sandbox: refused by name', async () => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    const answer = new Promise<string>((resolve) => {
      addEventListener('message', function heard(event: MessageEvent<unknown>) {
        if (event.source !== frame.contentWindow) return;
        removeEventListener('message', heard);
        resolve(String(event.data));
      });
    });
    // The sandboxed page is another origin to the module server, too: it gets its code as a blob.
    frame.srcdoc = `<script type="module">
      try {
        indexedDB.open('x');
        parent.postMessage('opened', '*');
      } catch (error) {
        parent.postMessage(error.name, '*');
      }
    </script>`;
    document.body.append(frame);
    // This is what the browser throws there; the next test gives exactly that to the store.
    expect(await answer).toBe('SecurityError');
    frame.remove();
  });

  it.each([
    ['forbidden', () => new DOMException('denied', 'SecurityError')],
    ['refused in private windows', () => new DOMException('no', 'InvalidStateError')],
    ['broken', () => new DOMException('io', 'UnknownError')],
  ])('%s: storage-unavailable', async (_, error) => {
    replaceIndexedDB({
      open: () => {
        throw error();
      },
    });
    expect((await faultOf(openModelStore({ name: freshName() }))).code).toBe('storage-unavailable');
  });

  it('has no IndexedDB at all', async () => {
    replaceIndexedDB(undefined);
    expect((await faultOf(openModelStore())).code).toBe('storage-unavailable');
  });
});

describe('other tabs with other versions of the app', () => {
  it('an old one that does not let go: storage-blocked', async () => {
    const name = freshName();
    (await open(name)).close();
    const holder = await rawDatabase(name);
    const nothing = (): void => undefined;
    const db = new Database({ name, migrations: [nothing, nothing], openMs: 300 });
    expect((await faultOf(db.open())).code).toBe('storage-blocked');
    holder.close();
    // As soon as the old tab is gone, the same call works.
    await db.open();
    db.close();
  });

  it('a newer one: this store gives way and says so', async () => {
    const name = freshName();
    const store = await open(name);
    const newer = await asPromise(indexedDB.open(name, 2));
    expect((await faultOf(store.active())).code).toBe('storage-outdated');
    expect((await faultOf(openModelStore({ name }))).code).toBe('storage-outdated');
    newer.close();
  });

  it('an open request that is never answered ends after its limit', async () => {
    const name = freshName();
    (await open(name)).close();
    const holder = await rawDatabase(name);
    // Waits for the holder; every later open waits behind it, with no event at all.
    const waiting = indexedDB.deleteDatabase(name);
    expect((await faultOf(openModelStore({ name, openMs: 300 }))).code).toBe('storage-unavailable');
    holder.close();
    await asPromise(waiting);
  });

  it('a closed store says that it is closed', async () => {
    const store = await open();
    store.close();
    expect((await faultOf(store.active())).code).toBe('store-closed');
  });
});
