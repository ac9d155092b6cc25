/**
 * Have this site's pictures changed? The last ones are compared with the site's first ones and with
 * what the model card says. Stated test: Kolmogorov–Smirnov on the gate's score and on each measure
 * of quality, chi-square on the classes, a binomial test on refusals. Stated threshold: p below 0.01
 * divided by the number of tests (Bonferroni), and a change that matters in size; with many studies
 * every trifle would be significant.
 */
import { atLeast, chiSquare, kolmogorovSmirnov } from './tests.ts';

/** How many of a site's first and last pictures are compared. */
export const FIRST = 200;
export const LAST = 100;
/** With fewer in either, nothing is said. */
export const LEAST = 50;
const SIGNIFICANCE = 0.01;
/** Least distance of two distribution functions. */
const LEAST_DISTANCE = 0.2;
/** Least change of a class's share, and of the share of refusals. */
const LEAST_CHANGE = 0.15;

export interface DriftPicture {
  readonly at: number;
  readonly label: string | null;
  readonly refused: boolean;
  readonly fit: number | null;
  readonly measured: Readonly<Record<string, number>>;
}

/** What the model card says of its own test pictures. */
export interface CardFigures {
  /** Share that the gate refuses of proper radiographs. */
  readonly refused?: number;
}

export interface DriftFinding {
  /** `fit`, `classes`, `refusals`, `refusals-card`, or `quality:` and a measure's code. */
  readonly what: string;
  readonly p: number;
  /** The distance or change of shares that was compared with its threshold. */
  readonly size: number;
  readonly changed: boolean;
}

export interface Drift {
  readonly enough: boolean;
  readonly changed: boolean;
  readonly first: number;
  readonly last: number;
  /** The p below which a test counts. */
  readonly threshold: number;
  /** The most telling first. */
  readonly findings: readonly DriftFinding[];
}

export function driftOf(pictures: readonly DriftPicture[], card: CardFigures = {}): Drift {
  const sorted = [...pictures].sort((a, b) => a.at - b.at);
  // The two never share a picture.
  const last = sorted.slice(Math.max(LEAST, sorted.length - LAST));
  const first = sorted.slice(0, Math.min(FIRST, sorted.length - last.length));
  if (first.length < LEAST || last.length < LEAST) {
    const nothing = { enough: false, changed: false, threshold: 0, findings: [] };
    return { ...nothing, first: first.length, last: last.length };
  }
  const tests: { what: string; p: number; size: number; least: number }[] = [];
  const compare = (what: string, of: (each: DriftPicture) => number | null): void => {
    const before = first.flatMap((each) => of(each) ?? []);
    const now = last.flatMap((each) => of(each) ?? []);
    if (before.length < LEAST || now.length < LEAST) return;
    const { distance, p } = kolmogorovSmirnov(before, now);
    tests.push({ what, p, size: distance, least: LEAST_DISTANCE });
  };
  compare('fit', ({ fit }) => fit);
  for (const code of new Set(pictures.flatMap(({ measured }) => Object.keys(measured)))) {
    compare(`quality:${code}`, ({ measured }) => measured[code] ?? null);
  }

  const labels = [...new Set(pictures.flatMap(({ label }) => label ?? []))].sort();
  const countsIn = (list: readonly DriftPicture[]): number[] =>
    labels.map((label) => list.filter((each) => each.label === label).length);
  const classes = largestChange(countsIn(first), countsIn(last));
  tests.push({
    what: 'classes',
    p: chiSquare(countsIn(first), countsIn(last)).p,
    size: classes,
    least: LEAST_CHANGE,
  });

  const refusedIn = (list: readonly DriftPicture[]): number =>
    list.filter(({ refused }) => refused).length;
  const before = refusedIn(first);
  const now = refusedIn(last);
  const split = (refused: number, total: number): number[] => [refused, total - refused];
  tests.push({
    what: 'refusals',
    p: chiSquare(split(before, first.length), split(now, last.length)).p,
    size: Math.abs(now / last.length - before / first.length),
    least: LEAST_CHANGE,
  });
  if (card.refused !== undefined) {
    tests.push({
      what: 'refusals-card',
      p: atLeast(now, last.length, card.refused),
      size: now / last.length - card.refused,
      least: LEAST_CHANGE,
    });
  }

  const threshold = SIGNIFICANCE / tests.length;
  const findings = tests
    .map(({ least, ...each }) => ({ ...each, changed: each.p < threshold && each.size >= least }))
    .sort((a, b) => Number(b.changed) - Number(a.changed) || a.p - b.p);
  return {
    enough: true,
    changed: findings.some(({ changed }) => changed),
    first: first.length,
    last: last.length,
    threshold,
    findings,
  };
}

function largestChange(before: readonly number[], now: readonly number[]): number {
  const sum = (row: readonly number[]): number => row.reduce((total, each) => total + each, 0);
  const [all, nowAll] = [Math.max(1, sum(before)), Math.max(1, sum(now))];
  return Math.max(0, ...before.map((count, at) => Math.abs(now[at] / nowAll - count / all)));
}
