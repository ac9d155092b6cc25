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

/** A chest phantom as an 8-bit grey PNG of any size. */
export async function phantomPng(variant: number, size = 256): Promise<Blob> {
  const pixels = chestPhantom(size, variant);
  const image = new ImageData(size, size);
  pixels.forEach((value, i) => {
    const grey = Math.round(value * 255);
    image.data.set([grey, grey, grey, 255], i * 4);
  });
  const canvas = new OffscreenCanvas(size, size);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  }
  return largest;
}
