import { describe, expect, it } from 'vitest';
import { expandWeights, ManifestUnusable } from '../../src/model/index.ts';

const perChannel = (axis: number, scale = 'w/scale') => ({
  dtype: 'uint8-per-channel',
  axis,
  zero: 128,
  scale,
});

function buffer(...parts: readonly (Uint8Array | Float32Array)[]): ArrayBuffer {
  const bytes = parts.flatMap((part) => [
    ...new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  ]);
  return Uint8Array.from(bytes).buffer;
}

function model(shape: number[], axis: number, channels: number, scale?: string) {
  return {
    modelTopology: { node: [] },
    weightsManifest: [
      {
        paths: ['a.bin', 'b.bin'],
        weights: [
          { name: 'w', shape, dtype: 'float32', quantization: perChannel(axis, scale) },
          { name: 'w/scale', shape: [channels], dtype: 'float32' },
          { name: 'b', shape: [2], dtype: 'float32' },
        ],
      },
    ],
  };
}

const bytes = Uint8Array.of(128, 129, 127, 255, 0, 130);
const scales = Float32Array.of(0.5, 0.1, 3);
const bias = Float32Array.of(7, -8);

describe('weights of 8 bits with one scale per channel', () => {
  it('become float32, channel by channel, with the last axis as channels', () => {
    const all = buffer(bytes, scales, bias);
    // Cut in the middle of a scale: shards know nothing of weights.
    const shards = [all.slice(0, 9), all.slice(9)];
    const result = expandWeights({ graph: model([2, 3], 1, 3), shards });
    const f = Math.fround;
    expect([...new Float32Array(result.shards[0])]).toEqual([
      0,
      f(f(0.1)),
      -3,
      63.5,
      f(-128 * f(0.1)),
      6,
    ]);
    expect([...new Float32Array(result.shards[1])]).toEqual([7, -8]);
    expect(result.graph).toEqual({
      modelTopology: { node: [] },
      weightsManifest: [
        {
          paths: ['w', 'b'],
          weights: [
            { name: 'w', shape: [2, 3], dtype: 'float32' },
            { name: 'b', shape: [2], dtype: 'float32' },
          ],
        },
      ],
    });
  });

  it('take the channels along a middle axis, as depthwise filters have them', () => {
    const shards = [buffer(Uint8Array.of(129, 130, 131, 132, 133, 134), scales, bias), buffer()];
    const result = expandWeights({ graph: model([1, 3, 2], 1, 3), shards });
    const f = Math.fround;
    expect([...new Float32Array(result.shards[0])]).toEqual([
      0.5,
      1,
      f(3 * f(0.1)),
      f(4 * f(0.1)),
      15,
      18,
    ]);
  });

  it('leave every other model as it is', () => {
    const files = {
      graph: {
        weightsManifest: [
          {
            paths: ['a'],
            weights: [
              { name: 'w', shape: [1], dtype: 'float32', quantization: { dtype: 'float16' } },
            ],
          },
        ],
      },
      shards: [new ArrayBuffer(2)],
    };
    expect(expandWeights(files)).toBe(files);
  });

  it.each([
    ['too few bytes', model([2, 3], 1, 3), [buffer(bytes, scales)]],
    ['too many bytes', model([2, 3], 1, 3), [buffer(bytes, scales, bias, bias)]],
    ['scales that are not there', model([2, 3], 1, 3, 'x'), [buffer(bytes, scales, bias)]],
    ['scales for another axis', model([2, 3], 0, 3), [buffer(bytes, scales, bias)]],
    ['no list of weights', { weightsManifest: 'none' }, [buffer(bytes, scales, bias)]],
  ])('are refused with %s', (_, graph, shards) => {
    expect(() => expandWeights({ graph, shards })).toThrow(ManifestUnusable);
  });
});
