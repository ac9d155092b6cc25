import { describe, expect, it } from 'vitest';
import { readStorage, requestPersistence } from '../../src/platform/storage.ts';

describe('storage', () => {
  it('reads what the browser tells', async () => {
    const facts = await readStorage({
      persisted: async () => true,
      estimate: async () => ({ usage: 5, quota: 100 }),
    });
    expect(facts).toEqual({ persistent: true, usedBytes: 5, quotaBytes: 100 });
  });

  it('gives nulls where the browser has nothing or refuses', async () => {
    const nothing = { persistent: null, usedBytes: null, quotaBytes: null };
    expect(await readStorage({})).toEqual(nothing);
    const refused = (): Promise<never> => Promise.reject(new TypeError('no'));
    expect(await readStorage({ persisted: refused, estimate: refused })).toEqual(nothing);
  });

  it('asks once, not when it is granted already, and takes a no', async () => {
    let asked = 0;
    const persist = async (): Promise<boolean> => {
      asked += 1;
      return false;
    };
    expect(await requestPersistence({ persist, persisted: async () => true })).toBe('granted');
    expect(asked).toBe(0);
    expect(await requestPersistence({ persist, persisted: async () => false })).toBe('denied');
    expect(asked).toBe(1);
    expect(await requestPersistence({})).toBe('unsupported');
    expect(await requestPersistence({ persist: () => Promise.reject(new TypeError('no')) })).toBe(
      'denied',
    );
  });

  it('does not wait for a person who never answers', async () => {
    const never = (): Promise<boolean> => new Promise(() => undefined);
    expect(await requestPersistence({ persist: never }, 20)).toBe('undecided');
  });
});
