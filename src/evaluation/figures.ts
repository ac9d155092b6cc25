/** The page's end of the figures' worker: started for one answer, ended with it. */
import type { BootstrapOptions } from './bootstrap.ts';
import type { ComparedRun, Comparison } from './comparison.ts';
import { FiguresFailed } from './errors.ts';
import type { EvaluatedPicture, EvaluationResult } from './pictures.ts';
import type { FiguresRequest } from './study-worker.ts';

/** @throws FiguresFailed, or the signal's reason */
export function figuresOf(
  pictures: readonly EvaluatedPicture[],
  classes: readonly string[],
  signal: AbortSignal,
  options: BootstrapOptions = {},
): Promise<EvaluationResult> {
  return ask<EvaluationResult>({ kind: 'result', pictures, classes, options }, signal);
}

/** @throws FiguresFailed, or the signal's reason */
export function comparisonOf(
  first: ComparedRun,
  second: ComparedRun,
  signal: AbortSignal,
  options: BootstrapOptions = {},
): Promise<Comparison> {
  const { classes, pictures } = second;
  return ask<Comparison>(
    {
      kind: 'comparison',
      first: { classes: first.classes, pictures: first.pictures },
      second: { classes, pictures },
      options,
    },
    signal,
  );
}

function ask<T>(request: FiguresRequest, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./study-worker.ts', import.meta.url), {
      type: 'module',
      name: 'fieldray-figures',
    });
    const end = (): void => {
      worker.terminate();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      end();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    worker.onmessage = ({ data }: MessageEvent<T>) => {
      end();
      resolve(data);
    };
    worker.onerror = (event) => {
      end();
      reject(new FiguresFailed(event.message));
    };
    worker.onmessageerror = () => {
      end();
      reject(new FiguresFailed());
    };
    worker.postMessage(request);
  });
}
