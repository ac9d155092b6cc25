/**
 * Gathers a stream's pieces of any length into chunks of one size.
 * Resumption hangs on it: what the sink has taken is exactly a prefix of the file.
 */
export class ChunkWriter {
  readonly #size: number;
  readonly #sink: (chunk: ArrayBuffer) => Promise<void>;
  #buffer: Uint8Array<ArrayBuffer>;
  #filled = 0;

  /**
   * @param size bytes of a full chunk, at least 1
   * @param sink takes each chunk and owns it; called in order, never twice at a time
   */
  constructor(size: number, sink: (chunk: ArrayBuffer) => Promise<void>) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError('A chunk has at least one byte.');
    this.#size = size;
    this.#sink = sink;
    this.#buffer = new Uint8Array(size);
  }

  /** Bytes taken in but not given to the sink yet. */
  get pending(): number {
    return this.#filled;
  }

  /** Takes a piece in; resolves when the sink has all full chunks. */
  async write(piece: Uint8Array): Promise<void> {
    let rest = piece;
    while (rest.length > 0) {
      const part = rest.subarray(0, this.#size - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled === this.#size) await this.flush();
    }
  }

  /** Gives what is left to the sink as a shorter chunk; nothing if nothing is left. */
  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    const full = this.#filled === this.#size;
    const chunk = full ? this.#buffer.buffer : this.#buffer.buffer.slice(0, this.#filled);
    if (full) this.#buffer = new Uint8Array(this.#size);
    this.#filled = 0;
    await this.#sink(chunk);
  }

  /** Forgets what is left. */
  discard(): void {
    this.#filled = 0;
  }
}
