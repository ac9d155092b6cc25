/** How the network does at this site: against the readers' words and the final diagnoses. */
import { wilson, type Estimate } from '../../assurance/index.ts';
import { kappaOf, type Kappa } from './kappa.ts';

/** Fewer say too little for a figure. */
export const TOO_FEW = 30;

/** Of one study, what the figures need. */
export interface Outcome {
  readonly keptAt: number;
  readonly device: string;
  /** The network's class; null: it refused or did not read. */
  readonly network: string | null;
  readonly refused: boolean;
  /** The last counting word's class; null: none, something else, or not readable. */
  readonly reader: string | null;
  /** The reader said "something else". */
  readonly readerOther: boolean;
  /** The last final diagnosis: `null` none entered, `''` none of the classes. */
  readonly diagnosis: string | null;
  /** Of the reader, from opening to the word. */
  readonly seconds: number | null;
}

/** What the network is held to. */
export type Truth = 'words' | 'diagnoses';

/** A share with the counts behind it; `enough`: at least `TOO_FEW` of them. */
export interface Share extends Estimate {
  readonly found: number;
  readonly total: number;
  readonly enough: boolean;
}

export interface ClassPerformance {
  readonly label: string;
  readonly sensitivity: Share;
  readonly specificity: Share;
}

export interface Performance {
  /** Studies, and those of them that have both an answer and a truth. */
  readonly studies: number;
  readonly compared: number;
  readonly enough: boolean;
  readonly kappa: Kappa;
  readonly classes: readonly ClassPerformance[];
  /** Of all studies, how many the network refused. */
  readonly refused: Share;
  readonly time: { readonly count: number; readonly median: number; readonly enough: boolean };
}

/** Stands for a truth that is none of the network's classes. */
const NONE = '';

/** @param labels the network's classes, in the order to show them */
export function performanceOf(
  outcomes: readonly Outcome[],
  labels: readonly string[],
  truth: Truth,
): Performance {
  const pairs = outcomes.flatMap((each): [string, string][] => {
    const is = truthOf(each, truth);
    return each.network === null || is === null ? [] : [[each.network, is]];
  });
  const times = outcomes.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  return {
    studies: outcomes.length,
    compared: pairs.length,
    enough: pairs.length >= TOO_FEW,
    kappa: kappaOf(pairs),
    classes: labels.map((label) => {
      const ill = pairs.filter(([, is]) => is === label);
      const others = pairs.filter(([, is]) => is !== label);
      return {
        label,
        sensitivity: shareOf(ill.filter(([said]) => said === label).length, ill.length),
        specificity: shareOf(others.filter(([said]) => said !== label).length, others.length),
      };
    }),
    refused: shareOf(outcomes.filter(({ refused }) => refused).length, outcomes.length),
    time: { count: times.length, median: medianOf(times), enough: times.length >= TOO_FEW },
  };
}

/** The same for each week (ISO 8601: `2026-W49`, in UTC) or each device, in order. */
export function performanceBy(
  by: 'week' | 'device',
  outcomes: readonly Outcome[],
  labels: readonly string[],
  truth: Truth,
): { readonly group: string; readonly performance: Performance }[] {
  const groups = new Map<string, Outcome[]>();
  for (const each of outcomes) {
    const group = by === 'week' ? weekOf(each.keptAt) : each.device;
    const list = groups.get(group);
    if (list) list.push(each);
    else groups.set(group, [each]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, list]) => ({ group, performance: performanceOf(list, labels, truth) }));
}

/** @param at milliseconds since 1970 */
export function weekOf(at: number): string {
  const date = new Date(at);
  // A week belongs to the year that its Thursday lies in.
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const year = date.getUTCFullYear();
  const days = (date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`;
}

function truthOf({ reader, readerOther, diagnosis }: Outcome, truth: Truth): string | null {
  if (truth === 'diagnoses') return diagnosis;
  return readerOther ? NONE : reader;
}

function shareOf(found: number, total: number): Share {
  return { ...wilson(found, total), found, total, enough: total >= TOO_FEW };
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
