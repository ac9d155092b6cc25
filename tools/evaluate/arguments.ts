/** The command line, parsed and checked before anything is started. */
import { parseArgs } from 'node:util';
import { WrongArguments } from './errors.ts';

export interface EvaluateOptions {
  /** Folder with the class folders inside. */
  readonly data: string;
  /** Where the JSON goes; null: nowhere. */
  readonly json: string | null;
  /** At most this many pictures of each folder, the first ones by name. */
  readonly limit: number;
  /** Workers that read pictures on the WASM backend, 1 … 4; null: as many as the app itself takes. */
  readonly workers: number | null;
  /** Port to serve the app on; 0: any free one. */
  readonly port: number;
  /** A built app; null: dist/, built first if the sources changed. */
  readonly app: string | null;
}

export const USAGE = `npm run evaluate -- --data DIR [options]

Reads labelled radiographs with the built app in a Chromium without a window, and tells how often it
is right. DIR holds COVID/, Lung_Opacity/, Normal/ and Viral Pneumonia/, the pictures directly inside
or in images/ (masks/ is left alone). Other folders in DIR are read too and told without a score.
Nothing leaves this machine.

  --data DIR     the folder
  --json FILE    also write everything, every picture's answer included, as JSON
  --limit N      at most N pictures of each folder, the first ones by name
  --workers N    workers that share the pictures on WASM, 1 to 4 (default: as the app decides)
  --port N       serve the app on this port of 127.0.0.1 (default: any free one)
  --app DIR      a built app instead of this checkout's own
  --help         this text

Figures go to the standard output, progress and errors to the standard error.
Exit code: 0 done (pictures that could not be read are listed, not fatal), 1 stopped in the middle or
not one picture could be read, 2 wrong command line or folder, 3 no browser, model, built app or port,
130 interrupted.
`;

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    const range =
      most === Number.MAX_SAFE_INTEGER ? `from ${least} up` : `from ${least} to ${most}`;
    throw new WrongArguments(`--${name} must be a whole number ${range}, not “${text}”.`);
  }
  return value;
}

/**
 * @returns null if only help is asked for
 * @throws WrongArguments
 */
export function parseArguments(argv: readonly string[]): EvaluateOptions | null {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        json: { type: 'string' },
        limit: { type: 'string' },
        workers: { type: 'string' },
        port: { type: 'string' },
        app: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error));
  }
  if (values['help'] === true) return null;
  const text = (name: string): string | null => {
    const value = values[name];
    if (value === '') throw new WrongArguments(`--${name} is empty.`);
    return typeof value === 'string' ? value : null;
  };
  const number = (name: string, least: number, most: number): number | null => {
    const value = text(name);
    return value === null ? null : wholeNumber(name, value, least, most);
  };
  const data = text('data');
  if (data === null) throw new WrongArguments('--data names no folder.');
  return {
    data,
    json: text('json'),
    limit: number('limit', 1, Number.MAX_SAFE_INTEGER) ?? Number.POSITIVE_INFINITY,
    workers: number('workers', 1, 4),
    port: number('port', 0, 65_535) ?? 0,
    app: text('app'),
  };
}
