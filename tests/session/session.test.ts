import { describe, expect, it } from 'vitest';
import { assure, defaultSettings } from '../../src/assurance/index.ts';
import type { BatchHandlers, PictureInput, Reading } from '../../src/inference/types.ts';
import { CLASS_LABELS, type Manifest } from '../../src/model/index.ts';
import { ReadingSession } from '../../src/session/index.ts';
import type { Case } from '../../src/session/index.ts';

/** An engine driven by hand: the test decides what is answered, and when. */
class HandEngine {
  readonly batches: {
    sources: readonly PictureInput[];
    size: number;
    handlers: BatchHandlers;
    end: () => void;
  }[] = [];
  fail: Error | null = null;

  screenMany(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void> {
    if (this.fail) return Promise.reject(this.fail);
    return new Promise((resolve, reject) => {
      handlers.signal?.addEventListener('abort', () => reject(handlers.signal?.reason));
      this.batches.push({ sources, size: sources.length, handlers, end: resolve });
    });
  }

  get last() {
    const batch = this.batches.at(-1);
    if (!batch) throw new Error('Nothing was asked of the engine.');
    return batch;
  }
}

interface Thumb {
  closed: boolean;
  close(): void;
}

function thumbnail(): Thumb {
  return {
    closed: false,
    close() {
      this.closed = true;
    },
  };
}

function reading(logits: number[], thumb: Thumb = thumbnail()): Reading {
  return {
    logits: Float32Array.from(logits),
    embedding: new Float32Array(0),
    features: null,
    seen: { state: 'whole', rect: { x: 0, y: 0, width: 1, height: 1 } },
    picture: {
      width: 300,
      height: 300,
      bitsStored: 8,
      format: 'png',
      attributes: {},
      warnings: [],
    },
    thumbnail: thumb as unknown as ImageBitmap,
    backend: 'wasm',
    modelId: 'm',
    modelVersion: '1.0.0',
    timings: { decode: 1, preprocess: 1, inference: 1, examination: 0, total: 3 },
    evidence: null,
    adjust: null,
    recovery: null,
  };
}

/** All that is asked of it here. */
const MANIFEST = { temperature: 1, labels: CLASS_LABELS as readonly string[] } as Manifest;

const COVID = [9, 0, 0, 0];
const NORMAL = [0, 0, 9, 0];
const WEAK_NORMAL = [0, 0, 1, 0];

function setup() {
  const engine = new HandEngine();
  const session = new ReadingSession({
    screening: async () => engine,
    assure: (answer) => assure(answer, defaultSettings(MANIFEST), MANIFEST),
  });
  return { engine, session };
}

const file = (name: string) => ({ name, source: new Blob([name]) });
const phases = (cases: readonly Case[]) => cases.map((entry) => entry.state.phase);
/** Lets every promise that is due settle. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('reading', () => {
  it('sends what was added in one batch and keeps answers that come in any order', async () => {
    const { engine, session } = setup();
    session.add([file('a'), file('b'), file('c')]);
    await settle();
    expect(engine.last.size).toBe(3);
    expect(session.progress).toMatchObject({ running: true, done: 0, total: 3 });
    engine.last.handlers.onReading(2, reading(NORMAL));
    engine.last.handlers.onFailure(0, { code: 'x', message: 'broken', remedy: 'mend' });
    expect(session.progress.done).toBe(2);
    expect(phases(session.cases)).toEqual(['failed', 'reading', 'done']);
    engine.last.handlers.onReading(1, reading(COVID));
    engine.last.end();
    await settle();
    expect(session.progress.running).toBe(false);
    const [, second] = session.cases;
    expect(second?.state.phase === 'done' && second.state.assessment.label).toBe('COVID');
  });

  it('hands files that are added while a batch runs to the same batch', async () => {
    const { engine, session } = setup();
    session.add([file('a')]);
    await settle();
    session.add([file('b'), file('c')]);
    expect(session.progress.total).toBe(3);
    expect(engine.last.sources).toHaveLength(3);
    for (const index of [0, 1, 2]) engine.last.handlers.onReading(index, reading(NORMAL));
    engine.last.end();
    await settle();
    expect(engine.batches).toHaveLength(1);
    expect(phases(session.cases)).toEqual(['done', 'done', 'done']);
  });

  it('reads what was added too late for a batch in another one', async () => {
    const { engine, session } = setup();
    session.add([file('a')]);
    await settle();
    engine.last.handlers.onReading(0, reading(NORMAL));
    engine.last.end();
    session.add([file('b'), file('c')]);
    await settle();
    expect(engine.batches.map((batch) => batch.size)).toEqual([1, 2]);
    expect(session.progress).toMatchObject({ running: true, done: 1, total: 3 });
  });

  it('holds on to no file that is read', async () => {
    const { engine, session } = setup();
    const a = file('a');
    session.add([a, file('b')]);
    await settle();
    expect(engine.last.sources[0]).toBe(a.source);
    engine.last.handlers.onReading(0, reading(NORMAL));
    expect(engine.last.sources[0]).not.toBe(a.source);
  });

  it('marks no more pictures as being read than are worked on', async () => {
    const { session } = setup();
    session.add(Array.from({ length: 50 }, (_, index) => file(String(index))));
    await settle();
    expect(phases(session.cases).filter((phase) => phase === 'reading')).toHaveLength(4);
  });

  it('leaves nothing "being read" when the engine breaks or forgets a picture', async () => {
    const { engine, session } = setup();
    engine.fail = new Error('gone');
    session.add([file('a'), file('b')]);
    await settle();
    expect(phases(session.cases)).toEqual(['failed', 'failed']);
    engine.fail = null;
    session.add([file('c')]);
    await settle();
    engine.last.end();
    await settle();
    expect(phases(session.cases)).toEqual(['failed', 'failed', 'failed']);
    expect(session.progress.running).toBe(false);
  });

  it('fails only the picture whose answer cannot be used', async () => {
    const { engine, session } = setup();
    session.add([file('a'), file('b')]);
    await settle();
    const thumb = thumbnail();
    engine.last.handlers.onReading(0, reading([Number.NaN, 0, 0, 0], thumb));
    engine.last.handlers.onReading(1, reading(NORMAL));
    expect(phases(session.cases)).toEqual(['failed', 'done']);
    expect(thumb.closed).toBe(true);
  });
});

describe('stopping', () => {
  it('keeps what is done, lets the rest wait, and goes on with it alone', async () => {
    const { engine, session } = setup();
    session.add([file('a'), file('b'), file('c')]);
    await settle();
    const first = engine.last;
    first.handlers.onReading(0, reading(NORMAL));
    session.pause();
    await settle();
    expect(session.progress.running).toBe(false);
    expect(phases(session.cases)).toEqual(['done', 'queued', 'queued']);
    expect(session.waiting).toBe(2);
    const late = thumbnail();
    first.handlers.onReading(1, reading(NORMAL, late));
    expect(late.closed).toBe(true);
    expect(phases(session.cases)).toEqual(['done', 'queued', 'queued']);
    void session.resume();
    await settle();
    expect(engine.last.size).toBe(2);
    expect(session.progress).toMatchObject({ running: true, done: 0, total: 2 });
  });

  it('cancelled, forgets what is not read and keeps the rest', async () => {
    const { engine, session } = setup();
    session.add([file('a'), file('b'), file('c')]);
    await settle();
    engine.last.handlers.onReading(0, reading(NORMAL));
    session.cancel();
    await settle();
    expect(engine.last.handlers.signal?.aborted).toBe(true);
    expect(session.cases.map((entry) => entry.name)).toEqual(['a']);
    expect(session.progress.running).toBe(false);
    expect(session.paused).toBe(false);
  });

  it('forgets everything and closes every thumbnail', async () => {
    const { engine, session } = setup();
    session.add([file('a'), file('b')]);
    await settle();
    const thumb = thumbnail();
    engine.last.handlers.onReading(0, reading(NORMAL, thumb));
    session.clear();
    expect(thumb.closed).toBe(true);
    expect(session.cases).toEqual([]);
    expect(engine.last.handlers.signal?.aborted).toBe(true);
  });
});

describe('single pictures', () => {
  it('reads a failed one again', async () => {
    const { engine, session } = setup();
    session.add([file('a')]);
    await settle();
    engine.last.handlers.onFailure(0, { code: 'x', message: 'broken', remedy: 'mend' });
    engine.last.end();
    await settle();
    session.retry('case-1');
    await settle();
    engine.last.handlers.onReading(0, reading(NORMAL));
    expect(phases(session.cases)).toEqual(['done']);
  });

  it('drops the answer of one that was removed while it was read', async () => {
    const { engine, session } = setup();
    session.add([file('a'), file('b')]);
    await settle();
    session.remove('case-1');
    const late = thumbnail();
    engine.last.handlers.onReading(0, reading(NORMAL, late));
    engine.last.handlers.onReading(1, reading(NORMAL));
    expect(late.closed).toBe(true);
    expect(session.cases.map((entry) => entry.name)).toEqual(['b']);
    expect(session.progress).toMatchObject({ done: 1, total: 1 });
  });

  it('selects the neighbor of a removed one', async () => {
    const { session } = setup();
    session.add([file('a'), file('b'), file('c')]);
    session.select('case-2');
    expect(session.neighbor(1)?.name).toBe('c');
    expect(session.neighbor(-1)?.name).toBe('a');
    session.remove('case-2');
    expect(session.selected?.name).toBe('c');
    session.remove('case-3');
    expect(session.selected?.name).toBe('a');
    expect(session.neighbor(1)).toBeNull();
  });
});

describe('order', () => {
  it('sorts by name with numbers, by class and by probability; the unread stay last', async () => {
    const { engine, session } = setup();
    session.add([file('p10'), file('p9'), file('p1'), file('broken')]);
    await settle();
    engine.last.handlers.onReading(0, reading(WEAK_NORMAL));
    engine.last.handlers.onReading(1, reading(COVID));
    engine.last.handlers.onReading(2, reading(NORMAL));
    const names = () => session.cases.map((entry) => entry.name);
    session.sortBy({ key: 'name', descending: false });
    expect(names()).toEqual(['broken', 'p1', 'p9', 'p10']);
    session.sortBy({ key: 'probability', descending: false });
    expect(names()).toEqual(['p10', 'p9', 'p1', 'broken']);
    session.sortBy({ key: 'probability', descending: true });
    expect(names().at(-1)).toBe('broken');
    session.sortBy({ key: 'class', descending: false });
    expect(names()).toEqual(['p9', 'p1', 'p10', 'broken']);
    session.sortBy({ key: 'order', descending: true });
    expect(names()).toEqual(['broken', 'p1', 'p9', 'p10']);
  });

  it('tells listeners once for many changes at once', async () => {
    const { session } = setup();
    let calls = 0;
    session.subscribe(() => (calls += 1));
    session.add(Array.from({ length: 500 }, (_, index) => file(String(index))));
    session.select('case-3');
    await Promise.resolve();
    expect(calls).toBe(1);
  });
});
