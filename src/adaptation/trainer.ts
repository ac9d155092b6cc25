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
  const { training, validation } = order.data;
  const transfer = [training.embeddings.buffer, validation.embeddings.buffer];
  return inWorker<FromTrainer, Trained>(
    createWorker,
    order,
    transfer,
    handlers.signal,
    (message, finish) => {
      if (message.kind === 'epoch') handlers.onEpoch(message.figures, message.state);
      else finish(message.result);
    },
  );
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
  return inWorker<FromTuner, undefined>(
    createWorker,
    order,
    [order.tail],
    handlers.signal,
    (message, finish) => {
      if (message.kind === 'batch') handlers.onBatch(message.share);
      else if (message.kind === 'epoch') handlers.onEpoch(message.state);
      else finish(undefined);
    },
  );
}

type Failed = Extract<FromTrainer | FromTuner, { kind: 'failed' }>;

/** One order to a worker of its own, which ends with it. */
function inWorker<Message extends FromTrainer | FromTuner, Result>(
  createWorker: () => Worker,
  order: ToTrainer | ToTuner,
  transfer: Transferable[],
  signal: AbortSignal,
  take: (message: Exclude<Message, Failed>, finish: (result: Result) => void) => void,
): Promise<Result> {
  signal.throwIfAborted();
  const worker = createWorker();
  return new Promise<Result>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (signal.aborted) return;
      if (data.kind === 'failed') reject(new CarriedFault(data.fault));
      else take(data as Exclude<Message, Failed>, resolve);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new TrainingStopped(event.message));
    });
    worker.postMessage(order, transfer);
  }).finally(() => worker.terminate());
}

function defaultWorker(): Worker {
  return new Worker(new URL('./trainer-worker.ts', import.meta.url), {
    type: 'module',
    name: 'fieldray-training',
  });
}
