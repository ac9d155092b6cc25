/**
 * The worker that owns the runtime. Nothing heavy is imported here: a worker that only asks who the
 * adapter is stays light, and the runtime loads while the model is read.
 */
import { adapterIdentity } from './engine/adapter.ts';
import { CarriedFault, toFault } from '../errors.ts';
import { InferenceHost, readModel } from './host.ts';
import { EngineBroken } from './engine-broken.ts';
import type { CallName, Calls, FromWorker, ToWorker } from '../protocol.ts';
import type { TailOrder } from '../tuning/tail-protocol.ts';

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  addEventListener(
    type: 'message',
    listener: (event: MessageEvent<ToWorker | TailOrder>) => void,
  ): void;
};

const host = new InferenceHost((fault) =>
  scope.postMessage({ kind: 'lost', fault: fault.toData() }),
);
const running = new Map<number, AbortController>();

scope.addEventListener('message', (event) => {
  const message = event.data;
  if (message.kind === 'tail') {
    const { port } = message;
    void import('../tuning/tail-host.ts').then(({ TailHost }) => new TailHost(port, readModel));
    return;
  }
  if (message.kind === 'cancel') {
    running.get(message.id)?.abort();
    return;
  }
  void handle(message);
});

async function handle(message: Exclude<ToWorker, { kind: 'cancel' }>): Promise<void> {
  const { id } = message;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const reply = await answer(message, controller.signal);
    if (controller.signal.aborted) release(reply);
    else scope.postMessage({ kind: 'answer', id, reply }, transferables(reply));
  } catch (error) {
    if (controller.signal.aborted) return;
    const broken = error instanceof EngineBroken;
    const fault = broken ? error.fault : carried(error);
    scope.postMessage({ kind: 'failure', id, fault: fault.toData(), broken });
  } finally {
    running.delete(id);
  }
}

async function answer(
  message: Exclude<ToWorker, { kind: 'cancel' }>,
  signal: AbortSignal,
): Promise<Calls[CallName]['reply']> {
  const { id } = message;
  const step = (name: Extract<FromWorker, { kind: 'step' }>['step']): void =>
    scope.postMessage({ kind: 'step', id, step: name });
  switch (message.kind) {
    case 'identify':
      return adapterIdentity();
    case 'open':
      return host.open(message.request, step);
    case 'read':
      return host.read(message.request, step, signal);
    case 'embed':
      return host.embed(message.request, step, signal);
    case 'tensors':
      return host.tensors();
  }
}

/** The model store has error classes of its own; they all carry code, message and remedy. */
function carried(error: unknown): ReturnType<typeof toFault> {
  const { code, message, remedy } = (error ?? {}) as Record<string, unknown>;
  return typeof code === 'string' && typeof message === 'string' && typeof remedy === 'string'
    ? new CarriedFault({ code, message, remedy })
    : toFault(error);
}

function transferables(reply: Calls[CallName]['reply']): Transferable[] {
  if (typeof reply !== 'object' || !('logits' in reply)) return [];
  if ('embeddings' in reply) {
    const { embeddings, logits, input, activations } = reply;
    return [embeddings, logits, input, activations].flatMap((each) => (each ? [each.buffer] : []));
  }
  const list: Transferable[] = [reply.logits.buffer, reply.embedding.buffer];
  if (reply.features) list.push(reply.features.buffer);
  if (reply.thumbnail) list.push(reply.thumbnail);
  const { evidence } = reply;
  if (evidence) {
    list.push(evidence.activation.buffer);
    if (evidence.lungs.state === 'done') {
      list.push(evidence.lungs.visible.buffer, evidence.lungs.whole.buffer);
    }
  }
  return list;
}

function release(reply: Calls[CallName]['reply']): void {
  if (typeof reply === 'object' && 'thumbnail' in reply) reply.thumbnail?.close();
}
