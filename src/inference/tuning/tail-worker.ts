/** Starts a worker for a tail: the one of the inference, so that the runtime is shipped once. */
import { WorkerStopped } from '../errors.ts';
import type { TailOrder } from './tail-protocol.ts';

export interface TailWorker {
  /** To be given to a `TailClient`, here or in another worker. */
  readonly port: MessagePort;
  /** Rejects when the worker dies; never resolves. */
  readonly broken: Promise<never>;
  end(): void;
}

export function startTailWorker(createWorker: () => Worker = defaultWorker): TailWorker {
  const worker = createWorker();
  const { port1, port2 } = new MessageChannel();
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new WorkerStopped(event.message || 'it could not be loaded'));
    });
  });
  broken.catch(() => undefined);
  worker.postMessage({ kind: 'tail', port: port2 } satisfies TailOrder, [port2]);
  return { port: port1, broken, end: () => worker.terminate() };
}

function defaultWorker(): Worker {
  return new Worker(new URL('../worker/worker.ts', import.meta.url), {
    type: 'module',
    name: 'fieldray-inference',
  });
}
