/**
 * Whose pictures these are. Each patient of the list is one study: a label, and the opened pictures
 * that belong to it. The labels live in memory; kept studies keep them, encrypted.
 */
import type { Memory } from '../../base/key-value.ts';
import { Observable } from '../../base/observable.ts';
import type { PatientLabel } from '../../records/types.ts';

export interface Patient {
  /** Of the study. */
  readonly id: string;
  readonly label: PatientLabel;
  /** `2026-11-30`; null where no file says it. */
  readonly studyDate: string | null;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** Ids of the opened pictures, in the order they came. */
  readonly pictures: readonly string[];
  /** Made by a person before there was a picture: waits in the list until one comes. */
  readonly expected: boolean;
  /** The DICOM study that its pictures say they are of; null where none does. */
  readonly studyUid: string | null;
}

/** What a person types. */
export interface TypedLabel {
  readonly name: string;
  readonly number: string;
}

/** What a DICOM header says; the label is null unless the site allows it to be used. */
export interface HeaderFacts {
  readonly studyUid: string | null;
  readonly studyDate: string | null;
  readonly label: TypedLabel | null;
}

const COUNTER = 'patients.counter';

export class Patients {
  /** In the order they came; a new array with every change. */
  readonly list = new Observable<readonly Patient[]>([]);
  /** The one that the next pictures belong to; null: each picture gets a number of its own. */
  readonly current = new Observable<string | null>(null);
  readonly #memory: Memory;
  readonly #now: () => number;
  readonly #byPicture = new Map<string, string>();

  constructor(memory: Memory, now: () => number = Date.now) {
    this.#memory = memory;
    this.#now = now;
  }

  find(id: string | null): Patient | null {
    return this.list.value.find((each) => each.id === id) ?? null;
  }

  ofPicture(picture: string): Patient | null {
    return this.find(this.#byPicture.get(picture) ?? null);
  }

  /** Expected, and without a picture so far. */
  get waiting(): readonly Patient[] {
    return this.list.value.filter(({ expected, pictures }) => expected && pictures.length === 0);
  }

  /** The next patient: with this label, or with the day's next number. */
  next(typed: TypedLabel = { name: '', number: '' }): Patient {
    const patient = this.#made(this.#labelOf(typed), true);
    this.current.set(patient.id);
    return patient;
  }

  /** Pictures that are opened from now on belong to this one; null: to nobody in particular. */
  choose(id: string | null): void {
    this.current.set(this.find(id)?.id ?? null);
  }

  relabel(id: string, typed: TypedLabel, source: PatientLabel['source'] = 'typed'): void {
    const patient = this.find(id);
    if (!patient) return;
    const { running, day } = patient.label;
    const empty = typed.name.trim() === '' && typed.number.trim() === '';
    const label: PatientLabel = {
      name: typed.name.trim(),
      number: typed.number.trim(),
      // The number of the day stays with it: the form on the paper may say it.
      running,
      day,
      source: empty ? 'running' : source,
    };
    this.#change(id, { label });
  }

  /** A picture was opened. @returns whose it is */
  take(picture: string): Patient {
    const patient = this.find(this.current.value) ?? this.#made(this.#labelOf(), false);
    return this.#put(picture, patient.id);
  }

  /** A picture of a patient that is in the list already, as when work goes on after a reload. */
  give(picture: string, id: string): Patient | null {
    return this.find(id) ? this.#put(picture, id) : null;
  }

  /**
   * What the file of a picture says of its study. Pictures of another study than the one they were put
   * to move to a study of their own: of the same label, if a person gave that, else of a new number.
   * @returns the patients whose pictures changed
   */
  tell(picture: string, { studyUid, studyDate, label }: HeaderFacts): Patient[] {
    const before = this.ofPicture(picture);
    if (!before) return [];
    let now = before;
    if (studyUid !== null && before.studyUid !== null && before.studyUid !== studyUid) {
      const known = this.list.value.find((each) => each.studyUid === studyUid);
      const other = known ?? this.#made(before.expected ? before.label : this.#labelOf(), false);
      now = this.#put(picture, other.id);
    } else if (studyUid !== null && before.studyUid === null) {
      const known = this.list.value.find((each) => each.studyUid === studyUid);
      if (known && !before.expected) now = this.#put(picture, known.id);
    }
    this.#change(now.id, {
      studyUid: now.studyUid ?? studyUid,
      studyDate: now.studyDate ?? studyDate,
    });
    if (label && now.label.source === 'running') this.relabel(now.id, label, 'header');
    const after = this.find(now.id) ?? now;
    const left = this.find(before.id);
    // Made for this picture alone, and empty without it.
    if (left && left.id !== after.id && left.pictures.length === 0 && !left.expected) {
      this.remove(left.id);
    }
    return left && left.id !== after.id ? [left, after] : [after];
  }

  /** A picture left the list. */
  drop(picture: string): void {
    const patient = this.ofPicture(picture);
    this.#byPicture.delete(picture);
    if (!patient) return;
    const pictures = patient.pictures.filter((each) => each !== picture);
    // Nobody waits for a patient whose picture was there.
    if (pictures.length === 0) this.remove(patient.id);
    else this.#change(patient.id, { pictures });
  }

  remove(id: string): void {
    for (const picture of this.find(id)?.pictures ?? []) this.#byPicture.delete(picture);
    if (this.current.value === id) this.current.set(null);
    this.list.set(this.list.value.filter((each) => each.id !== id));
  }

  /** One that was kept before. */
  restore(patient: Omit<Patient, 'pictures'>): void {
    if (this.find(patient.id)) return;
    const { running, day } = patient.label;
    if (running !== null && day === this.#day) this.#count(running);
    this.list.set([...this.list.value, { ...patient, pictures: [] }]);
  }

  get #day(): string {
    const date = new Date(this.#now());
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  }

  #labelOf({ name, number }: TypedLabel = { name: '', number: '' }): PatientLabel {
    const typed = name.trim() !== '' || number.trim() !== '';
    const day = this.#day;
    const running = this.#counted(day) + 1;
    this.#count(running);
    return {
      name: name.trim(),
      number: number.trim(),
      running,
      day,
      source: typed ? 'typed' : 'running',
    };
  }

  #counted(day: string): number {
    const [of, count] = (this.#memory.read(COUNTER) ?? '').split(' ');
    return of === day ? Number(count) || 0 : 0;
  }

  #count(running: number): void {
    const day = this.#day;
    const count = Math.max(running, this.#counted(day));
    this.#memory.write(COUNTER, `${day} ${count}`);
  }

  #made(label: PatientLabel, expected: boolean): Patient {
    const patient: Patient = {
      id: crypto.randomUUID(),
      label,
      studyDate: null,
      openedAt: this.#now(),
      pictures: [],
      expected,
      studyUid: null,
    };
    this.list.set([...this.list.value, patient]);
    return patient;
  }

  #put(picture: string, id: string): Patient {
    const former = this.ofPicture(picture);
    if (former && former.id !== id) {
      const pictures = former.pictures.filter((each) => each !== picture);
      this.#change(former.id, { pictures });
    }
    this.#byPicture.set(picture, id);
    const patient = this.find(id);
    if (!patient) throw new RangeError('There is no such patient.');
    if (patient.pictures.includes(picture)) return patient;
    return this.#change(id, { pictures: [...patient.pictures, picture] }) ?? patient;
  }

  #change(id: string, part: Partial<Patient>): Patient | null {
    let changed: Patient | null = null;
    const list = this.list.value.map((each) =>
      each.id === id ? (changed = { ...each, ...part }) : each,
    );
    this.list.set(list);
    return changed;
  }
}
