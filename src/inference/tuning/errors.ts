/** What can go wrong while the end of the network is trained, each by name. */
import { Fault } from '../../base/fault.ts';

/** The graph is not the one whose end we know how to train. */
export class TailUnknown extends Fault {
  readonly code = 'tail-unknown';
  constructor(detail: string) {
    super(
      `The last blocks of this model cannot be trained further: ${detail}.`,
      'Train the head alone; that works with every model.',
    );
  }
}

/** The graphics processor does not answer any more. */
export class TailSilent extends Fault {
  readonly code = 'tail-silent';
  constructor(what: string, milliseconds: number) {
    super(
      `The graphics processor did not finish “${what}” within ${Math.round(milliseconds / 1000)} seconds.`,
      'What was trained so far is kept. Close other apps that draw a lot, and train again.',
    );
  }
}

/** Lost, out of memory or garbage in the middle of a training. */
export class TailLost extends Fault {
  readonly code = 'tail-lost';
  constructor(detail: string) {
    super(
      `The graphics processor was taken away while it trained: ${detail}`,
      'What was trained so far is kept. Close other apps that draw a lot, and train again.',
    );
  }
}
