/**
 * Which pictures of an evaluation the model was trained on: by perceptual hashes that came with it.
 * Figures on such pictures say nothing of new ones.
 */
import type { Seen } from '../model/index.ts';
import type { EvaluatedPicture } from './pictures.ts';

/** The hashes in halves of 32 bits; `lower` is empty where only the first half was kept. */
export interface SeenHashes {
  readonly upper: Uint32Array;
  readonly lower: Uint32Array;
  readonly distance: number;
}

/**
 * @param bytes content of the manifest's `assurance.seen.file`
 * @throws RangeError if it has another length than the manifest says
 */
export function readSeen({ bits, count, distance }: Seen, bytes: ArrayBuffer): SeenHashes {
  if (bytes.byteLength !== (count * bits) / 8) {
    throw new RangeError(`${bytes.byteLength} bytes are not ${count} hashes of ${bits} bits.`);
  }
  const view = new DataView(bytes);
  const words = bits / 32;
  const wordsAt = (place: number): Uint32Array =>
    Uint32Array.from({ length: count }, (_, at) => view.getUint32(4 * (at * words + place)));
  return { upper: wordsAt(0), lower: words > 1 ? wordsAt(1) : new Uint32Array(0), distance };
}

/** @param hash 16 hexadecimal digits (src/preprocess/picture-hash.ts) */
export function wasSeen(hash: string, { upper, lower, distance }: SeenHashes): boolean {
  const first = Number.parseInt(hash.slice(0, 8), 16);
  const second = Number.parseInt(hash.slice(8, 16), 16);
  for (let at = 0; at < upper.length; at++) {
    let apart = bitsOf(upper[at] ^ first);
    if (apart <= distance && lower.length > 0) apart += bitsOf(lower[at] ^ second);
    if (apart <= distance) return true;
  }
  return false;
}

/** The pictures that were not seen in training; one without a hash counts as not seen. */
export function unseenOf(
  pictures: readonly EvaluatedPicture[],
  seen: SeenHashes,
): readonly EvaluatedPicture[] {
  return pictures.filter(({ hash }) => hash === undefined || !wasSeen(hash, seen));
}

/** Ones among the 32 bits of a word. */
function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
