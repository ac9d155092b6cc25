/**
 * What a site's own unlabelled pictures say of it: whether they look like those of a hospital the
 * model knows, and how common each class may be among them.
 */
import type { Hospitals } from '../model/index.ts';

/** Sums over the pictures of a site. */
export interface SiteSums {
  readonly pictures: number;
  /** One a dimension: of the gate's projection. */
  readonly sums: readonly number[];
}

/** The hospital a site looks most like, and how far from it the site lies. */
export interface Nearest {
  readonly hospital: string;
  /** sqrt(mean over the dimensions of ((site mean − hospital mean) / hospital spread)²). */
  readonly statistic: number;
}

export type SiteVerdict =
  | { readonly kind: 'too-few'; readonly pictures: number; readonly minimum: number }
  | {
      readonly kind: 'alike' | 'different';
      readonly pictures: number;
      readonly nearest: Nearest;
      readonly hospitals: number;
    };

/** @throws RangeError if the sums have another number of dimensions than the hospitals */
export function siteVerdict(hospitals: Hospitals, { pictures, sums }: SiteSums): SiteVerdict {
  const { dimensions, list, test } = hospitals;
  if (sums.length !== dimensions) {
    throw new RangeError(`${sums.length} sums of ${dimensions} dimensions.`);
  }
  if (pictures < test.minimum) return { kind: 'too-few', pictures, minimum: test.minimum };
  const distances = list.map(({ name, mean, spread }): Nearest => {
    const squares = sums.map((sum, i) => ((sum / pictures - mean[i]) / spread[i]) ** 2);
    const total = squares.reduce((all, each) => all + each, 0);
    return { hospital: name, statistic: Math.sqrt(total / dimensions) };
  });
  const nearest = distances.reduce((a, b) => (b.statistic < a.statistic ? b : a));
  const kind = nearest.statistic > test.threshold ? 'different' : 'alike';
  return { kind, pictures, nearest, hospitals: list.length };
}

const STEPS = 500;
const SMALL_STEP = 1e-6;

/**
 * How common each class is among pictures without labels, by expectation maximization (Saerens,
 * Latinne & Decaestecker, Neural Computation 14, 2002). As good as the probabilities are here: at a
 * site the model is wrong about, so is this.
 * @param probabilities calibrated, picture by picture, under the shares `assumed`
 * @param assumed sum 1, all above 0
 * @returns sum 1; null without pictures
 */
export function estimateShares(
  probabilities: readonly (readonly number[])[],
  assumed: readonly number[],
): number[] | null {
  if (probabilities.length === 0) return null;
  let shares = [...assumed];
  for (let step = 0; step < STEPS; step++) {
    const sums = assumed.map(() => 0);
    for (const own of probabilities) {
      const weighed = own.map((p, k) => (p * shares[k]) / assumed[k]);
      const total = weighed.reduce((sum, each) => sum + each, 0);
      for (const [k, each] of weighed.entries()) sums[k] += each / total;
    }
    const next = sums.map((sum) => sum / probabilities.length);
    const moved = Math.max(...next.map((share, k) => Math.abs(share - shares[k])));
    shares = next;
    if (moved < SMALL_STEP) break;
  }
  return shares;
}
