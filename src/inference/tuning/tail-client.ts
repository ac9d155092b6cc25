/** A tail in its worker, seen from wherever the other end of its port is. */
import { CarriedFault } from '../errors.ts';
import { TailSilent } from './errors.ts';
import type { FromTail, TailCall, TailCalls } from './tail-protocol.ts';

/** Tells "hung" from "slow": a call that takes so long will not end any more. */
const LIMIT_MS = 120_000;

interface Waiting {
  readonly resolve: (reply: never) => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class TailClient {
  readonly #port: MessagePort;
  readonly #limit: number;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  /** @param limit milliseconds that a single call may take */
  constructor(port: MessagePort, limit = LIMIT_MS) {
    this.#port = port;
    this.#limit = limit;
    port.onmessage = ({ data }: MessageEvent<FromTail>) => {
      const waiting = this.#waiting.get(data.id);
      if (!waiting) return;
      this.#waiting.delete(data.id);
      clearTimeout(waiting.timer);
      if ('fault' in data) waiting.reject(new CarriedFault(data.fault));
      else waiting.resolve(data.reply as never);
    };
  }

  /** @throws CarriedFault with what went wrong over there, TailSilent */
  call<K extends TailCall>(
    kind: K,
    request: TailCalls[K]['request'],
    transfer: Transferable[] = [],
  ): Promise<TailCalls[K]['reply']> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(new TailSilent(kind, this.#limit)), this.#limit);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#port.postMessage({ id, kind, request }, transfer);
    });
  }

  /** Nothing more is to be heard from over there. */
  fail(reason: unknown): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(reason);
    }
    this.#waiting.clear();
  }
}
