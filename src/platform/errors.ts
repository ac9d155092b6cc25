import { Fault } from '../base/fault.ts';

/** A new version waits, but a case or a batch is open here or in another tab. */
export class UpdateHeld extends Fault {
  readonly code = 'update-held';
  /** Where the work is that must not be interrupted. */
  readonly where: 'here' | 'another-tab';

  constructor(where: 'here' | 'another-tab') {
    super(
      where === 'here'
        ? 'The new version was not taken: pictures are being read right now.'
        : 'The new version was not taken: pictures are being read in another tab or window.',
      where === 'here'
        ? 'Wait until they are done, or cancel them, and try again.'
        : 'Finish or close the other tab or window and try again.',
    );
    this.where = where;
  }
}

/** `apply` was called although no new version waits. */
export class NoUpdateWaiting extends Fault {
  readonly code = 'no-update-waiting';

  constructor() {
    super(
      'There is no new version waiting.',
      'Nothing to do: this is the newest version known here.',
    );
  }
}

/** The browser could not keep the app's own files, so the app would not open without a network. */
export class ShellNotKept extends Fault {
  readonly code = 'shell-not-kept';

  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The app could not be kept on this device for use without a network (${detail}).`,
      'Check the connection and the free space, leave private browsing if it is on, and reload.',
      options,
    );
  }
}

/** Files came by the share sheet or by "Open with" and could not be read. */
export class ShareNotRead extends Fault {
  readonly code = 'share-not-read';

  constructor(options?: ErrorOptions) {
    super(
      'The shared pictures did not arrive.',
      'Open them with the button inside the app instead.',
      options,
    );
  }
}
