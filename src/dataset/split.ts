/**
 * Parts of a labelled collection that share no group: pictures of one patient, or near-duplicates,
 * never stand on both sides, so that what is measured on one part was not seen in another.
 */
import { Random } from '../base/random.ts';

/** One picture: what it is of, and what must stay together. */
export interface Grouped {
  /** Pictures are spread so that each part has every class in about its share. */
  readonly label: string;
  /** Pictures with the same group go to the same part; `null` stands alone. */
  readonly group: string | null;
}

export interface Part {
  readonly name: string;
  /** Relative size; the shares need not sum to 1. */
  readonly share: number;
}

interface Bundle {
  readonly members: number[];
  readonly counts: Map<string, number>;
}

/**
 * Which part each picture goes to: group-aware, stratified by class, the same for the same seed.
 *
 * Groups are dealt one by one, the largest first (ties in seeded order), each to the part that
 * afterwards lies nearest to its wanted counts of the group's classes. With groups of one this is
 * exact stratification up to rounding.
 * @returns the position in `parts` for each picture
 * @throws RangeError if no part has a share above zero, or a share is negative or no number
 */
export function splitByGroup(
  pictures: readonly Grouped[],
  parts: readonly Part[],
  seed: number,
): number[] {
  const whole = parts.reduce((sum, part) => sum + part.share, 0);
  if (!(whole > 0) || parts.some(({ share }) => !(share >= 0))) {
    throw new RangeError('A split needs parts with shares of at least 0, and one above 0.');
  }
  const totals = countLabels(pictures);
  const wanted = parts.map(
    ({ share }) => new Map([...totals].map(([l, n]) => [l, (n * share) / whole])),
  );
  const given = parts.map(() => new Map<string, number>());
  const result = new Array<number>(pictures.length).fill(0);
  for (const bundle of bundles(pictures, new Random(seed))) {
    let best = 0;
    let bestGain = Number.NEGATIVE_INFINITY;
    for (const [at, want] of wanted.entries()) {
      if ((parts[at]?.share ?? 0) === 0) continue;
      const gain = roomFor(bundle, want, given[at] ?? new Map<string, number>());
      if (gain > bestGain) {
        bestGain = gain;
        best = at;
      }
    }
    for (const member of bundle.members) result[member] = best;
    const table = given[best];
    for (const [label, n] of bundle.counts) table?.set(label, (table.get(label) ?? 0) + n);
  }
  return result;
}

/** How much the part still lacks of the bundle's classes, as a share of what it wants. */
function roomFor(bundle: Bundle, want: Map<string, number>, has: Map<string, number>): number {
  let room = 0;
  for (const [label, n] of bundle.counts) {
    const wish = want.get(label) ?? 0;
    room += n * ((wish - (has.get(label) ?? 0)) / Math.max(wish, 1e-9));
  }
  return room;
}

function bundles(pictures: readonly Grouped[], random: Random): Bundle[] {
  const byGroup = new Map<string, Bundle>();
  const all: Bundle[] = [];
  for (const [at, { label, group }] of pictures.entries()) {
    let bundle = group === null ? undefined : byGroup.get(group);
    if (!bundle) {
      bundle = { members: [], counts: new Map() };
      all.push(bundle);
      if (group !== null) byGroup.set(group, bundle);
    }
    bundle.members.push(at);
    bundle.counts.set(label, (bundle.counts.get(label) ?? 0) + 1);
  }
  // Sorting is stable: among groups of one size the seeded order stays.
  return random.shuffle(all).sort((a, b) => b.members.length - a.members.length);
}

function countLabels(pictures: readonly Grouped[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of pictures) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
