import { Fault } from '../base/fault.ts';

/** The picture cannot be drawn in the viewer (its result may still be good). */
export class ViewingError extends Fault {
  readonly code = 'viewing-failed';
  constructor(cause?: unknown) {
    super(
      'The picture cannot be shown.',
      'Close other tabs to free memory, then open the picture again.',
      { cause },
    );
  }
}
