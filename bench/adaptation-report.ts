/** What bench/adaptation.ts measured, as bench/RESULTS-adaptation.md. */
import { otherLoad } from './machine.ts';

/** Seconds for reading and training together (issue 6). */
const MOST_SECONDS = 300;
/** A machine this busy beside the measured work measures its other work. */
const BUSY = 0.7;

export interface MeasuredTraining {
  readonly measuredAt: string;
  readonly machine: readonly string[];
  /** Processes that wanted a core before it began. */
  readonly load: number;
  readonly readSeconds: number;
  readonly trainSeconds: number;
  readonly report: {
    readonly labels: readonly string[];
    readonly base: { readonly id: string; readonly version: string };
    readonly madeWith: { readonly backend: string };
    readonly pictures: {
      readonly training: readonly number[];
      readonly validation: readonly number[];
    };
    readonly settings: { readonly epochs: number; readonly copies: number; readonly batch: number };
    readonly evaluation: {
      readonly adapted: { readonly accuracy: number; readonly pictures: number };
      readonly comparison: { readonly installed: { readonly accuracy: number } } | null;
    };
    readonly keptEpoch: number;
    readonly log: readonly unknown[];
  };
}

/** What training/adaptation_parity.py found. */
export interface Parity {
  readonly seeds: readonly {
    readonly seed: number;
    readonly accuracy: number;
    readonly epoch: number;
  }[];
  readonly torch: string;
  /** Shares of 1. */
  readonly apart: number;
  readonly tolerance: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const verdict = (met: boolean): string => (met ? 'met' : 'NOT MET');

export function beforehand(): Pick<MeasuredTraining, 'measuredAt' | 'load'> {
  return { measuredAt: new Date().toISOString().slice(0, 10), load: otherLoad() };
}

export function reportOf(measured: MeasuredTraining, parity: Parity): string {
  const { report, readSeconds, trainSeconds } = measured;
  const { adapted, comparison } = report.evaluation;
  const { training, validation } = report.pictures;
  const seconds = readSeconds + trainSeconds;
  const pictures = [...training, ...validation].reduce((sum, count) => sum + count, 0);
  const rows = [
    [
      'Embeddings',
      `${readSeconds.toFixed(1)} s (${(pictures / readSeconds).toFixed(1)} pictures/s)`,
      '',
    ],
    [
      'Head',
      `${trainSeconds.toFixed(1)} s (${report.log.length} epochs of at most ${report.settings.epochs}, ${report.keptEpoch} kept)`,
      '',
    ],
    ['Both', `${seconds.toFixed(1)} s`, `< ${MOST_SECONDS} s: ${verdict(seconds < MOST_SECONDS)}`],
    ['Validation accuracy in the app', `${percent(adapted.accuracy)} of ${adapted.pictures}`, ''],
    ...parity.seeds.map(({ seed, accuracy, epoch }) => [
      `… in PyTorch ${parity.torch}, seed ${seed}`,
      `${percent(accuracy)} (epoch ${epoch} kept)`,
      '',
    ]),
    [
      '… apart from the mean of these',
      `${(100 * parity.apart).toFixed(2)} points`,
      `≤ ${(100 * parity.tolerance).toFixed(0)} points: ${verdict(parity.apart <= parity.tolerance)}`,
    ],
    ...(comparison
      ? [['Delivered head, same pictures', percent(comparison.installed.accuracy), '']]
      : []),
  ];
  const facts = [
    ...measured.machine,
    `Model ${report.base.id} ${report.base.version} on ${report.madeWith.backend}`,
    `${pictures} pictures of the developers' data: ${report.labels.map((label, k) => `${label} ${(training[k] ?? 0) + (validation[k] ?? 0)}`).join(', ')}; no augmentation, batch ${report.settings.batch}`,
    ...(measured.load > BUSY
      ? [
          `Other work was running (load ${measured.load.toFixed(1)}): the seconds are an upper limit`,
        ]
      : []),
  ];
  return [
    '# Adaptation',
    '',
    `Measured on ${measured.measuredAt} by \`npx tsx bench/adaptation.ts\`. How: [README.md](README.md).`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    '|  | measured | limit |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n');
}
