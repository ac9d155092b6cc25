import { openDB, type IDBPDatabase } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { allOrNothing, Connection, doneAlone, isDiskFull } from '../../src/session/index.ts';

const open: Connection<IDBPDatabase>[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function connectionTo(name: string, version = 1): Connection<IDBPDatabase> {
  const connection = new Connection((ends) =>
    openDB(name, version, {
      upgrade(db) {
        if (!db.objectStoreNames.contains('notes')) db.createObjectStore('notes');
      },
      ...ends,
    }),
  );
  open.push(connection);
  return connection;
}

describe('a connection', () => {
  it('is one, makes way for a newer app, and is opened anew after it was closed', async () => {
    const name = `test-${crypto.randomUUID()}`;
    const connection = connectionTo(name);
    const first = await connection.open();
    expect(await connection.open()).toBe(first);
    connection.close();
    const second = await connection.open();
    expect(second).not.toBe(first);
    // Would wait for ever if the old one stayed.
    await connectionTo(name, 2).open();
    await expect(connection.open()).rejects.toMatchObject({ name: 'VersionError' });
  });
});

describe('a write', () => {
  it('happens as a whole or not at all, and tells why not', async () => {
    const db = await connectionTo(`test-${crypto.randomUUID()}`).open();
    await allOrNothing(db.transaction('notes', 'readwrite'), (tx) => tx.store.put('kept', 1));
    await expect(
      allOrNothing(db.transaction('notes', 'readwrite'), async (tx) => {
        await tx.store.put('changed', 1);
        await tx.store.put(() => 'what cannot be stored', 2);
      }),
    ).rejects.toMatchObject({ name: 'DataCloneError' });
    await expect(
      allOrNothing(db.transaction('notes', 'readwrite'), async (tx) => {
        await tx.store.put('changed', 1);
        await tx.store.add('there already', 1);
      }),
    ).rejects.toMatchObject({ name: 'ConstraintError' });
    expect(await db.get('notes', 1)).toBe('kept');
  });

  it('is told by its transaction that the disk is full', async () => {
    const full = new DOMException('full', 'QuotaExceededError');
    const done = Promise.reject(full);
    const failing = allOrNothing({ done, abort: () => undefined }, () =>
      Promise.reject(new DOMException('aborted', 'AbortError')),
    );
    const reason: unknown = await failing.catch((error: unknown) => error);
    expect(reason).toBe(full);
    expect(isDiskFull(reason)).toBe(true);
    expect(isDiskFull(new DOMException('no', 'AbortError'))).toBe(false);
  });
});

describe('work that must be done alone', () => {
  it('is not done while another tab does it', async () => {
    const name = `test-${crypto.randomUUID()}`;
    let done = 0;
    const work = async (): Promise<void> => {
      done += 1;
    };
    await navigator.locks.request(name, async () => {
      expect(await doneAlone(name, work)).toBe(false);
    });
    expect(done).toBe(0);
    expect(await doneAlone(name, work)).toBe(true);
    expect(done).toBe(1);
    await expect(doneAlone(name, () => Promise.reject(new Error('its own')))).rejects.toThrow(
      'its own',
    );
  });
});
