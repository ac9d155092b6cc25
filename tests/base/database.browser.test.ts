import type { DBSchema } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Database, isDiskFull, type Migration } from '../../src/base/database.ts';
import { StoreClosed } from '../../src/base/storage-faults.ts';

interface Notes extends DBSchema {
  notes: { key: number; value: unknown };
}

const first: Migration<Notes> = (db) => void db.createObjectStore('notes');
/** Rewrites every note, one request after the other. */
const second: Migration<Notes> = async (_, tx) => {
  const notes = tx.objectStore('notes');
  for (let at = await notes.openCursor(); at; at = await at.continue()) {
    await at.update(`${String(at.value)}, rewritten`);
  }
};

const open: Database<Notes>[] = [];
const realIndexedDB = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
afterEach(() => {
  vi.restoreAllMocks();
  if (realIndexedDB) Object.defineProperty(globalThis, 'indexedDB', realIndexedDB);
  for (const each of open.splice(0)) {
    each.close();
    indexedDB.deleteDatabase(each.name);
  }
});

function database(
  name = `test-${crypto.randomUUID()}`,
  migrations: readonly Migration<Notes>[] = [first],
  openMs = 5000,
): Database<Notes> {
  const db = new Database<Notes>({ name, migrations, openMs });
  open.push(db);
  return db;
}

const put = (db: Database<Notes>, value: unknown, key = 1): Promise<number> =>
  db.write(['notes'], (tx) => tx.objectStore('notes').put(value, key));
const get = (db: Database<Notes>, key = 1): Promise<unknown> =>
  db.read(['notes'], (tx) => tx.objectStore('notes').get(key));

function raw(name: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no reason given'));
  });
}

describe('a database', () => {
  it('is opened when it is needed, once, and again after it was let go', async () => {
    const opening = vi.spyOn(IDBFactory.prototype, 'open');
    const db = database();
    expect(opening).not.toHaveBeenCalled();
    await Promise.all([put(db, 'a'), put(db, 'b', 2)]);
    expect(opening).toHaveBeenCalledTimes(1);
    db.release();
    expect(await get(db)).toBe('a');
    expect(opening).toHaveBeenCalledTimes(2);
    db.close();
    await expect(get(db)).rejects.toBeInstanceOf(StoreClosed);
  });

  it('is brought from every earlier version to the last one', async () => {
    const old = database();
    await put(old, 'a');
    await put(old, 'b', 2);
    old.close();
    const newer = database(old.name, [first, second]);
    expect([await get(newer), await get(newer, 2)]).toEqual(['a, rewritten', 'b, rewritten']);
    newer.release();
    expect(await get(newer)).toBe('a, rewritten');
    const fresh = database(undefined, [first, second]);
    expect(await get(fresh)).toBeUndefined();
    expect((await raw(fresh.name)).version).toBe(2);
  });

  it('stays as it was when a migration fails', async () => {
    const old = database();
    await put(old, 'a');
    await put(old, 'b', 2);
    old.close();
    const failing = database(old.name, [
      first,
      async (_, tx) => {
        await tx.objectStore('notes').put('changed', 1);
        throw new Error('a record that nobody thought of');
      },
    ]);
    await expect(get(failing)).rejects.toMatchObject({
      code: 'storage-failed',
      cause: { message: 'a record that nobody thought of' },
    });
    expect(await get(database(old.name))).toBe('a');
  });
});

describe('a write', () => {
  it('happens as a whole or not at all, and tells why not', async () => {
    const db = database();
    await put(db, 'kept');
    await expect(
      db.write(['notes'], async (tx) => {
        await tx.objectStore('notes').put('changed', 1);
        await tx.objectStore('notes').put(() => 'a function cannot be stored', 2);
      }),
    ).rejects.toMatchObject({ code: 'storage-failed', cause: { name: 'DataCloneError' } });
    await expect(
      db.write(['notes'], async (tx) => {
        await tx.objectStore('notes').put('changed', 1);
        await tx.objectStore('notes').add('there already', 1);
      }),
    ).rejects.toMatchObject({ code: 'storage-failed', cause: { name: 'ConstraintError' } });
    const own = new StoreClosed();
    await expect(db.write(['notes'], () => Promise.reject(own))).rejects.toBe(own);
    expect(await get(db)).toBe('kept');
  });

  it('on a full device is not-enough-space', async () => {
    const db = database();
    await db.open();
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const reason: unknown = await put(db, 'a').catch((error: unknown) => error);
    expect(reason).toMatchObject({ code: 'not-enough-space', needed: 0, available: null });
    expect(isDiskFull(reason)).toBe(true);
    expect(isDiskFull(new DOMException('full', 'AbortError'))).toBe(false);
  });

  it('that the browser refuses only at its end is told by its name', async () => {
    const db = database();
    const full = new DOMException('full', 'QuotaExceededError');
    const failing = db.write(['notes'], async (tx) => {
      await tx.objectStore('notes').put('a', 1);
      // Chromium aborts a transaction that does not fit, and gives the reason to the transaction alone.
      vi.spyOn(IDBTransaction.prototype, 'error', 'get').mockReturnValue(full);
      tx.abort();
      throw new DOMException('aborted', 'AbortError');
    });
    await expect(failing).rejects.toMatchObject({ code: 'not-enough-space', cause: full });
    vi.restoreAllMocks();
    expect(await get(db)).toBeUndefined();
  });
});

describe('a database that the browser or another tab takes away', () => {
  it('makes way for a newer app, and says storage-outdated from then on', async () => {
    const old = database();
    await put(old, 'a');
    // Would be blocked for ever if the old one stayed.
    expect(await get(database(old.name, [first, second]))).toBe('a, rewritten');
    await expect(get(old)).rejects.toMatchObject({ code: 'storage-outdated' });
  });

  it('is storage-blocked while an old tab does not let go, and works as soon as it does', async () => {
    const name = `test-${crypto.randomUUID()}`;
    await put(database(name), 'a');
    const holder = await raw(name);
    const newer = database(name, [first, second], 300);
    await expect(newer.open()).rejects.toMatchObject({ code: 'storage-blocked' });
    holder.close();
    expect(await get(newer)).toBe('a, rewritten');
  });

  it('is opened again after the browser closed it', async () => {
    const opening = vi.spyOn(IDBFactory.prototype, 'open');
    const db = database();
    await put(db, 'a');
    const request = opening.mock.results[0]?.value as IDBOpenDBRequest;
    // What a browser does that clears the data of a site or restarts its storage process.
    request.result.close();
    request.result.dispatchEvent(new Event('close'));
    expect(await get(db)).toBe('a');
    const again = opening.mock.results[1]?.value as IDBOpenDBRequest;
    // Closed without a word: the next use finds out.
    again.result.close();
    expect(await get(db)).toBe('a');
    expect(opening).toHaveBeenCalledTimes(3);
  });

  it('gives way when somebody deletes it, and begins anew', async () => {
    const db = database();
    await put(db, 'a');
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(db.name);
      request.onsuccess = resolve;
      request.onerror = request.onblocked = reject;
    });
    expect(await get(db)).toBeUndefined();
  });
});

describe('a browser that keeps no data', () => {
  it('has no IndexedDB, or refuses to open it: storage-unavailable', async () => {
    const refusing = database();
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('not in a private window', 'SecurityError');
    });
    await expect(refusing.open()).rejects.toMatchObject({
      code: 'storage-unavailable',
      cause: { name: 'SecurityError' },
    });
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: undefined });
    await expect(database().open()).rejects.toMatchObject({ code: 'storage-unavailable' });
  });

  it('never answers: storage-unavailable after the limit, and a late answer is let go', async () => {
    const name = `test-${crypto.randomUUID()}`;
    await put(database(name), 'a');
    open[0]?.release();
    const holder = await raw(name);
    // Waits for the holder; every later open waits behind it, with no event at all.
    const deleting = indexedDB.deleteDatabase(name);
    const db = database(name, [first], 200);
    await expect(db.open()).rejects.toMatchObject({ code: 'storage-unavailable' });
    holder.close();
    await new Promise((resolve) => (deleting.onsuccess = resolve));
    // Would be blocked if the late answer still held the database open.
    const newer = database(name, [first, second], 2000);
    await newer.open();
    expect(await get(newer)).toBeUndefined();
  });
});
