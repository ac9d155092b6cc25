/** Embeddings of a part of the folder, by the model that is installed. */
import type * as Dataset from '../dataset/index.ts';
import type { LabelledFolder } from '../dataset/types.ts';
import { Fault } from '../base/fault.ts';
import type { Services } from './services.ts';

export interface SampleEmbeddings {
  /** Item numbers, one a row; those that could not be read are left out. */
  readonly items: readonly number[];
  /** rows × columns, row-major. */
  readonly values: Float32Array;
  readonly columns: number;
  /** "fieldray 1.0.0" */
  readonly model: string;
}

export interface SampleOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** There is no model to embed with. */
export class ModelNeededError extends Fault {
  readonly code = 'insights-model-needed';
  constructor() {
    super(
      'This needs the model, which is not on this device yet.',
      'Set up this device first; everything else on this page works without it.',
    );
  }
}

/** Next to nothing of the sample could be read. */
export class TooFewPicturesError extends Fault {
  readonly code = 'insights-too-few';
  constructor(least: number) {
    super(
      `Fewer than ${least} pictures could be read; a map of them would say nothing.`,
      'Open a folder with more pictures.',
    );
  }
}

/** @throws ModelNeededError, TooFewPicturesError, faults of the engine, the signal's reason */
export async function embedSample(
  services: Services,
  dataset: typeof Dataset,
  { items }: LabelledFolder,
  { signal, onProgress }: SampleOptions,
): Promise<SampleEmbeddings> {
  if (services.setup.state.phase !== 'ready') throw new ModelNeededError();
  const chosen = dataset.sampleItems(items, dataset.MOST_MAPPED);
  const found = new Map<number, Float32Array>();
  const sources = chosen.flatMap((at) => items[at] ?? []);
  const model = await services.active.use(signal, async (engine, { manifest }) => {
    await engine.embedMany(sources, {
      signal,
      readAnyway: () => true,
      onEmbedded: (index, { embeddings }) => found.set(index, embeddings),
      onFailure: () => undefined,
      onProgress,
    });
    return `${manifest.id} ${manifest.version}`;
  });
  const rows = [...found.keys()].sort((a, b) => a - b);
  const columns = found.get(rows[0] ?? 0)?.length ?? 0;
  if (rows.length < dataset.LEAST_POINTS || columns === 0)
    throw new TooFewPicturesError(dataset.LEAST_POINTS);
  const values = new Float32Array(rows.length * columns);
  rows.forEach((index, row) => values.set(found.get(index) ?? [], row * columns));
  return {
    items: rows.map((index) => chosen[index] ?? 0),
    values,
    columns,
    model,
  };
}
