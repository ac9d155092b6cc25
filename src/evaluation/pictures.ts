/**
 * What one run says of every file, and the figures that come of it. The same for the screen, the
 * command line and whatever is written out, so that no two of them can differ.
 */
import type { BootstrapOptions } from './bootstrap.ts';
import { studyOf, topOf, type Answer, type EvaluationStudy } from './study.ts';

/** One file of the labelled folder with what the model said of it. Plain data; no pixel stands in it. */
export interface EvaluatedPicture {
  /** Inside the folder, with `/`. */
  readonly path: string;
  /** The class its folder names; not always one that the model knows. */
  readonly label: string;
  /** The collection it came from; null if nothing says so. */
  readonly origin: string | null;
  /** As the network gave them; null if the file could not be read, like `probabilities`. */
  readonly logits: readonly number[] | null;
  /** Calibrated, in the order of the run's classes, under the model's own class shares. */
  readonly probabilities: readonly number[] | null;
  /** Code of the refusal; null if the app answers. */
  readonly refused: string | null;
  /** Positions of the classes named at each nominal coverage ("0.9" → [0, 1]). */
  readonly sets: Readonly<Record<string, readonly number[]>>;
  /** Why the file could not be read; null if it could. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Missing where nothing was read, and in what earlier versions of the app kept. */
  readonly checks?: Checks | undefined;
  /**
   * Which figures the probabilities and sets come from (`Fit.kind` of assurance); missing where nothing
   * was read, and in what earlier versions of the app kept.
   */
  readonly fit?: string | undefined;
  /** Perceptual hash of the picture, 16 hexadecimal digits. */
  readonly hash?: string | undefined;
}

/** What the app says of a picture besides its classes. */
export interface Checks {
  /** Score of the gate (is it a frontal chest radiograph?); null if the model has none. */
  readonly gate: number | null;
  /** Codes of what speaks against relying on the answer, most serious first (docs/refusals.md). */
  readonly cautions: readonly string[];
  /** What was measured for each of them that is a finding on the picture's quality. */
  readonly measured: Readonly<Record<string, number>>;
  /** Share of each class's evidence inside the lungs, 0 … 1, in the order of the run's classes. */
  readonly insideLungs: readonly (number | null)[];
  /** Share of the picture that is lung; null without a lung map. */
  readonly lungArea: number | null;
}

/** A folder that is none of the model's classes: read, and told without a score. */
export interface OtherFolder {
  readonly name: string;
  readonly images: number;
  /** null if not one of them could be read. */
  readonly meanTopProbability: number | null;
  /** How often each class was answered, in the order of the classes. */
  readonly answers: readonly number[];
  readonly refused: number;
  readonly unreadable: number;
}

export interface EvaluationResult {
  readonly classes: readonly string[];
  /** null if no picture of one of the classes could be read. */
  readonly study: EvaluationStudy | null;
  /** The pictures of `study`: its positions (`errors` …) count in these. */
  readonly scored: readonly EvaluatedPicture[];
  /** Files of the classes that could not be read: in no figure. */
  readonly unreadable: readonly EvaluatedPicture[];
  readonly others: readonly OtherFolder[];
}

/** In three heaps: with a score, unreadable, and of folders that the model does not know. */
export function sortPictures(
  pictures: readonly EvaluatedPicture[],
  classes: readonly string[],
): Omit<EvaluationResult, 'study'> {
  const known = new Set(classes);
  const inside = pictures.filter(({ label }) => known.has(label));
  const others = new Map<string, EvaluatedPicture[]>();
  for (const picture of pictures) {
    if (known.has(picture.label)) continue;
    const list = others.get(picture.label);
    if (list) list.push(picture);
    else others.set(picture.label, [picture]);
  }
  return {
    classes,
    scored: inside.filter(({ probabilities }) => probabilities !== null),
    unreadable: inside.filter(({ probabilities }) => probabilities === null),
    others: [...others]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, members]) => otherFolder(name, members, classes.length)),
  };
}

/** For `studyOf`: what it needs of the scored pictures. */
export function answersOf(
  scored: readonly EvaluatedPicture[],
  classes: readonly string[],
): Answer[] {
  return scored.map(({ path, label, probabilities, origin, refused, sets }) => ({
    path,
    truth: classes.indexOf(label),
    probabilities: probabilities ?? [],
    origin,
    refused,
    sets,
  }));
}

/** All figures at once. Ten seconds of computing for 20,000 pictures: off the page, in a worker. */
export function resultOf(
  pictures: readonly EvaluatedPicture[],
  classes: readonly string[],
  options: BootstrapOptions = {},
): EvaluationResult {
  const sorted = sortPictures(pictures, classes);
  const answers = answersOf(sorted.scored, classes);
  return { ...sorted, study: answers.length > 0 ? studyOf(answers, classes, options) : null };
}

function otherFolder(
  name: string,
  members: readonly EvaluatedPicture[],
  classes: number,
): OtherFolder {
  const answers = new Array<number>(classes).fill(0);
  let sum = 0;
  let read = 0;
  for (const { probabilities } of members) {
    if (probabilities === null) continue;
    read++;
    sum += Math.max(...probabilities);
    answers[topOf(probabilities)]++;
  }
  return {
    name,
    images: members.length,
    meanTopProbability: read > 0 ? sum / read : null,
    answers,
    refused: members.filter(({ refused }) => refused !== null).length,
    unreadable: members.length - read,
  };
}
