/** Patients, kept studies and the keeper between them, put together when they are first asked for. */
import type { Memory } from '../../base/key-value.ts';
import { parseJson } from '../../base/key-value.ts';
import { Observable } from '../../base/observable.ts';
import type { KeptStudy, NewWord } from '../../records/types.ts';
import { blobOf } from '../../session/index.ts';
import type { ReadingSession } from '../../session/index.ts';
import type { Case } from '../../session/types.ts';
import type { PictureOpener } from '../picture-opener.ts';
import { Keeper } from './keeper.ts';
import type { HeaderFacts, Patient, TypedLabel } from './patients.ts';
import { Patients } from './patients.ts';
import { readingCopy } from './reading-copy.ts';
import type { RecordsPort } from './records-store.ts';
import { RecordsStore } from './records-store.ts';

/** What a site decides of its patients' names on the screen; nothing of a patient stands in it. */
export interface LabelSettings {
  /** Take name and number from the header of DICOM files; null: nobody was asked yet. */
  readonly fromHeader: boolean | null;
  /** Names in lists are shown as dots and their last characters. */
  readonly hidden: boolean;
  /** Minutes without a touch after which the screen is covered; null: never. */
  readonly coverAfter: number | null;
}

export const LABEL_SETTINGS: LabelSettings = { fromHeader: null, hidden: false, coverAfter: 5 };
const KEY = 'patients.settings';

export interface PatientDeskParts {
  readonly memory: Memory;
  readonly session: ReadingSession;
  readonly viewing: PictureOpener;
  readonly appVersion: string;
  readonly port: RecordsPort;
}

export class PatientDesk {
  readonly records: RecordsStore;
  readonly patients: Patients;
  readonly keeper: Keeper;
  readonly settings: Observable<LabelSettings>;
  /** A file that was opened names its patient, and nobody has said yet whether that may be used. */
  readonly headersName = new Observable(false);
  /** Studies that have a reader's word. */
  readonly spoken = new Observable<ReadonlySet<string>>(new Set());
  readonly #memory: Memory;

  constructor({ memory, session, viewing, appVersion, port }: PatientDeskParts) {
    this.#memory = memory;
    this.settings = new Observable(settingsIn(memory));
    this.records = new RecordsStore(port, memory);
    this.patients = new Patients(memory);
    this.keeper = new Keeper({
      records: this.records,
      patients: this.patients,
      session,
      appVersion,
      copy: (entry) => readingCopy(entry, viewing),
      header: (entry) => this.#header(entry, viewing),
    });
    session.journal = this.keeper;
    this.records.state.listen((state) => {
      if (state?.phase === 'unlocked') void this.keeper.restore();
      else this.keeper.forget();
    });
  }

  /** The next patient: with this label, or with the day's next number. */
  nextPatient(typed?: TypedLabel): Patient {
    const patient = this.patients.next(typed);
    this.keeper.changed(patient.id);
    return patient;
  }

  relabel(id: string, typed: TypedLabel): void {
    this.patients.relabel(id, typed);
    this.keeper.changed(id);
  }

  /** What a reader says of a study of the list or of the history. @throws faults of the records */
  async say(study: string, word: NewWord): Promise<KeptStudy> {
    await this.keeper.flush();
    const kept = await this.records.call('say', study, word);
    this.#spoke(study);
    return kept;
  }

  /** The network's answer to this opened picture is not to be shown: the reader speaks first. */
  isBlind(picture: string): boolean {
    if (!this.records.unlocked || this.records.settings?.readFirst !== true) return false;
    const patient = this.patients.ofPicture(picture);
    return patient !== null && !this.spoken.value.has(patient.id);
  }

  #spoke(study: string): void {
    this.spoken.set(new Set([...this.spoken.value, study]));
  }

  /** The site's answer to whether the names of headers may be used; for what is open as well. */
  answerHeaders(allowed: boolean): void {
    this.set({ fromHeader: allowed });
    this.headersName.set(false);
    if (allowed) this.keeper.readHeaders();
  }

  set(part: Partial<LabelSettings>): void {
    const settings = { ...this.settings.value, ...part };
    this.#memory.write(KEY, JSON.stringify(settings));
    this.settings.set(settings);
  }

  async #header(entry: Case, viewing: PictureOpener): Promise<HeaderFacts | null> {
    const { state, source } = entry;
    if (!source) return null;
    const dicom =
      state.phase === 'done'
        ? state.reading.picture.format === 'dicom'
        : state.phase === 'failed' && state.fault.code.startsWith('dicom-');
    if (!dicom) return null;
    const details = await viewing.patientDetails(await blobOf(source));
    if (!details) return null;
    const { name, id, studyUid, studyDate } = details;
    // Asked once, when there is something to ask about.
    if (this.settings.value.fromHeader === null && (name !== '' || id !== '')) {
      this.headersName.set(true);
    }
    const named = this.settings.value.fromHeader === true && (name !== '' || id !== '');
    return {
      studyUid: studyUid === '' ? null : studyUid,
      studyDate: isoDay(studyDate),
      label: named ? { name: name.slice(0, 300), number: id.slice(0, 300) } : null,
    };
  }
}

/** `20261130` as `2026-11-30`; null for anything else. */
function isoDay(value: string): string | null {
  const match = /^(\d{4})\.?(0[1-9]|1[0-2])\.?(0[1-9]|[12]\d|3[01])$/.exec(value.trim());
  return match ? `${match[1] ?? ''}-${match[2] ?? ''}-${match[3] ?? ''}` : null;
}

function settingsIn(memory: Memory): LabelSettings {
  const stored = parseJson(memory.read(KEY)) as Partial<
    Record<keyof LabelSettings, unknown>
  > | null;
  if (typeof stored !== 'object' || stored === null) return LABEL_SETTINGS;
  const { fromHeader, hidden, coverAfter } = stored;
  return {
    fromHeader: typeof fromHeader === 'boolean' ? fromHeader : null,
    hidden: hidden === true,
    coverAfter:
      coverAfter === null
        ? null
        : typeof coverAfter === 'number' && coverAfter >= 1 && coverAfter <= 240
          ? coverAfter
          : LABEL_SETTINGS.coverAfter,
  };
}
