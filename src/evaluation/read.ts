/** Reads labelled pictures with a model: the one way for the screen and for the command line. */
import { Fault } from '../base/fault.ts';
import type { BackendId, LazyPicture, PictureInput } from '../inference/types.ts';
import { EvaluationNotTheSame } from './errors.ts';
import type { EvaluatedModel } from './models.ts';
import type { EvaluatedPicture } from './pictures.ts';

export interface PictureToRead {
  readonly path: string;
  readonly label: string;
  readonly origin: string | null;
  readonly source: PictureInput;
}

export interface ReadingHandlers {
  readonly signal: AbortSignal;
  /** In the order they are read, which is nearly that of the list. */
  onPicture(index: number, picture: EvaluatedPicture): void;
  /** Which backend read; one line if another one had to take over. */
  onBackend?(backend: BackendId, recovery: string | null): void;
}

const NOTHING: LazyPicture = { open: () => Promise.reject(new DOMException('read', 'AbortError')) };

/**
 * Each file gets its answer or the reason why it has none; none of them is fatal.
 * @throws the signal's reason, EvaluationNotTheSame where another model answered, or what keeps the engine from reading at all
 */
export async function readPictures(
  model: EvaluatedModel,
  pictures: readonly PictureToRead[],
  handlers: ReadingHandlers,
): Promise<void> {
  const { signal } = handlers;
  const engine = await model.engine(signal);
  // A copy: nothing of a picture is held on to once it is read.
  const sources: PictureInput[] = pictures.map(({ source }) => source);
  const settle = (index: number, said: Partial<EvaluatedPicture>): void => {
    sources[index] = NOTHING;
    const { path, label, origin } = pictures[index];
    handlers.onPicture(index, { ...NO_ANSWER, ...said, path, label, origin });
  };
  await engine.screenMany(sources, {
    signal,
    examine: model.examine,
    onReading(index, reading) {
      // Bitmaps are not garbage collected in time: 20,000 of them would fill the memory.
      reading.thumbnail?.close();
      handlers.onBackend?.(reading.backend, reading.recovery?.message ?? null);
      try {
        settle(index, model.judge(reading));
      } catch (reason) {
        // Without an answer only this picture fails; an answer of another model ends the run.
        if (!(reason instanceof Fault) || reason instanceof EvaluationNotTheSame) throw reason;
        const { code, message } = reason;
        settle(index, { failure: { code, message } });
      }
    },
    onFailure(index, { code, message }) {
      settle(index, { failure: { code, message } });
    },
  });
}

const NO_ANSWER = {
  logits: null,
  probabilities: null,
  refused: null,
  sets: {},
  failure: null,
} as const;
