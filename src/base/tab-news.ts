/** Short texts from one tab of this browser to the others; a tab does not hear its own. */
export class TabNews {
  readonly #channel: BroadcastChannel | null;

  /** @param name of the channel; tabs with the same name hear each other */
  constructor(name: string) {
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : null;
  }

  tell(text: string): void {
    this.#channel?.postMessage(text);
  }

  /** The answer ends it. */
  listen(listener: (text: string) => void): () => void {
    const hear = ({ data }: MessageEvent<unknown>): void => {
      // Another version of the app may say something else.
      if (typeof data === 'string') listener(data);
    };
    this.#channel?.addEventListener('message', hear);
    return () => this.#channel?.removeEventListener('message', hear);
  }

  close(): void {
    this.#channel?.close();
  }
}
