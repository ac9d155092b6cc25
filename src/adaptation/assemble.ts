/** From embedded pictures to training data, and from a finished training to an adapted model. */
import { softmax } from '../assurance/index.ts';
import { operatingCurvesOf, topOf } from '../evaluation/index.ts';
import type { Manifest } from '../model/index.ts';
import { compareWithInstalled, figuresOf, type Validated } from './compare.ts';
import { TooFewPictures } from './errors.ts';
import { groupEnding, type AdaptedModel } from './model.ts';
import { LEAST_PICTURES, type Plan } from './plan.ts';
import { fitSets, fitTemperature } from '../assurance/index.ts';
import { LEAST_FOR_TEMPERATURE, type Note } from './refit.ts';
import type { EmbeddedPicture, TrainingRecord } from './store.ts';
import type { EmbeddedPart, TrainingData } from './train-head.ts';
import type { Tuned } from './second-stage.ts';
import { logOfBoth } from './log.ts';
import type { Trained } from './trainer-protocol.ts';

/** Numbers in an embedding. */
export const INPUTS = 1280;

/** Pictures that could be read, by place; the last word on each place counts. */
function readable(pictures: readonly EmbeddedPicture[]): Map<number, EmbeddedPicture> {
  return new Map(
    pictures
      .filter(({ embeddings }) => embeddings !== null)
      .sort((a, b) => a.place - b.place)
      .map((picture) => [picture.place, picture]),
  );
}

/**
 * @param copies of each training picture beside itself
 * @throws TooFewPictures if too few of a class could be read, or none of it on one side
 */
export function trainingDataOf(
  plan: Plan,
  pictures: readonly EmbeddedPicture[],
  copies: number,
): TrainingData {
  const known = readable(pictures);
  const classes = plan.labels.length;
  const part = (name: 'training' | 'validation', variants: number): EmbeddedPart => {
    const places = placesOf(plan, known, name);
    const embeddings = new Float32Array(places.length * variants * INPUTS);
    for (const [row, place] of places.entries()) {
      const own = known.get(place)?.embeddings?.subarray(0, variants * INPUTS);
      if (own) embeddings.set(own, row * variants * INPUTS);
    }
    return {
      embeddings,
      variants,
      classOf: Uint8Array.from(places, (place) => plan.pictures[place].truth),
    };
  };
  const data = {
    inputs: INPUTS,
    classes,
    training: part('training', 1 + copies),
    validation: part('validation', 1),
  };
  for (const [k, label] of plan.labels.entries()) {
    const [training, validation] = [countOf(data.training, k), countOf(data.validation, k)];
    if (training + validation < LEAST_PICTURES || training === 0 || validation === 0) {
      throw new TooFewPictures(label, training + validation, LEAST_PICTURES);
    }
  }
  return data;
}

/** Who the rows of `trainingDataOf` are, by place in the plan. */
export function rowsOf(
  plan: Plan,
  pictures: readonly EmbeddedPicture[],
): Record<'training' | 'validation', number[]> {
  const known = readable(pictures);
  return {
    training: placesOf(plan, known, 'training'),
    validation: placesOf(plan, known, 'validation'),
  };
}

function placesOf(
  plan: Plan,
  known: ReadonlyMap<number, EmbeddedPicture>,
  name: 'training' | 'validation',
): number[] {
  return plan.pictures.flatMap(({ part }, place) =>
    part === name && known.has(place) ? [place] : [],
  );
}

function countOf({ classOf }: Pick<EmbeddedPart, 'classOf'>, k: number): number {
  return classOf.reduce((sum, each) => sum + (each === k ? 1 : 0), 0);
}

export interface Circumstances {
  readonly base: Manifest;
  readonly appVersion: string;
  readonly now: number;
}

/** Everything that is fitted and measured once the head is there. */
export function adaptedModelOf(
  record: TrainingRecord,
  plan: Plan,
  pictures: readonly EmbeddedPicture[],
  trained: Trained,
  at: Circumstances,
  tuned: Tuned | null = null,
): AdaptedModel {
  const { labels } = plan;
  const best = tuned?.best ?? null;
  const logits = best?.validation ?? trained.validation;
  const known = readable(pictures);
  const places = placesOf(plan, known, 'validation');
  const truth = places.map((place) => plan.pictures[place].truth);
  const rows = places.map((_, row) =>
    Array.from(logits.subarray(row * labels.length, (row + 1) * labels.length)),
  );
  const notes: Note[] = trained.divergedIn === null ? [] : ['diverged'];
  if (tuned?.note) notes.push(tuned.note);
  const enough = rows.length >= LEAST_FOR_TEMPERATURE;
  if (!enough) notes.push('few-for-temperature');
  const temperature = enough ? fitTemperature(rows, truth) : 1;
  const probabilities = rows.map((row) => softmax(row, temperature));
  const levels = enough ? fitSets(probabilities, truth, labels.length) : [];
  if (levels.length < 2) notes.push('few-for-sets');
  const curves = operatingCurvesOf(
    probabilities.map((shares, row) => ({
      label: labels[truth[row]],
      probabilities: shares,
      refused: null,
    })),
    undefined,
    labels,
  );
  if (!curves) notes.push('few-for-curves');
  if (!at.base.assurance) notes.push('no-gate-in-model');
  else if (trained.gateOf.length < labels.length) notes.push('few-for-gate');
  const validated = places.map((place, row): Validated => ({
    truth: truth[row],
    adapted: rows[row],
    installed: Array.from(known.get(place)?.logits ?? []).slice(0, at.base.labels.length),
  }));
  const counted = (name: 'training' | 'validation'): number[] => {
    const all = placesOf(plan, known, name);
    return labels.map((_, k) => all.filter((place) => plan.pictures[place].truth === k).length);
  };
  return {
    manifest: {
      schema: 1,
      kind: 'fieldray-adapted-model',
      id: record.id,
      name: record.name,
      created: at.now,
      base: record.base,
      labels: [...labels],
      madeWith: { app: at.appVersion, backend: record.backend },
      folder: record.folder.name,
      settings: record.settings,
      pictures: {
        training: counted('training'),
        validation: counted('validation'),
        unreadable: plan.pictures.length - known.size,
      },
      ...bothStages(trained, tuned),
      temperature,
      conformal: levels.length > 0 ? { levels } : null,
      curves,
      gateGroups: trained.gateOf.map((k) => labels[k] + groupEnding(record.name)),
      tuned: best && {
        from: `b${tuned?.from ?? 0}`,
        epochs: best.epoch,
        golden: best.golden.map((each) => [...each]),
        weights: Object.keys(best.weights),
      },
      evaluation: {
        adapted: figuresOf(truth, rows.map(topOf), labels.length),
        comparison: compareWithInstalled(validated, labels, at.base.labels),
      },
      notes,
    },
    head: best?.head ?? trained.head,
    gateCenters: trained.gateCenters,
    overlay: best?.weights ?? {},
  };
}

/** One log; epochs of the second stage are counted on. */
function bothStages(
  trained: Trained,
  tuned: Tuned | null,
): Pick<AdaptedModel['manifest'], 'log' | 'keptEpoch'> {
  const kept = tuned?.best ? trained.log.length + tuned.best.epoch : trained.keptEpoch;
  return { log: logOfBoth(trained.log, tuned?.log ?? []), keptEpoch: kept };
}
