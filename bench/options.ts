/** The command line of `npm run bench`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PARTS, type PartName } from './results.ts';

export const USAGE = `npm run bench -- [options]

Measures the shipped network against its peers, and the built app against its own limits, in a
Chromium without a window. Takes a few minutes; nothing else should run meanwhile.

  --parts A,B   only these of ${PARTS.join(', ')}; the table takes the others from
                the last time they were measured with this model
  --runs N      turns of every network and every file, and starts of the app (default 40)
  --passes N    passes over each folder of 60 pictures (default 7)
  --pictures N  pictures in that folder (default 60)
  --app DIR     a built app instead of this checkout's own
  --out FILE    where the table goes as Markdown (default bench/RESULTS.md)
  --help        this text

Exit code: 0 measured (whether the limits are met or not), 1 the networks do not agree, or it failed.
`;

export interface Options {
  readonly parts: readonly PartName[];
  readonly runs: number;
  readonly passes: number;
  readonly pictures: number;
  readonly app: string | null;
  readonly out: string;
}

/** Null: help was asked for. @throws Error that says what is wrong */
export function parseOptions(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      parts: { type: 'string', default: PARTS.join(',') },
      runs: { type: 'string', default: '40' },
      passes: { type: 'string', default: '7' },
      pictures: { type: 'string', default: '60' },
      app: { type: 'string' },
      out: { type: 'string', default: path.join(import.meta.dirname, 'RESULTS.md') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const number = (name: 'runs' | 'passes' | 'pictures'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be 1 or more.`);
    return value;
  };
  return {
    parts: values.parts.split(',').map(partOf),
    runs: number('runs'),
    passes: number('passes'),
    pictures: number('pictures'),
    app: values.app ?? null,
    out: values.out,
  };
}

function partOf(name: string): PartName {
  const known = PARTS.find((part) => part === name);
  if (!known) throw new Error(`--parts knows ${PARTS.join(', ')}, not “${name}”.`);
  return known;
}
