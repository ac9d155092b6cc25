/**
 * Everything that can go wrong between the model server and the model in the store, each by name.
 * `code` is stable: screens, the status text and tests rely on it.
 */
import { Fault } from '../base/fault.ts';

export * from '../base/storage-faults.ts';

const LATER = 'Try again later. What has arrived is kept; the download goes on from there.';
const TELL_PROVIDER =
  'Tell whoever provides this app; it is a fault on the server, not on this device.';

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

/** The model on offer was made for an earlier version of this app, and its numbers mean something else. */
export class ModelTooOld extends Fault {
  readonly code = 'model-too-old';
  constructor(version: string) {
    super(
      `The server offers a model (version ${version}) that was made for an earlier version of this app.`,
      'Ask whoever runs the server to put up the model that belongs to this version of the app.',
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
