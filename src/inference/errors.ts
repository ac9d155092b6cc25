/** Everything that can go wrong between a picture and its logits, each by name. */
import { Fault, type FaultData } from '../base/fault.ts';

const RESTART = 'Close and open the app again. If it comes back, choose WASM on the status page.';

/** A step took longer than its limit: the worker counts as hung. */
export class StepTimedOut extends Fault {
  readonly code = 'step-timed-out';
  constructor(step: string, milliseconds: number) {
    super(
      `The step “${step}” did not finish within ${Math.round(milliseconds / 100) / 10} seconds.`,
      'Try the picture again. If it comes back, choose another backend on the status page.',
    );
  }
}

/** The worker could not be loaded, stopped by an uncaught error, or was ended by the browser. */
export class WorkerStopped extends Fault {
  readonly code = 'worker-stopped';
  constructor(detail: string, options?: ErrorOptions) {
    super(`The background process that reads pictures stopped: ${detail}.`, RESTART, options);
  }
}

/** GPUDevice.lost, webglcontextlost, or a GPU error nobody waited for. */
export class DeviceLost extends Fault {
  readonly code = 'device-lost';
  constructor(detail: string) {
    super(
      `The graphics processor was taken away while it worked: ${detail}.`,
      'Nothing to do: the picture is read again without it.',
    );
  }
}

/** The device has no memory left for this picture. */
export class OutOfMemory extends Fault {
  readonly code = 'out-of-memory';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `There was not enough memory: ${detail}.`,
      'Close other apps and tabs and try again, or save the picture smaller.',
      options,
    );
  }
}

/** The runtime threw, or gave numbers that are none. */
export class EngineFailed extends Fault {
  readonly code = 'engine-failed';
  constructor(detail: string, options?: ErrorOptions) {
    super(`The network could not be run: ${detail}.`, RESTART, options);
  }
}

/** Unknown graph, missing weights, wrong shapes: the model's files do not make a network. */
export class ModelUnusable extends Fault {
  readonly code = 'model-unusable';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The model's files do not make a working network: ${detail}.`,
      'Download the model again on the status page.',
      options,
    );
  }
}

/** An adapted model belongs to one version of the delivered model, and another one is stored. */
export class SiteModelMismatch extends Fault {
  readonly code = 'site-model-mismatch';
  constructor(wanted: string, stored: string) {
    super(
      `The adapted model was made on ${wanted}, but ${stored} is on this device.`,
      'Use the delivered model, or adapt the new one: both on the page “Adaptation”.',
    );
  }
}

/** An engine belongs to one version of the delivered model, and another one was installed since. */
export class ModelReplaced extends Fault {
  readonly code = 'model-replaced';
  constructor(wanted: string, stored: string) {
    super(
      `The model ${wanted} was replaced by ${stored} while it was in use.`,
      'Try again: the new model is used then.',
    );
  }
}

/** The lung network answers its known pictures otherwise than its maker did: it is left out. */
export class LungsWrong extends Fault {
  readonly code = 'lungs-wrong';
  constructor(off: number, tolerance: number) {
    super(
      `The lung network's known answers came out wrong: off by ${off.toPrecision(2)}, at most ${tolerance} is allowed.`,
      'Nothing to do: pictures are read without the lung outline. Another backend may give it.',
    );
  }
}

/** The GPU is imitated by the processor: right, but far slower than WASM. */
export class SoftwareOnly extends Fault {
  readonly code = 'software-only';
  constructor(backend: string, adapter: string) {
    super(
      `${backend} is only imitated by the processor here (${adapter}): much slower than WASM, so it was left out.`,
      'Nothing to do: another backend is used. It can still be chosen by hand.',
    );
  }
}

/** The device has no such backend, or the browser does not hand it out. */
export class BackendUnavailable extends Fault {
  readonly code = 'backend-unavailable';
  constructor(detail: string) {
    super(detail, 'Nothing to do: another backend is used.');
  }
}

/** A backend chosen by hand failed its test. */
export class BackendRejected extends Fault {
  readonly code = 'backend-rejected';
  constructor(backend: string, detail: string) {
    super(
      `${backend} cannot be used on this device: ${detail}`,
      'Choose another backend, or “automatic”.',
    );
  }
}

/** Not one backend gave the model's known answers. */
export class NoBackendWorks extends Fault {
  readonly code = 'no-backend-works';
  constructor(detail: string) {
    super(
      `No way of running the network on this device gave the right answers: ${detail}`,
      'Download the model again on the status page. If that does not help, update the browser or use another device.',
    );
  }
}

/** A picture failed twice, the second time on a fresh worker. */
export class ReadingFailed extends Fault {
  readonly code = 'reading-failed';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `This picture could not be read, even after a second try. ${detail}`,
      'Try it on its own, or save it as PNG and open it again.',
      options,
    );
  }
}

/** The service was disposed while it was asked for something. */
export class ServiceClosed extends Fault {
  readonly code = 'service-closed';
  constructor() {
    super('The app was closing while the picture was read.', 'Open the picture again.');
  }
}

/** An error that crossed a worker border: its class stayed behind, its words and code did not. */
export class CarriedFault extends Fault {
  readonly code: string;
  constructor(data: FaultData) {
    super(data.message, data.remedy);
    this.code = data.code;
  }
}

/** Words the browsers use when an allocation fails; there is no class or code for it. */
const MEMORY = /out of memory|allocation (failed|failure|size)|cannot enlarge memory|\boom\b/i;

/** Turns whatever was thrown into plain data that can cross a border. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError || MEMORY.test(text))
    return new OutOfMemory(text, { cause: error });
  return new EngineFailed(text, { cause: error });
}
