/** What can go wrong while a head is trained on the device. */
import { Fault } from '../fault.ts';

/** The loss stopped being a number. */
export class TrainingDiverged extends Fault {
  readonly code = 'training-diverged';
  constructor(epoch: number) {
    super(
      `The training lost its way in epoch ${epoch}: the loss is not a number any more. The best head so far is kept.`,
      'Start again with a smaller learning rate.',
    );
  }
}
