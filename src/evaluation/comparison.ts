/** Two runs over the same pictures, picture by picture. */
import { bootstrap, type BootstrapOptions, type Interval } from './bootstrap.ts';
import { mcNemar, type McNemar } from './mcnemar.ts';
import type { EvaluatedPicture } from './pictures.ts';
import { topOf } from './study.ts';

/** A picture that one of the two gets right and the other wrong. */
export interface Discordant {
  readonly path: string;
  readonly label: string;
  readonly origin: string | null;
  /** What each answered, and how sure. */
  readonly answers: readonly [string, string];
  readonly confidences: readonly [number, number];
  /** Which of the two is right. */
  readonly right: 0 | 1;
}

export interface Comparison {
  /** Pictures that both read and whose class both know; by path. */
  readonly shared: number;
  /** Pictures of the first run and of the second that the other has not. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly accuracies: readonly [number, number];
  /** Second minus first, paired: both are right or wrong on the same drawn pictures. */
  readonly difference: Interval | null;
  readonly test: McNemar;
  /** The same for the pictures of each class, in the order of the first run's classes. */
  readonly perClass: readonly {
    readonly label: string;
    readonly images: number;
    readonly recalls: readonly [number, number];
    readonly test: McNemar;
  }[];
  readonly discordant: readonly Discordant[];
}

export interface ComparedRun {
  readonly classes: readonly string[];
  readonly pictures: readonly EvaluatedPicture[];
}

interface Pair {
  readonly picture: EvaluatedPicture;
  readonly answers: readonly [string, string];
  readonly confidences: readonly [number, number];
  readonly right: readonly [boolean, boolean];
}

/**
 * Pictures are the same where path and label are: a folder that was changed in between should be
 * named anew. Refused pictures count with their answers, as they do in the accuracy.
 */
export function compare(
  first: ComparedRun,
  second: ComparedRun,
  options: BootstrapOptions = {},
): Comparison {
  const mine = readable(first);
  const theirs = new Map(readable(second).map((picture) => [key(picture), picture]));
  const pairs = mine.flatMap((picture): Pair[] => {
    const other = theirs.get(key(picture));
    if (!other) return [];
    const a = answerOf(picture, first.classes);
    const b = answerOf(other, second.classes);
    return [
      {
        picture,
        answers: [a.label, b.label],
        confidences: [a.confidence, b.confidence],
        right: [a.label === picture.label, b.label === picture.label],
      },
    ];
  });
  const labels = first.classes.filter((label) => second.classes.includes(label));
  const [difference] = bootstrap(
    pairs.map(({ picture }) => labels.indexOf(picture.label)),
    (times) => {
      let gain = 0;
      let all = 0;
      for (const [at, { right }] of pairs.entries()) {
        gain += times[at] * (Number(right[1]) - Number(right[0]));
        all += times[at];
      }
      return [all > 0 ? gain / all : null];
    },
    options,
  );
  return {
    shared: pairs.length,
    onlyFirst: mine.length - pairs.length,
    onlySecond: theirs.size - pairs.length,
    accuracies: shares(pairs),
    difference,
    test: testOf(pairs),
    perClass: labels.map((label) => {
      const members = pairs.filter(({ picture }) => picture.label === label);
      return {
        label,
        images: members.length,
        recalls: shares(members),
        test: testOf(members),
      };
    }),
    discordant: pairs
      .filter(({ right }) => right[0] !== right[1])
      .map(({ picture, answers, confidences, right }) => ({
        path: picture.path,
        label: picture.label,
        origin: picture.origin,
        answers,
        confidences,
        right: right[0] ? (0 as const) : (1 as const),
      })),
  };
}

function key({ path, label }: EvaluatedPicture): string {
  return `${label}\n${path}`;
}

function readable({ classes, pictures }: ComparedRun): EvaluatedPicture[] {
  const known = new Set(classes);
  return pictures.filter(({ label, probabilities }) => probabilities !== null && known.has(label));
}

function answerOf(
  { probabilities }: EvaluatedPicture,
  classes: readonly string[],
): { label: string; confidence: number } {
  const top = topOf(probabilities ?? []);
  return { label: classes[top] ?? '', confidence: probabilities?.[top] ?? 0 };
}

function shares(pairs: readonly Pair[]): [number, number] {
  const share = (which: 0 | 1): number =>
    pairs.length > 0 ? pairs.filter(({ right }) => right[which]).length / pairs.length : 0;
  return [share(0), share(1)];
}

function testOf(pairs: readonly Pair[]): McNemar {
  return mcNemar(
    pairs.map(({ right }) => right[0]),
    pairs.map(({ right }) => right[1]),
  );
}
