/**
 * Keeps what is opened and read, as long as kept studies are unlocked: a study as soon as it has a
 * patient, its pictures while they wait for their reading, and each result when it is there. After a
 * reload the list is there again, and what was not read is read.
 */
import type { FaultData } from '../../base/fault.ts';
import { Observable } from '../../base/observable.ts';
import type { KeptFile, KeptPicture, KeptStudy, StudyEntry } from '../../records/types.ts';
import { blobOf, faultDataOf } from '../../session/index.ts';
import type { ReadingSession, SessionJournal } from '../../session/index.ts';
import type { Case } from '../../session/types.ts';
import { ActionError } from '../errors.ts';
import { keptPictureOf, studyOf } from './kept-picture.ts';
import type { HeaderFacts, Patients } from './patients.ts';
import type { RecordsStore } from './records-store.ts';

export interface KeeperParts {
  readonly records: RecordsStore;
  readonly patients: Patients;
  readonly session: Pick<ReadingSession, 'add' | 'find' | 'cases'>;
  readonly appVersion: string;
  /** The picture as it is shown at first, its larger side at most 1,024 pixels; null: it has none. */
  copy(entry: Case): Promise<Blob | null>;
  /** What a DICOM file says of its study; null for other files. */
  header(entry: Case): Promise<HeaderFacts | null>;
  now?(): number;
}

/** Of more than this many waiting pictures the bytes are not kept for later: they may be a whole disc. */
const MOST_WAITING = 100;
/** Studies of the list that are shown again after a reload. */
const MOST_OPEN = 500;

interface Known {
  readonly id: string;
  /** Null until its first change was written. */
  picture: KeptPicture;
  /** What is to become of its bytes with the next change. */
  bytes: 'none' | 'waiting' | 'settled';
  /** Its bytes lie in the kept study for the time until it is read. */
  held: boolean;
  /** Grows when its bytes get another place or purpose: what was under way does not count then. */
  turn: number;
}

export class Keeper implements SessionJournal {
  /** Kept studies of the list that are not among the opened pictures: what was open before. */
  readonly before = new Observable<readonly StudyEntry[]>([]);
  /** Why the last change could not be kept; null: it was. */
  readonly trouble = new Observable<FaultData | null>(null);
  readonly #parts: KeeperParts;
  readonly #known = new Map<string, Known>();
  /** Patients with changes that are not kept yet, and the pictures that left them. */
  readonly #dirty = new Map<string, Set<string>>();
  #writing: Promise<void> | null = null;
  #adopting: { readonly patient: string; readonly picture: KeptPicture } | null = null;
  #restored = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    for (const entry of parts.session.cases) {
      this.opened(entry);
      if (entry.state.phase === 'done' || entry.state.phase === 'failed') this.settled(entry);
    }
  }

  /** Something was changed that would be lost with the page. */
  get unsaved(): boolean {
    return this.#dirty.size > 0;
  }

  /** Id of an opened picture within kept studies. */
  pictureOf(id: string): KeptPicture | null {
    return this.#known.get(id)?.picture ?? null;
  }

  opened(entry: Case): void {
    const { patients } = this.#parts;
    const adopted = this.#adopting;
    const picture = adopted?.picture ?? this.#pictureOf(entry, crypto.randomUUID());
    const held = adopted !== null;
    this.#known.set(entry.id, {
      id: picture.id,
      picture,
      bytes: held ? 'none' : 'waiting',
      held,
      turn: 0,
    });
    const patient = adopted ? patients.give(entry.id, adopted.patient) : patients.take(entry.id);
    if (patient && !adopted) this.changed(patient.id);
  }

  settled(entry: Case): void {
    const known = this.#known.get(entry.id);
    if (!known) return;
    known.picture = this.#pictureOf(entry, known.id);
    known.bytes = 'settled';
    known.turn += 1;
    const patient = this.#parts.patients.ofPicture(entry.id);
    if (patient) this.changed(patient.id);
    void this.#followHeader(entry);
  }

  /** They leave the list; what was kept of them stays. */
  removed(ids: readonly string[]): void {
    const { patients, records } = this.#parts;
    const closed: string[] = [];
    for (const id of ids) {
      const patient = patients.ofPicture(id);
      patients.drop(id);
      this.#known.delete(id);
      if (patient && !patients.find(patient.id)) closed.push(patient.id);
    }
    for (const id of closed) this.#dirty.delete(id);
    if (closed.length > 0 && records.unlocked) void this.#quietly(records.call('close', closed));
  }

  /** A patient's label or pictures are not as they were kept. */
  changed(patient: string, ...gone: readonly string[]): void {
    const left = this.#dirty.get(patient) ?? new Set<string>();
    for (const id of gone) left.add(id);
    this.#dirty.set(patient, left);
    this.#write();
  }

  /** What the headers of the opened files may tell has changed. */
  readHeaders(): void {
    for (const entry of this.#parts.session.cases) void this.#followHeader(entry);
  }

  /** An expected patient who did not come. */
  async dismiss(patient: string): Promise<void> {
    const { patients, records } = this.#parts;
    patients.remove(patient);
    this.#dirty.delete(patient);
    if (records.unlocked) await this.#quietly(records.call('remove', [patient]));
  }

  /** Out of the work list, but kept. */
  async putAway(ids: readonly string[]): Promise<void> {
    await this.#quietly(this.#parts.records.call('close', ids));
    const gone = new Set(ids);
    this.before.set(this.before.value.filter(({ id }) => !gone.has(id)));
  }

  /** Kept studies were unlocked: what was open before is there again, and what waited is read. */
  async restore(): Promise<void> {
    const { records, patients } = this.#parts;
    if (!records.unlocked) return;
    if (!this.#restored) {
      this.#restored = true;
      await this.#quietly(this.#restoreList());
    }
    for (const { id } of patients.list.value) if (!this.#isBefore(id)) this.changed(id);
    this.#write();
  }

  /** Locked: nothing of a study may stay on the page but what is open in it. */
  forget(): void {
    this.before.set([]);
    this.#restored = false;
  }

  /** Tries again what could not be kept. Resolves when nothing is left to write, or it failed again. */
  async flush(): Promise<void> {
    this.#write();
    while (this.#writing) await this.#writing;
  }

  #isBefore(patient: string): boolean {
    return this.before.value.some(({ id }) => id === patient);
  }

  async #restoreList(): Promise<void> {
    const { records, patients } = this.#parts;
    const { entries } = await records.call('list', {
      open: true,
      sort: 'oldest',
      limit: MOST_OPEN,
    });
    const earlier = entries.filter(({ id }) => !patients.find(id));
    for (const { id, label, studyDate, keptAt, pictures, unread } of earlier) {
      if (pictures > 0 && unread === 0) continue;
      patients.restore({
        id,
        label,
        studyDate,
        openedAt: keptAt,
        expected: true,
        studyUid: null,
      });
    }
    this.before.set(earlier.filter(({ pictures }) => pictures > 0));
    for (const { id, unread } of earlier) {
      if (unread > 0) await this.#goOn(await records.call('peek', id));
    }
  }

  /** Reads the pictures of a study whose reading was cut off. */
  async #goOn(study: KeptStudy): Promise<void> {
    const { records, session } = this.#parts;
    for (const picture of study.pictures) {
      if (picture.reading !== null || picture.failure !== null || !picture.file) continue;
      const source = await records.call('file', study.id, picture.id);
      if (!source) continue;
      this.#adopting = { patient: study.id, picture };
      try {
        session.add([{ name: picture.name, source }]);
      } finally {
        this.#adopting = null;
      }
    }
  }

  #write(): void {
    if (this.#writing || this.#dirty.size === 0 || !this.#parts.records.unlocked) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = null;
      if (!this.trouble.value) this.#write();
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#parts.records.unlocked) {
      const [next] = this.#dirty;
      if (!next) break;
      const [patient, gone] = next;
      this.#dirty.delete(patient);
      try {
        await this.#keep(patient, [...gone]);
        if (this.trouble.value) this.trouble.set(null);
      } catch (reason) {
        // It stays to be written: at the next change, or when a person tries again.
        const since = this.#dirty.get(patient) ?? new Set<string>();
        this.#dirty.set(patient, new Set([...gone, ...since]));
        this.trouble.set(faultDataOf(reason, () => new ActionError(reason)));
        return;
      }
    }
  }

  async #keep(id: string, gone: readonly string[]): Promise<void> {
    const { records, patients } = this.#parts;
    const patient = patients.find(id);
    const { settings } = records;
    if (!patient || !settings) return;
    const files: KeptFile[] = [];
    const bare: string[] = [];
    const done: (() => void)[] = [];
    for (const caseId of patient.pictures) {
      const known = this.#known.get(caseId);
      if (!known) continue;
      const { bytes, held, turn } = known;
      if (bytes === 'none') continue;
      const file = await this.#fileOf(caseId, known, settings.keep);
      if (file && file !== 'held') files.push(file);
      // It waits no longer, and the site keeps no pictures.
      else if (bytes === 'settled' && held && file !== 'held') bare.push(known.id);
      done.push(() => {
        // It moved to another study meanwhile: its bytes have to follow.
        if (patients.ofPicture(caseId)?.id !== id) return;
        known.held = file !== null;
        if (known.turn === turn) known.bytes = 'none';
      });
    }
    const pictures = patient.pictures.flatMap((each) => this.#known.get(each)?.picture ?? []);
    const study = studyOf(patient, pictures, settings.device);
    await records.call('put', study, { files, bare, gone });
    for (const each of done) each();
  }

  /** What is kept of a picture's bytes now; `held`: they are kept already, as they should be. */
  async #fileOf(
    caseId: string,
    { id, bytes, held }: Known,
    keep: 'result' | 'reading-copy' | 'original',
  ): Promise<KeptFile | 'held' | null> {
    const entry = this.#parts.session.find(caseId);
    if (!entry?.source) return null;
    try {
      if (bytes === 'waiting') {
        if (keep !== 'original' && this.#waiting() > MOST_WAITING) return null;
        return { picture: id, kind: 'original', bytes: await blobOf(entry.source) };
      }
      if (keep === 'original') {
        if (held) return 'held';
        return { picture: id, kind: 'original', bytes: await blobOf(entry.source) };
      }
      const copy = keep === 'reading-copy' ? await this.#parts.copy(entry) : null;
      return copy && { picture: id, kind: 'reading-copy', bytes: copy };
    } catch {
      // The file is gone or cannot be drawn: its result is kept without it.
      return null;
    }
  }

  #waiting(): number {
    let count = 0;
    for (const { bytes, picture } of this.#known.values()) {
      if (bytes === 'waiting' && picture.reading === null) count += 1;
    }
    return count;
  }

  async #followHeader(entry: Case): Promise<void> {
    const { patients } = this.#parts;
    const facts = await this.#parts.header(entry).catch(() => null);
    if (!facts || !this.#known.has(entry.id)) return;
    const before = patients.ofPicture(entry.id)?.id;
    const moved = patients.tell(entry.id, facts);
    for (const patient of moved) {
      const left = patient.id === before && moved.length > 1;
      const known = this.#known.get(entry.id);
      if (left && known) this.changed(patient.id, known.id);
      else this.#bring(patient.id, entry.id, moved.length > 1);
    }
  }

  /** A picture that moved brings its bytes to the study it belongs to now. */
  #bring(patient: string, caseId: string, moved: boolean): void {
    const known = this.#known.get(caseId);
    if (moved && known) {
      known.bytes = 'settled';
      known.held = false;
      known.turn += 1;
    }
    this.changed(patient);
  }

  #pictureOf(entry: Case, id: string): KeptPicture {
    const now = this.#parts.now?.() ?? Date.now();
    return keptPictureOf(entry, id, { appVersion: this.#parts.appVersion, now });
  }

  async #quietly(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (reason) {
      this.trouble.set(faultDataOf(reason, () => new ActionError(reason)));
    }
  }
}
