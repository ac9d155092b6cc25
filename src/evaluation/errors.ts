/** What can keep an evaluation from its figures, each by name. */
import { Fault } from '../base/fault.ts';
import { WorkElsewhere, WorkFolderGone, WorkStopped } from '../session/index.ts';

export class EvaluationFolderGone extends WorkFolderGone {
  readonly code = 'evaluation-folder-gone';
}

export class EvaluationStopped extends WorkStopped {
  readonly code = 'evaluation-stopped';
  constructor(cause?: unknown) {
    super('evaluation', cause);
  }
}

/** The answers could not be written to the device; the run goes on in memory. */
export class EvaluationNotKept extends Fault {
  readonly code = 'evaluation-not-kept';
  constructor(full: boolean, options?: ErrorOptions) {
    super(
      full
        ? 'There is no more space on this device: this evaluation is not being kept.'
        : 'This browser does not let the app keep this evaluation.',
      full
        ? 'It goes on, and its report can be saved at the end. Free some space to be able to continue it after closing the app.'
        : 'It goes on, and its report can be saved at the end; closing the app loses it.',
      options,
    );
  }
}

/** Kept runs could not be opened. */
export class EvaluationsUnreadable extends Fault {
  readonly code = 'evaluations-unreadable';
  constructor(options?: ErrorOptions) {
    super(
      'The evaluations kept on this device cannot be opened.',
      'Reload the app. In a private window nothing can be kept; new evaluations work all the same.',
      options,
    );
  }
}

/** The folder or the model is not the one that the run began with. */
export class EvaluationNotTheSame extends Fault {
  readonly code = 'evaluation-not-the-same';
  constructor(what: 'folder' | 'model') {
    super(
      what === 'folder'
        ? 'The open folder is not the one this evaluation began with, or files came or went since.'
        : 'The model in use is not the one this evaluation began with.',
      what === 'folder'
        ? 'Open that folder again, or begin a new evaluation.'
        : 'Begin a new evaluation; the old one is kept for comparison as far as it came.',
    );
  }
}

/** Another tab is at it. */
export class EvaluationElsewhere extends WorkElsewhere {
  readonly code = 'evaluation-elsewhere';
  constructor() {
    super('evaluation');
  }
}

/** The figures could not be computed. */
export class FiguresFailed extends Fault {
  readonly code = 'evaluation-figures-failed';
  constructor(cause?: unknown) {
    super(
      'The figures could not be computed on this device.',
      'Close other apps and try again; the answers are kept and can be saved as CSV.',
      { cause },
    );
  }
}
