/** The training worker, seen from the page. */
import { CarriedFault } from '../inference/index.ts';
import { TrainingStopped } from './errors.ts';
import type { EpochFigures, TrainingState } from './train-head.ts';
import type { FromTrainer, ToTrainer, Trained } from './trainer-protocol.ts';
import type { FromTuner, ToTuner, TuningState } from './tuning-protocol.ts';

export interface TrainerHandlers {
  readonly signal: AbortSignal;
  onEpoch(figures: EpochFigures, state: TrainingState): void;
}

/**
 * @throws TrainingDiverged and others as CarriedFault, TrainingStopped if the worker dies, the
 *   signal's reason: the worker is then ended in the middle of an epoch, and the last state holds
 */
export function train(
  order: ToTrainer,
  handlers: TrainerHandlers,
  createWorker: () => Worker = defaultWorker,
): Promise<Trained> {
  const { signal } = handlers;
  signal.throwIfAborted();
  const worker = createWorker();
  return new Promise<Trained>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    worker.addEventListener('message', ({ data }: MessageEvent<FromTrainer>) => {
      if (signal.aborted) return;
      if (data.kind === 'epoch') handlers.onEpoch(data.figures, data.state);
      else if (data.kind === 'finished') resolve(data.result);
      else reject(new CarriedFault(data.fault));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new TrainingStopped(event.message));
    });
    worker.postMessage(order, [
      order.data.training.embeddings.buffer,
      order.data.validation.embeddings.buffer,
    ]);
  }).finally(() => worker.terminate());
}

export interface TunerHandlers {
  readonly signal: AbortSignal;
  onBatch(share: number): void;
  onEpoch(state: TuningState): void;
}

/** The second stage in a training worker. @throws as `train` does; the last state holds */
export function runTuner(
  order: ToTuner,
  handlers: TunerHandlers,
  createWorker: () => Worker = defaultWorker,
): Promise<void> {
  const { signal } = handlers;
  signal.throwIfAborted();
  const worker = createWorker();
  return new Promise<void>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    worker.addEventListener('message', ({ data }: MessageEvent<FromTuner>) => {
      if (signal.aborted) return;
      if (data.kind === 'batch') handlers.onBatch(data.share);
      else if (data.kind === 'epoch') handlers.onEpoch(data.state);
      else if (data.kind === 'finished') resolve();
      else reject(new CarriedFault(data.fault));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new TrainingStopped(event.message));
    });
    worker.postMessage(order, [order.tail]);
  }).finally(() => worker.terminate());
}

function defaultWorker(): Worker {
  return new Worker(new URL('./trainer-worker.ts', import.meta.url), {
    type: 'module',
    name: 'fieldray-training',
  });
}
