import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDataKey, makeLock, openLock } from '../../src/records/crypto/key-wrap.ts';
import {
  checkPassphrase,
  deriveByArgon2,
  measureCost,
  type Cost,
} from '../../src/records/crypto/passphrase.ts';
import { makeRecoveryKey, parseRecoveryKey } from '../../src/records/crypto/recovery-key.ts';
import { seal, sealJson, unseal, unsealJson } from '../../src/records/crypto/sealed.ts';

const LIGHT: Cost = { memoryKiB: 64, passes: 1 };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a sealed record', () => {
  it('opens under its own name and version only, and never with a changed bit', async () => {
    const key = await makeDataKey();
    const plain = new TextEncoder().encode('Amina Diallo');
    const subject = { kind: 'study', id: 'a', day: 20_000 } as const;
    const sealed = await seal(key, subject, 1, plain);
    expect(hex(await unseal(key, subject, sealed))).toBe(hex(plain));
    expect(hex(sealed.data)).not.toContain(hex(plain));
    for (const other of [
      { ...subject, id: 'b' },
      { ...subject, kind: 'audit' as const },
      { ...subject, day: 20_001 },
    ]) {
      await expect(unseal(key, other, sealed)).rejects.toMatchObject({
        code: 'record-seal-broken',
      });
    }
    await expect(unseal(key, subject, { ...sealed, version: 2 })).rejects.toThrow();
    for (let at = 0; at < sealed.data.length * 8; at += 7) {
      const data = sealed.data.slice();
      data[at >> 3] ^= 1 << (at & 7);
      await expect(unseal(key, subject, { ...sealed, data })).rejects.toMatchObject({
        code: 'record-seal-broken',
      });
    }
    for (const no of [
      null,
      {},
      { ...sealed, nonce: new Uint8Array(11) },
      { ...sealed, data: 'x' },
    ]) {
      await expect(unseal(key, subject, no)).rejects.toMatchObject({ code: 'record-seal-broken' });
    }
  });

  it('never uses a nonce twice', async () => {
    const key = await makeDataKey();
    const subject = { kind: 'audit', id: '1' } as const;
    const nonces = new Set<string>();
    for (let n = 0; n < 300; n += 1) {
      const sealed = await sealJson(key, subject, 1, { same: true });
      nonces.add(hex(sealed.nonce));
      expect(await unsealJson(key, subject, sealed)).toEqual({ same: true });
    }
    expect(nonces.size).toBe(300);
  });
});

describe('a recovery key', () => {
  it('is read however it is typed, and every wrong or swapped character is noticed', () => {
    fc.assert(
      fc.property(fc.nat(31), fc.integer({ min: 1, max: 31 }), (place, step) => {
        const key = makeRecoveryKey();
        expect(key).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
        const bytes = parseRecoveryKey(key);
        const spoken = key
          .toLowerCase()
          .replaceAll('-', ' ')
          .replaceAll('0', 'o')
          .replaceAll('1', 'l');
        expect(hex(parseRecoveryKey(spoken))).toBe(hex(bytes));
        const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
        const characters = Array.from(key.replaceAll('-', ''));
        const wrong = [...characters];
        wrong[place] = alphabet[(alphabet.indexOf(wrong[place]) + step) % 32];
        expect(() => parseRecoveryKey(wrong.join(''))).toThrow('whole recovery key');
        const next = (place + 1) % 32;
        if (next > place && characters[place] !== characters[next]) {
          const swapped = [...characters];
          [swapped[place], swapped[next]] = [swapped[next], swapped[place]];
          expect(() => parseRecoveryKey(swapped.join(''))).toThrow('whole recovery key');
        }
        expect(() => parseRecoveryKey(characters.slice(1).join(''))).toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it('differs every time', () => {
    expect(new Set(Array.from({ length: 50 }, makeRecoveryKey)).size).toBe(50);
  });
});

describe('the data key', () => {
  it('comes out of each lock with its own secret, not extractable', async () => {
    const dataKey = await makeDataKey();
    const subject = { kind: 'study', id: 'x' } as const;
    const sealed = await sealJson(dataKey, subject, 1, 'kept');
    const output = crypto.getRandomValues(new Uint8Array(32));
    const secrets = [
      { kind: 'passphrase', passphrase: 'four words in a row' },
      { kind: 'passkey', credential: new Uint8Array([7]), output },
      { kind: 'recovery', bytes: parseRecoveryKey(makeRecoveryKey()) },
    ] as const;
    const wrongs = [
      { kind: 'passphrase', passphrase: 'four words in a raw' },
      { kind: 'passkey', credential: new Uint8Array([7]), output: new Uint8Array(32) },
      { kind: 'recovery', bytes: parseRecoveryKey(makeRecoveryKey()) },
    ] as const;
    for (const [at, secret] of secrets.entries()) {
      const lock = await makeLock(dataKey, 'vault', secret, { cost: LIGHT });
      const key = (await openLock(lock, 'vault', secret))!;
      expect(key.extractable).toBe(false);
      await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
      expect(await unsealJson(key, subject, sealed)).toBe('kept');
      for (const wrong of wrongs) expect(await openLock(lock, 'vault', wrong)).toBeNull();
      expect(await openLock(lock, 'another vault', secret)).toBeNull();
      expect(await openLock(lock, 'vault', secrets[(at + 1) % 3])).toBeNull();
    }
  });

  it('can be wrapped for one more reader only by someone who opens a lock for it', async () => {
    const dataKey = await makeDataKey();
    const first = { kind: 'passphrase', passphrase: 'the first reader' } as const;
    const second = { kind: 'passphrase', passphrase: 'the second reader' } as const;
    const lock = await makeLock(dataKey, 'vault', first, { cost: LIGHT });
    const held = (await openLock(lock, 'vault', first))!;
    await expect(makeLock(held, 'vault', second, { cost: LIGHT })).rejects.toThrow();
    const lent = (await openLock(lock, 'vault', first, { forWrapping: true }))!;
    const other = await makeLock(lent, 'vault', second, { cost: LIGHT });
    const sealed = await sealJson(held, { kind: 'study', id: 'x' }, 1, 'shared');
    const theirs = (await openLock(other, 'vault', second))!;
    expect(await unsealJson(theirs, { kind: 'study', id: 'x' }, sealed)).toBe('shared');
  });
});

describe('a passphrase', () => {
  it('gives what the reference implementation of Argon2id gives', async () => {
    // phc-winner-argon2's own test: argon2id, version 19, t=2, m=2^16 KiB, p=1.
    const derived = await deriveByArgon2('password', new TextEncoder().encode('somesalt'), {
      memoryKiB: 65_536,
      passes: 2,
    });
    expect(hex(derived)).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  });

  it('is the same whatever keyboard composed its letters, and not too short', async () => {
    const salt = new Uint8Array(16);
    const one = await deriveByArgon2('caf\u00e9 au lait', salt, LIGHT);
    expect(hex(await deriveByArgon2(' cafe\u0301 au lait ', salt, LIGHT))).toBe(hex(one));
    expect(() => checkPassphrase('  short    ')).toThrow('too short');
    expect(() => checkPassphrase('long enough')).not.toThrow();
  });

  it.each([
    ['a fast device', 1 / 1024, { memoryKiB: 65_536, passes: 8 }],
    ['a device that half a second just suffices for', 1 / 270, { memoryKiB: 65_536, passes: 2 }],
    ['a slower one', 1 / 200, { memoryKiB: 32_768, passes: 3 }],
    ['a very slow one', 1 / 40, { memoryKiB: 19_456, passes: 2 }],
  ])('costs what %s does in half a second', async (_, msPerKiB, expected) => {
    let clock = 0;
    const cost = await measureCost({
      now: () => clock,
      derive: async (_passphrase, _salt, { memoryKiB, passes }) => {
        clock += memoryKiB * passes * msPerKiB;
        return new Uint8Array(32);
      },
    });
    expect(cost).toEqual(expected);
  });

  it('takes less memory where there is not enough', async () => {
    let clock = 0;
    const cost = await measureCost({
      now: () => clock,
      derive: async (_passphrase, _salt, { memoryKiB, passes }) => {
        if (memoryKiB > 40_000) throw new RangeError('could not allocate memory');
        clock += memoryKiB * passes * 0.002;
        return new Uint8Array(32);
      },
    });
    expect(cost).toEqual({ memoryKiB: 32_768, passes: 8 });
  });
});
