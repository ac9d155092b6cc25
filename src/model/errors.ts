/**
 * Everything that can go wrong between the model server and the model in the store, each by name.
 * `code` is stable: screens, the status text and tests rely on it.
 */
import { Fault } from '../base/fault.ts';

const LATER = 'Try again later. What has arrived is kept; the download goes on from there.';
const TELL_PROVIDER =
  'Tell whoever provides this app; it is a fault on the server, not on this device.';
const CLOSE_TABS = 'Close the other Fieldray tabs and windows, then reload this one.';
const FREE_SPACE =
  'Delete photos, downloads or apps you do not need, then try again. What has arrived is kept.';

/** The reason to abort an install() with when the user presses Pause; install() again goes on. */
export class PauseRequested extends Fault {
  readonly code = 'paused';
  constructor() {
    super('The download is paused.', 'Press Resume to go on from where it stopped.');
  }
}

/** No answer at all: no network, name not found, connection cut. */
export class ServerUnreachable extends Fault {
  readonly code = 'server-unreachable';
  constructor(options?: ErrorOptions) {
    super(
      'The server with the model cannot be reached, or the connection keeps breaking.',
      `Check the network. ${LATER}`,
      options,
    );
  }
}

/** Nothing arrived for longer than the limit. */
export class DownloadStalled extends Fault {
  readonly code = 'download-stalled';
  constructor(seconds: number) {
    super(
      `Nothing arrived from the server for ${Math.round(seconds)} seconds.`,
      `Check the network. ${LATER}`,
    );
  }
}

/** 5xx, 408, 425, 429. */
export class ServerTrouble extends Fault {
  readonly code = 'server-trouble';
  readonly status: number;
  /** Seconds the server asks to wait; null if it does not say. */
  readonly retryAfter: number | null;
  constructor(status: number, retryAfter: number | null = null) {
    super(`The server with the model has a problem right now (status ${status}).`, LATER);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** 404 and every other refusal. */
export class FileNotOnServer extends Fault {
  readonly code = 'file-not-on-server';
  readonly status: number;
  constructor(path: string, status: number) {
    super(`The server does not hand out “${path}” (status ${status}).`, TELL_PROVIDER);
    this.status = status;
  }
}

/** An HTML page where a model file belongs: a login page of the network, or a host's fallback page. */
export class WebPageInstead extends Fault {
  readonly code = 'web-page-instead';
  constructor(path: string) {
    super(
      `Instead of “${path}” a web page came back, perhaps the login page of this network.`,
      'Open any web site in a new tab, sign in to the network if it asks, then try again.',
    );
  }
}

/** The server's file is shorter or longer than the manifest says. Sizes in bytes. */
export class WrongSize extends Fault {
  readonly code = 'wrong-size';
  constructor(path: string, expected: number, got: number) {
    super(
      `“${path}” on the server is not the file it should be: ${got} bytes instead of ${expected}.`,
      TELL_PROVIDER,
    );
  }
}

/** The bytes are not those the manifest promises (SHA-256). */
export class WrongBytes extends Fault {
  readonly code = 'wrong-bytes';
  constructor(path: string) {
    super(
      `“${path}” arrived damaged: its checksum is wrong, so it was thrown away.`,
      'Try again. If it happens again on another network, tell whoever provides this app.',
    );
  }
}

/** current.json or manifest.json is not what this app can read. */
export class ManifestUnusable extends Fault {
  readonly code = 'manifest-unusable';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The description of the model on the server is faulty: ${detail}.`,
      TELL_PROVIDER,
      options,
    );
  }
}

/** The model needs a newer app. */
export class ModelTooNew extends Fault {
  readonly code = 'model-too-new';
  constructor(version: string) {
    super(
      `The model on the server (version ${version}) needs a newer version of this app.`,
      'Update the app: close it everywhere, open it again with a network, then try again.',
    );
  }
}

/** The files are whole, but the network does not give its known answers on this device. */
export class SelfTestFailed extends Fault {
  readonly code = 'self-test-failed';
  constructor(version: string, cause: unknown) {
    const why = cause instanceof Error ? ` ${cause.message}` : '';
    super(
      `Model version ${version} did not pass its test on this device and was not taken into use.${why}`,
      cause instanceof Fault
        ? cause.remedy
        : 'Update the browser or try another device. An earlier model, if there was one, stays in use.',
      { cause },
    );
  }
}

/** Not enough room before or during the download. Bytes; available is null where the browser does not tell. */
export class NotEnoughSpace extends Fault {
  readonly code = 'not-enough-space';
  readonly needed: number;
  readonly available: number | null;
  constructor(needed: number, available: number | null, options?: ErrorOptions) {
    const left = available === null ? 'the browser has no more room' : `${mb(available)} are free`;
    super(
      `There is not enough space on this device: ${mb(needed)} more are needed and ${left}.`,
      FREE_SPACE,
      options,
    );
    this.needed = needed;
    this.available = available;
  }
}

/** IndexedDB is missing, forbidden (private window, blocked site data) or broken. */
export class StorageUnavailable extends Fault {
  readonly code = 'storage-unavailable';
  constructor(options?: ErrorOptions) {
    super(
      'This browser does not let the app keep data on the device.',
      'Leave private browsing, allow site data for this address in the browser’s settings, then reload.',
      options,
    );
  }
}

/** Another tab with an older app holds the store and does not let go. */
export class StorageBlocked extends Fault {
  readonly code = 'storage-blocked';
  constructor() {
    super('Another open tab of this app blocks the store of the model.', CLOSE_TABS);
  }
}

/** A newer app has changed the store, or is about to. */
export class StorageOutdated extends Fault {
  readonly code = 'storage-outdated';
  constructor(options?: ErrorOptions) {
    super('A newer version of this app is in use in another tab.', CLOSE_TABS, options);
  }
}

/** The database failed in the middle: disk error, data cleared by the browser. */
export class StorageFailed extends Fault {
  readonly code = 'storage-failed';
  constructor(options?: ErrorOptions) {
    super(
      'The device could not write or read the stored model.',
      'Reload the page. If it happens again, restart the device and check that it has free space.',
      options,
    );
  }
}

/** The store object was closed by its owner. */
export class StoreClosed extends Fault {
  readonly code = 'store-closed';
  constructor() {
    super('The store of the model was already closed.', 'Reload the page.');
  }
}

/** Nothing has been installed yet, or it was removed. */
export class NoModelStored extends Fault {
  readonly code = 'no-model-stored';
  constructor() {
    super('There is no model on this device yet.', 'Download the model while there is a network.');
  }
}

/** Files of the active version are missing or damaged. */
export class StoredModelDamaged extends Fault {
  readonly code = 'stored-model-damaged';
  readonly paths: readonly string[];
  constructor(paths: readonly string[]) {
    super(
      `The model on this device is damaged (${paths.join(', ')}).`,
      'Repair it on the status page while there is a network; only the damaged part is fetched.',
    );
    this.paths = paths;
  }
}

/** No WebCrypto: the page did not come over HTTPS. */
export class InsecurePage extends Fault {
  readonly code = 'insecure-page';
  constructor() {
    super(
      'This page was not opened over a secure address, so the model cannot be checked.',
      'Open the app by its https:// address.',
    );
  }
}

function mb(bytes: number): string {
  return `${(Math.max(0, bytes) / 1e6).toFixed(1)} MB`;
}
