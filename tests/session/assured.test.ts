import { describe, expect, it } from 'vitest';
import { assure, defaultSettings, examinationOf } from '../../src/assurance/index.ts';
import type { AssuranceSettings } from '../../src/assurance/index.ts';
import type { BatchHandlers, Examination, Reading } from '../../src/inference/types.ts';
import { CLASS_LABELS, type Manifest } from '../../src/model/index.ts';
import type { Adjustment } from '../../src/radiograph/types.ts';
import { ReadingSession } from '../../src/session/index.ts';
import type { CaseState } from '../../src/session/index.ts';

const MANIFEST = { temperature: 1, labels: CLASS_LABELS as readonly string[] } as Manifest;
const TURNED: Adjustment = { rotate: 90 };

function reading(adjust: Adjustment | null): Reading {
  return {
    logits: Float32Array.of(1, 0, 0, 0),
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
    thumbnail: null,
    backend: 'wasm',
    modelId: 'm',
    modelVersion: '1.0.0',
    timings: { decode: 1, preprocess: 1, inference: 1, examination: 0, total: 3 },
    evidence: null,
    adjust,
    recovery: null,
  };
}

/** Answers at once with what it was asked for; keeps what that was. */
class EchoEngine {
  readonly asked: { examine: Examination | undefined; adjust: Adjustment | null }[] = [];

  async screenMany(sources: readonly Blob[], handlers: BatchHandlers): Promise<void> {
    for (let index = 0; index < sources.length; index += 1) {
      const adjust = handlers.adjust?.[index] ?? null;
      this.asked.push({ examine: handlers.examine, adjust });
      handlers.onReading(index, reading(adjust));
    }
  }
}

function setup() {
  const engine = new EchoEngine();
  let settings: AssuranceSettings = defaultSettings(MANIFEST);
  const session = new ReadingSession({
    screening: async () => engine,
    examine: () => examinationOf(settings),
    assure: (answer) => assure(answer, settings, MANIFEST),
  });
  const set = (part: Partial<AssuranceSettings>): void => {
    settings = { ...settings, ...part };
  };
  return { engine, session, set };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function done(state: CaseState | undefined): Extract<CaseState, { phase: 'done' }> {
  if (state?.phase !== 'done') throw new Error('The picture was not read.');
  return state;
}

describe('a picture that is put right', () => {
  it('is read again as asked, and as it came after an undo', async () => {
    const { engine, session } = setup();
    const [entry] = session.add([{ name: 'a', source: new Blob(['a']) }]);
    const id = entry?.id ?? '';
    await settle();
    expect(engine.asked).toEqual([{ examine: { copies: 'where-unclear' }, adjust: null }]);
    session.adjust(id, TURNED);
    expect(session.cases[0]?.adjust).toEqual(TURNED);
    expect(session.cases[0]?.state.phase).not.toBe('done');
    await settle();
    expect(engine.asked.at(-1)?.adjust).toEqual(TURNED);
    expect(done(session.cases[0]?.state).assurance.adjust).toEqual(TURNED);
    session.adjust(id, null);
    await settle();
    expect(engine.asked.at(-1)?.adjust).toBeNull();
    expect(done(session.cases[0]?.state).assurance.adjust).toBeNull();
    expect(engine.asked).toHaveLength(3);
  });

  it('changes nothing of what waits or has no file', async () => {
    const { session } = setup();
    const [waiting] = session.add([{ name: 'a', source: new Blob(['a']) }]);
    session.adjust(waiting?.id ?? '', TURNED);
    expect(session.cases[0]?.adjust ?? null).toBeNull();
    session.adjust('case-99', TURNED);
    await settle();
  });
});

describe('settings', () => {
  it('are asked for with every batch, and judge what was read before anew', async () => {
    const { engine, session, set } = setup();
    session.add([{ name: 'a', source: new Blob(['a']) }]);
    await settle();
    const before = done(session.cases[0]?.state);
    expect(before.assurance.priors.applied).toBe(false);
    set({ priors: [0.01, 0.09, 0.8, 0.1], copies: false });
    session.reassure();
    const after = done(session.cases[0]?.state);
    expect(after.assurance.priors.applied).toBe(true);
    expect(after.assessment).toBe(after.assurance.assessment);
    expect(after.assessment.label).toBe('Normal');
    expect(after.assurance.uncorrected).toEqual(before.assurance.uncorrected);
    expect(engine.asked).toHaveLength(1);
    session.add([{ name: 'b', source: new Blob(['b']) }]);
    await settle();
    expect(engine.asked.at(-1)?.examine).toEqual({ copies: false });
  });
});
