/**
 * The benchmark's one page. Every contender has a worker of its own and one of them works at a time,
 * in turns, so that whatever happens on the machine happens to all of them.
 */
import * as Comlink from 'comlink';
import { Random } from '../../src/dataset/index.ts';
import { createScreeningService, selfTestModel } from '../../src/inference/index.ts';
import type {
  Examination,
  MeasuredScreeningService,
  ReadingTimings,
} from '../../src/inference/index.ts';
import { chestPhantom, openModelStore } from '../../src/model/index.ts';
import { pictureToModelInput } from '../../src/preprocess/index.ts';
import { closePicture, decodePicture } from '../../src/radiograph/index.ts';
import { SIDE, type Contender } from './contender.ts';

/** Not the browser's storage: each service chooses anew and remembers nothing. */
const forgetful = { read: () => null, write: () => undefined };
/** onnxruntime's threads spin for a while after a run: the next one must not pay for that. */
const PAUSE_MS = 25;
const MOST_WARM_UP = 6;

export type Names = 'fused' | 'ort1' | 'ort2' | 'unfused';
export interface Agreement {
  /** Largest difference from our fused graph, over the largest logit of the picture or 1. */
  readonly largest: number;
  readonly sameClass: boolean;
}
export interface Turns {
  /** Milliseconds of every run, by name. */
  readonly times: Readonly<Record<string, readonly number[]>>;
  /** Steps of every whole reading inside the worker, by the name of its file. */
  readonly steps: Readonly<Record<string, readonly ReadingTimings[]>>;
  /** Whether the served model brought a lung network. */
  readonly lungs: boolean;
}
export interface FolderRuns {
  readonly workers: number;
  /** Pictures a second of every pass, by way. */
  readonly rates: Readonly<Record<'one' | 'pool' | 'poolCold', readonly number[]>>;
}

const contenders = new Map<Names, Comlink.Remote<Contender>>();

function worker(name: Names): Worker {
  switch (name) {
    case 'fused':
      return new Worker(new URL('./fused.worker.ts', import.meta.url), { type: 'module' });
    case 'unfused':
      return new Worker(new URL('./unfused.worker.ts', import.meta.url), { type: 'module' });
    case 'ort1':
    case 'ort2':
      return new Worker(new URL('./ort.worker.ts', import.meta.url), { type: 'module' });
  }
}

function contender(name: Names): Comlink.Remote<Contender> {
  const found = contenders.get(name);
  if (!found) throw new Error(`${name} is not open.`);
  return found;
}

async function picture(name: string): Promise<Blob> {
  const answer = await fetch(`pictures/${name}`);
  if (!answer.ok) throw new Error(`${name}: status ${answer.status}`);
  return answer.blob();
}

async function inputOf(source: Blob): Promise<Float32Array> {
  const decoded = await decodePicture(source);
  try {
    return pictureToModelInput(decoded);
  } finally {
    closePicture(decoded);
  }
}

async function service(poolSize?: number): Promise<MeasuredScreeningService> {
  const made = createScreeningService({
    memory: forgetful,
    helperIdleMs: 3_600_000,
    ...(poolSize === undefined ? {} : { poolSize }),
  });
  await made.start();
  await made.settled();
  const { chosen } = made.report();
  if (chosen !== 'wasm') {
    // On a real GPU the app is right to choose it; the figures here are about WASM.
    await made.chooseBackend('wasm');
  }
  return made;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens every contender and installs the model as the app does. */
async function open(): Promise<void> {
  if (!crossOriginIsolated) throw new Error('The page is not cross-origin isolated.');
  const threads: Record<Names, number> = { fused: 1, unfused: 1, ort1: 1, ort2: 2 };
  for (const [name, count] of Object.entries(threads) as [Names, number][]) {
    const remote = Comlink.wrap<Contender>(worker(name));
    await remote.open(location.href, count);
    contenders.set(name, remote);
  }
  const store = await openModelStore();
  await store.install(new URL('models/', location.href), {
    selfTest: (bytes) => selfTestModel(bytes),
  });
  store.close();
}

/** The same pictures through every contender: they must say the same before any is timed. */
async function agreement(): Promise<Record<Exclude<Names, 'fused'>, Agreement>> {
  const noise = Float32Array.from({ length: SIDE * SIDE }, (_, at) => ((at * 7919) % 1000) / 1000);
  const flat = new Float32Array(SIDE * SIDE).fill(0.5);
  const inputs = [...[0, 1, 2, 3, 4, 5].map((k) => chestPhantom(SIDE, k)), noise, flat];
  const result = {} as Record<Exclude<Names, 'fused'>, Agreement>;
  for (const name of ['ort1', 'ort2', 'unfused'] as const) {
    let largest = 0;
    let sameClass = true;
    for (const values of inputs) {
      const ours = (await contender('fused').run(values)).logits;
      const theirs = (await contender(name).run(values)).logits;
      const scale = Math.max(1, ...ours.map(Math.abs));
      for (const [at, logit] of ours.entries()) {
        // A missing or NaN logit must not pass for agreement.
        const gap = Math.abs(logit - (theirs[at] ?? Number.NaN)) / scale;
        largest = gap >= largest || Number.isNaN(gap) ? gap : largest;
      }
      sameClass &&= ours.indexOf(Math.max(...ours)) === theirs.indexOf(Math.max(...theirs));
    }
    result[name] = { largest, sameClass };
  }
  return result;
}

/** Networks and whole readings of the same pictures, in turns. */
async function turns(rounds: number): Promise<Turns> {
  const small = await picture('1024x1024.png');
  const large = await picture('3000x2500.png');
  const color = await picture('color.png');
  const dicom = await picture('large.dcm');
  const smallInput = await inputOf(small);
  const largeInput = await inputOf(large);
  const whole = await service(1);
  const network = (name: Names, values: Float32Array) => async (): Promise<number> =>
    (await contender(name).run(values)).ms;
  const dicomInput = await inputOf(dicom);
  const steps: Record<string, ReadingTimings[]> = {};
  let lungs = false;
  const reading = (name: string, source: Blob, examine?: Examination) => {
    steps[name] = [];
    return async (): Promise<number> => {
      const begun = performance.now();
      const result = await whole.screen(source, examine ? { examine } : {});
      const ms = performance.now() - begun;
      result.thumbnail?.close();
      steps[name].push(result.timings);
      lungs ||= result.evidence?.lungs.state === 'done';
      return ms;
    };
  };
  const entries: [string, () => Promise<number>][] = [
    ['fused', network('fused', smallInput)],
    ['ort1', network('ort1', smallInput)],
    ['ort2', network('ort2', smallInput)],
    ['unfused', network('unfused', smallInput)],
    ['file1024', reading('file1024', small)],
    ['examined', reading('examined', small, { copies: false })],
    ['withCopies', reading('withCopies', small, { copies: 'always' })],
    ['fileColor', reading('fileColor', color)],
    ['fusedLarge', network('fused', largeInput)],
    ['file3000', reading('file3000', large)],
    ['fusedDicom', network('fused', dicomInput)],
    ['fileDicom', reading('fileDicom', dicom)],
  ];
  const times: Record<string, number[]> = Object.fromEntries(entries.map(([name]) => [name, []]));
  try {
    const warmUp = Math.min(MOST_WARM_UP, rounds);
    for (let round = -warmUp; round < rounds; round += 1) {
      // Steps of the warming up do not count either.
      if (round === 0) for (const list of Object.values(steps)) list.length = 0;
      // Shuffled, the same way each time it is measured: nobody always comes after the same neighbor,
      // which leaves the caches its own way and its threads spinning.
      const order = new Random(round + warmUp).shuffle([...entries]);
      for (const [name, run] of order) {
        const ms = await run();
        if (round >= 0) times[name].push(ms);
        await pause(PAUSE_MS);
      }
    }
  } finally {
    whole.dispose();
  }
  return { times, steps, lungs };
}

async function rate(screening: MeasuredScreeningService, files: readonly Blob[]): Promise<number> {
  const failed: string[] = [];
  const begun = performance.now();
  await screening.screenMany(files, {
    onReading: (_, reading) => reading.thumbnail?.close(),
    onFailure: (_, failure) => failed.push(failure.code),
  });
  const seconds = (performance.now() - begun) / 1000;
  if (failed.length > 0) throw new Error(`The folder was not read: ${failed.join(', ')}`);
  return files.length / seconds;
}

/**
 * A folder with one worker, with the pool at work already, and with a pool whose helpers are started
 * by the batch itself, in turns.
 */
async function folder(
  name: string,
  count: number,
  distinct: number,
  passes: number,
): Promise<FolderRuns> {
  const blobs = await Promise.all(
    Array.from({ length: distinct }, (_, at) => picture(`${name}/${at}.png`)),
  );
  const files = Array.from({ length: count }, (_, at) => blobs[at % distinct]);
  const one = await service(1);
  const pool = await service();
  const rates = { one: [] as number[], pool: [] as number[], poolCold: [] as number[] };
  try {
    await rate(one, files.slice(0, 8));
    await rate(pool, files);
    for (let pass = 0; pass < passes; pass += 1) {
      rates.one.push(await rate(one, files));
      rates.pool.push(await rate(pool, files));
      const cold = await service();
      rates.poolCold.push(await rate(cold, files));
      cold.dispose();
    }
    return { workers: pool.report().workers, rates };
  } finally {
    one.dispose();
    pool.dispose();
  }
}

const bench = { open, agreement, turns, folder };
export type Bench = typeof bench;
(globalThis as unknown as { fieldrayBench: Bench }).fieldrayBench = bench;
