import { describe, expect, it } from 'vitest';
import { assure, defaultSettings } from '../../src/assurance/index.ts';
import type { BatchHandlers, PictureInput, Reading } from '../../src/inference/types.ts';
import { CLASS_LABELS, type Manifest } from '../../src/model/index.ts';
import { ReadingSession } from '../../src/session/index.ts';
import type { FoundItem, PictureFlow } from '../../src/files/types.ts';
import { FULL_RESULTS } from '../../src/session/lighten.ts';

/** All that is asked of it here. */
const MANIFEST = { temperature: 1, labels: CLASS_LABELS as readonly string[] } as Manifest;

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

function reading(): Reading {
  return {
    logits: Float32Array.of(0, 0, 9, 0),
    embedding: new Float32Array(1280),
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
    thumbnail: null,
    backend: 'wasm',
    modelId: 'm',
    modelVersion: '1.0.0',
    timings: { decode: 1, preprocess: 1, inference: 1, examination: 0, total: 3 },
    evidence: null,
    adjust: null,
    recovery: null,
  };
}

/** Reads at once, two at a time, like the real batch: sources that grow are seen. */
class QuickEngine {
  opened = 0;
  batches = 0;

  async screenMany(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void> {
    this.batches += 1;
    for (let index = 0; index < sources.length; index += 1) {
      handlers.signal?.throwIfAborted();
      const source = sources[index];
      if (!(source instanceof Blob)) await source.open(handlers.signal);
      this.opened += 1;
      await tick();
      handlers.signal?.throwIfAborted();
      handlers.onReading(index, reading());
    }
  }
}

function setup() {
  const engine = new QuickEngine();
  let expected = 0;
  const session = new ReadingSession({
    screening: async () => engine,
    assure: (answer) => assure(answer, defaultSettings(MANIFEST), MANIFEST),
    expectMany: () => (expected += 1),
  });
  return { engine, session, expected: () => expected };
}

/** Pictures that exist only while they are read; counts how many were asked for. */
function flowOf(count: number, between: () => Promise<unknown> = tick): PictureFlow {
  return async function* (signal): AsyncGenerator<FoundItem> {
    for (let index = 0; index < count; index += 1) {
      await between();
      signal.throwIfAborted();
      if (index % 10 === 3) yield { kind: 'skipped', name: `t${index}`, what: 'text' };
      yield {
        kind: 'picture',
        name: `f/p${index}.png`,
        source: { open: async () => new Blob(['x']) },
      };
    }
    yield { kind: 'missing', name: 'gone' };
    yield {
      kind: 'trouble',
      name: 'locked.zip',
      fault: { code: 'zip-encrypted', message: 'locked', remedy: 'unlock' },
    };
  };
}

async function idle(session: ReadingSession): Promise<void> {
  while (session.progress.running || session.intake.looking) await tick();
}

describe('a folder that is read while it is looked through', () => {
  it('counts what it passed over, lists what it could not open, announces itself', async () => {
    const { session, expected } = setup();
    const followed = session.follow(flowOf(30));
    expect(expected()).toBe(1);
    expect(session.intake.looking).toBe(true);
    await followed;
    await idle(session);
    expect(session.size).toBe(31);
    expect(session.intake).toMatchObject({ looking: false, pictures: 30, missing: 1 });
    expect(Object.fromEntries(session.intake.skipped)).toEqual({ text: 3 });
    const last = session.cases.at(-1);
    expect(last?.name).toBe('locked.zip');
    expect(last?.state.phase === 'failed' && last.state.fault.code).toBe('zip-encrypted');
    expect(session.progress).toMatchObject({ done: 30, total: 30 });
  });

  it('counts on when reading caught up with looking in between', async () => {
    const { engine, session } = setup();
    const slow = () => new Promise((resolve) => setTimeout(resolve, 15));
    await session.follow(flowOf(6, slow));
    await idle(session);
    expect(engine.batches).toBeGreaterThan(1);
    expect(session.progress).toMatchObject({ done: 6, total: 6 });
  });

  it('pauses looking and reading, and goes on with both', async () => {
    const { engine, session } = setup();
    const followed = session.follow(flowOf(60));
    while (engine.opened < 5) await tick();
    session.pause();
    await tick();
    const { opened } = engine;
    const { size } = session;
    expect(session.paused).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(engine.opened).toBe(opened);
    expect(session.size).toBeLessThanOrEqual(size + 1);
    void session.resume();
    expect(session.paused).toBe(false);
    await followed;
    await idle(session);
    expect(session.cases.filter((entry) => entry.state.phase === 'done')).toHaveLength(60);
  });

  it('cancelled, stops looking and keeps what is read', async () => {
    const { engine, session } = setup();
    const followed = session.follow(flowOf(500));
    while (engine.opened < 5) await tick();
    session.cancel();
    await followed;
    await idle(session);
    expect(session.size).toBeLessThan(60);
    expect(session.size).toBeGreaterThan(2);
    expect(session.cases.every((entry) => entry.state.phase === 'done')).toBe(true);
    expect(session.paused).toBe(false);
  });

  it('that breaks off is told', async () => {
    const { session } = setup();
    await session.follow(async function* () {
      yield { kind: 'picture', name: 'a', source: new Blob(['x']) } as const;
      await tick();
      throw new Error('the disc was taken out');
    });
    await idle(session);
    const told = session.cases.flatMap(({ state }) =>
      state.phase === 'failed' ? [state.fault.code] : [],
    );
    expect(told).toEqual(['looking-stopped']);
  });

  it('keeps the large numbers of the last results only', async () => {
    const { session } = setup();
    await session.follow(flowOf(FULL_RESULTS + 20));
    await idle(session);
    const full = session.cases.filter(
      ({ state }) => state.phase === 'done' && state.reading.embedding.length > 0,
    );
    expect(full).toHaveLength(FULL_RESULTS);
  });

  it('reads a picture again that is opened after its numbers were let go of', async () => {
    const { engine, session } = setup();
    await session.follow(flowOf(FULL_RESULTS + 20));
    await idle(session);
    const { opened } = engine;
    session.select('case-1');
    await idle(session);
    expect(engine.opened).toBe(opened + 1);
    const { selected } = session;
    expect(selected?.state.phase === 'done' && selected.state.light).toBe(false);
    session.select(session.cases.at(-3)?.id ?? '');
    await idle(session);
    expect(engine.opened).toBe(opened + 1);
  });

  it('after the settings changed, judges anew what it has and reads the rest again', async () => {
    const { engine, session } = setup();
    await session.follow(flowOf(FULL_RESULTS + 20));
    await idle(session);
    const { opened } = engine;
    session.reassure();
    await idle(session);
    expect(engine.opened).toBe(opened + 20);
    expect(session.cases.filter(({ state }) => state.phase === 'done')).toHaveLength(
      FULL_RESULTS + 20,
    );
  });
});
