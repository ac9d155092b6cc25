/** From measurements to a table: each figure, and each of the project's limits beside its figure. */
import type { ReadingTimings } from '../src/inference/types.ts';
import type { FolderRuns, Turns } from './site/page.ts';
import type { Sizes, Starts } from './app.ts';
import { median, quantile } from './statistics.ts';

/** The parts that can be measured apart, each a few minutes at most. */
export const PARTS = ['turns', 'folders', 'starts', 'bytes'] as const;

export type PartName = (typeof PARTS)[number];

export interface Measured {
  readonly turns: Turns;
  readonly folders: readonly { side: number; pictures: number; runs: FolderRuns }[];
  readonly starts: Starts;
  readonly bytes: { readonly sizes: Sizes; readonly keptOffline: number };
}

export interface Row {
  readonly what: string;
  readonly figure: string;
  /** Of what it is measured against; empty where there is nothing. */
  readonly compared: string;
  readonly limit: string;
  /** null: no limit. */
  readonly met: boolean | null;
}

const ms = (values: readonly number[]): string =>
  `${median(values).toFixed(1)} ms (${quantile(values, 0.25).toFixed(1)}–${quantile(values, 0.75).toFixed(1)})`;
const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

function row(what: string, figure: string, compared = '', limit?: [string, boolean]): Row {
  return { what, figure, compared, limit: limit?.[0] ?? '', met: limit?.[1] ?? null };
}

function networkRows({ times }: Turns): Row[] {
  const fused = median(times['fused']);
  const ratio = (name: string): number => fused / median(times[name]);
  const against = (name: string): string => `${ratio(name).toFixed(2)} × it`;
  return [
    row('Fieldray, fused graph on WASM', ms(times['fused'])),
    row('onnxruntime-web, 1 thread', ms(times['ort1']), `Fieldray takes ${against('ort1')}`, [
      '≤ 0.85 ×',
      ratio('ort1') <= 0.85,
    ]),
    row('onnxruntime-web, 2 threads', ms(times['ort2']), `Fieldray takes ${against('ort2')}`),
    row(
      'tfjs, the same network unfused',
      ms(times['unfused']),
      `Fieldray takes ${against('unfused')}`,
    ),
  ];
}

function stepsOf(readings: readonly ReadingTimings[]): string {
  const of = (step: keyof ReadingTimings): string =>
    median(readings.map((timings) => timings[step])).toFixed(1);
  return `decode ${of('decode')}, model input ${of('preprocess')}, network ${of('inference')} ms`;
}

function fileRows({ times, steps }: Turns): Row[] {
  const small = median(times['file1024']) / median(times['fused']);
  const large = median(times['file3000']) / median(times['fusedLarge']);
  const dicom = median(times['fileDicom']) / median(times['fusedDicom']);
  const toInput = steps['fileDicom'].map(({ decode, preprocess }) => decode + preprocess);
  return [
    row(
      'File to result, PNG 1024 × 1024',
      ms(times['file1024']),
      `${small.toFixed(2)} × bare inference`,
      ['≤ 1.6 ×', small <= 1.6],
    ),
    row('… inside the worker', stepsOf(steps['file1024'])),
    row(
      '… the same picture as RGB',
      ms(times['fileColor']),
      `${(median(times['fileColor']) / median(times['fused'])).toFixed(2)} × bare inference`,
    ),
    row('… … inside the worker', stepsOf(steps['fileColor'])),
    row(
      'File to result, PNG 3000 × 2500',
      ms(times['file3000']),
      `${large.toFixed(2)} × bare inference`,
    ),
    row('… inside the worker', stepsOf(steps['file3000'])),
    row(
      'File to result, DICOM 3000 × 3000 of 12 bits, uncompressed',
      ms(times['fileDicom']),
      `${dicom.toFixed(2)} × bare inference (${ms(times['fusedDicom'])})`,
    ),
    row('… file to model input', ms(toInput), '', ['≤ 150 ms', median(toInput) <= 150]),
    row('… inside the worker', stepsOf(steps['fileDicom'])),
  ];
}

/**
 * What it costs to say how sure, why, or that a picture cannot be read: the median over the turns of
 * one reading over another of the same turn, so that other work on the machine slows both.
 */
function assuranceRows({ times, steps, lungs }: Turns): Row[] {
  const plain = times['file1024'];
  const added = (name: string): number =>
    median(times[name].map((time, turn) => time / plain[turn])) - 1;
  const before = median(
    steps['file1024'].map(({ examination, inference }) => examination / inference),
  );
  const share = (name: string): string =>
    `${added(name) < 0 ? '−' : '+'}${Math.abs(100 * added(name)).toFixed(0)} %`;
  return [
    row(
      'PNG 1024 × 1024 with gate, quality, evidence map',
      ms(times['examined']),
      share('examined'),
      ['≤ +25 %', added('examined') <= 0.25],
    ),
    lungs
      ? row(
          'The lung network, before the classifier',
          ms(steps['file1024'].map(({ examination }) => examination)),
          `+${(100 * before).toFixed(0)} % of the classifier`,
          ['≤ +40 %', before <= 0.4],
        )
      : row('The lung network', 'this model brings none'),
    row(
      '… and both copies of the test-time check: only where the answer is not clear-cut',
      ms(times['withCopies']),
      share('withCopies'),
    ),
  ];
}

function folderRows(folders: Measured['folders']): Row[] {
  return folders.flatMap(({ side, pictures, runs }) => {
    const { one, pool, poolCold } = runs.rates;
    const rate = (values: readonly number[]): string => `${median(values).toFixed(1)} pictures/s`;
    const gain = (values: readonly number[]): number => median(values) / median(one);
    const name = `Folder of ${pictures} PNG ${side} × ${side}`;
    return [
      row(`${name}, one worker`, rate(one)),
      row(`${name}, pool of ${runs.workers}`, rate(pool), `${gain(pool).toFixed(2)} × one worker`, [
        '≥ 1.6 ×',
        gain(pool) >= 1.6,
      ]),
      row(
        `${name}, pool started by the folder`,
        rate(poolCold),
        `${gain(poolCold).toFixed(2)} × one worker`,
      ),
    ];
  });
}

function startRows(starts: Starts): Row[] {
  return [
    row('App start to its screen, everything stored', ms(starts.screen)),
    row('… engine from the store to its first known answer', ms(starts.engine)),
  ];
}

function byteRows({ sizes, keptOffline }: Measured['bytes']): Row[] {
  return [
    row('Shell before the first paint, gzip', kb(sizes.shell), '', [
      '≤ 60 kB',
      sizes.shell <= 60_000,
    ]),
    row('Everything but the model before the first result, gzip', kb(sizes.beforeResult), '', [
      '≤ 420 kB',
      sizes.beforeResult <= 420_000,
    ]),
    row('The model', kb(sizes.model), `${kb(sizes.modelGzip)} as gzip`),
    row('Everything kept for offline use, gzip, without the model', kb(keptOffline)),
  ];
}

/** Of the parts that were measured. */
export function rowsOf({ turns, folders, starts, bytes }: Partial<Measured>): Row[] {
  return [
    ...(turns ? [...networkRows(turns), ...fileRows(turns), ...assuranceRows(turns)] : []),
    ...(folders ? folderRows(folders) : []),
    ...(starts ? startRows(starts) : []),
    ...(bytes ? byteRows(bytes) : []),
  ];
}

const HEADINGS = ['', 'median (quartiles)', 'compared', 'limit', ''];
const verdict = (met: boolean | null): string => (met === null ? '' : met ? 'met' : 'NOT MET');
const cells = (each: Row): string[] => [
  each.what,
  each.figure,
  each.compared,
  each.limit,
  verdict(each.met),
];

/** Aligned for the terminal. */
export function tableText(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** As Markdown. */
export function tableMarkdown(rows: readonly Row[]): string {
  const lines = [HEADINGS, HEADINGS.map(() => '---'), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}
