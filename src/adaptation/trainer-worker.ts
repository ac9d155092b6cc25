/** Trains one head, or the second stage behind one, epoch by epoch; between two of them the page can end the worker without loss. */
import { Fault } from '../base/fault.ts';
import { TrainingDiverged, TrainingStopped } from './errors.ts';
import { logitsOf } from './head.ts';
import { fitCenters } from './refit.ts';
import { HeadTraining } from './train-head.ts';
import type { FromTrainer, ToTrainer, Trained } from './trainer-protocol.ts';
import { tune } from './tuner.ts';
import type { FromTuner, ToTuner } from './tuning-protocol.ts';

const scope = self as unknown as {
  postMessage(message: FromTrainer | FromTuner): void;
  addEventListener(
    type: 'message',
    listener: (event: MessageEvent<ToTrainer | ToTuner>) => void,
  ): void;
};

scope.addEventListener('message', ({ data: order }) => {
  if ('kind' in order) {
    void tune(order, (message) => scope.postMessage(message));
    return;
  }
  try {
    const training = new HeadTraining(order.data, order.settings, order.state ?? undefined);
    const divergedIn = runEpochs(training);
    scope.postMessage({ kind: 'finished', result: finish(training, order, divergedIn) });
  } catch (error) {
    const fault = error instanceof Fault ? error : new TrainingStopped(error);
    scope.postMessage({ kind: 'failed', fault: fault.toData() });
  }
});

/**
 * @returns the epoch in which the loss stopped being a number, null if it never did
 * @throws TrainingDiverged if it did before there was anything to keep
 */
function runEpochs(training: HeadTraining): number | null {
  try {
    while (!training.finished) {
      const figures = training.runEpoch();
      scope.postMessage({ kind: 'epoch', figures, state: training.state });
    }
    return null;
  } catch (error) {
    if (error instanceof TrainingDiverged && training.keptEpoch > 0) return error.epoch;
    throw error;
  }
}

function finish(
  training: HeadTraining,
  { data, gate }: ToTrainer,
  divergedIn: number | null,
): Trained {
  const { kept } = training;
  const { classes, inputs } = data;
  const pictures = data.validation.classOf.length;
  const validation = new Float64Array(pictures * classes);
  for (let row = 0; row < pictures; row++) {
    const embedding = data.validation.embeddings.subarray(row * inputs, (row + 1) * inputs);
    logitsOf(kept, embedding, validation.subarray(row * classes, (row + 1) * classes));
  }
  const { of, centers } = gate
    ? fitCenters(data.training, inputs, classes, gate)
    : { of: [], centers: new Float32Array(0) };
  return {
    keptEpoch: training.keptEpoch,
    divergedIn,
    log: training.log,
    head: kept.parameters,
    validation,
    gateOf: of,
    gateCenters: centers,
  };
}
