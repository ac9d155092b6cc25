/**
 * The test network with everything assurance needs: a gate file, and a lung network that is small
 * enough to be computed by hand (in float64) and has every op of the shipped one.
 */
import { chestPhantom, parseManifest, type Manifest } from '../../../src/model/index.ts';
import type { ModelBytes } from '../../../src/model/types.ts';
import {
  assuranceFixture,
  FIXTURE_GATE_FILE,
  FIXTURE_LUNG_GRAPH,
} from '../../fixtures/assurance.ts';
import { makeTestModel, type TestModelOptions } from './test-model.ts';

/** Side of the map; the network pools to half of it and grows again. */
export const LUNG_SIDE = 56;
const HALF = LUNG_SIDE / 2;

export interface AssuredOptions extends TestModelOptions {
  readonly lungs?: boolean;
  /** The classifier sees the box around the lungs. */
  readonly crop?: Manifest['input']['crop'];
  /** Added to the lung network's golden answers: a network no backend answers like. */
  readonly lungsWrongBy?: number;
  /** Leave the shards away: a lung network that cannot be built. */
  readonly lungsBroken?: boolean;
}

/** Two numbers a channel: dark places are lung, by either channel's own measure. */
const KERNEL = [-9, -7] as const;
const BIAS = [3.2, 3.4] as const;

/** Float64: mean of 8 × 8 blocks, each twice as wide and high, minus 0.5 + 0.5, times and plus. */
export function referenceLungs(input: Float32Array): Float32Array {
  const block = 224 / HALF;
  const pooled = new Float64Array(HALF * HALF);
  for (let y = 0; y < 224; y++) {
    for (let x = 0; x < 224; x++) {
      const at = Math.floor(y / block) * HALF + Math.floor(x / block);
      pooled[at] += input[y * 224 + x] / (block * block);
    }
  }
  const logits = new Float32Array(LUNG_SIDE * LUNG_SIDE * 2);
  for (let y = 0; y < LUNG_SIDE; y++) {
    for (let x = 0; x < LUNG_SIDE; x++) {
      const value = pooled[(y >> 1) * HALF + (x >> 1)];
      for (const channel of [0, 1]) {
        // (value − 0.5) twice added, as the graph does.
        const centered = 2 * (value - 0.5);
        logits[2 * (y * LUNG_SIDE + x) + channel] = centered * KERNEL[channel] + BIAS[channel];
      }
    }
  }
  return logits;
}

function golden(variant: number, wrongBy: number) {
  const logits = referenceLungs(chestPhantom(224, variant));
  const block = LUNG_SIDE / 8;
  const means = (channel: number): number[] => {
    const sums = Array.from({ length: 64 }, () => wrongBy);
    for (let y = 0; y < LUNG_SIDE; y++) {
      for (let x = 0; x < LUNG_SIDE; x++) {
        const at = Math.floor(y / block) * 8 + Math.floor(x / block);
        sums[at] += logits[2 * (y * LUNG_SIDE + x) + channel] / (block * block);
      }
    }
    return sums;
  };
  return { input: 'phantom' as const, variant, visible: means(0), whole: means(1) };
}

export function makeAssuredModel(options: AssuredOptions = {}): ModelBytes<Manifest> {
  const { lungs = true, lungsWrongBy = 0, lungsBroken = false, crop = null } = options;
  const model = makeTestModel(options);
  const { assurance, gateFile } = assuranceFixture(1, lungs);
  const file = (path: string, bytes: number) => ({ path, bytes, sha256: '0'.repeat(64) });
  const manifest = parseManifest({
    ...model.manifest,
    input: { ...model.manifest.input, crop },
    files: [
      ...model.manifest.files,
      file(FIXTURE_GATE_FILE, gateFile.length),
      ...(lungs ? [file(FIXTURE_LUNG_GRAPH, 1), file('lungs/weights.bin', 1)] : []),
    ],
    assurance: {
      ...assurance,
      ...(assurance.lungs && {
        lungs: {
          ...assurance.lungs,
          output: { ...assurance.lungs.output, side: LUNG_SIDE },
          golden: [golden(0, lungsWrongBy), golden(1, lungsWrongBy)],
          tolerance: 0.005,
        },
      }),
    },
  });
  return {
    ...model,
    manifest,
    gate: gateFile.buffer,
    ...(lungs && { lungs: lungFiles(lungsBroken) }),
  };
}

function lungFiles(broken: boolean): NonNullable<ModelBytes<Manifest>['lungs']> {
  const s = (text: string) => ({ s: btoa(text) });
  const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
  const FLOAT = { T: { type: 'DT_FLOAT' } };
  const shape = (sides: number[]) => ({ shape: { dim: sides.map((n) => ({ size: String(n) })) } });
  const constant = (name: string, sides: number[], type = 'DT_FLOAT') => ({
    name,
    op: 'Const',
    attr: {
      dtype: { type },
      value: { tensor: { dtype: type, tensorShape: shape(sides).shape } },
    },
  });
  const block = 224 / HALF;
  const node = [
    {
      name: 'input',
      op: 'Placeholder',
      attr: { dtype: { type: 'DT_FLOAT' }, ...shape([1, 224, 224, 1]) },
    },
    constant('half', []),
    constant('size', [2], 'DT_INT32'),
    constant('kernel', [1, 1, 1, 2]),
    constant('bias', [2]),
    {
      name: 'pooled',
      op: 'AvgPool',
      input: ['input'],
      attr: {
        ...FLOAT,
        data_format: s('NHWC'),
        ksize: ints(1, block, block, 1),
        strides: ints(1, block, block, 1),
        padding: s('VALID'),
      },
    },
    { name: 'centered', op: 'Sub', input: ['pooled', 'half'], attr: FLOAT },
    {
      name: 'grown',
      op: 'ResizeNearestNeighbor',
      input: ['centered', 'size'],
      attr: { ...FLOAT, align_corners: { b: false }, half_pixel_centers: { b: false } },
    },
    { name: 'twice', op: 'AddV2', input: ['grown', 'grown'], attr: FLOAT },
    {
      name: 'lungs',
      op: '_FusedConv2D',
      input: ['twice', 'kernel', 'bias'],
      attr: {
        ...FLOAT,
        data_format: s('NHWC'),
        strides: ints(1, 1, 1, 1),
        dilations: ints(1, 1, 1, 1),
        padding: s('VALID'),
        explicit_paddings: { list: {} },
        fused_ops: { list: { s: [btoa('BiasAdd')] } },
        num_args: { i: '1' },
        epsilon: { f: 0 },
      },
    },
  ];
  const weights = [
    { name: 'half', shape: [], dtype: 'float32' },
    { name: 'size', shape: [2], dtype: 'int32' },
    { name: 'kernel', shape: [1, 1, 1, 2], dtype: 'float32' },
    { name: 'bias', shape: [2], dtype: 'float32' },
  ];
  const bytes = new Uint8Array(28);
  bytes.set(new Uint8Array(Float32Array.of(0.5).buffer), 0);
  bytes.set(new Uint8Array(Int32Array.of(LUNG_SIDE, LUNG_SIDE).buffer), 4);
  bytes.set(new Uint8Array(Float32Array.of(...KERNEL, ...BIAS).buffer), 12);
  return {
    graph: {
      format: 'graph-model',
      modelTopology: { node, library: {}, versions: { producer: 1 } },
      weightsManifest: [{ paths: ['weights.bin'], weights }],
    },
    shards: broken ? [] : [bytes.buffer],
  };
}
