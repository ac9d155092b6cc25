/**
 * The composition root: everything the screens use, put together once from parts that the page or a
 * test brings. The heavy code (model store, runtime, decoders) is fetched when first needed, so that
 * the shell is on the screen before it.
 */
import type * as AssuranceDoor from '../assurance/index.ts';
import type { SiteVerdict } from '../assurance/index.ts';
import { Observable } from '../base/observable.ts';
import { OnDemand } from '../base/on-demand.ts';
import { TabNews } from '../base/tab-news.ts';
import type { MeasuredScreeningService, Memory, ServiceOptions } from '../inference/index.ts';
import type { Manifest, ModelBytes, ModelStore } from '../model/index.ts';
import type { Platform } from '../platform/index.ts';
import { ReadingSession } from '../session/index.ts';
import { ActiveModel } from './active-model.ts';
import type { CreateEngine } from './active-model.ts';
import { AdaptedModels } from './adapted-models.ts';
import type { EvaluationDesk } from './evaluation-desk.ts';
import { ModelSetup } from './model-setup.ts';
import { OfflinePromise } from './offline.ts';
import type { RecordsPort } from './patients/records-store.ts';
import type { PatientDesk } from './patients/patient-desk.ts';
import type { PictureOpener } from './picture-opener.ts';
import type { SiteLooks } from './site-looks.ts';
import { SiteSettings } from './site-settings.ts';
import { Workbench } from './workbench.ts';

export interface Services {
  readonly platform: Pick<Platform, 'updates' | 'install'>;
  readonly setup: ModelSetup;
  /** Whether the app works here without a network. */
  readonly offline: OfflinePromise;
  readonly session: ReadingSession;
  readonly viewing: PictureOpener;
  readonly settings: SiteSettings;
  /** Whether this site's pictures look like those the model knows; its code comes with an answer. */
  readonly looks: OnDemand<SiteLooks>;
  /** What it found; null before it has come, or where the model cannot tell. */
  readonly siteLook: Observable<SiteVerdict | null>;
  /** The labelled folder that insights, evaluation and adaptation share. */
  readonly workbench: Workbench;
  /** Evaluations of this sitting and of earlier days; its code comes when it is first asked for. */
  evaluation(): Promise<EvaluationDesk>;
  /** Which model is in use, and the engine that reads with it. */
  readonly active: ActiveModel;
  /** Models adapted on this device, and the training under way. */
  readonly adapted: AdaptedModels;
  /** Whose pictures these are, and kept studies; its code comes when it is first asked for. */
  readonly patients: OnDemand<PatientDesk>;
  /** Studies are kept on this device: there is something to unlock. */
  keepsStudies(): boolean;
  /**
   * The same, asked of the databases themselves: a browser that is killed may lose what was last
   * written to the small storage, never what was written to a database.
   */
  mayKeepStudies(): Promise<boolean>;
  openStore(): Promise<ModelStore<Manifest>>;
}

/** What the surroundings bring: the browser's own in the app, a test's in the tests. */
export interface ServiceParts {
  readonly platform: Pick<Platform, 'updates' | 'install'>;
  readonly viewing: PictureOpener;
  /** Small things that outlive the page: settings, and which adapted model is in use. */
  readonly memory: Memory;
  readonly appVersion: string;
  /** Where the models are served. */
  readonly modelsBase: URL;
  /** @throws faults of the store */
  openStore(): Promise<ModelStore<Manifest>>;
  /** The code that makes engines. */
  engines(): Promise<(options: ServiceOptions) => MeasuredScreeningService>;
  selfTest(bytes: ModelBytes<Manifest>, signal: AbortSignal): Promise<void>;
  /** The reason to abort an installation with, so that the store keeps what is there. */
  pauseReason(): Promise<unknown>;
  requestPersistence(): Promise<unknown>;
  /** Of the databases; tests have their own. */
  /** There is a database of kept studies, with something in it or not. */
  hasRecords?(): Promise<boolean>;
  /** Kept studies; the browser's own without it. */
  records?(): Promise<RecordsPort>;
  readonly databases?: { readonly evaluations: string; readonly adaptations: string };
}

export function createServices(parts: ServiceParts): Services {
  const { platform, memory, appVersion } = parts;
  let store: Promise<ModelStore<Manifest>> | null = null;
  let rules: typeof AssuranceDoor | null = null;

  const openStore = (): Promise<ModelStore<Manifest>> => {
    store ??= parts.openStore();
    // A store that could not be opened (private window, blocked) is tried again the next time.
    store.catch(() => (store = null));
    return store;
  };

  const active: ActiveModel = new ActiveModel({
    openStore,
    engines: async (): Promise<CreateEngine> => {
      const [create, assurance] = await Promise.all([
        parts.engines(),
        import('../assurance/index.ts'),
      ]);
      rules = assurance;
      return (model) =>
        create({
          appVersion,
          source: { kind: 'store', site: model?.site ?? null, only: model?.manifest ?? null },
          lungs: () => true,
        });
    },
    overlay: {
      get stamp() {
        return adapted.stamp;
      },
      over: (delivered) => adapted.over(delivered),
    },
  });

  const adapted: AdaptedModels = new AdaptedModels({
    openStore,
    active,
    news: new TabNews(parts.databases?.adaptations ?? 'fieldray-adaptations'),
    memory,
    appVersion,
    ...(parts.databases && { storeName: parts.databases.adaptations }),
  });

  const setup = new ModelSetup({
    openStore,
    active,
    base: parts.modelsBase,
    requestPersistence: () => parts.requestPersistence(),
    adapted: () => adapted.stamp !== '',
    selfTest: (bytes, signal) => parts.selfTest(bytes, signal),
    pauseReason: () => parts.pauseReason(),
  });

  const settings: SiteSettings = new SiteSettings(async () => {
    const assurance = await import('../assurance/index.ts');
    return {
      load: (manifest) => assurance.loadSettings(memory, manifest),
      save: (value) => assurance.saveSettings(memory, value),
      defaults: assurance.defaultSettings,
    };
  });

  const session = new ReadingSession({
    screening: (signal) =>
      active.use(signal, async (_, { manifest }) => {
        await settings.load(manifest);
        return active.reader;
      }),
    // The engine is ready by the time the first of them is found.
    expectMany: () => void active.warmUp(),
    examine: () => {
      if (!rules || !settings.value) throw new RangeError('Reading began before the settings.');
      return rules.examinationOf(settings.value);
    },
    assure: (reading) => {
      if (!rules || !settings.value) throw new RangeError('Reading began before the settings.');
      return rules.assure(reading, settings.value, active.judgingOf(reading));
    },
    answered: ({ state, origin }) => {
      const manifest = active.model.value?.manifest;
      if (state.phase !== 'done' || !manifest?.assurance?.hospitals) return;
      // A photographed film looks like the camera as much as like the site's X-ray machine.
      if (origin !== undefined) return;
      const { reading, assurance } = state;
      void looks.get().then(
        (opened) => opened.note(reading, assurance, manifest),
        () => undefined,
      );
    },
  });
  settings.subscribe(() => session.reassure());

  const siteLook = new Observable<SiteVerdict | null>(null);
  const looks = new OnDemand<SiteLooks>(async () => {
    const { SiteLooks: Looks } = await import('./site-looks.ts');
    return new Looks(memory, siteLook);
  });

  let desk: Promise<EvaluationDesk> | null = null;
  const openDesk = (): Promise<EvaluationDesk> => {
    desk ??= import('./evaluation-desk.ts').then(({ openEvaluationDesk }) =>
      openEvaluationDesk(
        {
          active,
          platform,
          appVersion,
          adaptedModels: () => adapted.evaluated(),
          seenHashes: async () => (await (await openStore()).read()).seen ?? null,
        },
        parts.databases?.evaluations,
      ),
    );
    desk.catch(() => (desk = null));
    return desk;
  };

  const patients = new OnDemand<PatientDesk>(async () => {
    const [{ PatientDesk: Desk }, port] = await Promise.all([
      import('./patients/patient-desk.ts'),
      parts.records?.() ?? openRecords(),
    ]);
    const { viewing } = parts;
    return new Desk({ memory, session, viewing, appVersion, port });
  });

  return {
    platform,
    patients,
    keepsStudies: () => memory.read('records') !== null,
    mayKeepStudies: async () =>
      memory.read('records') !== null || ((await parts.hasRecords?.()) ?? false),
    evaluation: openDesk,
    setup,
    offline: new OfflinePromise({ updates: platform.updates, setup }),
    session,
    settings,
    looks,
    siteLook,
    viewing: parts.viewing,
    workbench: new Workbench(),
    openStore,
    active,
    adapted,
  };
}

async function openRecords(): Promise<RecordsPort> {
  const { KeptStudies } = await import('../records/index.ts');
  return new KeptStudies();
}
