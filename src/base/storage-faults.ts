/** What can go wrong with the databases of this device, each by name; the codes are stable. */
import { Fault } from './fault.ts';

const CLOSE_TABS = 'Close the other Fieldray tabs and windows, then reload this one.';
const FREE_SPACE =
  'Delete photos, downloads or apps you do not need, then try again. What has arrived is kept.';

/** The base of them, to tell them from the faults of whoever keeps something. */
export abstract class StorageFault extends Fault {}

/** There is no room to write. Sizes in bytes; `available` is null where the browser does not tell. */
export class NotEnoughSpace extends StorageFault {
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

/** IndexedDB is missing, forbidden (private window, blocked site data), broken, or never answers. */
export class StorageUnavailable extends StorageFault {
  readonly code = 'storage-unavailable';
  constructor(options?: ErrorOptions) {
    super(
      'This browser does not let the app keep data on the device.',
      'Leave private browsing, allow site data for this address in the browser’s settings, then reload.',
      options,
    );
  }
}

/** Another tab with an older app holds the database and does not let go. */
export class StorageBlocked extends StorageFault {
  readonly code = 'storage-blocked';
  constructor() {
    super('Another open tab of this app blocks the data that it keeps on this device.', CLOSE_TABS);
  }
}

/** A newer app has changed the database, or is about to. */
export class StorageOutdated extends StorageFault {
  readonly code = 'storage-outdated';
  constructor(options?: ErrorOptions) {
    super('A newer version of this app is in use in another tab.', CLOSE_TABS, options);
  }
}

/** The database failed in the middle: disk error, or data cleared by the browser. */
export class StorageFailed extends StorageFault {
  readonly code = 'storage-failed';
  constructor(options?: ErrorOptions) {
    super(
      'The device could not write or read the data of this app.',
      'Reload the page. If it happens again, restart the device and check that it has free space.',
      options,
    );
  }
}

/** The database was closed by its owner. */
export class StoreClosed extends StorageFault {
  readonly code = 'store-closed';
  constructor() {
    super('The data of this app was already closed.', 'Reload the page.');
  }
}

function mb(bytes: number): string {
  return `${(Math.max(0, bytes) / 1e6).toFixed(1)} MB`;
}
