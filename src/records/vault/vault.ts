/** Who may open the kept studies: readers with their locks, the recovery key, the growing delay. */
import * as v from 'valibot';
import { makeDataKey, makeLock, openLock, type Lock, type Secret } from '../crypto/key-wrap.ts';
import {
  checkPassphrase,
  deriveByArgon2,
  measureCost,
  type Cost,
  type Derive,
} from '../crypto/passphrase.ts';
import { makeRecoveryKey, parseRecoveryKey } from '../crypto/recovery-key.ts';
import type { Bytes } from '../crypto/sealed.ts';
import {
  LastReader,
  ReaderUnknown,
  RecordsNotSetUp,
  RecordsSetUpAlready,
  RecordsUnavailable,
  TryAgainLater,
  WrongPassphrase,
} from '../errors.ts';
import { ALL_STORES, piecesOf, type RecordsConnection } from '../store/database.ts';
import { waitAfter } from './delay.ts';
import { clockAt, lastExpiredDay } from './retention.ts';
import {
  VaultSchema,
  type ReaderChoice,
  type RecordsSettings,
  type Vault,
  type VaultReader,
} from './schema.ts';

export interface VaultOptions {
  readonly now?: () => number;
  readonly derive?: Derive;
  /** Instead of measuring it. */
  readonly cost?: Cost;
}

export interface NewReader {
  readonly name: string;
  readonly initials: string;
  readonly passphrase: string;
}

/** What a person gives to get in. */
export type Opening =
  | { readonly kind: 'passphrase'; readonly reader: string; readonly passphrase: string }
  | {
      readonly kind: 'passkey';
      readonly reader: string;
      readonly credential: Bytes;
      readonly output: Bytes;
    }
  /** As it is printed; opens for a reader's tasks of setting up anew. */
  | { readonly kind: 'recovery'; readonly key: string };

export interface Opened {
  readonly key: CryptoKey;
  readonly vault: Vault;
  /** Null: by the recovery key. */
  readonly reader: VaultReader | null;
}

export class VaultKeeper {
  readonly #connection: RecordsConnection;
  readonly #now: () => number;
  readonly #derive: Derive;
  readonly #cost: Cost | null;

  constructor(connection: RecordsConnection, options: VaultOptions = {}) {
    this.#connection = connection;
    this.#now = options.now ?? Date.now;
    this.#derive = options.derive ?? deriveByArgon2;
    this.#cost = options.cost ?? null;
  }

  /** Null: nothing is set up. @throws RecordsUnavailable */
  async load(): Promise<Vault | null> {
    const stored = await this.#connection.read((db) => db.get('vault', 'vault'));
    return stored === undefined ? null : parseVault(stored);
  }

  /**
   * The first reader and the recovery key, which is shown once and kept nowhere.
   * @throws RecordsSetUpAlready, PassphraseTooShort
   */
  async setUp(
    first: NewReader,
    settings: RecordsSettings,
  ): Promise<Opened & { recoveryKey: string }> {
    checkPassphrase(first.passphrase);
    const id = crypto.randomUUID();
    const dataKey = await makeDataKey();
    const cost = await this.#costNow();
    const recoveryKey = makeRecoveryKey();
    const recovered: Secret = { kind: 'recovery', bytes: parseRecoveryKey(recoveryKey) };
    const recovery = await makeLock(dataKey, id, recovered, { cost });
    const reader = await this.#readerOf(first, dataKey, id, cost);
    const now = this.#now();
    const vault: Vault = {
      schema: 1,
      id,
      createdAt: now,
      readers: [reader],
      recovery,
      settings,
      failures: { count: 0, at: 0 },
      clock: { seen: now, jumpedAt: null },
    };
    await this.#connection.write(async (tx) => {
      const store = tx.objectStore('vault');
      if ((await store.count()) > 0) throw new RecordsSetUpAlready();
      await store.put(vault, 'vault');
    });
    const key = await openLock(recovery, id, recovered);
    if (!key) throw new RecordsUnavailable();
    return { key, vault, reader, recoveryKey };
  }

  /**
   * A try counts as a wrong one before it is looked at, so that ending the app in the middle of it
   * saves nobody the delay.
   * @throws WrongPassphrase, TryAgainLater, RecoveryKeyMistyped, ReaderUnknown, RecordsNotSetUp
   */
  async open(opening: Opening): Promise<Opened> {
    return this.#open(opening, false);
  }

  /** @throws as `open`, and PassphraseTooShort */
  async addReader(opening: Opening, added: NewReader): Promise<VaultReader> {
    checkPassphrase(added.passphrase);
    const { key, vault } = await this.#open(opening, true);
    const reader = await this.#readerOf(added, key, vault.id, await this.#costNow());
    await this.change((now) => ({ ...now, readers: [...now.readers, reader] }));
    return reader;
  }

  /** One more way in for a reader, or a new passphrase. @throws as `open` */
  async addLock(opening: Opening, reader: string, secret: Secret, salt?: Bytes): Promise<void> {
    if (secret.kind === 'passphrase') checkPassphrase(secret.passphrase);
    const { key, vault } = await this.#open(opening, true);
    const lock = await makeLock(key, vault.id, secret, {
      cost: await this.#costNow(),
      derive: this.#derive,
      ...(salt ? { salt } : {}),
    });
    const others = (locks: readonly Lock[]): Lock[] =>
      locks.filter(({ kind }) => kind !== 'passphrase' || secret.kind !== 'passphrase');
    await this.change((now) => {
      if (!now.readers.some(({ id }) => id === reader)) throw new ReaderUnknown();
      const readers = now.readers.map((each) =>
        each.id === reader ? { ...each, locks: [...others(each.locks), lock] } : each,
      );
      return { ...now, readers };
    });
  }

  /** @throws LastReader, ReaderUnknown */
  async removeReader(reader: string): Promise<void> {
    await this.change((now) => {
      const readers = now.readers.filter(({ id }) => id !== reader);
      if (readers.length === now.readers.length) throw new ReaderUnknown();
      if (readers.length === 0) throw new LastReader();
      return { ...now, readers };
    });
  }

  /** In one transaction. @throws RecordsNotSetUp, or what `change` throws */
  async change(change: (vault: Vault) => Vault): Promise<Vault> {
    let changed: Vault | null = null;
    await this.#connection.write(async (tx) => {
      const store = tx.objectStore('vault');
      const stored = await store.get('vault');
      if (stored === undefined) throw new RecordsNotSetUp();
      changed = change(parseVault(stored));
      await store.put(changed, 'vault');
    });
    if (!changed) throw new RecordsNotSetUp();
    return changed;
  }

  /**
   * Deletes what is older than the site keeps it; needs no key.
   * @returns how many studies went
   */
  async expire(): Promise<number> {
    let gone = 0;
    await this.#connection.write(async (tx) => {
      const stored = await tx.objectStore('vault').get('vault');
      if (stored === undefined) return;
      const vault = parseVault(stored);
      const now = this.#now();
      const clock = clockAt(now, vault.clock);
      await tx.objectStore('vault').put({ ...vault, clock }, 'vault');
      const last = lastExpiredDay(now, vault.settings.retentionDays, clock);
      if (last === null) return;
      const studies = tx.objectStore('studies');
      const old = await studies.index('day').getAllKeys(IDBKeyRange.upperBound(last));
      for (const id of old) {
        await studies.delete(id);
        await tx.objectStore('pieces').delete(piecesOf(id));
      }
      gone = old.length;
      if (gone === 0) return;
      const row = { at: now, reader: '', action: 'expired', detail: String(gone) } as const;
      await tx.objectStore('pending').add(row);
      const changes = await tx.objectStore('state').get('changes');
      await tx.objectStore('state').put(Number(changes ?? 0) + 1, 'changes');
    });
    return gone;
  }

  /** The wrapped keys go first, in a transaction of their own: without them nothing opens any more. */
  async erase(): Promise<void> {
    await this.#connection.write((tx) => tx.objectStore('vault').clear());
    await this.#connection.write((tx) =>
      Promise.all(ALL_STORES.map((store) => tx.objectStore(store).clear())),
    );
  }

  async #open(opening: Opening, forWrapping: boolean): Promise<Opened> {
    // A mistyped recovery key is no guess.
    const secret: Secret =
      opening.kind === 'recovery'
        ? { kind: 'recovery', bytes: parseRecoveryKey(opening.key) }
        : opening;
    const before = { count: 0 };
    const vault = await this.change((now) => {
      const wait = waitAfter(now.failures, this.#now());
      if (wait > 0) throw new TryAgainLater(wait);
      before.count = now.failures.count;
      return { ...now, failures: { count: now.failures.count + 1, at: this.#now() } };
    });
    const reader =
      opening.kind === 'recovery' ? null : vault.readers.find(({ id }) => id === opening.reader);
    const locks = reader === null ? [vault.recovery] : (reader?.locks ?? []);
    for (const lock of locks) {
      if (lock.kind === 'passkey' && !sameBytes(lock.credential, secret)) continue;
      const key = await openLock(lock, vault.id, secret, { forWrapping, derive: this.#derive });
      if (!key) continue;
      const opened = await this.change((now) => ({ ...now, failures: { count: 0, at: 0 } }));
      return { key, vault: opened, reader: reader ?? null };
    }
    const row = {
      at: this.#now(),
      reader: opening.kind === 'recovery' ? '' : opening.reader,
      action: 'unlock-failed',
      detail: opening.kind,
    } as const;
    await this.#connection.write((tx) => tx.objectStore('pending').add(row));
    if (reader === undefined) throw new ReaderUnknown();
    throw new WrongPassphrase(waitAfter(vault.failures, this.#now()));
  }

  async #readerOf(
    { name, initials, passphrase }: NewReader,
    key: CryptoKey,
    vault: string,
    cost: Cost,
  ): Promise<VaultReader> {
    const secret: Secret = { kind: 'passphrase', passphrase };
    const lock = await makeLock(key, vault, secret, { cost, derive: this.#derive });
    const id = crypto.randomUUID();
    return { id, name, initials, addedAt: this.#now(), locks: [lock] };
  }

  async #costNow(): Promise<Cost> {
    return this.#cost ?? measureCost({ derive: this.#derive });
  }
}

export function choicesOf(vault: Vault): ReaderChoice[] {
  return vault.readers.map(({ id, name, initials, addedAt, locks }) => ({
    id,
    name,
    initials,
    addedAt,
    passkeys: locks.flatMap((lock) =>
      lock.kind === 'passkey' ? [{ credential: lock.credential, salt: lock.salt }] : [],
    ),
  }));
}

function parseVault(stored: unknown): Vault {
  const parsed = v.safeParse(VaultSchema, stored);
  if (!parsed.success) throw new RecordsUnavailable();
  return parsed.output;
}

function sameBytes(credential: Bytes, secret: Secret): boolean {
  if (secret.kind !== 'passkey' || secret.credential.length !== credential.length) return false;
  return secret.credential.every((byte, at) => byte === credential[at]);
}
