/** The adapted head beside the delivered one, on the same validation pictures. */
import { classificationReport, confusionMatrix, mcNemar, topOf } from '../evaluation/index.ts';
import type { AdaptedManifest, Figures } from './model.ts';

export function figuresOf(
  truth: readonly number[],
  answers: readonly number[],
  classes: number,
): Figures {
  const confusion = confusionMatrix(truth, answers, classes);
  const { accuracy, macro, perClass } = classificationReport(confusion);
  return {
    pictures: truth.length,
    accuracy,
    macroF1: macro.f1,
    perClass: perClass.map((each) => ({ ...each })),
    confusion,
  };
}

/** One validation picture, as both models answered it. */
export interface Validated {
  readonly truth: number;
  /** In the order of the adapted model's classes. */
  readonly adapted: readonly number[];
  /** In the order of the delivered model's. */
  readonly installed: readonly number[];
}

/**
 * @returns the comparison over the pictures whose class the delivered model knows; null with fewer
 *   than two such classes
 */
export function compareWithInstalled(
  pictures: readonly Validated[],
  labels: readonly string[],
  installedLabels: readonly string[],
): NonNullable<AdaptedManifest['evaluation']['comparison']> | null {
  const known = labels.map((label) => installedLabels.indexOf(label));
  if (known.filter((place) => place >= 0).length < 2) return null;
  const shared = pictures.filter(({ truth }) => known[truth] >= 0);
  if (shared.length === 0) return null;
  const truth = shared.map((each) => known[each.truth]);
  const installed = shared.map((each) => topOf(each.installed));
  const installedRight = truth.map((place, at) => installed[at] === place);
  const adaptedRight = shared.map((each) => topOf(each.adapted) === each.truth);
  const test = mcNemar(adaptedRight, installedRight);
  return {
    labels: [...installedLabels],
    installed: figuresOf(truth, installed, installedLabels.length),
    adaptedAccuracy: adaptedRight.filter(Boolean).length / shared.length,
    adaptedOnly: test.firstOnly,
    installedOnly: test.secondOnly,
    p: test.p,
  };
}
