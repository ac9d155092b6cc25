import { Fault } from '../base/fault.ts';

/** The model could not be brought onto the device, for a reason nobody foresaw. */
export class SetupError extends Fault {
  readonly code = 'setup-failed';
  constructor(cause?: unknown) {
    super(
      'Something unexpected stopped the setup.',
      'Try again. If it happens again, copy the support text on the Status page.',
      { cause },
    );
  }
}

/** Something asked for on the status page did not work, for a reason nobody foresaw. */
export class ActionError extends Fault {
  readonly code = 'action-failed';
  constructor(cause?: unknown) {
    super('This did not work.', 'Try again, or reload the app.', { cause });
  }
}
