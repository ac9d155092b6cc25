import { beforeEach, describe, expect, it } from 'vitest';
import { assure, defaultSettings } from '../../src/assurance/index.ts';
import type { BatchHandlers, PictureInput, Reading } from '../../src/inference/types.ts';
import { CLASS_LABELS, type Manifest } from '../../src/model/index.ts';
import type { KeptFile, KeptStudy, RecordsState, StudyEntry } from '../../src/records/types.ts';
import type { PictureChange } from '../../src/records/changes.ts';
import { entryOf } from '../../src/records/store/entry.ts';
import { FORMAT, studyOf as checked } from '../../src/records/study/migrate.ts';
import { ReadingSession } from '../../src/session/index.ts';
import { Keeper } from '../../src/state/patients/keeper.ts';
import { Patients, type HeaderFacts } from '../../src/state/patients/patients.ts';
import { RecordsStore, type RecordsPort } from '../../src/state/patients/records-store.ts';
import { TestMemory } from '../inference/support/bench.ts';

/** The worker's part, in memory: what `desk.ts` does is tested with a real database. */
class Shelf {
  phase: 'off' | 'locked' | 'unlocked' = 'unlocked';
  keep: 'result' | 'reading-copy' | 'original' = 'result';
  readonly studies = new Map<string, KeptStudy>();
  readonly bytes = new Map<string, KeptFile>();
  fail: Error | null = null;
  puts = 0;

  readonly port: RecordsPort = {
    call: (async (method: string, ...args: readonly unknown[]): Promise<unknown> => {
      switch (method) {
        case 'state':
          return this.state();
        case 'put':
          return this.put(args[0] as KeptStudy, args[1] as PictureChange);
        case 'close':
          for (const id of args[0] as string[]) {
            const study = this.studies.get(id);
            if (study) this.studies.set(id, { ...study, open: false });
          }
          return undefined;
        case 'remove':
          for (const id of args[0] as string[]) this.studies.delete(id);
          return undefined;
        case 'list': {
          const entries: StudyEntry[] = [...this.studies.values()]
            .filter(({ open }) => open)
            .map((study) => entryOf(study, 1));
          return { found: entries.length, kept: this.studies.size, entries };
        }
        case 'peek':
          return this.studies.get(args[0] as string);
        case 'file':
          return this.bytes.get(`${args[0] as string}/${args[1] as string}`)?.bytes ?? null;
        default:
          throw new Error(`The shelf does not know ${method}.`);
      }
    }) as RecordsPort['call'],
    listen: () => () => undefined,
    dispose: () => undefined,
  };

  state(): RecordsState {
    if (this.phase === 'off') return { phase: 'off' };
    return {
      phase: this.phase,
      readers: [],
      settings: {
        keep: this.keep,
        retentionDays: 90,
        autoLockMinutes: 10,
        readFirst: false,
        device: 'Tablet 7',
      },
      reader: null,
      wait: 0,
    };
  }

  put(given: KeptStudy, { files, bare, gone }: PictureChange): KeptStudy {
    if (this.fail) throw this.fail;
    this.puts += 1;
    const study = checked(structuredClone(given), FORMAT.version);
    for (const id of [...bare, ...gone]) this.bytes.delete(`${study.id}/${id}`);
    for (const file of files) this.bytes.set(`${study.id}/${file.picture}`, file);
    const pictures = study.pictures.map((picture) => {
      const file = this.bytes.get(`${study.id}/${picture.id}`);
      return file
        ? { ...picture, file: { kind: file.kind, mediaType: '', bytes: 1, pieces: 1 } }
        : picture;
    });
    this.studies.set(study.id, { ...study, pictures });
    return study;
  }

  get only(): KeptStudy {
    const [study] = this.studies.values();
    if (!study || this.studies.size !== 1) throw new Error(`There are ${this.studies.size}.`);
    return study;
  }
}

class HandEngine {
  sources: readonly PictureInput[] = [];
  handlers: BatchHandlers | null = null;
  screenMany(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void> {
    this.sources = sources;
    this.handlers = handlers;
    return new Promise((_, reject) =>
      handlers.signal?.addEventListener('abort', () => reject(handlers.signal?.reason)),
    );
  }
}

const manifest = {
  id: 'm',
  version: '1.0.0',
  labels: CLASS_LABELS,
  calibration: { temperature: 1 },
} as unknown as Manifest;

function reading(): Reading {
  return {
    logits: Float32Array.from([0, 2, 0, 0]),
    embedding: new Float32Array(0),
    features: null,
    picture: {
      width: 300,
      height: 300,
      bitsStored: 8,
      format: 'png',
      attributes: { viewPosition: 'PA' },
      warnings: [],
    },
    thumbnail: null,
    backend: 'wasm',
    modelId: 'm',
    modelVersion: '1.0.0',
    timings: { decode: 1, preprocess: 1, inference: 1, examination: 0, total: 3 },
    evidence: null,
    seen: { state: 'whole', rect: { x: 0, y: 0, width: 1, height: 1 } },
    adjust: null,
    recovery: null,
  };
}

interface Page {
  readonly session: ReadingSession;
  readonly patients: Patients;
  readonly records: RecordsStore;
  readonly keeper: Keeper;
  readonly engine: HandEngine;
}

let shelf: Shelf;
let memory: TestMemory;
let headers: Map<string, HeaderFacts>;

/** A page of the app over the same shelf: what a reload, or another day, has. */
async function open(): Promise<Page> {
  const engine = new HandEngine();
  const session = new ReadingSession({
    screening: async () => engine,
    assure: (read) => assure(read, defaultSettings(manifest), manifest),
  });
  const records = new RecordsStore(shelf.port, memory);
  const patients = new Patients(memory);
  const keeper = new Keeper({
    records,
    patients,
    session,
    appVersion: '0.2.0',
    copy: async () => new Blob(['copy']),
    header: async ({ name }) => headers.get(name) ?? null,
  });
  session.journal = keeper;
  await records.refresh();
  await keeper.restore();
  return { session, patients, records, keeper, engine };
}

const file = (name = 'IM1'): { name: string; source: Blob } => ({ name, source: new Blob([name]) });
const settle = async (keeper: Keeper): Promise<void> => {
  await new Promise((done) => setTimeout(done, 5));
  await keeper.flush();
};

beforeEach(() => {
  shelf = new Shelf();
  memory = new TestMemory();
  headers = new Map();
});

describe('a picture', () => {
  it('is kept while it waits, and then with its result and nothing else', async () => {
    const { session, patients, keeper, engine } = await open();
    const amina = patients.next({ name: 'Amina', number: '4711' });
    session.add([file()]);
    await settle(keeper);
    expect(shelf.only).toMatchObject({ id: amina.id, label: { name: 'Amina' }, open: true });
    expect(shelf.only.pictures).toMatchObject([{ name: 'IM1', reading: null, failure: null }]);
    expect(shelf.bytes.size).toBe(1);

    engine.handlers?.onReading(0, reading());
    await settle(keeper);
    const [picture] = shelf.only.pictures;
    expect(picture?.reading).toMatchObject({
      labels: CLASS_LABELS,
      refused: null,
      milliseconds: 3,
    });
    expect(picture?.view).toBe('PA');
    expect(picture?.file).toBeNull();
    expect(shelf.bytes.size).toBe(0);
    expect(keeper.unsaved).toBe(false);
  });

  it.each([
    ['reading-copy', 'copy'],
    ['original', 'IM1'],
  ] as const)('is kept with its %s', async (kind, words) => {
    shelf.keep = kind;
    const { session, keeper, engine } = await open();
    session.add([file()]);
    await settle(keeper);
    engine.handlers?.onReading(0, reading());
    await settle(keeper);
    const [kept] = shelf.bytes.values();
    expect(kept?.kind).toBe(kind);
    expect(await kept?.bytes.text()).toBe(words);
  });

  it('that cannot be read is kept with the reason', async () => {
    const { session, keeper, engine } = await open();
    session.add([file()]);
    await settle(keeper);
    engine.handlers?.onFailure(0, { code: 'broken-file', message: 'm', remedy: 'r' });
    await settle(keeper);
    expect(shelf.only).toMatchObject({
      flags: ['broken-file'],
      pictures: [{ reading: null, failure: 'broken-file', file: null }],
    });
  });

  it('of another DICOM study moves, and leaves nothing behind', async () => {
    headers.set('IM2', { studyUid: '1.1', studyDate: '2025-01-31', label: null });
    headers.set('IM1', { studyUid: '1.2', studyDate: null, label: null });
    shelf.keep = 'original';
    const { session, patients, keeper, engine } = await open();
    const amina = patients.next({ name: 'Amina', number: '' });
    session.add([file('IM1'), file('IM2')]);
    await settle(keeper);
    engine.handlers?.onReading(0, reading());
    await settle(keeper);
    engine.handlers?.onReading(1, reading());
    await settle(keeper);
    const [first, second] = [...shelf.studies.values()];
    expect(first).toMatchObject({ id: amina.id, pictures: [{ name: 'IM1' }] });
    expect(second).toMatchObject({
      studyDate: '2025-01-31',
      label: { name: 'Amina' },
      pictures: [{ name: 'IM2', file: { kind: 'original' } }],
    });
    expect([...shelf.bytes.keys()].filter((key) => key.startsWith(amina.id))).toHaveLength(1);
  });
});

describe('after a reload', () => {
  it('the list is there again, and what was not read is read', async () => {
    const before = await open();
    before.patients.next({ name: 'Amina', number: '' });
    before.session.add([file('IM1')]);
    await settle(before.keeper);
    before.engine.handlers?.onReading(0, reading());
    before.patients.next({ name: 'Bela', number: '' });
    before.session.add([file('IM2')]);
    before.patients.next({ name: 'Cora', number: '' });
    before.keeper.changed(before.patients.current.value ?? '');
    await settle(before.keeper);

    const after = await open();
    await settle(after.keeper);
    expect(after.keeper.before.value.map(({ label }) => label.name)).toEqual(['Amina', 'Bela']);
    expect(after.patients.waiting.map(({ label }) => label.name)).toEqual(['Cora']);
    expect(after.session.cases.map(({ name }) => name)).toEqual(['IM2']);
    const [source] = after.engine.sources;
    expect(await (source as Blob).text()).toBe('IM2');
    after.engine.handlers?.onReading(0, reading());
    await settle(after.keeper);
    const bela = [...shelf.studies.values()].find(({ label }) => label.name === 'Bela');
    expect(bela?.pictures).toHaveLength(1);
    expect(bela?.pictures[0]?.reading).not.toBeNull();
    expect(shelf.bytes.size).toBe(0);
  });

  it('what left the list is kept, and not in the list', async () => {
    const before = await open();
    before.session.add([file()]);
    await settle(before.keeper);
    before.engine.handlers?.onReading(0, reading());
    await settle(before.keeper);
    before.session.remove(...before.session.cases.map(({ id }) => id));
    await settle(before.keeper);
    expect(shelf.only.open).toBe(false);
    const after = await open();
    expect(after.keeper.before.value).toEqual([]);
  });
});

describe('what cannot be kept', () => {
  it('is said, counts as unsaved, and is kept when there is space again', async () => {
    const { session, keeper } = await open();
    shelf.fail = Object.assign(new Error('full'), {
      code: 'records-full',
      message: 'm',
      remedy: 'r',
    });
    session.add([file()]);
    await settle(keeper);
    expect(keeper.trouble.value?.code).toBe('records-full');
    expect(keeper.unsaved).toBe(true);
    shelf.fail = null;
    await keeper.flush();
    expect(keeper.trouble.value).toBeNull();
    expect(keeper.unsaved).toBe(false);
    expect(shelf.only.pictures).toHaveLength(1);
  });

  it('because they are locked waits for the unlocking', async () => {
    shelf.phase = 'locked';
    const { session, records, keeper } = await open();
    session.add([file()]);
    await settle(keeper);
    expect(shelf.studies.size).toBe(0);
    shelf.phase = 'unlocked';
    await records.refresh();
    await keeper.restore();
    await settle(keeper);
    expect(shelf.only.pictures).toHaveLength(1);
  });

  it('while nothing is kept is nowhere', async () => {
    shelf.phase = 'off';
    const { session, patients, keeper } = await open();
    session.add([file()]);
    await settle(keeper);
    expect(shelf.puts).toBe(0);
    expect(patients.list.value).toHaveLength(1);
  });
});
