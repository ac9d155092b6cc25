/**
 * All pairs of 64-bit hashes within a distance, without comparing every pair: hashes are cut into
 * four words of 16 bits, and two that differ in at most `reach` bits differ in at most ⌊reach / 4⌋ in
 * one of them (multi-index hashing: M. Norouzi, A. Punjani, D. Fleet, CVPR 2012).
 */
import { differing } from './hash.ts';

const BANDS = 4;
const WORDS = 1 << 16;

/**
 * @param hashes two 32-bit words a picture
 * @param reach 0 … 15 bits
 * @param found called once a pair, a < b; in no order that means something
 */
export function eachNeighbor(
  hashes: Uint32Array,
  reach: number,
  found: (a: number, b: number, distance: number) => void,
): void {
  const count = hashes.length / 2;
  const masks = masksWithin(Math.floor(reach / BANDS));
  /** The picture `a` was last held against, so that a pair met in two bands is told once. */
  const met = new Int32Array(count).fill(-1);
  const bands = Array.from({ length: BANDS }, (_, band) => buckets(hashes, band));
  for (let a = 0; a < count; a++) {
    for (let band = 0; band < BANDS; band++) {
      const { starts, members } = bands[band] ?? buckets(hashes, band);
      const own = wordOf(hashes, a, band);
      for (const mask of masks) {
        const word = own ^ mask;
        const end = starts[word + 1];
        for (let at = starts[word]; at < end; at++) {
          const b = members[at];
          // Those before `a` met it when it was their turn.
          if (b <= a || met[b] === a) continue;
          met[b] = a;
          const distance =
            differing(hashes[2 * a], hashes[2 * b]) +
            differing(hashes[2 * a + 1], hashes[2 * b + 1]);
          if (distance <= reach) found(a, b, distance);
        }
      }
    }
  }
}

function wordOf(hashes: Uint32Array, picture: number, band: number): number {
  const half = hashes[2 * picture + (band >> 1)];
  return band % 2 === 0 ? half & 0xffff : half >>> 16;
}

/** Pictures sorted by their word in one band: those of word w are members[starts[w]] … */
function buckets(
  hashes: Uint32Array,
  band: number,
): { readonly starts: Int32Array; readonly members: Int32Array } {
  const count = hashes.length / 2;
  const starts = new Int32Array(WORDS + 1);
  for (let at = 0; at < count; at++) starts[wordOf(hashes, at, band) + 1] += 1;
  for (let word = 0; word < WORDS; word++) starts[word + 1] += starts[word];
  const next = starts.slice();
  const members = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const word = wordOf(hashes, at, band);
    members[next[word]] = at;
    next[word] += 1;
  }
  return { starts, members };
}

/** All 16-bit words with at most `bits` ones: 1, 17, 137, 697. */
function masksWithin(bits: number): number[] {
  let layer = [0];
  const all = [0];
  for (let turn = 0; turn < bits; turn++) {
    layer = layer.flatMap((mask) => {
      const lowest = mask === 0 ? 16 : 31 - Math.clz32(mask & -mask);
      return Array.from({ length: lowest }, (_, bit) => mask | (1 << bit));
    });
    all.push(...layer);
  }
  return all;
}
