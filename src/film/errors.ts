import { Fault } from '../base/fault.ts';

/** The four corners of a photographed film enclose nothing. */
export class FilmCornersError extends Fault {
  readonly code = 'film-corners';
  constructor(cause?: unknown) {
    super(
      'These four corners do not enclose a film.',
      'Move each corner to its own corner of the film.',
      { cause },
    );
  }
}

/** A photograph of a film could not be worked on. */
export class FilmFailedError extends Fault {
  readonly code = 'film-failed';
  constructor(cause?: unknown) {
    super(
      'The photograph could not be worked on.',
      'Close other tabs to free memory, then take or open the photograph again.',
      { cause },
    );
  }
}
