/** What can go wrong with kept studies, each by name. None of the sentences names a patient. */
import { Fault } from '../base/fault.ts';

/** Nobody has unlocked the kept studies in this tab, or they locked themselves. */
export class RecordsLocked extends Fault {
  readonly code = 'records-locked';
  constructor() {
    super('The kept studies are locked.', 'Unlock them with your passphrase.');
  }
}

/** Nothing has been set up here, or everything was erased. */
export class RecordsNotSetUp extends Fault {
  readonly code = 'records-not-set-up';
  constructor() {
    super('No studies are kept on this device.', 'Turn on keeping studies in the settings.');
  }
}

export class RecordsSetUpAlready extends Fault {
  readonly code = 'records-set-up-already';
  constructor() {
    super('Studies are kept on this device already.', 'Unlock them, or erase everything first.');
  }
}

export class WrongPassphrase extends Fault {
  readonly code = 'wrong-passphrase';
  /** Seconds until the next try is taken. */
  readonly wait: number;
  constructor(wait: number) {
    super(
      'This passphrase or key does not open the kept studies.',
      wait > 0 ? `Wait ${wait} seconds, then try again.` : 'Try again, or use the recovery key.',
    );
    this.wait = wait;
  }
}

/** Too many wrong passphrases: this try was not looked at. */
export class TryAgainLater extends Fault {
  readonly code = 'try-again-later';
  readonly wait: number;
  constructor(wait: number) {
    super('There were too many wrong passphrases.', `Wait ${wait} seconds, then try again.`);
    this.wait = wait;
  }
}

export class PassphraseTooShort extends Fault {
  readonly code = 'passphrase-too-short';
  constructor(least: number) {
    super(
      'This passphrase is too short.',
      `Use at least ${least} characters, for example four words.`,
    );
  }
}

/** A recovery key with a typing mistake; nothing was tried with it. */
export class RecoveryKeyMistyped extends Fault {
  readonly code = 'recovery-key-mistyped';
  constructor() {
    super(
      'This is not a whole recovery key.',
      'Compare it with the printed one, group by group: there are eight groups of four.',
    );
  }
}

export class ReaderUnknown extends Fault {
  readonly code = 'reader-unknown';
  constructor() {
    super('This reader is not on this device any more.', 'Choose another reader.');
  }
}

/** Someone has to be able to open the studies. */
export class LastReader extends Fault {
  readonly code = 'last-reader';
  constructor() {
    super('The last reader cannot be removed.', 'Add another reader first, or erase everything.');
  }
}

/** Bytes that do not match their seal: damaged on the device, or changed by someone. */
export class SealBroken extends Fault {
  readonly code = 'record-seal-broken';
  constructor(options?: ErrorOptions) {
    super(
      'A record on this device is damaged or was changed.',
      'Restore it from a backup. The other records open.',
      options,
    );
  }
}

/** One study cannot be opened; `label` is what the list knows of it. */
export class StudyDamaged extends Fault {
  readonly code = 'study-damaged';
  readonly study: string;
  constructor(study: string, label: string, options?: ErrorOptions) {
    super(
      `The kept study “${label}” is damaged and cannot be opened.`,
      'Restore it from a backup. The other studies open.',
      options,
    );
    this.study = study;
  }
}

export class StudyGone extends Fault {
  readonly code = 'study-gone';
  constructor() {
    super('This study is not kept here any more.', 'Go back to the list.');
  }
}

/** Written by a newer version of the app than the one that reads. */
export class RecordTooNew extends Fault {
  readonly code = 'record-too-new';
  constructor() {
    super('This record was written by a newer version of the app.', 'Update the app.');
  }
}

/** Something was handed in that is no study. */
export class StudyInvalid extends Fault {
  readonly code = 'study-invalid';
  constructor(what: string) {
    super(
      `This study cannot be kept: ${what}.`,
      'Open the pictures again and keep them once more.',
    );
  }
}

/** What a reader said is amended by saying it anew, never changed afterwards. */
export class WordsOverwritten extends Fault {
  readonly code = 'words-overwritten';
  constructor() {
    super(
      'What a reader said before cannot be changed.',
      'Add a new answer; it counts from then on.',
    );
  }
}

/** Another tab changed the same study in the meantime. */
export class StudyChangedElsewhere extends Fault {
  readonly code = 'study-changed-elsewhere';
  constructor() {
    super(
      'This study was changed in another tab.',
      'Open it again, then make the change once more.',
    );
  }
}

/** The browser has no more space; what was kept before is untouched. */
export class RecordsFull extends Fault {
  readonly code = 'records-full';
  constructor(options?: ErrorOptions) {
    super(
      'There is no more space on this device. This change was not kept.',
      'Free some space or delete old studies, then try again. Everything kept before is there.',
      options,
    );
  }
}

/** The browser does not open its database, or lost it under way. */
export class RecordsUnavailable extends Fault {
  readonly code = 'records-unavailable';
  constructor(options?: ErrorOptions) {
    super(
      'The kept studies cannot be reached.',
      'Reload the app. In a private window nothing can be kept.',
      options,
    );
  }
}

/** The worker that holds the key died or did not answer: with it, the key is gone. */
export class RecordsWorkerFailed extends Fault {
  readonly code = 'records-worker-failed';
  constructor(cause?: unknown) {
    super('The kept studies stopped answering.', 'Unlock them again.', { cause });
  }
}

export class BackupUnreadable extends Fault {
  readonly code = 'backup-unreadable';
  constructor(options?: ErrorOptions) {
    super(
      'This file is no backup of Fieldray, or its beginning is damaged.',
      'Choose another file.',
      options,
    );
  }
}

/** The target of a backup refused to take or to give back bytes. */
export class BackupNotWritten extends Fault {
  readonly code = 'backup-not-written';
  constructor(options?: ErrorOptions) {
    super(
      'The backup could not be written to the end.',
      'Check the stick or folder, then continue: what was written is kept.',
      options,
    );
  }
}

/** The file that a backup should go on in belongs to other studies. */
export class BackupOfOthers extends Fault {
  readonly code = 'backup-of-others';
  constructor() {
    super('This file is a backup of another device.', 'Choose a new file for this backup.');
  }
}
