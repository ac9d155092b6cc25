/** Which pictures of a labelled folder a training takes, which of them it is tested on, and how copies change. */
import { Random, splitByGroup, type LabelledFolder } from '../dataset/index.ts';
import { CLASS_LABELS } from '../model/index.ts';
import type { AffineMatrix } from '../preprocess/index.ts';
import { ClassCountUnusable, TooFewPictures } from './errors.ts';
import { drawGeometry, matrixOf } from './geometry.ts';
import { MOST_CLASSES } from './model.ts';
import type { TrainingSettings } from './settings.ts';

/** Fewer of a class, and neither training nor testing on it means anything. */
export const LEAST_PICTURES = 4;

export interface PlannedPicture {
  readonly path: string;
  /** Position among the plan's classes. */
  readonly truth: number;
  readonly part: 'training' | 'validation';
}

export interface Plan {
  readonly labels: readonly string[];
  readonly pictures: readonly PlannedPicture[];
}

/** The four in their fixed order, then the site's own as the folder has them. */
export function classOrder(labels: readonly string[]): string[] {
  const known = CLASS_LABELS.filter((label) => labels.includes(label));
  return [...known, ...labels.filter((label) => !(known as string[]).includes(label))];
}

/**
 * The same for the same folder and settings. Groups (near-duplicates) stay on one side.
 * @throws ClassCountUnusable, TooFewPictures
 */
export function planOf(folder: LabelledFolder, settings: TrainingSettings): Plan {
  const labels = classOrder(folder.labels);
  if (labels.length < 2 || labels.length > MOST_CLASSES) {
    throw new ClassCountUnusable(labels.length, MOST_CLASSES);
  }
  const random = new Random(settings.seed);
  const taken = labels.flatMap((label) => {
    const places = folder.items.flatMap((item, at) => (item.label === label ? [at] : []));
    if (places.length < LEAST_PICTURES) {
      throw new TooFewPictures(label, places.length, LEAST_PICTURES);
    }
    const some =
      settings.perClass > 0 && places.length > settings.perClass
        ? random.shuffle(places).slice(0, settings.perClass)
        : places;
    return some.sort((a, b) => a - b);
  });
  const items = taken.map((at) => folder.items[at]);
  const parts = splitByGroup(
    items,
    [
      { name: 'training', share: 1 - settings.validationShare },
      { name: 'validation', share: settings.validationShare },
    ],
    settings.seed,
  );
  for (const label of labels) giveBoth(label, items, parts);
  return {
    labels,
    pictures: items.map((item, at) => ({
      path: item.path,
      truth: labels.indexOf(item.label),
      part: parts[at] === 1 ? 'validation' : 'training',
    })),
  };
}

/** A small class may have fallen to one side as a whole: one group of it changes over. */
function giveBoth(
  label: string,
  items: readonly { readonly label: string; readonly group: string | null }[],
  parts: number[],
): void {
  const places = items.flatMap((item, at) => (item.label === label ? [at] : []));
  for (const lacking of [1, 0]) {
    if (places.some((at) => parts[at] === lacking)) continue;
    const last = places.at(-1) ?? 0;
    const { group } = items[last];
    const moving = items.flatMap((item, at) =>
      at === last || (group !== null && item.group === group) ? [at] : [],
    );
    // All of a class in one group cannot be divided: testing on what was trained on would be worse.
    const stays = places.filter((at) => !moving.includes(at));
    if (stays.length === 0) throw new TooFewPictures(label, 1, LEAST_PICTURES);
    for (const at of moving) parts[at] = lacking;
  }
}

/** How the copies of a training picture are changed; by place, so that the order of reading is all one. */
export function copiesOf(settings: TrainingSettings, place: number): AffineMatrix[] {
  const random = new Random((settings.seed ^ Math.imul(place + 1, 0x9e3779b1)) >>> 0);
  return Array.from({ length: settings.copies }, () =>
    matrixOf(drawGeometry(settings.geometry, random)),
  );
}
