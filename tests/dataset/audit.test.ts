import { describe, expect, it } from 'vitest';
import { findNearDuplicates, SMALL_SIDE } from '../../src/dataset/audit/groups.ts';
import { differing, HASH_SIDE, perceptualHash } from '../../src/dataset/audit/hash.ts';
import { eachNeighbor } from '../../src/dataset/audit/neighbors.ts';
import { Random } from '../../src/dataset/index.ts';
import { chestPhantom } from '../../src/model/phantom.ts';
import { toModelInput } from '../../src/preprocess/index.ts';

const SIZE = 256;
type Change = (value: number, x: number, y: number) => number;

function picture(variant: number, change: Change = (value) => value): Float32Array {
  const plain = chestPhantom(SIZE, variant);
  return Float32Array.from(plain, (value, at) =>
    Math.min(1, Math.max(0, change(value, at % SIZE, Math.floor(at / SIZE)))),
  );
}

function cropped(variant: number, by: number): Float32Array {
  const plain = chestPhantom(SIZE, variant);
  const side = SIZE - 2 * by;
  const inner = Float32Array.from(
    { length: side * side },
    (_, at) => plain[(Math.floor(at / side) + by) * SIZE + (at % side) + by] ?? 0,
  );
  return toModelInput(inner, side, side, SIZE);
}

function small(pixels: Float32Array, side: number): Float32Array {
  return toModelInput(pixels, SIZE, SIZE, side);
}

function hashesOf(pictures: readonly Float32Array[]): Uint32Array {
  return Uint32Array.from(pictures.flatMap((each) => perceptualHash(small(each, HASH_SIDE))));
}

function smallsOf(pictures: readonly Float32Array[]): Uint8Array {
  return Uint8Array.from(
    pictures.flatMap((each) =>
      [...small(each, SMALL_SIDE)].map((value) => Math.round(value * 255)),
    ),
  );
}

function distance(a: Float32Array, b: Float32Array): number {
  const [one = 0, two = 0, three = 0, four = 0] = hashesOf([a, b]);
  return differing(one, three) + differing(two, four);
}

describe('the perceptual hash', () => {
  it.each<[string, Float32Array]>([
    ['brighter', picture(1, (value) => 0.15 + 0.8 * value)],
    ['with lettering', picture(1, (value, x, y) => (x < 28 && y < 10 && x % 4 < 2 ? 0.9 : value))],
    ['noisy', picture(1, (value, x, y) => value + 0.04 * Math.sin(37 * x + 91 * y))],
    ['cropped by a hair', cropped(1, 3)],
  ])('hardly changes when a picture is %s', (_, changed) => {
    expect(distance(picture(1), changed)).toBeLessThanOrEqual(8);
  });

  it('is another for another chest, and for the mirror image', () => {
    expect(distance(picture(1), picture(2))).toBeGreaterThan(11);
    const mirrored = picture(1).map((_, at, all) => all[at - 2 * (at % SIZE) + SIZE - 1] ?? 0);
    expect(distance(picture(1), mirrored)).toBeGreaterThan(11);
  });

  it('counts differing bits', () => {
    expect([differing(0, 0xffffffff), differing(0b1011, 0b0010), differing(7, 7)]).toEqual([
      32, 2, 0,
    ]);
  });
});

describe('the index of hashes', () => {
  it.each([0, 3, 5, 11])('finds within %i bits just what comparing every pair finds', (reach) => {
    const random = new Random(9);
    const count = 1500;
    const hashes = Uint32Array.from({ length: 2 * count }, () => random.below(2 ** 32));
    // A third are near copies of others: a few bits turned.
    for (let at = 0; at < count / 3; at++) {
      const from = random.below(count);
      hashes.set(hashes.subarray(2 * from, 2 * from + 2), 2 * at);
      for (let turn = random.below(14); turn > 0; turn--) {
        hashes[2 * at + random.below(2)] ^= 2 ** random.below(32);
      }
    }
    const found: string[] = [];
    eachNeighbor(hashes, reach, (a, b) => found.push(`${a} ${b}`));
    const naive: string[] = [];
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        const bits =
          differing(hashes[2 * a], hashes[2 * b]) + differing(hashes[2 * a + 1], hashes[2 * b + 1]);
        if (bits <= reach) naive.push(`${a} ${b}`);
      }
    }
    expect(naive.length).toBeGreaterThan(20);
    expect(found.sort()).toEqual(naive.sort());
  });
});

describe('groups of near-duplicates', () => {
  it('hold every copy of a picture and no other picture', () => {
    const pictures = [
      picture(1),
      picture(2),
      picture(1, (value) => 0.1 + 0.85 * value),
      picture(3),
      cropped(1, 2),
      picture(4),
      picture(2, (value, x, y) => (x > 220 && y < 10 && x % 4 < 2 ? 0.9 : value)),
    ];
    const { groups } = findNearDuplicates(hashesOf(pictures), smallsOf(pictures));
    expect(groups).toEqual([
      [0, 2, 4],
      [1, 6],
    ]);
  });

  it('hold thousands of the same picture without a list of their millions of pairs', () => {
    const count = 6000;
    const hashes = new Uint32Array(2 * count);
    const smalls = new Uint8Array(24 * 24 * count);
    const [hash, small] = [hashesOf([picture(1)]), smallsOf([picture(1)])];
    for (let at = 0; at < count; at++) {
      hashes.set(hash, 2 * at);
      smalls.set(small, 24 * 24 * at);
    }
    const { groups } = findNearDuplicates(hashes, smalls);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toHaveLength(count);
  });

  it('do not hold blank pictures, which are like everything and nothing', () => {
    const blank = new Float32Array(SIZE * SIZE).fill(0.5);
    const { groups } = findNearDuplicates(hashesOf([blank, blank]), smallsOf([blank, blank]));
    expect(groups).toEqual([]);
  });

  it('of none and of one picture are none', () => {
    expect(findNearDuplicates(new Uint32Array(0), new Uint8Array(0)).groups).toEqual([]);
    expect(findNearDuplicates(hashesOf([picture(1)]), smallsOf([picture(1)])).groups).toEqual([]);
  });
});
