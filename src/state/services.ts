/**
 * Everything the screens use, put together once. The heavy parts (model store, runtime, decoders)
 * are fetched when first needed, so that the shell is on the screen before them.
 */
import type * as AssuranceDoor from '../assurance/index.ts';
import type { JudgingModel } from '../assurance/types.ts';
import type { MeasuredScreeningService, Reading } from '../inference/index.ts';
import type { SiteModel } from '../inference/types.ts';
import type { Manifest, ModelStore } from '../model/index.ts';
import { buildInfo, getPlatform, modelsBase, requestPersistence } from '../platform/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Adjustment, PatientDetails } from '../radiograph/types.ts';
import { PictureViewing, ReadingSession } from '../session/index.ts';
import type { PictureSource } from '../session/index.ts';
import { AdaptedModels } from './adapted-models.ts';
import { ModelSetup } from './model-setup.ts';
import { SiteSettings } from './site-settings.ts';
import type { EvaluationDesk } from './evaluation-desk.ts';
import { smallStorage } from './small-storage.ts';
import { Workbench } from './workbench.ts';

/** What the read screen needs of the viewing worker. */
export interface PictureOpener {
  open(source: Blob, signal?: AbortSignal, adjust?: Adjustment | null): Promise<PictureSource>;
  /** Who the picture is of; read from the file now, kept nowhere. */
  patientDetails(source: Blob): Promise<PatientDetails | null>;
}

export interface Services {
  readonly platform: Pick<Platform, 'updates' | 'install'>;
  readonly setup: ModelSetup;
  readonly session: ReadingSession;
  readonly viewing: PictureOpener;
  readonly settings: SiteSettings;
  /** The labelled folder that insights, evaluation and adaptation share. */
  readonly workbench: Workbench;
  /** Evaluations of this sitting and of earlier days; its code comes when it is first asked for. */
  evaluation(): Promise<EvaluationDesk>;
  /** Models adapted on this device, and the training under way. */
  readonly adapted: AdaptedModels;
  openStore(): Promise<ModelStore<Manifest>>;
  /** The one engine, created when first asked for; not necessarily started. */
  engine(): Promise<MeasuredScreeningService>;
  /** After another model became active: the next reading starts an engine with it. */
  restartEngine(): Promise<void>;
}

export function createServices(): Services {
  let store: Promise<ModelStore<Manifest>> | null = null;
  let engine: Promise<MeasuredScreeningService> | null = null;
  let rules: typeof AssuranceDoor | null = null;
  /** Of every model used in this sitting: an earlier reading is judged by its own. */
  const manifests = new Map<string, JudgingModel>();

  const openStore = (): Promise<ModelStore<Manifest>> => {
    store ??= import('../model/index.ts').then((model) => model.openModelStore());
    // A store that could not be opened (private window, blocked) is tried again the next time.
    store.catch(() => (store = null));
    return store;
  };

  const remember = (model: JudgingModel): void => {
    manifests.set(`${model.id}@${model.version}`, model);
  };

  const createEngine = async (site: SiteModel | null): Promise<MeasuredScreeningService> => {
    const [inference, assurance] = await Promise.all([
      import('../inference/index.ts'),
      import('../assurance/index.ts'),
    ]);
    rules = assurance;
    return inference.createScreeningService({
      appVersion: buildInfo.version,
      source: { kind: 'store', site },
      lungs: () => settings.value?.lungs ?? true,
    });
  };

  /** The delivered model, or the one adapted at this site that is in use. */
  const createEngineInUse = async (): Promise<MeasuredScreeningService> => {
    if (adapted.activeId === null) return createEngine(null);
    const active = await (await openStore()).active();
    const inUse = active ? await adapted.inUse(active.manifest) : null;
    if (inUse) remember(inUse.judging);
    return createEngine(inUse?.site ?? null);
  };

  const openEngine = (): Promise<MeasuredScreeningService> => {
    engine ??= createEngineInUse();
    engine.catch(() => (engine = null));
    return engine;
  };

  const restartEngine = async (): Promise<void> => {
    const old = engine;
    engine = null;
    (await old?.catch(() => null))?.dispose();
  };

  const adapted = new AdaptedModels({
    openStore,
    memory: smallStorage('fieldray.'),
    createEngine,
    switched: restartEngine,
    appVersion: buildInfo.version,
  });

  const setup = new ModelSetup({
    openStore,
    base: modelsBase(),
    requestPersistence,
    selfTest: async (bytes, signal) => {
      const { selfTestModel } = await import('../inference/index.ts');
      await selfTestModel(bytes, { signal });
    },
    pauseReason: async () => {
      const { PauseRequested } = await import('../model/index.ts');
      return new PauseRequested();
    },
  });

  const settings = new SiteSettings(async () => {
    const [assurance, { browserMemory }] = await Promise.all([
      import('../assurance/index.ts'),
      import('../inference/index.ts'),
    ]);
    const memory = browserMemory('fieldray.');
    return {
      load: (manifest) => assurance.loadSettings(memory, manifest),
      save: (value) => assurance.saveSettings(memory, value),
      defaults: assurance.defaultSettings,
    };
  });

  const session = new ReadingSession({
    screening: async (signal) => {
      const service = await openEngine();
      await service.start(signal);
      const active = await (await openStore()).active();
      if (active) {
        remember(active.manifest);
        await settings.load(active.manifest);
      }
      return service;
    },
    // The engine is ready by the time the first of them is found.
    expectMany: () => {
      void openEngine()
        .then((service) => service.start())
        .catch(() => undefined);
    },
    examine: () => {
      if (!rules || !settings.value) throw new RangeError('Reading began before the settings.');
      return rules.examinationOf(settings.value);
    },
    assure: (reading: Reading) => {
      const manifest = manifests.get(`${reading.modelId}@${reading.modelVersion}`);
      if (!rules || !settings.value || !manifest) {
        throw new RangeError('A reading came from a model that is not known.');
      }
      return rules.assure(reading, settings.value, manifest);
    },
  });
  settings.subscribe(() => session.reassure());

  let desk: Promise<EvaluationDesk> | null = null;
  const platform = getPlatform();
  const openDesk = (): Promise<EvaluationDesk> => {
    desk ??= import('./evaluation-desk.ts').then(
      ({ EvaluationDesk: Desk }) =>
        new Desk({
          openStore,
          // Where an adapted model is in use, the delivered one needs an engine of its own.
          engine: () => (adapted.activeId === null ? openEngine() : adapted.deliveredEngine()),
          platform,
          adaptedModels: () => adapted.evaluated(),
        }),
    );
    desk.catch(() => (desk = null));
    return desk;
  };

  return {
    platform,
    evaluation: openDesk,
    setup,
    session,
    settings,
    viewing: new PictureViewing(),
    workbench: new Workbench(),
    openStore,
    engine: openEngine,
    restartEngine,
    adapted,
  };
}
