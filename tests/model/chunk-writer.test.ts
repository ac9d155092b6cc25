import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkWriter } from '../../src/model/chunk-writer.ts';
import { sha256 } from '../../src/model/digest.ts';
import { bytesOf } from './support/fixture-model.ts';

/** Cuts bytes at the given places (any order, any number). */
function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return places.map((place, index) => bytes.slice(places[index - 1] ?? 0, place));
}

function join(chunks: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(chunks.flatMap((chunk) => [...new Uint8Array(chunk)]));
}

describe('the chunk writer', () => {
  it('gives the same file and the same hash for any split of the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 600 }),
        fc.array(fc.nat(600), { maxLength: 12 }),
        fc.integer({ min: 1, max: 200 }),
        async (bytes, cuts, size) => {
          const chunks: ArrayBuffer[] = [];
          const writer = new ChunkWriter(size, async (chunk) => void chunks.push(chunk));
          for (const piece of split(bytes, cuts)) await writer.write(piece);
          await writer.flush();
          expect(join(chunks)).toEqual(Uint8Array.from(bytes));
          expect(await sha256(join(chunks))).toBe(createHash('sha256').update(bytes).digest('hex'));
          expect(chunks.slice(0, -1).every((chunk) => chunk.byteLength === size)).toBe(true);
          expect(chunks.length).toBe(Math.ceil(bytes.length / size));
        },
      ),
    );
  });

  it('is a prefix of the file after any break, and the file after any number of resumptions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ take: fc.nat(90), keep: fc.boolean() }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        async (breaks, size) => {
          const file = bytesOf(300, 5);
          const chunks: ArrayBuffer[] = [];
          const stored = (): number => chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
          for (const { take, keep } of [...breaks, { take: 300, keep: true }]) {
            const writer = new ChunkWriter(size, async (chunk) => void chunks.push(chunk));
            await writer.write(file.subarray(stored(), stored() + take));
            if (keep) await writer.flush();
            else writer.discard();
            expect(join(chunks)).toEqual(file.slice(0, stored()));
          }
          expect(join(chunks)).toEqual(file);
        },
      ),
    );
  });

  it('hands each chunk out for good: later bytes do not change it', async () => {
    const chunks: ArrayBuffer[] = [];
    const writer = new ChunkWriter(4, async (chunk) => void chunks.push(chunk));
    const piece = Uint8Array.of(1, 2, 3, 4);
    await writer.write(piece);
    piece.fill(9);
    await writer.write(Uint8Array.of(5, 6, 7, 8, 10));
    expect(writer.pending).toBe(1);
    expect(chunks.map((chunk) => [...new Uint8Array(chunk)])).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  it('waits for the sink and passes its failure on', async () => {
    const writer = new ChunkWriter(2, () => Promise.reject(new Error('disk full')));
    await expect(writer.write(Uint8Array.of(1, 2, 3))).rejects.toThrow('disk full');
    expect(() => new ChunkWriter(0, () => Promise.resolve())).toThrow(RangeError);
  });
});
