/** The second stage inside the training worker: pictures from the store, the tail over its port. */
import { Fault } from '../base/fault.ts';
import { TailClient } from '../inference/tuning.ts';
import { ActivationsLost, TrainingStopped } from './errors.ts';
import { fromHalf } from './half.ts';
import { TailTraining, type ReadActivations } from './tune-tail.ts';
import { TuningStore } from './tuning-store.ts';
import type { FromTuner, ToTuner } from './tuning-protocol.ts';

/** Never rejects: how it ended is told. */
export async function tune(order: ToTuner, tell: (message: FromTuner) => void): Promise<void> {
  const store = new TuningStore(order.store);
  try {
    const tail = new TailClient(order.tail, order.callMs);
    if (order.state) await tail.call('restore', order.state.tail);
    const training = new TailTraining(order, tail, readerOf(order, store));
    while (!training.finished) {
      await training.runEpoch((share) => tell({ kind: 'batch', share }));
      tell({ kind: 'epoch', state: await training.state() });
    }
    tell({ kind: 'finished' });
  } catch (error) {
    const fault = error instanceof Fault ? error : new TrainingStopped(error);
    tell({ kind: 'failed', fault: fault.toData() });
  } finally {
    store.close();
  }
}

/** Reads only what a batch needs. */
function readerOf({ training, held, data }: ToTuner, store: TuningStore): ReadActivations {
  const { length } = data;
  return async (pictures) => {
    const places = [...new Set(pictures.map(({ place }) => place))];
    const missing = places.filter((place) => !held.has(place));
    const read = await store.read(training, missing);
    const found = new Map(missing.map((place, at) => [place, read[at] ?? null]));
    const values = new Float32Array(pictures.length * length);
    for (const [at, { place, variant }] of pictures.entries()) {
      const halves = held.get(place) ?? found.get(place);
      if (!halves || halves.length < (variant + 1) * length) throw new ActivationsLost();
      const own = halves.subarray(variant * length, (variant + 1) * length);
      fromHalf(own, values.subarray(at * length, (at + 1) * length));
    }
    return values;
  };
}
