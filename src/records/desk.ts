/**
 * Everything that can be done with kept studies, as the worker offers it. Holds the key while they are
 * unlocked, locks them after a time without a touch, and tells other tabs what happened.
 */
import { auditCsv, type AuditCheck, type AuditEntry } from './audit/chain.ts';
import { BackupFile, blobSource } from './backup/backup-file.ts';
import {
  mergeOf,
  openBackup,
  otherVersion,
  readBackup,
  writeBackup,
  type BackupReport,
  type BackupStudy,
} from './backup/backup.ts';
import type { NewDiagnosis, NewWord, PictureChange, RestoreSecret } from './changes.ts';
import type { Secret } from './crypto/key-wrap.ts';
import { parseRecoveryKey } from './crypto/recovery-key.ts';
import { RecordsLocked } from './errors.ts';
import {
  performanceBy,
  performanceOf,
  type Performance,
  type Truth,
} from './statistics/performance.ts';
import { driftOf, type CardFigures, type Drift } from './statistics/drift.ts';
import { RecordsConnection } from './store/database.ts';
import { driftPictureOf, outcomeOf } from './store/entry.ts';
import type { StudyPage, StudyQuery } from './store/search.ts';
import { StudyStore, type KeptFile, type RecordsStatus } from './store/study-store.ts';
import type { KeptPicture, KeptStudy, PatientLabel } from './study/schema.ts';
import { labelText, withDiagnosis, withWord } from './study/words.ts';
import { NEWS_CHANNEL, type RecordsNews, type RecordsState } from './types.ts';
import { waitAfter } from './vault/delay.ts';
import type { RecordsSettings, Vault } from './vault/schema.ts';
import {
  choicesOf,
  VaultKeeper,
  type NewReader,
  type Opening,
  type VaultOptions,
} from './vault/vault.ts';

const MINUTE = 60_000;
/** Studies delete themselves on a tablet that runs for weeks as well. */
const EXPIRE_EVERY_MS = 60 * MINUTE;

export interface DeskOptions extends VaultOptions {
  readonly name?: string;
}

interface Unlocked {
  readonly key: CryptoKey;
  readonly vault: Vault;
  readonly store: StudyStore;
  readonly reader: { readonly id: string; readonly initials: string } | null;
  readonly lockAfter: number;
}

export class RecordsDesk {
  readonly #connection: RecordsConnection;
  readonly #vault: VaultKeeper;
  readonly #now: () => number;
  readonly #news: BroadcastChannel;
  #unlocked: Unlocked | null = null;
  #touched = 0;
  #work: { readonly stop: AbortController; readonly done: number; readonly total: number } | null =
    null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #expiry: ReturnType<typeof setInterval>;

  constructor(options: DeskOptions = {}) {
    this.#connection = new RecordsConnection(options.name);
    this.#vault = new VaultKeeper(this.#connection, options);
    this.#now = options.now ?? Date.now;
    this.#news = new BroadcastChannel(NEWS_CHANNEL);
    this.#news.addEventListener('message', ({ data }: MessageEvent<RecordsNews>) => {
      if (data === 'erased') this.#forget();
      if (data === 'changed') void this.#unlocked?.store.refresh().catch(() => undefined);
    });
    this.#expiry = setInterval(() => void this.expire().catch(() => 0), EXPIRE_EVERY_MS);
  }

  async state(): Promise<RecordsState> {
    const vault = await this.#vault.load();
    if (!vault) {
      // Another tab erased everything, and its news may still be on their way.
      this.#forget();
      return { phase: 'off' };
    }
    const unlocked = this.#current();
    return {
      phase: unlocked ? 'unlocked' : 'locked',
      readers: choicesOf(vault),
      settings: vault.settings,
      reader: unlocked?.reader?.id ?? null,
      wait: waitAfter(vault.failures, this.#now()),
    };
  }

  /** @returns the recovery key, to be printed now: it is kept nowhere */
  async setUp(first: NewReader, settings: RecordsSettings): Promise<string> {
    const { key, reader, vault, recoveryKey } = await this.#vault.setUp(first, settings);
    await this.#hold(key, reader, vault, 'set-up');
    return recoveryKey;
  }

  async unlock(opening: Opening): Promise<void> {
    const { key, reader, vault } = await this.#vault.open(opening);
    await this.#vault.expire();
    await this.#hold(key, reader, vault, 'unlocked');
  }

  async lock(): Promise<void> {
    const unlocked = this.#unlocked;
    this.#forget();
    if (!unlocked) return;
    await unlocked.store.record({ action: 'locked' });
    this.#tell('locked');
  }

  /** The person is there: the time until it locks begins anew. */
  touch(): void {
    if (!this.#current()) return;
    this.#touched = this.#now();
    this.#arm();
  }

  list(query: StudyQuery): StudyPage {
    return this.#store().list(query);
  }

  async keep(study: KeptStudy, files: readonly KeptFile[]): Promise<KeptStudy> {
    return this.#changed(await this.#store().keep(study, files));
  }

  /**
   * Keeps a study, or brings the kept one up to date: label, date, and those of its pictures that are
   * given. Words, diagnoses, flags and the other pictures stay.
   */
  async put(study: KeptStudy, change: PictureChange): Promise<KeptStudy> {
    const store = this.#store();
    if (!store.has(study.id)) return this.#changed(await store.keep(study, change.files));
    const merge = (before: KeptStudy): KeptStudy => ({
      ...before,
      label: study.label,
      studyDate: study.studyDate ?? before.studyDate,
      open: study.open,
      flags: [...new Set([...before.flags, ...study.flags])].slice(0, 30),
      pictures: merged(before.pictures, study.pictures, change.gone),
    });
    const bare = [...change.bare, ...change.gone];
    return this.#changed(await store.update(study.id, 'kept', merge, change.files, bare));
  }

  /** Takes studies out of the work list; they stay kept. */
  async close(ids: readonly string[]): Promise<void> {
    const store = this.#store();
    for (const id of ids) {
      if (store.has(id)) await store.update(id, 'labelled', (study) => ({ ...study, open: false }));
    }
    this.#tell('changed');
  }

  /** For going on with what was open: without an entry in the audit log. */
  peek(id: string): Promise<KeptStudy> {
    return this.#store().peek(id);
  }

  open(id: string): Promise<KeptStudy> {
    return this.#store().open(id);
  }

  file(id: string, picture: string): Promise<Blob | null> {
    return this.#store().file(id, picture);
  }

  async say(id: string, word: NewWord): Promise<KeptStudy> {
    const said = { ...word, at: this.#now(), by: this.#person() };
    return this.#changed(
      await this.#store().update(id, 'amended', (study) => withWord(study, said)),
    );
  }

  async diagnose(id: string, diagnosis: NewDiagnosis): Promise<KeptStudy> {
    const found = { ...diagnosis, at: this.#now(), by: this.#person() };
    return this.#changed(
      await this.#store().update(id, 'diagnosed', (study) => withDiagnosis(study, found)),
    );
  }

  async label(
    id: string,
    change: { readonly label?: PatientLabel; readonly flags?: readonly string[] },
  ): Promise<KeptStudy> {
    return this.#changed(
      await this.#store().update(id, 'labelled', (study) => ({
        ...study,
        label: change.label ?? study.label,
        flags: change.flags ? [...change.flags] : study.flags,
      })),
    );
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#store().remove(ids);
    this.#tell('changed');
  }

  /** An export of these studies, for the audit log. */
  async exported(ids: readonly string[], format: string): Promise<void> {
    const facts = ids.map((study) => ({ action: 'exported', study, detail: format }) as const);
    await this.#store().record(...facts);
  }

  status(): RecordsStatus {
    return this.#store().status();
  }

  check(): Promise<{ readonly id: string; readonly label: string }[]> {
    return this.#store().check();
  }

  async checkAudit(): Promise<AuditCheck> {
    const store = this.#store();
    await store.record({ action: 'log-checked' });
    return store.checkAudit();
  }

  /** The last entries of the audit log, newest first. */
  async audit(limit: number): Promise<AuditEntry[]> {
    const entries = await this.#store().auditEntries();
    return entries.slice(-limit).reverse();
  }

  async auditCsv(): Promise<string> {
    const store = this.#store();
    await store.record({ action: 'exported', detail: 'audit-csv' });
    return auditCsv(await store.auditEntries());
  }

  performance(labels: readonly string[], truth: Truth): Performance {
    return performanceOf(this.#store().entries().map(outcomeOf), labels, truth);
  }

  performanceBy(
    by: 'week' | 'device',
    labels: readonly string[],
    truth: Truth,
  ): { readonly group: string; readonly performance: Performance }[] {
    return performanceBy(by, this.#store().entries().map(outcomeOf), labels, truth);
  }

  drift(card: CardFigures): Drift {
    const pictures = this.#store()
      .entries()
      .flatMap((entry) => driftPictureOf(entry) ?? []);
    return driftOf(pictures, card);
  }

  /**
   * Writes all kept studies to a file of the browser's own, goes on where an earlier try ended, and
   * reads everything once more. `backupFile` gives the file.
   * @throws BackupNotWritten, BackupOfOthers, or AbortError
   */
  async backUp(): Promise<BackupReport> {
    const { store, key } = this.#required();
    const vault = (await this.#vault.load()) ?? this.#required().vault;
    const stop = new AbortController();
    this.#work = { stop, done: 0, total: store.status().studies };
    const target = await BackupFile.open();
    try {
      const report = await writeBackup(
        {
          vault: vault.id,
          locks: [...vault.readers.flatMap(({ locks }) => locks), vault.recovery],
          key,
          contents: store.entries().map(({ id, label }) => ({ id, label: labelText(label) })),
          read: (id) => studyWithFiles(store, id),
        },
        target,
        {
          signal: stop.signal,
          onProgress: (done, total) => {
            // A long backup is no reason to lock: someone waits for it.
            this.touch();
            this.#work = { stop, done, total };
          },
        },
      );
      await store.record({ action: 'backed-up', detail: `${report.whole} of ${report.named}` });
      return report;
    } finally {
      target.close();
      this.#work = null;
    }
  }

  backupFile(): Promise<File> {
    return BackupFile.finished();
  }

  removeBackup(): Promise<void> {
    return BackupFile.remove();
  }

  /** How far a backup or a restoring is; null: there is none. */
  progress(): { readonly done: number; readonly total: number } | null {
    return this.#work && { done: this.#work.done, total: this.#work.total };
  }

  stopWork(): void {
    this.#work?.stop.abort(new DOMException('Stopped.', 'AbortError'));
  }

  /**
   * Brings what is whole of a backup to this device. Two versions of a study are both kept, unless one
   * came of the other.
   * @throws BackupUnreadable, WrongPassphrase, RecoveryKeyMistyped, or AbortError
   */
  async restore(file: Blob, secret: RestoreSecret): Promise<BackupReport> {
    const { store } = this.#required();
    const source = blobSource(file);
    const key = await openBackup(
      source,
      secret.kind === 'recovery'
        ? { kind: 'recovery', bytes: parseRecoveryKey(secret.key) }
        : secret,
    );
    const stop = new AbortController();
    this.#work = { stop, done: 0, total: 0 };
    try {
      return await readBackup(
        source,
        key,
        async ({ study, files }) => {
          this.touch();
          const here = store.has(study.id) ? await store.peek(study.id).catch(() => null) : null;
          const merge = mergeOf(here, study);
          if (merge === 'keep-both') await store.restore(otherVersion(study), files);
          else if (merge !== 'skip') await store.restore(study, files);
          this.#work = { stop, done: (this.#work?.done ?? 0) + 1, total: 0 };
        },
        stop.signal,
      );
    } finally {
      this.#work = null;
      this.#tell('changed');
    }
  }

  async addReader(opening: Opening, added: NewReader): Promise<string> {
    const store = this.#store();
    const { id } = await this.#vault.addReader(opening, added);
    await store.record({ action: 'reader-added', detail: id });
    return id;
  }

  async addLock(
    opening: Opening,
    reader: string,
    secret: Secret,
    salt?: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const store = this.#store();
    await this.#vault.addLock(opening, reader, secret, salt);
    await store.record({ action: 'settings-changed', detail: secret.kind });
  }

  async removeReader(reader: string): Promise<void> {
    const store = this.#store();
    await this.#vault.removeReader(reader);
    await store.record({ action: 'reader-removed', detail: reader });
  }

  async changeSettings(settings: RecordsSettings): Promise<void> {
    const unlocked = this.#required();
    await this.#vault.change((vault) => ({ ...vault, settings }));
    this.#unlocked = { ...unlocked, lockAfter: settings.autoLockMinutes * MINUTE };
    this.#arm();
    await unlocked.store.record({ action: 'settings-changed' });
    await this.expire();
  }

  /** Needs no key. @returns how many studies were too old and are gone */
  async expire(): Promise<number> {
    const gone = await this.#vault.expire();
    if (gone > 0) {
      await this.#unlocked?.store.refresh();
      this.#tell('changed');
    }
    return gone;
  }

  /** Destroys the keys and deletes everything; nothing brings it back but a backup. */
  async erase(): Promise<void> {
    this.#forget();
    await this.#vault.erase();
    this.#tell('erased');
  }

  dispose(): void {
    this.#forget();
    clearInterval(this.#expiry);
    this.#news.close();
    this.#connection.close();
  }

  async #hold(
    key: CryptoKey,
    reader: { readonly id: string; readonly initials: string } | null,
    vault: Vault,
    action: 'set-up' | 'unlocked',
  ): Promise<void> {
    const { settings } = vault;
    const person = { reader: reader?.id ?? '', initials: reader?.initials ?? '' };
    const detail = reader ? '' : 'recovery';
    const store = await StudyStore.open(
      this.#connection,
      key,
      person,
      { action, detail },
      { now: this.#now },
    );
    this.#unlocked = { key, vault, store, reader, lockAfter: settings.autoLockMinutes * MINUTE };
    this.#touched = this.#now();
    this.#arm();
    this.#tell('unlocked');
  }

  /** A timer may come late on a sleeping tablet: each call looks at the clock too. */
  #current(): Unlocked | null {
    const unlocked = this.#unlocked;
    if (unlocked && this.#now() - this.#touched >= unlocked.lockAfter) {
      void this.lock().catch(() => undefined);
      return null;
    }
    return unlocked;
  }

  #required(): Unlocked {
    const unlocked = this.#current();
    if (!unlocked) throw new RecordsLocked();
    return unlocked;
  }

  #store(): StudyStore {
    return this.#required().store;
  }

  #person(): { reader: string; initials: string } {
    const { reader } = this.#required();
    return { reader: reader?.id ?? 'recovery', initials: reader?.initials ?? '' };
  }

  #changed(study: KeptStudy): KeptStudy {
    this.#tell('changed');
    return study;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const { lockAfter } = this.#unlocked ?? {};
    if (lockAfter !== undefined) this.#timer = setTimeout(() => this.#current(), lockAfter);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#unlocked = null;
  }

  #tell(news: RecordsNews): void {
    this.#news.postMessage(news);
  }
}

/** What is kept of a picture's bytes is the store's to say. */
function merged(
  before: readonly KeptPicture[],
  given: readonly KeptPicture[],
  gone: readonly string[],
): KeptPicture[] {
  const fresh = new Map(given.map((picture) => [picture.id, picture]));
  const kept = before.map((picture) => {
    const now = fresh.get(picture.id);
    fresh.delete(picture.id);
    return now ? { ...now, file: picture.file } : picture;
  });
  return [...kept, ...fresh.values()].filter(({ id }) => !gone.includes(id));
}

/** Null for one that is gone or damaged: the backup's report names it. */
async function studyWithFiles(store: StudyStore, id: string): Promise<BackupStudy | null> {
  try {
    const study = await store.peek(id);
    const files: KeptFile[] = [];
    for (const { id: picture, file } of study.pictures) {
      const bytes = file && (await store.file(id, picture));
      if (file && bytes) files.push({ picture, kind: file.kind, bytes });
    }
    return { study, files };
  } catch {
    return null;
  }
}
