/**
 * The kept studies while they are unlocked. Every change (study, pictures, index page, audit entry) is
 * one transaction; a second tab sees it, and two tabs never write over each other.
 */
import * as v from 'valibot';
import {
  AuditEntrySchema,
  AuditHeadSchema,
  chain,
  checkChain,
  EMPTY_LOG,
  type AuditCheck,
  type AuditEntry,
  type AuditFact,
  type AuditHead,
} from '../audit/chain.ts';
import { sealJson, unsealJson, type Sealed } from '../crypto/sealed.ts';
import { RecordTooNew, StudyChangedElsewhere, StudyDamaged, StudyGone } from '../errors.ts';
import { FORMAT, studyOf, type StudyFormat } from '../study/migrate.ts';
import type { KeptStudy } from '../study/schema.ts';
import { checkWords, labelText } from '../study/words.ts';
import { dayOf } from '../vault/retention.ts';
import { piecesOf, type RecordsConnection, type StudyRow } from './database.ts';
import { entryOf, type StudyEntry } from './entry.ts';
import { loadPages, PAGE_ENTRIES, sealPage, type Page } from './pages.ts';
import { sealPieces, unsealPieces, type Piece } from './pieces.ts';
import {
  findStudies,
  searchable,
  type Searchable,
  type StudyPage,
  type StudyQuery,
} from './search.ts';

export interface Person {
  readonly reader: string;
  readonly initials: string;
}

export interface StoreOptions {
  readonly now?: () => number;
  readonly format?: StudyFormat;
}

/** What is kept of a picture besides its result. */
export interface KeptFile {
  readonly picture: string;
  readonly kind: 'reading-copy' | 'original';
  readonly bytes: Blob;
}

export interface RecordsStatus {
  readonly studies: number;
  /** Milliseconds since 1970; null without any study. */
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly bytes: {
    readonly records: number;
    readonly copies: number;
    readonly originals: number;
  };
  readonly auditEntries: number;
}

type Fact = Pick<AuditFact, 'action'> & { readonly study?: string; readonly detail?: string };

interface Change {
  readonly puts?: readonly {
    readonly study: KeptStudy;
    readonly files?: readonly KeptFile[];
    readonly bare?: readonly string[];
  }[];
  readonly removes?: readonly string[];
  readonly facts: readonly Fact[];
}

/** Another tab wrote between reading and writing. */
class Overtaken extends StudyChangedElsewhere {}

export class StudyStore {
  readonly #connection: RecordsConnection;
  readonly #key: CryptoKey;
  readonly #person: Person;
  readonly #now: () => number;
  readonly #format: StudyFormat;
  #pages = new Map<number, Page>();
  #where = new Map<string, number>();
  #changes = -1;
  #head: AuditHead = EMPTY_LOG;

  private constructor(
    connection: RecordsConnection,
    key: CryptoKey,
    person: Person,
    options: StoreOptions,
  ) {
    this.#connection = connection;
    this.#key = key;
    this.#person = person;
    this.#now = options.now ?? Date.now;
    this.#format = options.format ?? FORMAT;
  }

  /** Reads the index, mends what of it is missing, and enters what happened while it was locked. */
  static async open(
    connection: RecordsConnection,
    key: CryptoKey,
    person: Person,
    first: Fact,
    options: StoreOptions = {},
  ): Promise<StudyStore> {
    const store = new StudyStore(connection, key, person, options);
    await store.refresh();
    await store.#mend();
    await store.#enterPending(first);
    return store;
  }

  list(query?: StudyQuery): StudyPage {
    return findStudies(this.#all(), query);
  }

  entries(): StudyEntry[] {
    return [...this.#all()].map(({ entry }) => entry);
  }

  /** Takes over what another tab wrote. */
  async refresh(): Promise<void> {
    const loaded = await this.#connection.read((db) => loadPages(db, this.#key, this.#pages));
    this.#changes = loaded.changes;
    this.#head = await this.#headOf(loaded.head);
    this.#pages = new Map();
    this.#where = new Map();
    for (const [number, page] of loaded.pages) {
      // Studies that deleted themselves while the index was sealed are listed still.
      const entries = [...page.entries].filter(([id]) => loaded.studies.has(id));
      this.#pages.set(number, { ...page, entries: new Map(entries) });
      for (const [id] of entries) this.#where.set(id, number);
    }
    this.#unlisted = [...loaded.studies].filter((id) => !this.#where.has(id));
  }
  #unlisted: readonly string[] = [];

  /** The whole index is looked through only when another tab changed something. */
  async #follow(): Promise<void> {
    const changes = await this.#connection.read((db) => db.get('state', 'changes'));
    if (Number(changes ?? 0) !== this.#changes) await this.refresh();
  }

  /** Studies that no page lists and that do not open: by id, all that is known of them. */
  get lost(): readonly string[] {
    return this.#unlisted;
  }

  /** @throws StudyGone, StudyDamaged, RecordTooNew */
  async open(id: string): Promise<KeptStudy> {
    const study = await this.#read(id);
    await this.#commit(async () => ({ facts: [{ action: 'opened', study: id }] }));
    return study;
  }

  /** The bytes kept of a picture; null where none are. @throws StudyGone, StudyDamaged */
  async file(id: string, picture: string): Promise<Blob | null> {
    const study = await this.#read(id);
    const file = study.pictures.find((each) => each.id === picture)?.file ?? null;
    if (!file) return null;
    const stored = await this.#connection.read((db) => db.getAll('pieces', piecesOf(id, picture)));
    try {
      return await unsealPieces(this.#key, id, picture, file, stored);
    } catch (cause) {
      throw this.#damaged(id, cause);
    }
  }

  /** @throws StudyInvalid, RecordsFull: then nothing of it is kept */
  async keep(study: KeptStudy, files: readonly KeptFile[] = []): Promise<KeptStudy> {
    const checked = studyOf(study, this.#format.version, this.#format);
    const [kept] = await this.#commit(async () => {
      if (this.#where.has(checked.id)) throw new StudyChangedElsewhere();
      return {
        puts: [{ study: checked, files }],
        facts: [{ action: 'kept', study: checked.id }],
      };
    });
    return kept;
  }

  /** Many at once, in one transaction: all or none. @throws StudyInvalid, RecordsFull */
  async keepMany(studies: readonly KeptStudy[]): Promise<void> {
    const checked = studies.map((study) => studyOf(study, this.#format.version, this.#format));
    await this.#commit(async () => {
      if (checked.some(({ id }) => this.#where.has(id))) throw new StudyChangedElsewhere();
      return {
        puts: checked.map((study) => ({ study })),
        facts: checked.map(({ id }) => ({ action: 'kept', study: id })),
      };
    });
  }

  /**
   * Reads the study as it is now, in whichever tab it was changed last, and writes what `change` makes
   * of it. The bytes kept of the pictures in `bare` are deleted.
   * @throws StudyGone, StudyDamaged, WordsOverwritten, StudyInvalid, RecordsFull
   */
  async update(
    id: string,
    action: 'amended' | 'diagnosed' | 'labelled' | 'kept',
    change: (study: KeptStudy) => KeptStudy,
    files: readonly KeptFile[] = [],
    bare: readonly string[] = [],
  ): Promise<KeptStudy> {
    const [kept] = await this.#commit(async () => {
      const before = await this.#read(id);
      const changed = change(before);
      checkWords(before, changed);
      const after: KeptStudy = {
        ...changed,
        id,
        keptAt: before.keptAt,
        revision: crypto.randomUUID(),
        ancestors: [...before.ancestors, before.revision].slice(-100),
      };
      const study = studyOf(after, this.#format.version, this.#format);
      return { puts: [{ study, files, bare }], facts: [{ action, study: id }] };
    });
    return kept;
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#commit(async () => ({
      removes: ids,
      facts: ids.map((study) => ({ action: 'removed', study })),
    }));
  }

  /** Something that happened elsewhere (an export, a backup), for the audit log. */
  async record(...facts: readonly Fact[]): Promise<void> {
    await this.#commit(async () => ({ facts }));
  }

  /** What a restored backup brings, one study a transaction; files as they lie in it. */
  async restore(study: KeptStudy, files: readonly KeptFile[]): Promise<void> {
    await this.#commit(async () => ({
      puts: [{ study, files }],
      facts: [{ action: 'restored', study: study.id }],
    }));
  }

  /** Without an entry in the audit log: for checks, backups and figures. */
  peek(id: string): Promise<KeptStudy> {
    return this.#read(id);
  }

  has(id: string): boolean {
    return this.#where.has(id);
  }

  status(): RecordsStatus {
    const entries = this.entries();
    const times = entries.map(({ keptAt }) => keptAt);
    const sum = (of: (entry: StudyEntry) => number): number =>
      entries.reduce((total, entry) => total + of(entry), 0);
    return {
      studies: entries.length,
      oldest: times.reduce<number | null>((a, b) => (a === null || b < a ? b : a), null),
      newest: times.reduce<number | null>((a, b) => (a === null || b > a ? b : a), null),
      bytes: {
        records: sum(({ bytes }) => bytes.record),
        copies: sum(({ bytes }) => bytes.copies),
        originals: sum(({ bytes }) => bytes.originals),
      },
      auditEntries: this.#head.n,
    };
  }

  /** Opens every study and every picture. @returns those that do not, by name */
  async check(signal?: AbortSignal): Promise<{ readonly id: string; readonly label: string }[]> {
    const broken: { id: string; label: string }[] = [];
    for (const { id, label } of this.entries()) {
      signal?.throwIfAborted();
      try {
        const { pictures } = await this.#read(id);
        for (const picture of pictures) await this.file(id, picture.id);
      } catch (reason) {
        if (!(reason instanceof StudyDamaged)) throw reason;
        broken.push({ id, label: labelText(label) });
      }
    }
    return [...broken, ...this.#unlisted.map((id) => ({ id, label: id }))];
  }

  /** Entries that open, oldest first. */
  async auditEntries(): Promise<AuditEntry[]> {
    return [...(await this.#audit()).values()].flatMap((entry) => entry ?? []);
  }

  async checkAudit(): Promise<AuditCheck> {
    await this.refresh();
    return checkChain(await this.#audit(), this.#head);
  }

  async #audit(): Promise<Map<number, AuditEntry | null>> {
    const [numbers, rows] = await this.#connection.read((db) => {
      const store = db.transaction('audit').store;
      return Promise.all([store.getAllKeys(), store.getAll()]);
    });
    const entries = await Promise.all(
      rows.map(async (sealed, at): Promise<[number, AuditEntry | null]> => {
        const n = numbers[at];
        try {
          const subject = { kind: 'audit', id: String(n) } as const;
          return [n, v.parse(AuditEntrySchema, await unsealJson(this.#key, subject, sealed))];
        } catch {
          return [n, null];
        }
      }),
    );
    return new Map(entries);
  }

  async #read(id: string): Promise<KeptStudy> {
    const row = await this.#connection.read((db) => db.get('studies', id));
    if (!row) throw new StudyGone();
    try {
      const { sealed, day } = row;
      const stored = await unsealJson(this.#key, { kind: 'study', id, day }, sealed);
      return studyOf(stored, sealed.version, this.#format);
    } catch (cause) {
      throw cause instanceof RecordTooNew ? cause : this.#damaged(id, cause);
    }
  }

  #damaged(id: string, cause: unknown): StudyDamaged {
    const page = this.#where.get(id);
    const known = page === undefined ? undefined : this.#pages.get(page)?.entries.get(id);
    return new StudyDamaged(id, known ? labelText(known.entry.label) : id, { cause });
  }

  *#all(): Generator<Searchable> {
    for (const { entries } of this.#pages.values()) yield* entries.values();
  }

  async #headOf(stored: unknown): Promise<AuditHead> {
    if (stored === undefined) return EMPTY_LOG;
    try {
      const head = await unsealJson(this.#key, { kind: 'audit-head', id: 'head' }, stored);
      return v.parse(AuditHeadSchema, head);
    } catch {
      // The log's check will say so; new entries go on after the last one known.
      return this.#head;
    }
  }

  /** Pages that were damaged, or lost a study, are written anew from the studies themselves. */
  async #mend(): Promise<void> {
    const damaged = [...this.#pages.values()].some(({ whole }) => !whole);
    if (this.#unlisted.length === 0 && !damaged) return;
    await this.#commit(async () => {
      const found: KeptStudy[] = [];
      for (const id of this.#unlisted) {
        const study = await this.#read(id).catch((reason: unknown) => {
          if (reason instanceof StudyDamaged || reason instanceof RecordTooNew) return null;
          throw reason;
        });
        if (study) found.push(study);
      }
      const detail = `${found.length} of ${this.#unlisted.length}`;
      return { puts: found.map((study) => ({ study })), facts: [{ action: 'repaired', detail }] };
    });
    await this.refresh();
  }

  async #enterPending(first: Fact): Promise<void> {
    const [keys, rows] = await this.#connection.read((db) => {
      const store = db.transaction('pending').store;
      return Promise.all([store.getAllKeys(), store.getAll()]);
    });
    const before = rows.map(({ at, reader, action, detail }): AuditFact => ({
      at,
      reader,
      initials: '',
      action,
      study: '',
      detail,
    }));
    await this.#commit(async () => ({ facts: [first] }), before, keys);
  }

  /** @returns the studies as they were written */
  async #commit(
    make: () => Promise<Change>,
    before: readonly AuditFact[] = [],
    pending: readonly number[] = [],
  ): Promise<KeptStudy[]> {
    return this.#connection.alone(async () => {
      for (let turn = 0; ; turn++) {
        await this.#follow();
        try {
          return await this.#write(await make(), before, pending);
        } catch (reason) {
          // Where there are no locks, and where studies deleted themselves in between: once more.
          if (!(reason instanceof Overtaken) || turn === 4) throw reason;
        }
      }
    });
  }

  async #write(
    { puts = [], removes = [], facts }: Change,
    before: readonly AuditFact[],
    pending: readonly number[],
  ): Promise<KeptStudy[]> {
    const pages = new Map<number, Map<string, Searchable>>();
    const open = (number: number): Map<string, Searchable> => {
      const entries = pages.get(number) ?? new Map(this.#pages.get(number)?.entries);
      pages.set(number, entries);
      return entries;
    };
    for (const id of removes) {
      const page = this.#where.get(id);
      if (page !== undefined) open(page).delete(id);
    }
    const rows: StudyRow[] = [];
    const pieces: Piece[] = [];
    const kept: KeptStudy[] = [];
    const emptied: IDBKeyRange[] = [];
    for (const { study: given, files = [], bare = [] } of puts) {
      const study = { ...given, pictures: [...given.pictures] };
      for (const { picture, kind, bytes } of files) {
        const at = study.pictures.findIndex(({ id }) => id === picture);
        if (at < 0) continue;
        const sealed = await sealPieces(this.#key, study.id, picture, bytes);
        pieces.push(...sealed);
        const file = { kind, mediaType: bytes.type, bytes: bytes.size, pieces: sealed.length };
        study.pictures[at] = { ...study.pictures[at], file };
      }
      for (const id of bare) {
        emptied.push(piecesOf(study.id, id));
        const at = study.pictures.findIndex((each) => each.id === id);
        if (at >= 0 && study.pictures[at])
          study.pictures[at] = { ...study.pictures[at], file: null };
      }
      // Fewer pieces than before would leave the rest of the former ones behind.
      for (const { picture } of files) emptied.push(piecesOf(study.id, picture));
      const day = dayOf(study.keptAt);
      const subject = { kind: 'study', id: study.id, day } as const;
      const sealed = await sealJson(this.#key, subject, this.#format.version, study);
      const page = this.#where.get(study.id) ?? this.#pageWithRoom(pages);
      open(page).set(study.id, searchable(entryOf(study, sealed.data.length)));
      rows.push({ id: study.id, day, page, sealed });
      kept.push(study);
    }
    const sealedPages = await Promise.all(
      [...pages].map(async ([number, entries]) => {
        const revision = (this.#pages.get(number)?.revision ?? 0) + 1;
        const list = [...entries.values()].map(({ entry }) => entry);
        return { number, revision, sealed: await sealPage(this.#key, number, revision, list) };
      }),
    );
    const log = await this.#logOf(facts, before);

    await this.#connection.write(async (tx) => {
      const state = tx.objectStore('state');
      const changes = Number((await state.get('changes')) ?? 0);
      if (changes !== this.#changes) throw new Overtaken();
      const writes: Promise<unknown>[] = [state.put(changes + 1, 'changes')];
      for (const row of rows) writes.push(tx.objectStore('studies').put(row));
      for (const range of emptied) writes.push(tx.objectStore('pieces').delete(range));
      for (const { key, sealed } of pieces) writes.push(tx.objectStore('pieces').put(sealed, key));
      for (const id of removes) {
        writes.push(tx.objectStore('studies').delete(id));
        writes.push(tx.objectStore('pieces').delete(piecesOf(id)));
      }
      for (const { number, revision, sealed } of sealedPages) {
        writes.push(tx.objectStore('index').put({ revision, sealed }, number));
      }
      for (const { n, sealed } of log.rows) writes.push(tx.objectStore('audit').add(sealed, n));
      writes.push(state.put(log.sealedHead, 'head'));
      for (const key of pending) writes.push(tx.objectStore('pending').delete(key));
      await Promise.all(writes);
    });

    this.#changes += 1;
    this.#head = log.head;
    for (const { number, revision } of sealedPages) {
      const entries = pages.get(number) ?? new Map<string, Searchable>();
      this.#pages.set(number, { revision, whole: true, entries });
    }
    for (const id of removes) this.#where.delete(id);
    for (const { id, page } of rows) this.#where.set(id, page);
    return kept;
  }

  async #logOf(
    facts: readonly Fact[],
    before: readonly AuditFact[],
  ): Promise<{ rows: { n: number; sealed: Sealed }[]; head: AuditHead; sealedHead: Sealed }> {
    const at = this.#now();
    const own = facts.map(({ action, study = '', detail = '' }): AuditFact => ({
      at,
      ...this.#person,
      action,
      study,
      detail,
    }));
    const entries = await chain(this.#head, [...before, ...own]);
    const last = entries.at(-1);
    const head = last ? { n: last.n, hash: last.hash } : this.#head;
    const rows = await Promise.all(
      entries.map(async (entry) => ({
        n: entry.n,
        sealed: await sealJson(this.#key, { kind: 'audit', id: String(entry.n) }, 1, entry),
      })),
    );
    const sealedHead = await sealJson(this.#key, { kind: 'audit-head', id: 'head' }, 1, head);
    return { rows, head, sealedHead };
  }

  #pageWithRoom(open: ReadonlyMap<number, ReadonlyMap<string, unknown>>): number {
    const numbers = new Set([...this.#pages.keys(), ...open.keys()]);
    let highest = -1;
    for (const number of numbers) {
      const entries = open.get(number) ?? this.#pages.get(number)?.entries;
      if ((entries?.size ?? 0) < PAGE_ENTRIES) return number;
      highest = Math.max(highest, number);
    }
    return highest + 1;
  }
}
