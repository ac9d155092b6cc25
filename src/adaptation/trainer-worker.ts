/** Trains one head, or the second stage behind one, epoch by epoch; between two of them the page can end the worker without loss. */
import { Fault } from '../fault.ts';
import { TrainingStopped } from './errors.ts';
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
    while (!training.finished) {
      const figures = training.runEpoch();
      scope.postMessage({ kind: 'epoch', figures, state: training.state });
    }
    scope.postMessage({ kind: 'finished', result: finish(training, order) });
  } catch (error) {
    const fault = error instanceof Fault ? error : new TrainingStopped(error);
    scope.postMessage({ kind: 'failed', fault: fault.toData() });
  }
});

function finish(training: HeadTraining, { data, gate }: ToTrainer): Trained {
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
    log: training.log,
    head: kept.parameters,
    validation,
    gateOf: of,
    gateCenters: centers,
  };
}
