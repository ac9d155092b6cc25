/** From a passphrase to a key: Argon2id (RFC 9106), its cost measured on this device. */
import * as v from 'valibot';
import { PassphraseTooShort } from '../errors.ts';
import type { Bytes } from './sealed.ts';

/** Fewer characters are refused: the words of a passphrase, not a PIN. */
export const LEAST_CHARACTERS = 10;

/** OWASP's least: 19 MiB and 2 passes. More than 4 GiB or 100 passes is no stored setting of ours. */
const LEAST_KIB = 19 * 1024;
const LEAST_PASSES = 2;

export const CostSchema = v.object({
  memoryKiB: v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(4 * 1024 * 1024)),
  passes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
});
/** One lane: WebAssembly here has no threads. */
export type Cost = v.InferOutput<typeof CostSchema>;

/** 32 bytes of a passphrase. */
export type Derive = (passphrase: string, salt: Bytes, cost: Cost) => Promise<Bytes>;

/** The library comes when a passphrase is first used. */
export const deriveByArgon2: Derive = async (passphrase, salt, { memoryKiB, passes }) => {
  const { argon2id } = await import('hash-wasm');
  const derived = await argon2id({
    // The same words from another keyboard may come in another composition of the same letters.
    password: passphrase.normalize('NFKC').trim(),
    salt,
    iterations: passes,
    parallelism: 1,
    memorySize: memoryKiB,
    hashLength: 32,
    outputType: 'binary',
  });
  return new Uint8Array(derived);
};

/** @throws PassphraseTooShort */
export function checkPassphrase(passphrase: string): void {
  if (Array.from(passphrase.normalize('NFKC').trim()).length < LEAST_CHARACTERS) {
    throw new PassphraseTooShort(LEAST_CHARACTERS);
  }
}

export interface MeasureOptions {
  readonly derive?: Derive;
  readonly now?: () => number;
  /** How long one try should take, ms. */
  readonly target?: number;
}

/** Memory that a graphics card cannot spare many times at once; less on devices without it. */
const MEMORY_KIB = [64 * 1024, 32 * 1024, LEAST_KIB] as const;

/**
 * The dearest cost that takes about `target` on this device: as much memory as it has at the least
 * number of passes, then more passes. Never less than OWASP's least, however slow the device.
 */
export async function measureCost({
  derive = deriveByArgon2,
  now = () => performance.now(),
  target = 500,
}: MeasureOptions = {}): Promise<Cost> {
  const salt = new Uint8Array(16);
  // The first run compiles the library.
  await derive('warm up', salt, { memoryKiB: 8, passes: 1 });
  for (const memoryKiB of MEMORY_KIB) {
    const least = memoryKiB === LEAST_KIB;
    const started = now();
    try {
      await derive('how long it takes', salt, { memoryKiB, passes: LEAST_PASSES });
    } catch (reason) {
      // This much memory is not to be had here.
      if (least) throw reason;
      continue;
    }
    const took = Math.max(1, now() - started);
    if (took > target && !least) continue;
    const passes = Math.round((LEAST_PASSES * target) / took);
    return { memoryKiB, passes: Math.min(40, Math.max(LEAST_PASSES, passes)) };
  }
  return { memoryKiB: LEAST_KIB, passes: LEAST_PASSES };
}
