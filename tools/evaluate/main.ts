/** The whole command: folder → app → figures. */
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../src/base/fault.ts';
import { ensureBuilt } from '../setup/build.mjs';
import { AppSession } from './app-session.ts';
import { parseArguments, USAGE, type EvaluateOptions } from './arguments.ts';
import { EvaluationFault, EXIT, NothingReadable, ResultNotWritten } from './errors.ts';
import { readDataFolder, type DataGroup } from './folder.ts';
import { showProgress } from './progress.ts';
import type { EvaluatedPicture } from '../../src/evaluation/index.ts';
import { evaluate, evaluationText } from './summary.ts';

/** Enough that the pause between two batches does not show, few enough for a steady progress line. */
const BATCH = 64;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** @returns the exit code (errors.ts, EXIT) */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseArguments(argv);
    if (!options) {
      process.stdout.write(USAGE);
      return EXIT.done;
    }
    return await run(options);
  } catch (error) {
    if (error instanceof Fault) console.error(`${error.message}\n${error.remedy}`);
    else console.error(error);
    return error instanceof EvaluationFault ? error.exitCode : EXIT.stopped;
  }
}

async function run(options: EvaluateOptions): Promise<number> {
  const groups = await readDataFolder(path.resolve(options.data), options.limit);
  // Known before an hour of reading, not after it.
  if (options.json !== null) await tryWriting(options.json);
  tellFolder(groups);
  if (options.app === null) ensureBuilt();
  const session = await AppSession.open({
    app: path.resolve(options.app ?? path.join(ROOT, 'dist')),
    port: options.port,
    workers: options.workers,
  });
  const interrupted = untilInterrupted();
  try {
    const { ready } = session;
    console.error(
      `Model ${ready.modelId} ${ready.modelVersion}, Chromium ${session.browserVersion}. ${ready.reason}`,
    );
    const reading = await Promise.race([interrupted.promise, readAll(session, groups)]);
    if (reading === null) {
      console.error('Interrupted: there are no figures.');
      return EXIT.interrupted;
    }
    const { pictures, seconds } = reading;
    const folder = path.basename(path.resolve(options.data));
    const evaluation = evaluate(pictures, { ...ready, seconds, folder });
    if (evaluation.files.length === evaluation.unreadable) {
      const first = pictures.find(({ path: place }) => place === evaluation.files[0]?.path);
      throw new NothingReadable(
        evaluation.unreadable,
        `${first?.path ?? ''}: ${first?.failure?.message ?? ''}`,
      );
    }
    process.stdout.write(evaluationText(evaluation, pictures));
    if (options.json !== null) {
      await write(options.json, `${JSON.stringify(evaluation, null, 1)}\n`);
      console.error(`Everything is in ${options.json}`);
    }
    return EXIT.done;
  } finally {
    interrupted.forget();
    await session.close();
  }
}

async function readAll(
  session: AppSession,
  groups: readonly DataGroup[],
): Promise<{ pictures: EvaluatedPicture[]; seconds: number }> {
  const all = groups.flatMap((group) =>
    group.files.map((file) => ({ ...file, label: group.name })),
  );
  const progress = showProgress(all.length);
  const pictures: EvaluatedPicture[] = [];
  let seconds = 0;
  try {
    for (let start = 0; start < all.length; start += BATCH) {
      const batch = await session.read(all.slice(start, start + BATCH));
      pictures.push(...batch.pictures);
      seconds += batch.seconds;
      progress.at(pictures.length);
      if (batch.recovery !== null) console.error(`\n${batch.recovery}`);
    }
  } finally {
    progress.end();
  }
  return { pictures, seconds };
}

function tellFolder(groups: readonly DataGroup[]): void {
  for (const group of groups) {
    const what = group.label === null ? ' (no class: read without a score)' : '';
    const left = group.leftOut > 0 ? `, ${group.leftOut} more left out` : '';
    console.error(`${group.name}: ${group.files.length} files${left}${what}`);
  }
}

/** Resolves to null on Ctrl+C, so that browser and server are closed in order. */
function untilInterrupted(): { promise: Promise<null>; forget(): void } {
  let hear: () => void = () => undefined;
  const promise = new Promise<null>((resolve) => {
    hear = () => resolve(null);
  });
  process.once('SIGINT', hear);
  process.once('SIGTERM', hear);
  return {
    promise,
    forget() {
      process.off('SIGINT', hear);
      process.off('SIGTERM', hear);
    },
  };
}

/** Beside and renamed: a full disk never leaves half a result. */
async function write(file: string, text: string): Promise<void> {
  const partial = `${file}.part`;
  try {
    await writeFile(partial, text);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw notWritten(file, error);
  }
}

async function tryWriting(file: string): Promise<void> {
  try {
    await writeFile(`${file}.part`, '');
    await rm(`${file}.part`);
  } catch (error) {
    throw notWritten(file, error);
  }
}

function notWritten(file: string, error: unknown): ResultNotWritten {
  return new ResultNotWritten(file, error instanceof Error ? error.message : String(error));
}
