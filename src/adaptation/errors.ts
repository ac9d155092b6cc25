/** What can go wrong while a model is adapted on the device, each by name. */
import { Fault } from '../base/fault.ts';
import { WorkElsewhere, WorkFolderGone, WorkStopped } from '../session/index.ts';

/** The loss stopped being a number: the same steps from the same place would do so again. */
export class TrainingDiverged extends Fault {
  readonly code = 'training-diverged';
  readonly epoch: number;
  /** @param under where on the screen the learning rate is */
  constructor(epoch: number, under = 'Every setting') {
    super(
      `The training lost its way in epoch ${epoch}: the loss is not a number any more.`,
      `Train anew with a learning rate ten times smaller (under “${under}”).`,
    );
    this.epoch = epoch;
  }
}

/** A class with so few pictures that training and testing on it would say nothing. */
export class TooFewPictures extends Fault {
  readonly code = 'adaptation-too-few-pictures';
  constructor(label: string, count: number, least: number) {
    super(
      `The class “${label}” has only ${count === 1 ? 'one picture' : `${count} pictures`} that can be used; training needs at least ${least} of every class.`,
      'Put more pictures into its folder and open the folder again, or take the class out of the folder.',
    );
  }
}

/** A head has two to ten classes. */
export class ClassCountUnusable extends Fault {
  readonly code = 'adaptation-class-count';
  constructor(count: number, most: number) {
    super(
      `The folder has ${count === 1 ? 'one class' : `${count} classes`}; a model can be adapted to two to ${most}.`,
      'Open a folder with two to ten class folders.',
    );
  }
}

export class AdaptationFolderGone extends WorkFolderGone {
  readonly code = 'adaptation-folder-gone';
}

/** Reading goes on only in the folder that it began with. */
export class AdaptationNotTheSame extends Fault {
  readonly code = 'adaptation-not-the-same';
  constructor(what: 'folder' | 'model') {
    super(
      what === 'folder'
        ? 'The open folder is not the one this training began with, or files came or went since.'
        : 'The model on this device is not the one this training began with.',
      what === 'folder'
        ? 'Open that folder again, or begin a new training.'
        : 'Begin a new training on the present model.',
    );
  }
}

/** What was done could not be written to the device; the training goes on in memory. */
export class AdaptationNotKept extends Fault {
  readonly code = 'adaptation-not-kept';
  constructor(full: boolean, options?: ErrorOptions) {
    super(
      full
        ? 'There is no more space on this device: this training is not being kept.'
        : 'This browser does not let the app keep this training.',
      full
        ? 'It goes on. Free some space before it ends, so that the adapted model can be kept.'
        : 'It goes on, and the adapted model can be exported at the end; closing the app loses it.',
      options,
    );
  }
}

export class AdaptationsUnreadable extends Fault {
  readonly code = 'adaptations-unreadable';
  constructor(options?: ErrorOptions) {
    super(
      'The adapted models kept on this device cannot be opened.',
      'Reload the app. The delivered model works all the same.',
      options,
    );
  }
}

export class AdaptationElsewhere extends WorkElsewhere {
  readonly code = 'adaptation-elsewhere';
  constructor() {
    super('training');
  }
}

export class TrainingStopped extends WorkStopped {
  readonly code = 'training-stopped';
  constructor(cause?: unknown) {
    super('training', cause);
  }
}

/** The file is no adapted model, or not a whole one. */
export class ImportUnusable extends Fault {
  readonly code = 'adapted-file-unusable';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `This file is not an adapted model that can be used: ${detail}.`,
      'Export it again on the device where it was made, and copy the file anew.',
      options,
    );
  }
}

/** Made on a model that is not on this device. */
export class ImportForOtherModel extends Fault {
  readonly code = 'adapted-file-other-model';
  constructor(wanted: string, here: string) {
    super(
      `This adapted model was made on ${wanted}; this device has ${here}.`,
      'Bring both devices to the same version (Status → Model), then import it again.',
    );
  }
}

/** The disk is full and memory is not to be: the second stage has nothing to begin with. */
export class ActivationsLost extends Fault {
  readonly code = 'adaptation-activations-lost';
  constructor() {
    super(
      'There is not enough space on this device for what the last blocks are trained on.',
      'Free some space, or take fewer pictures or copies, or a later block, and train again.',
    );
  }
}

/** This device cannot train the last blocks; the head is trained all the same. */
export class SecondStageImpossible extends Fault {
  readonly code = 'adaptation-second-stage-impossible';
  constructor(detail: string) {
    super(
      `The last blocks were not trained: ${detail}`,
      'The model has the head alone. Train on a device with a faster graphics processor for more.',
    );
  }
}
