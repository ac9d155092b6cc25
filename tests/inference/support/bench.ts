/** What the browser tests share: workers they can hurt, pictures, a memory of their own. */
import { chestPhantom } from '../../../src/model/index.ts';
import type { Memory } from '../../../src/inference/index.ts';
import type { Ambush, Tampering } from './tamper.ts';

/** Starts tampered workers and keeps them at hand. */
export class WorkerYard {
  readonly workers: Worker[] = [];
  readonly #orders: Tampering;
  /** Pictures read by each worker, in the order of `workers`. */
  readonly answers: number[] = [];
  /** Every new worker is ambushed from its first picture on. */
  ambushNew: Ambush['ambush'] | null = null;

  constructor(orders: Tampering = {}) {
    this.#orders = orders;
  }

  readonly create = (): Worker => {
    const worker = new Worker(new URL('./tamper-worker.ts', import.meta.url), {
      type: 'module',
      name: JSON.stringify(this.#orders),
    });
    const place = this.workers.push(worker) - 1;
    this.answers[place] = 0;
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<{ kind: string; reply?: unknown }>) => {
        const reply = data.reply as { logits?: unknown } | undefined;
        if (data.kind === 'answer' && typeof reply === 'object' && 'logits' in reply) {
          this.answers[place] = (this.answers[place] ?? 0) + 1;
        }
      },
    );
    if (this.ambushNew) this.ambush(worker, this.ambushNew);
    return worker;
  };

  ambush(worker: Worker, what: Ambush['ambush']): void {
    worker.postMessage({ ambush: what } satisfies Ambush);
  }

  ambushAll(what: Ambush['ambush']): void {
    for (const worker of this.workers) this.ambush(worker, what);
  }
}

export class TestMemory implements Memory {
  readonly values = new Map<string, string>();
  read(key: string): string | null {
    return this.values.get(key) ?? null;
  }
  write(key: string, value: string | null): void {
    if (value === null) this.values.delete(key);
    else this.values.set(key, value);
  }
}

/** A chest phantom as an 8-bit grey PNG of any size, as radiographs are commonly saved. */
export async function phantomPng(variant: number, size = 256): Promise<Blob> {
  const pixels = chestPhantom(size, variant);
  // Every line begins with its filter: 1, the difference to the pixel on the left.
  const lines = new Uint8Array(size * (size + 1));
  for (let y = 0; y < size; y++) {
    let left = 0;
    lines[y * (size + 1)] = 1;
    for (let x = 0; x < size; x++) {
      const grey = Math.round(pixels[y * size + x] * 255);
      lines[y * (size + 1) + 1 + x] = grey - left;
      left = grey;
    }
  }
  const packed = new Blob([lines]).stream().pipeThrough(new CompressionStream('deflate'));
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, size);
  new DataView(header.buffer).setUint32(4, size);
  header[8] = 8;
  return new Blob(
    [
      Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
      chunk('IHDR', header),
      chunk('IDAT', new Uint8Array(await new Response(packed).arrayBuffer())),
      chunk('IEND', new Uint8Array(0)),
    ],
    { type: 'image/png' },
  );
}

function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(data, 8);
  let crc = ~0;
  for (let i = 4; i < 8 + data.length; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  view.setUint32(8 + data.length, ~crc >>> 0);
  return bytes;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(a[i] - b[i]));
  }
  return largest;
}
