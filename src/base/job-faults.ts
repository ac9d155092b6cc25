/** Faults that every long work over a folder shares; each kind of work gives them its own code. */
import { Fault } from './fault.ts';

export abstract class WorkFolderGone extends Fault {
  constructor(options?: ErrorOptions) {
    super(
      'The folder can no longer be read: it was moved, renamed or unplugged.',
      'Bring it back, open it again and continue; what was read so far is kept.',
      options,
    );
  }
}

export abstract class WorkElsewhere extends Fault {
  /** @param work "training" */
  constructor(work: string) {
    super(
      `This ${work} is running in another tab of this browser.`,
      'Go to that tab, or close it and continue here.',
    );
  }
}

export abstract class WorkStopped extends Fault {
  /**
   * @param work "training"
   * @param cause what stopped it
   */
  constructor(work: string, cause?: unknown) {
    super(
      `The ${work} stopped before its end.`,
      'What was done so far is kept: continue it. If it stops again, reload the app.',
      { cause },
    );
  }
}
