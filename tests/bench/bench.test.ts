import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptParts } from '../../bench/kept.ts';
import { toOihw, toOnnx } from '../../bench/networks/onnx.ts';
import { integer, message, text } from '../../bench/networks/protobuf.ts';
import { asConvolution, readShipped } from '../../bench/networks/shipped.ts';
import { toUnfused } from '../../bench/networks/unfused.ts';
import { parseOptions } from '../../bench/options.ts';
import { reportOf } from '../../bench/report.ts';
import { PARTS, rowsOf, tableMarkdown, tableText, type Measured } from '../../bench/results.ts';
import { median, quantile } from '../../bench/statistics.ts';

describe('protocol buffers', () => {
  // The examples of protobuf.dev/programming-guides/encoding.
  it('writes numbers, texts and messages as the format says', () => {
    expect([...integer(1, 150)]).toEqual([0x08, 0x96, 0x01]);
    expect([...text(2, 'testing')]).toEqual([0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
    expect([...message(3, [integer(1, 150)])]).toEqual([0x1a, 3, 0x08, 0x96, 0x01]);
    expect([...integer(20, 2 ** 35)]).toEqual([0xa0, 0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
    expect(() => integer(1, -1)).toThrow(RangeError);
    expect(() => integer(1, 0.5)).toThrow(RangeError);
  });
});

describe('other forms of the served network', () => {
  const network = readShipped(fileURLToPath(new URL('../../public/models', import.meta.url)));
  const convolutions = network.nodes.filter((node) => asConvolution(node));

  it('turns kernels around without losing one', () => {
    // 1 × 2 places, 2 inputs, 3 outputs: value = 100 place + 10 input + output.
    const values = Float32Array.from(
      [0, 1].flatMap((place) =>
        [0, 1].flatMap((input) => [0, 1, 2].map((output) => 100 * place + 10 * input + output)),
      ),
    );
    expect([...toOihw(values, [1, 2, 2, 3])]).toEqual([
      0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112,
    ]);
  });

  it('writes one Conv for every convolution into the ONNX', () => {
    const bytes = Buffer.from(toOnnx(network));
    const count = (op: string): number =>
      bytes.toString('latin1').split(Buffer.concat([text(4, op)]).toString('latin1')).length - 1;
    expect(convolutions).toHaveLength(52);
    expect(count('Conv')).toBe(52);
    expect(count('Clip')).toBe(35);
    expect(count('Add')).toBe(10);
    expect(count('Gemm')).toBe(1);
  });

  it('takes every fused operation apart', () => {
    const { modelJson, weights } = toUnfused(network);
    const model = JSON.parse(modelJson) as {
      modelTopology: { node: { op: string }[] };
      weightsManifest: { weights: { shape: number[] }[] }[];
    };
    const ops = model.modelTopology.node.map((node) => node.op);
    expect(ops.filter((op) => op === 'FusedBatchNormV3')).toHaveLength(52);
    expect(ops.filter((op) => op === 'Relu6')).toHaveLength(35);
    expect(ops.filter((op) => op.includes('_FusedConv') || op.startsWith('FusedDepth'))).toEqual(
      [],
    );
    const values = model.weightsManifest[0].weights.reduce(
      (sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1),
      0,
    );
    expect(weights.length).toBe(4 * values);
  });
});

describe('parts measured apart', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'fieldray-kept-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const quiet = { date: '2026-01-02', load: 0.1, facts: ['40 starts'] };

  it('make one table, and say how busy the machine was', () => {
    new KeptParts(folder).write('starts', { screen: [300], engine: [400] }, quiet);
    const busy = { ...quiet, date: '2026-01-03', load: 3, facts: [] };
    new KeptParts(folder).write('folders', [], busy);
    const { markdown, text } = reportOf(new KeptParts(folder).read(), ['A machine']);
    expect(markdown).toContain('- A machine\n');
    expect(markdown).toContain('Starts: 2026-01-02; load 0.1 before it; 40 starts\n');
    expect(markdown).toMatch(/Folders: 2026-01-03; load 3\.0 .*Other work was running/);
    expect(markdown).toContain('Not measured: Networks and files, Bytes');
    expect(text).toContain('300.0 ms');
  });

  it('are named on the command line', () => {
    expect(parseOptions([])?.parts).toEqual(PARTS);
    expect(parseOptions(['--parts', 'bytes,turns'])?.parts).toEqual(['bytes', 'turns']);
    expect(() => parseOptions(['--parts', 'bits'])).toThrow(/not “bits”/);
    expect(() => parseOptions(['--runs', '0'])).toThrow(/--runs/);
    expect(parseOptions(['--help'])).toBeNull();
  });
});

describe('the table', () => {
  const measured = (fused: number, shell: number): Measured => ({
    turns: {
      times: {
        fused: [fused, fused, 99],
        ort1: [40],
        ort2: [30],
        unfused: [60],
        file1024: [45],
        fusedLarge: [30],
        file3000: [90],
        fusedDicom: [30],
        fileDicom: [120],
        fileColor: [50],
        examined: [54],
        withCopies: [110],
      },
      steps: {
        file1024: [{ decode: 9, preprocess: 2, inference: 31, examination: 11, total: 54 }],
        file3000: [{ decode: 45, preprocess: 8, inference: 31, examination: 0, total: 88 }],
        fileColor: [{ decode: 12, preprocess: 4, inference: 31, examination: 0, total: 48 }],
        fileDicom: [{ decode: 145, preprocess: 5.5, inference: 31, examination: 0, total: 182 }],
      },
      lungs: true,
    },
    folders: [
      {
        side: 299,
        pictures: 60,
        runs: { workers: 2, rates: { one: [20], pool: [35], poolCold: [28] } },
      },
    ],
    starts: { screen: [300], engine: [400] },
    bytes: {
      sizes: { shell, beforeResult: 420_001, model: 4_500_000, modelGzip: 4_100_000, files: [] },
      keptOffline: 700_000,
    },
  });
  const verdicts = (it: Measured): Record<string, boolean> =>
    Object.fromEntries(
      rowsOf(it).flatMap((row) => (row.met === null ? [] : [[row.limit, row.met]])),
    );

  it('holds each limit against its figure', () => {
    expect(verdicts(measured(30, 60_000))).toEqual({
      '≤ 0.85 ×': true,
      '≤ 1.6 ×': true,
      '≤ 150 ms': false,
      '≤ +25 %': true,
      '≤ +40 %': true,
      '≥ 1.6 ×': true,
      '≤ 60 kB': true,
      '≤ 420 kB': false,
    });
    expect(verdicts(measured(35, 60_001))).toMatchObject({
      '≤ 0.85 ×': false,
      '≤ 60 kB': false,
    });
  });

  it('says the same in the terminal and in Markdown', () => {
    const rows = rowsOf(measured(30, 50_000));
    for (const text of [tableText(rows), tableMarkdown(rows)]) {
      expect(text).toContain('30.0 ms (30.0–64.5)');
      expect(text).toContain('Fieldray takes 0.75 × it');
      expect(text).toContain('1.50 × bare inference');
      expect(text).toContain('decode 9.0, model input 2.0, network 31.0 ms');
      expect(text).toContain('1.75 × one worker');
      expect(text).toContain('NOT MET');
    }
  });

  it('has no row for what was not measured, and none of lungs where the model has none', () => {
    const { turns, bytes } = measured(30, 50_000);
    const parts = rowsOf({ bytes }).map(({ what }) => what);
    expect(parts).toContain('The model');
    expect(parts.some((what) => /Folder|File|onnx|start/.test(what))).toBe(false);
    const without = rowsOf({ turns: { ...turns, lungs: false } });
    const lungs = without.find(({ what }) => what.includes('lung network'));
    expect(lungs).toMatchObject({ met: null, limit: '' });
  });

  it('takes medians that are in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });
});
