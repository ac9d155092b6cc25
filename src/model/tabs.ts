/** Several tabs of the app, one store: how the others learn of what one does. */
import * as v from 'valibot';
import type { InstallProgress } from './types.ts';

const ProgressSchema = v.object({
  phase: v.picklist(['checking', 'downloading', 'verifying', 'self-test', 'activating', 'done']),
  bytesDone: v.number(),
  bytesTotal: v.number(),
  bytesPerSecond: v.number(),
  secondsLeft: v.nullable(v.number()),
  file: v.nullable(v.string()),
  retryInSeconds: v.optional(v.nullable(v.number())),
});

const MessageSchema = v.variant('kind', [
  v.object({ kind: v.literal('progress'), progress: ProgressSchema }),
  v.object({ kind: v.literal('changed') }),
]);
type Message = v.InferOutput<typeof MessageSchema>;

/** Messages to the other tabs (and workers) of this browser. */
export class TabChannel {
  readonly #channel: BroadcastChannel | null;
  readonly #listeners = new Set<(message: Message) => void>();

  constructor(name: string) {
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : null;
    this.#channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
      // Another version of the app may speak another language.
      const message = v.safeParse(MessageSchema, event.data);
      if (message.success) for (const listener of this.#listeners) listener(message.output);
    });
  }

  progress(progress: InstallProgress): void {
    this.#channel?.postMessage({ kind: 'progress', progress } satisfies Message);
  }

  changed(): void {
    this.#channel?.postMessage({ kind: 'changed' } satisfies Message);
  }

  /** Returns the function that ends it. */
  onProgress(listener: (progress: InstallProgress) => void): () => void {
    return this.#listen((message) => {
      if (message.kind === 'progress') listener(message.progress);
    });
  }

  /** Returns the function that ends it. */
  onChanged(listener: () => void): () => void {
    return this.#listen((message) => {
      if (message.kind === 'changed') listener();
    });
  }

  close(): void {
    this.#listeners.clear();
    this.#channel?.close();
  }

  #listen(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
