import { beforeEach, describe, expect, it } from 'vitest';
import { Patients, type HeaderFacts } from '../../src/state/patients/patients.ts';
import { TestMemory } from '../inference/support/bench.ts';

let memory: TestMemory;
let now: number;
let patients: Patients;

beforeEach(() => {
  memory = new TestMemory();
  now = new Date(2026, 10, 30, 9).getTime();
  patients = new Patients(memory, () => now);
});

const header = (part: Partial<HeaderFacts>): HeaderFacts => ({
  studyUid: null,
  studyDate: null,
  label: null,
  ...part,
});

describe('the next patient', () => {
  it('has the number of the day until a name is typed, and keeps the number beside it', () => {
    const first = patients.next();
    const second = patients.next({ name: ' Amina ', number: '4711' });
    expect(first.label).toEqual({
      name: '',
      number: '',
      running: 1,
      day: '2026-11-30',
      source: 'running',
    });
    expect(second.label).toMatchObject({
      name: 'Amina',
      number: '4711',
      running: 2,
      source: 'typed',
    });
    patients.relabel(first.id, { name: 'Bela', number: '' });
    expect(patients.find(first.id)?.label).toMatchObject({
      name: 'Bela',
      running: 1,
      source: 'typed',
    });
    patients.relabel(first.id, { name: '', number: '' });
    expect(patients.find(first.id)?.label).toMatchObject({ name: '', source: 'running' });
  });

  it('goes on counting after a reload, and begins anew the next day', () => {
    patients.next();
    patients.next();
    const reloaded = new Patients(memory, () => now);
    expect(reloaded.next().label.running).toBe(3);
    now += 24 * 3_600_000;
    expect(reloaded.next().label).toMatchObject({ running: 1, day: '2026-12-01' });
  });

  it('does not count anew what was kept, where the small storage was cleared', () => {
    const kept = patients.next();
    patients.next();
    const elsewhere = new Patients(new TestMemory(), () => now);
    elsewhere.restore({ ...kept, label: { ...kept.label, running: 7 } });
    expect(elsewhere.next().label.running).toBe(8);
  });

  it('waits until a picture comes, and is gone when the last of its pictures leaves', () => {
    const amina = patients.next({ name: 'Amina', number: '' });
    const bela = patients.next({ name: 'Bela', number: '' });
    expect(patients.waiting.map(({ id }) => id)).toEqual([amina.id, bela.id]);
    patients.choose(amina.id);
    patients.take('case-1');
    patients.take('case-2');
    expect(patients.waiting.map(({ id }) => id)).toEqual([bela.id]);
    expect(patients.ofPicture('case-2')?.label.name).toBe('Amina');
    patients.drop('case-1');
    expect(patients.find(amina.id)?.pictures).toEqual(['case-2']);
    patients.drop('case-2');
    expect(patients.find(amina.id)).toBeNull();
    expect(patients.current.value).toBeNull();
  });
});

describe('pictures', () => {
  it('of nobody in particular get a number each', () => {
    expect(patients.take('case-1').label.running).toBe(1);
    expect(patients.take('case-2').label.running).toBe(2);
    expect(patients.waiting).toEqual([]);
  });

  it('of one DICOM study come together', () => {
    const first = patients.take('case-1');
    patients.take('case-2');
    patients.take('case-3');
    patients.tell('case-1', header({ studyUid: '1.2', studyDate: '2026-11-29' }));
    const changed = patients.tell('case-2', header({ studyUid: '1.2', studyDate: '2026-11-29' }));
    patients.tell('case-3', header({ studyUid: '1.3' }));
    expect(patients.list.value.map(({ pictures }) => pictures)).toEqual([
      ['case-1', 'case-2'],
      ['case-3'],
    ]);
    expect(patients.find(first.id)).toMatchObject({ studyDate: '2026-11-29', studyUid: '1.2' });
    expect(changed.map(({ id }) => id)).toContain(first.id);
  });

  it('of an earlier study of the patient who was named become a study of the same name', () => {
    const amina = patients.next({ name: 'Amina', number: '' });
    for (const id of ['case-1', 'case-2', 'case-3']) patients.take(id);
    patients.tell('case-1', header({ studyUid: '1.2' }));
    const [left, earlier] = patients.tell('case-2', header({ studyUid: '1.1' }));
    patients.tell('case-3', header({ studyUid: '1.1' }));
    expect(left?.id).toBe(amina.id);
    expect(earlier?.label.name).toBe('Amina');
    expect(patients.find(amina.id)?.pictures).toEqual(['case-1']);
    expect(patients.find(earlier?.id ?? '')?.pictures).toEqual(['case-2', 'case-3']);
  });

  it('take the name of their header where it is allowed, never over a typed one', () => {
    const label = { name: 'DIALLO, AMINA', number: '4711' };
    patients.take('case-1');
    patients.tell('case-1', header({ label }));
    expect(patients.ofPicture('case-1')?.label).toMatchObject({ ...label, source: 'header' });
    patients.next({ name: 'Bela', number: '' });
    patients.take('case-2');
    patients.tell('case-2', header({ label }));
    expect(patients.ofPicture('case-2')?.label).toMatchObject({ name: 'Bela', source: 'typed' });
  });
});
