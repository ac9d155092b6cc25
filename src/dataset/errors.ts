/** Why a labelled folder cannot be worked with, or a part of it was left out; one class and code each. */
import { Fault } from '../base/fault.ts';

const LAYOUT =
  'Open a folder that holds one folder a class (COVID, Normal …), with the pictures in it or in its “images” folder.';

/** Nothing in it has the form of a labelled collection. */
export class NoLabelledPicturesError extends Fault {
  readonly code = 'dataset-no-pictures';
  constructor() {
    super('This folder holds no pictures in class folders.', LAYOUT);
  }
}

export class OneClassError extends Fault {
  readonly code = 'dataset-one-class';
  constructor(label: string) {
    super(
      `This folder holds pictures of one class only (${label}); nothing can be compared.`,
      'Open the folder above it, the one that holds all class folders.',
    );
  }
}

/** A class folder without a single picture; the other classes are used. */
export class EmptyClassError extends Fault {
  readonly code = 'dataset-empty-class';
  constructor(folder: string) {
    super(
      `The class folder “${folder}” holds no pictures and was left out.`,
      'Check that the pictures were copied, then open the folder again.',
    );
  }
}

/** Masks are there, the pictures they belong to are not; the other classes are used. */
export class MasksWithoutImagesError extends Fault {
  readonly code = 'dataset-masks-without-images';
  constructor(folder: string, masks: number) {
    super(
      `The class folder “${folder}” holds ${masks.toLocaleString('en-US')} lung masks without their pictures and was left out.`,
      'Copy its “images” folder beside its “masks” folder, then open the folder again.',
    );
  }
}

/** A sheet of origins that could not be used; the pictures are. */
export class MetadataUnreadableError extends Fault {
  readonly code = 'dataset-metadata-unreadable';
  constructor(name: string, detail: string, cause?: unknown) {
    super(
      `The sheet “${name}” could not be read (${detail}); the origins in it are not known.`,
      'Save it again as an Excel workbook (.xlsx) with the columns FILE NAME and URL, or go on without it.',
      { cause },
    );
  }
}

/** A part of the folder could not be listed; the rest is used. */
export class PartUnreadableError extends Fault {
  readonly code = 'dataset-part-unreadable';
  constructor(path: string, cause?: unknown) {
    super(
      `The folder “${path}” could not be read and was left out.`,
      'Check that it is still there and that this browser may see it, then open the folder again.',
      { cause },
    );
  }
}

/** The whole folder went away while it was worked on. */
export class FolderGoneError extends Fault {
  readonly code = 'dataset-folder-gone';
  constructor(cause?: unknown) {
    super(
      'The folder can no longer be read: it was moved, renamed or unplugged.',
      'Bring it back and open it again; what was done so far is kept.',
      { cause },
    );
  }
}

/** Opening ended for a reason nobody foresaw. */
export class DatasetFailedError extends Fault {
  readonly code = 'dataset-failed';
  constructor(cause?: unknown) {
    super(
      'The folder could not be looked through to its end.',
      'Check that it is still there, then open it again.',
      { cause },
    );
  }
}

/** A picture could not be looked at for a reason nobody foresaw. */
export class ScanFailedError extends Fault {
  readonly code = 'dataset-scan-failed';
  constructor(cause?: unknown) {
    super(
      'This picture could not be looked at.',
      'The others are. Close other tabs to free memory, then scan again.',
      { cause },
    );
  }
}

/** The browser gives no room (or no database at all): what is found lives until the tab is closed. */
export class ScanNotKeptError extends Fault {
  readonly code = 'dataset-scan-not-kept';
  constructor(cause?: unknown) {
    super(
      'The scan goes on, but this browser has no room to keep it.',
      'Leave this tab open until you are done, or free space on the device.',
      { cause },
    );
  }
}

/** Near-duplicates, probe or map could not be computed. */
export class AnalysisFailedError extends Fault {
  readonly code = 'dataset-analysis-failed';
  constructor(cause?: unknown) {
    super(
      'The computing over this folder stopped before its end.',
      'Close other tabs to free memory, then start it again.',
      { cause },
    );
  }
}
