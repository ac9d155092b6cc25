/** What this device can carry. */

interface Hints {
  readonly hardwareConcurrency?: number;
  /** GB, rounded and capped at 8 by the browser; absent in Safari and Firefox. */
  readonly deviceMemory?: number;
  readonly userAgent?: string;
  readonly maxTouchPoints?: number;
}

const MOST_WORKERS = 4;

/** iPads call themselves Macs; no Mac has a touch screen. */
export function isIos(hints: Hints): boolean {
  const agent = hints.userAgent ?? '';
  return (
    /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && (hints.maxTouchPoints ?? 0) > 1)
  );
}

/**
 * Workers that may share a batch on WASM, the main one counted: as many as there are cores, at most
 * four. Each holds the runtime, the weights as float32 and a decoded picture: about 100 MB.
 */
export function poolSize(hints: Hints): number {
  const cores = Math.max(1, Math.floor(hints.hardwareConcurrency ?? 1));
  const memory = hints.deviceMemory;
  // iOS ends a tab that takes too much, and tells nobody how much that is.
  const bearable =
    memory === undefined
      ? isIos(hints)
        ? 2
        : MOST_WORKERS
      : memory <= 1
        ? 1
        : memory <= 2
          ? 2
          : MOST_WORKERS;
  return Math.min(cores, MOST_WORKERS, bearable);
}

/** Readings after which a GPU worker is replaced: iOS loses WebGPU after some hundred (onnxruntime#27584). */
export function recycleAfter(hints: Hints): number {
  return isIos(hints) ? 300 : Number.POSITIVE_INFINITY;
}
