/**
 * The life of the app's own files on the device: kept at the first visit, offered anew when the
 * server has a newer build, taken only when the person says so, and never while a case is open in
 * any tab.
 */
import { messageSW, Workbox } from 'workbox-window';
import type { FaultData } from '../base/fault.ts';
import type {
  KeepFailed,
  KeepFailure,
  KeptAnswer,
  ServiceWorkerVersion,
  ToServiceWorker,
} from '../service-worker/contract.ts';
import { CaseLock } from './case-lock.ts';
import { NoUpdateWaiting, ShellNotKept, UpdateHeld } from './errors.ts';
import { Observable } from '../base/observable.ts';

/**
 * - `unsupported`: no service workers here (private window, plain HTTP): works with a network only;
 * - `starting`: not known yet;
 * - `keeping`: the app's files are being kept for the first time;
 * - `current`: kept, nothing newer known;
 * - `offered`: a newer version is complete and waits for the person;
 * - `applying`: the person said yes; the page reloads in a moment;
 * - `failed`: the files could not be kept.
 */
export type UpdatePhase =
  'unsupported' | 'starting' | 'keeping' | 'current' | 'offered' | 'applying' | 'failed';

export interface UpdateState {
  readonly phase: UpdatePhase;
  /** A service worker has stored the app once; `checkKept` says whether all of it is still right. */
  readonly offlineReady: boolean;
  /** The version on offer; null while none is or it did not say. */
  readonly offeredVersion: string | null;
  /** When the server was last asked (epoch ms); null before the first time. */
  readonly checkedAt: number | null;
  /** Set in phase `failed`. */
  readonly fault: FaultData | null;
  /** What the service worker said about its failed installation; null if it said nothing. */
  readonly keepFailure: KeepFailure | null;
}

export interface UpdateSurroundings {
  /** Address of the service worker's script. */
  readonly script: string;
  readonly container: ServiceWorkerContainer | null;
  readonly locks: Pick<LockManager, 'request'> | null;
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'baseURI'>;
  readonly window: Pick<Window, 'addEventListener'>;
  reload(): void;
}

/** Coming back to the app asks the server again, but not more often than this. */
const CHECK_AGAIN_MS = 30 * 60_000;
/** iOS does not always say that a new worker took over: reload anyway after this. */
const TAKEOVER_LIMIT_MS = 8_000;
const VERSION_LIMIT_MS = 3_000;
/** A slow tablet hashes the app's few megabytes in a second; a damaged file is fetched anew. */
const KEPT_LIMIT_MS = 60_000;
/** After the first installation the worker takes the page over within a moment. */
const CONTROL_LIMIT_MS = 4_000;
const CHECK_LIMIT_MS = 30_000;
/** On a slow line the new files take minutes; the offer comes later all the same. */
const INSTALL_LIMIT_MS = 120_000;

function browserSurroundings(): UpdateSurroundings {
  return {
    script: new URL('service-worker.js', document.baseURI).href,
    container: (navigator as Partial<Navigator>).serviceWorker ?? null,
    locks: (navigator as Partial<Navigator>).locks ?? null,
    document,
    window,
    reload: () => location.reload(),
  };
}

async function within<T>(task: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null);
  });
  return Promise.race([task, limit]).finally(() => clearTimeout(timer));
}

export class UpdateController {
  readonly #at: UpdateSurroundings;
  readonly #lock: CaseLock;
  readonly #state = new Observable<UpdateState>({
    phase: 'starting',
    offlineReady: false,
    offeredVersion: null,
    checkedAt: null,
    fault: null,
    keepFailure: null,
  });
  #workbox: Workbox | null = null;
  #registration: ServiceWorkerRegistration | null = null;
  #controlled = false;
  #reloading = false;

  constructor(surroundings: UpdateSurroundings = browserSurroundings()) {
    this.#at = surroundings;
    this.#lock = new CaseLock(new URL('./', surroundings.script).href, surroundings.locks);
  }

  get state(): UpdateState {
    return this.#state.value;
  }

  /** Tells of every later state; the answer stops that. */
  onState(listener: (state: UpdateState) => void): () => void {
    return this.#state.listen(listener);
  }

  /** This page came from the service worker: the app's files are on the device. */
  get controlled(): boolean {
    return Boolean(this.#at.container?.controller);
  }

  /** True while this tab holds off updates. */
  get busy(): boolean {
    return this.#lock.busyHere;
  }

  /**
   * Holds off updates in every tab while a case or a batch is under way; call the answer when it
   * is over.
   */
  hold(): () => void {
    return this.#lock.hold();
  }

  /** Registers the service worker. Call once; never rejects, a failure is a state. */
  async start(): Promise<void> {
    const { container } = this.#at;
    if (!container) {
      this.#set({ phase: 'unsupported' });
      return;
    }
    this.#controlled = container.controller !== null;
    container.addEventListener('controllerchange', () => this.#onTakeover());
    container.addEventListener('message', ({ data }: MessageEvent<KeepFailed | null>) => {
      if (data?.type === 'KEEP_FAILED') this.#set({ keepFailure: data.failure });
    });
    // iOS never looks for a new version while the app stays open: look when it is looked at.
    this.#at.document.addEventListener('visibilitychange', () => {
      if (this.#at.document.visibilityState === 'visible') this.#checkIfDue();
    });
    this.#at.window.addEventListener('online', () => this.#checkIfDue());
    try {
      await this.#register();
      this.#set({ checkedAt: Date.now() });
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error), error);
    }
  }

  /**
   * Asks the server now. `offered`: a newer version is complete (or was already); `current`: none;
   * `unreachable`: the server could not be asked or the new files could not be fetched, which is no
   * fault when there is no network.
   */
  async check(): Promise<'offered' | 'current' | 'unreachable'> {
    if (!this.#at.container) return 'unreachable';
    let registration = this.#registration;
    try {
      if (registration?.active ?? registration?.waiting ?? registration?.installing) {
        const asked = registration.update().then(() => true);
        if (!(await within(asked, CHECK_LIMIT_MS))) return 'unreachable';
      } else {
        // The first try to keep the app failed, and the browser forgot it: begin anew.
        registration = await this.#register();
      }
    } catch {
      return 'unreachable';
    }
    this.#set({ checkedAt: Date.now() });
    const coming = registration?.installing;
    if (coming) {
      const finished = new Promise<void>((resolve) => {
        coming.addEventListener('statechange', () => {
          if (coming.state !== 'installing') resolve();
        });
      });
      await within(finished, INSTALL_LIMIT_MS);
      if (coming.state === 'redundant') return 'unreachable';
    }
    this.#settle();
    return registration?.waiting ? 'offered' : 'current';
  }

  /**
   * Has the service worker compare every kept file with its checksum, and fetch anew what differs.
   * `not-controlled`: this page did not come from it; `no-answer`: it could not be asked.
   */
  async checkKept(): Promise<KeptAnswer | 'not-controlled' | 'no-answer'> {
    const { container } = this.#at;
    if (container && !container.controller) {
      const taken = new Promise<void>((resolve) => {
        container.addEventListener('controllerchange', () => resolve(), { once: true });
      });
      await within(taken, CONTROL_LIMIT_MS);
    }
    const worker = container?.controller;
    if (!worker) return 'not-controlled';
    const question: ToServiceWorker = { type: 'CHECK_KEPT' };
    const answer = await within(messageSW(worker, question) as Promise<KeptAnswer>, KEPT_LIMIT_MS);
    return answer ?? 'no-answer';
  }

  /**
   * Takes the offered version and reloads every tab of the app.
   * Rejects with `UpdateHeld` while a case is open anywhere, with `NoUpdateWaiting` without an offer.
   */
  async apply(): Promise<void> {
    const waiting = this.#registration?.waiting;
    if (!waiting || !this.#workbox) throw new NoUpdateWaiting();
    if (this.#lock.busyHere) throw new UpdateHeld('here');
    const workbox = this.#workbox;
    const taken = await this.#lock.alone(async () => {
      this.#set({ phase: 'applying' });
      const activated = new Promise<boolean>((resolve) => {
        waiting.addEventListener('statechange', () => {
          if (waiting.state === 'activated') resolve(true);
        });
      });
      workbox.messageSkipWaiting();
      await within(activated, TAKEOVER_LIMIT_MS);
      this.#reload();
      return true;
    });
    if (!taken) throw new UpdateHeld('another-tab');
  }

  async #register(): Promise<ServiceWorkerRegistration | null> {
    const workbox = new Workbox(this.#at.script, { updateViaCache: 'none' });
    const registration = (await workbox.register({ immediate: true })) ?? null;
    this.#workbox = workbox;
    this.#registration = registration;
    registration?.addEventListener('updatefound', () => this.#follow(registration.installing));
    this.#follow(registration?.installing ?? null);
    this.#settle();
    return registration;
  }

  #set(change: Partial<UpdateState>): void {
    this.#state.set({ ...this.#state.value, ...change });
  }

  #fail(detail: string, cause?: unknown): void {
    const kept = (this.#registration?.active ?? null) !== null;
    this.#set({
      // A failed update leaves the kept version as it was; the next check tries again.
      phase: kept ? 'current' : 'failed',
      offlineReady: kept,
      fault: kept ? null : new ShellNotKept(detail, { cause }).toData(),
    });
  }

  /** Watches a worker that is being installed until it waits, works or fails. */
  #follow(worker: ServiceWorker | null): void {
    if (!worker) return;
    worker.addEventListener('statechange', () => {
      const registration = this.#registration;
      const nothingKept =
        !registration?.active && !registration?.waiting && !registration?.installing;
      if (worker.state === 'redundant' && nothingKept) {
        this.#fail('a file could not be fetched or stored');
      }
      this.#settle();
    });
  }

  /** Reads the state off the registration: whatever event was missed, this is right. */
  #settle(): void {
    const registration = this.#registration;
    if (!registration || this.#reloading || this.#state.value.phase === 'applying') return;
    const offlineReady = registration.active !== null;
    if (registration.waiting && registration.active) {
      if (this.#state.value.phase !== 'offered') void this.#offer(registration.waiting);
      this.#set({ phase: 'offered', offlineReady, fault: null });
    } else if (offlineReady) {
      this.#set({
        phase: 'current',
        offlineReady,
        offeredVersion: null,
        fault: null,
        keepFailure: null,
      });
    } else if (registration.installing ?? registration.waiting) {
      this.#set({ phase: 'keeping', offlineReady, fault: null });
    }
  }

  async #offer(waiting: ServiceWorker): Promise<void> {
    const question: ToServiceWorker = { type: 'GET_VERSION' };
    const answer = (await within(
      messageSW(waiting, question),
      VERSION_LIMIT_MS,
    )) as ServiceWorkerVersion | null;
    if (answer && this.#registration?.waiting === waiting) {
      this.#set({ offeredVersion: answer.version });
    }
  }

  /** Another worker answers this page now. The first one changes nothing; a later one is an update. */
  #onTakeover(): void {
    const wasControlled = this.#controlled;
    this.#controlled = (this.#at.container?.controller ?? null) !== null;
    if (!wasControlled) {
      this.#settle();
      return;
    }
    // Taken in another tab: this page's own files are gone from the store, so it must reload too,
    // as soon as nothing is under way here.
    this.#lock.whenIdle(() => this.#reload());
  }

  #reload(): void {
    if (this.#reloading) return;
    this.#reloading = true;
    this.#at.reload();
  }

  #checkIfDue(): void {
    const { checkedAt, phase } = this.#state.value;
    const due = checkedAt === null || Date.now() - checkedAt >= CHECK_AGAIN_MS;
    if (due || phase === 'failed') void this.check();
  }
}
