/** What can keep an evaluation from its figures, each by name and with the exit code it gives. */
import { Fault, type FaultData } from '../../src/base/fault.ts';

export const EXIT = {
  done: 0,
  /** It began and could not be finished. */
  stopped: 1,
  /** The command line, or the folder it names, is not what is needed. */
  usage: 2,
  /** Browser, model or port: something outside of the folder is missing. */
  surroundings: 3,
  interrupted: 130,
} as const;

export abstract class EvaluationFault extends Fault {
  abstract readonly exitCode: number;
}

export class WrongArguments extends EvaluationFault {
  readonly code = 'wrong-arguments';
  readonly exitCode = EXIT.usage;
  constructor(detail: string) {
    super(detail, 'See npm run evaluate -- --help.');
  }
}

export class DataFolderMissing extends EvaluationFault {
  readonly code = 'data-folder-missing';
  readonly exitCode = EXIT.usage;
  constructor(folder: string, detail: string) {
    super(`${folder} cannot be read as a folder: ${detail}.`, 'Name an existing folder in --data.');
  }
}

export class NoClassFolder extends EvaluationFault {
  readonly code = 'no-class-folder';
  readonly exitCode = EXIT.usage;
  constructor(folder: string, wanted: readonly string[], found: readonly string[]) {
    const there = found.length > 0 ? `only ${found.slice(0, 8).join(', ')}` : 'no folder at all';
    super(
      `${folder} holds none of the class folders ${wanted.map((name) => `“${name}”`).join(', ')}; there is ${there}.`,
      'Name the folder that holds them; each has its pictures directly inside or in images/.',
    );
  }
}

export class NoPictures extends EvaluationFault {
  readonly code = 'no-pictures';
  readonly exitCode = EXIT.usage;
  constructor(folder: string) {
    super(
      `The class folders in ${folder} hold no file.`,
      'Put the pictures directly into the class folders, or into images/ inside them.',
    );
  }
}

/** Every file of the classes was tried and none of them is a picture. */
export class NothingReadable extends EvaluationFault {
  readonly code = 'nothing-readable';
  readonly exitCode = EXIT.stopped;
  constructor(files: number, example: string) {
    super(
      `None of the ${files} files in the class folders could be read. The first one: ${example}`,
      'Check that these are PNG, JPEG, WebP, BMP or GIF pictures.',
    );
  }
}

export class AppNotBuilt extends EvaluationFault {
  readonly code = 'app-not-built';
  readonly exitCode = EXIT.surroundings;
  constructor(folder: string) {
    super(`${folder} holds no built app.`, 'Build one with npm run build, or leave --app out.');
  }
}

export class BrowserMissing extends EvaluationFault {
  readonly code = 'browser-missing';
  readonly exitCode = EXIT.surroundings;
  constructor(detail: string) {
    super(
      detail,
      'The evaluation drives a Chromium without a window; it needs one on this machine.',
    );
  }
}

export class PortTaken extends EvaluationFault {
  readonly code = 'port-taken';
  readonly exitCode = EXIT.surroundings;
  constructor(port: number, detail: string) {
    super(
      `The app could not be served on port ${port}: ${detail}.`,
      'Name another one in --port, or leave it out: then any free port is taken.',
    );
  }
}

/** The app itself could not get ready: no model, a damaged one, or no backend that gives right answers. */
export class AppNotReady extends EvaluationFault {
  readonly code = 'app-not-ready';
  readonly exitCode = EXIT.surroundings;
  constructor(fault: FaultData) {
    super(`The app did not get ready (${fault.code}). ${fault.message}`, fault.remedy);
  }
}

export class BrowserStopped extends EvaluationFault {
  readonly code = 'browser-stopped';
  readonly exitCode = EXIT.stopped;
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The browser stopped in the middle: ${detail}.`,
      'Run it again; with --workers 1 it needs the least memory.',
      options,
    );
  }
}

export class ResultNotWritten extends EvaluationFault {
  readonly code = 'result-not-written';
  readonly exitCode = EXIT.usage;
  constructor(file: string, detail: string) {
    super(
      `${file} cannot be written: ${detail}.`,
      'Name a file in a folder that exists and may be written to.',
    );
  }
}
