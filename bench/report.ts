/** The table with what has to be said beside it, for the terminal and for RESULTS.md. */
import type { Circumstances, KeptParts } from './kept.ts';
import {
  PARTS,
  rowsOf,
  tableMarkdown,
  tableText,
  type Measured,
  type PartName,
} from './results.ts';

/** A machine this busy measures its other work. */
const BUSY = 0.7;

const TITLES: Readonly<Record<PartName, string>> = {
  turns: 'Networks and files',
  folders: 'Folders',
  starts: 'Starts',
  bytes: 'Bytes',
};

export interface Report {
  readonly text: string;
  readonly markdown: string;
}

/** @param machine lines that hold for every part */
export function reportOf(kept: ReturnType<KeptParts['read']>, machine: readonly string[]): Report {
  const rows = rowsOf(valuesOf(kept));
  const facts = [...machine, ...PARTS.flatMap((part) => lineOf(part, kept[part]))];
  const missing = PARTS.filter((part) => !kept[part]).map((part) => TITLES[part]);
  if (missing.length > 0) facts.push(`Not measured: ${missing.join(', ')}`);
  const largest = kept.bytes?.value.sizes.files.slice(0, 8) ?? [];
  const markdown = [
    '# Benchmark',
    '',
    'Measured by `npm run bench`. How each figure comes about: [README.md](README.md).',
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    tableMarkdown(rows),
    '',
    ...(largest.length > 0
      ? [
          'The largest files before the first result:',
          '',
          '| | gzip |',
          '| --- | --- |',
          ...largest.map((file) => `| ${file.path} | ${(file.gzip / 1000).toFixed(1)} kB |`),
          '',
        ]
      : []),
  ].join('\n');
  return { text: `${facts.join('\n')}\n\n${tableText(rows)}`, markdown };
}

function valuesOf(kept: ReturnType<KeptParts['read']>): Partial<Measured> {
  return Object.fromEntries(
    PARTS.flatMap((part) => (kept[part] ? [[part, kept[part].value]] : [])),
  );
}

/** Bytes are the same on a busy machine. */
function lineOf(part: PartName, at: Circumstances | undefined): string[] {
  if (!at) return [];
  const busy = part !== 'bytes' && at.load > BUSY;
  const load = `load ${at.load.toFixed(1)} before it`;
  return [
    `${[`${TITLES[part]}: ${at.date}`, load, ...at.facts].join('; ')}${busy ? '. Other work was running: read these as ratios, not as times' : ''}`,
  ];
}
