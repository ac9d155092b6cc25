import { describe, expect, it } from 'vitest';
import { evaluatedModel } from '../../src/evaluation/models.ts';
import { readPictures } from '../../src/evaluation/read.ts';
import { ModelReplaced } from '../../src/inference/errors.ts';
import type { MeasuredScreeningService } from '../../src/inference/index.ts';
import type { BatchHandlers, Reading } from '../../src/inference/types.ts';
import type { Manifest, ModelStore } from '../../src/model/index.ts';
import { ActiveModel, type ModelInUse } from '../../src/state/active-model.ts';
import { makeTestModel } from '../inference/support/test-model.ts';

const OLD = makeTestModel({ version: '1.0.0', variants: [0] }).manifest;
const NEW: Manifest = { ...OLD, version: '1.1.0' };

/** The store of this origin as one tab sees it: another tab can change what it holds. */
class SharedStore {
  installed: Manifest | null = OLD;
  readonly #listeners = new Set<() => void>();

  open(): Promise<ModelStore<Manifest>> {
    return Promise.resolve({
      active: () =>
        Promise.resolve(
          this.installed && {
            manifest: this.installed,
            verifiedAt: 1,
            activatedAt: 1,
            outdated: false,
          },
        ),
      onChanged: (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    } as unknown as ModelStore<Manifest>);
  }

  /** @param told false: the message between tabs is lost */
  change(manifest: Manifest | null, told = true): void {
    this.installed = manifest;
    if (told) for (const listener of this.#listeners) listener();
  }
}

/** An engine that reads with the model it was made for, and only while that is installed. */
class Engine {
  disposed = false;
  /** Where a batch waits until the test lets it go on. */
  release: (() => void) | null = null;
  /** What its readings name; another model than its own stands for a mistake in the runtime. */
  names: { readonly id: string; readonly version: string };

  readonly model: ModelInUse | null;
  readonly store: SharedStore;

  constructor(model: ModelInUse | null, store: SharedStore) {
    this.model = model;
    this.store = store;
    this.names = model?.judging ?? { id: 'none', version: '0' };
  }

  start = async (): Promise<void> => {
    const wanted = this.model?.manifest.version;
    if (this.store.installed?.version !== wanted) {
      throw new ModelReplaced(String(wanted), String(this.store.installed?.version));
    }
  };

  screenMany = async (_: unknown, handlers: BatchHandlers): Promise<void> => {
    await new Promise<void>((resolve) => (this.release = resolve));
    if (this.disposed) throw new Error('The engine was ended while it read.');
    handlers.onReading(0, {
      modelId: this.names.id,
      modelVersion: this.names.version,
      logits: Float32Array.of(1, 0, 0, 0),
    } as unknown as Reading);
  };

  dispose = (): void => void (this.disposed = true);
}

function tab(overlay: { stamp: string } = { stamp: '' }) {
  const store = new SharedStore();
  const engines: Engine[] = [];
  const active = new ActiveModel({
    openStore: () => store.open(),
    engines: () =>
      Promise.resolve((model) => {
        const engine = new Engine(model, store);
        engines.push(engine);
        return engine as unknown as MeasuredScreeningService;
      }),
    overlay: {
      get stamp() {
        return overlay.stamp;
      },
      over: (manifest) =>
        Promise.resolve({
          manifest,
          site: null,
          judging: { ...manifest, version: `${manifest.version}+site.${overlay.stamp}` },
          revision: `${manifest.id}@${manifest.version}|${overlay.stamp}`,
        }),
    },
  });
  const readings: string[] = [];
  const read = (): Promise<void> =>
    active.reader.screenMany([new Blob()], {
      onReading: (_, reading) => readings.push(active.judgingOf(reading).version),
      onFailure: () => undefined,
    });
  /** The engine at this place once it reads a batch. */
  const reading = async (place: number): Promise<Engine> => {
    await expect.poll(() => engines[place]?.release).toBeTruthy();
    return engines[place];
  };
  return { store, engines, active, readings, read, reading };
}

describe('the model in use', () => {
  it('is the new one in a tab that was warmed up, whether or not the news came', async () => {
    for (const told of [true, false]) {
      const { store, engines, active, readings, read, reading } = tab();
      await active.warmUp();
      store.change(NEW, told);
      const done = read();
      (await reading(1)).release?.();
      await done;
      expect(readings).toEqual(['1.1.0']);
      expect(engines.map(({ disposed }) => disposed)).toEqual([true, false]);
    }
  });

  it('stays with a batch to its end, whose readings are judged by it', async () => {
    const { store, engines, active, readings, read, reading } = tab();
    const done = read();
    const engine = await reading(0);
    store.change(NEW);
    await expect.poll(() => active.model.value?.manifest.version).toBe('1.1.0');
    expect(engine.disposed).toBe(false);
    engine.release?.();
    await done;
    expect(readings).toEqual(['1.0.0']);
    expect(engines[0]?.disposed).toBe(true);
    // A reading of a model that is not installed any more is judged by that model still.
    expect(active.judgingOf({ modelId: OLD.id, modelVersion: '1.0.0' })).toBe(OLD);
  });

  it('is looked up again where another version was installed while an engine started', async () => {
    const { store, engines, active } = tab();
    await active.engine();
    const first = engines[0];
    first.start = () => {
      store.change(NEW, false);
      return Promise.reject(new ModelReplaced('1.0.0', '1.1.0'));
    };
    expect(await active.use(undefined, async (_, { manifest }) => manifest.version)).toBe('1.1.0');
    expect(first.disposed).toBe(true);
  });

  it('changes with what a site lays over it', async () => {
    const overlay = { stamp: '' };
    const { active, readings, read, reading } = tab(overlay);
    const before = read();
    await reading(0);
    overlay.stamp = 'ward';
    await active.refresh();
    const after = read();
    (await reading(1)).release?.();
    (await reading(0)).release?.();
    await Promise.all([before, after]);
    expect(readings.sort()).toEqual(['1.0.0', '1.0.0+site.ward']);
  });

  it('is nothing where none is installed, and says so', async () => {
    const { store, active } = tab();
    store.change(null);
    expect(await active.delivered()).toBeNull();
    expect(() => active.judgingOf({ modelId: 'x', modelVersion: '1' })).toThrow(RangeError);
  });
});

describe('an evaluation', () => {
  const pictures = [{ path: 'a/1.png', label: 'a', origin: null, source: new Blob() }];
  const begin = (active: ActiveModel, model: ModelInUse, taken: unknown[] = []): Promise<void> =>
    readPictures(
      evaluatedModel(model.judging, model.manifest, 'any', async () => active.readerOf(model)),
      pictures,
      {
        signal: new AbortController().signal,
        onPicture: (_, picture) => taken.push(picture),
      },
    );

  it('never files an answer of one model under the name of another', async () => {
    const { active, reading } = tab();
    const model = (await active.delivered())!;
    const taken: unknown[] = [];
    const run = begin(active, model, taken);
    const engine = await reading(0);
    engine.names = NEW;
    engine.release?.();
    await expect(run).rejects.toMatchObject({ code: 'evaluation-not-the-same' });
    expect(taken).toEqual([]);
  });

  it('of a model that is not installed any more does not begin', async () => {
    const { store, active } = tab();
    const model = (await active.delivered())!;
    store.change(NEW);
    await expect(begin(active, model)).rejects.toMatchObject({ code: 'model-replaced' });
  });

  it('of the delivered model has an engine beside the adapted one in use', async () => {
    const { engines, active, reading } = tab({ stamp: 'ward' });
    const model = (await active.delivered())!;
    const run = begin(active, model).catch(() => undefined);
    const engine = await reading(1);
    expect(engine.model?.revision).toBe(`${OLD.id}@1.0.0|`);
    expect(engines[0]?.model?.revision).toBe(`${OLD.id}@1.0.0|ward`);
    engine.release?.();
    await run;
  });
});
