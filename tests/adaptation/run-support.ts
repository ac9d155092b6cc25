/** What the browser tests of a training share: real engines and stores, and folders that can be hurt. */
import {
  AdaptationStore,
  STUDY_SETTINGS,
  type RunParts,
  type TrainingSettings,
} from '../../src/adaptation/index.ts';
import type { LabelledFolder, LabelledItem } from '../../src/dataset/index.ts';
import {
  createScreeningService,
  type MeasuredScreeningService,
} from '../../src/inference/index.ts';
import type { SiteModel } from '../../src/inference/types.ts';
import { readGateTables } from '../../src/model/index.ts';
import { FileGoneError } from '../../src/radiograph/index.ts';
import { TestMemory } from '../inference/support/bench.ts';
import { makeAssuredModel } from '../inference/support/assured-model.ts';

/** Of the version that the stored models in tests/fixtures/stored were made from. */
export const model = makeAssuredModel({ version: '1.0.0' });
const engines: MeasuredScreeningService[] = [];
const stores: AdaptationStore[] = [];

export function closeAll(): void {
  for (const service of engines.splice(0)) service.dispose();
  for (const store of stores.splice(0)) store.close();
}

export function engineWith(site: SiteModel | null, poolSize = 1): MeasuredScreeningService {
  const engine = createScreeningService({
    source: { kind: 'bytes', model, site },
    memory: new TestMemory(),
    poolSize,
  });
  engines.push(engine);
  return engine;
}

/** A store by the same name is what another tab, or this one after a reload, opens. */
export function newStore(name = `test-${crypto.randomUUID()}`): AdaptationStore {
  const store = new AdaptationStore(name);
  stores.push(store);
  return store;
}

export function partsWith(
  store = newStore(),
  more: Partial<RunParts> & { poolSize?: number } = {},
) {
  const gate = model.manifest.assurance?.gate;
  const { poolSize, ...given } = more;
  const parts: RunParts = {
    store,
    base: model.manifest,
    // Starts on WASM, and stays there for the whole batch.
    engine: async (signal) => {
      const engine = engineWith(null, poolSize);
      await engine.start(signal);
      return engine;
    },
    gate: async () =>
      gate && model.gate ? { gate, tables: readGateTables(gate, model.gate) } : null,
    appVersion: 'test',
    ...given,
  };
  return parts;
}

export const QUICK: TrainingSettings = {
  ...STUDY_SETTINGS,
  epochs: 12,
  patience: 0,
  validationShare: 0.3,
};

/** Every item of the folder told before it is opened; `before` may throw. */
export function watched(folder: LabelledFolder, before: (item: LabelledItem) => void) {
  const items = folder.items.map((item): LabelledItem => {
    const { path, label, origin, group, mask } = item;
    const open = async (signal?: AbortSignal): Promise<File> => {
      before(item);
      return item.open(signal);
    };
    return { path, label, origin, group, mask, open };
  });
  return { ...folder, items };
}

/** Calls when this many pictures were asked for. */
export function atPicture(folder: LabelledFolder, count: number, call: () => void): LabelledFolder {
  let opened = 0;
  return watched(folder, () => {
    if (++opened === count) call();
  });
}

/** Unplugged when this many pictures were read: from then on nothing of it is there. */
export function unpluggedAfter(folder: LabelledFolder, count: number): LabelledFolder {
  let opened = 0;
  return watched(folder, ({ path }) => {
    if (++opened > count) throw new FileGoneError(path, 'Bring it back.');
  });
}

/** The real training worker, with a call at one of its epochs. */
export function workerWith(epoch: number, call: () => void): () => Worker {
  return () => {
    const worker = new Worker(new URL('../../src/adaptation/trainer-worker.ts', import.meta.url), {
      type: 'module',
    });
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<{ kind: string; figures?: { epoch: number } }>) => {
        if (data.figures?.epoch === epoch) call();
      },
    );
    return worker;
  };
}

/** While it works no page can write to its databases, as on a full disk. */
export async function onFullDisk<T>(work: (free: () => void) => Promise<T>): Promise<T> {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const { put } = IDBObjectStore.prototype;
  const free = (): void => {
    IDBObjectStore.prototype.put = put;
  };
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  try {
    return await work(free);
  } finally {
    free();
  }
}
