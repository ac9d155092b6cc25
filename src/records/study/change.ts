/** How the answers of a patient's studies changed over time. */
import type { StudyEntry } from '../store/entry.ts';

const DAY = 86_400_000;

export interface Change {
  readonly labels: readonly string[];
  /** Days since the first of these studies. */
  readonly days: readonly number[];
  /** Milliseconds since 1970, of each. */
  readonly times: readonly number[];
  /** A class's probabilities, 0 … 1, one for each study. */
  readonly probabilities: readonly (readonly number[])[];
}

/**
 * Studies with an answer of the same classes as the newest, oldest first; null for fewer than two.
 * A study date counts, else the day it was kept.
 */
export function changeOf(entries: readonly StudyEntry[]): Change | null {
  const answered = entries
    .flatMap((entry) => {
      const { reading, studyDate, keptAt, flags } = entry;
      if (!reading || reading.refused !== null || flags.includes('photograph-of-film')) return [];
      return [{ at: studyDate === null ? keptAt : Date.parse(`${studyDate}T12:00`), reading }];
    })
    .sort((a, b) => a.at - b.at);
  const labels = answered.at(-1)?.reading.labels ?? [];
  const same = answered.filter(({ reading }) => reading.labels.join() === labels.join());
  const first = same[0];
  if (!first || same.length < 2) return null;
  return {
    labels,
    times: same.map(({ at }) => at),
    days: same.map(({ at }) => Math.round((at - first.at) / DAY)),
    probabilities: labels.map((_, k) => same.map(({ reading }) => reading.probabilities[k] ?? 0)),
  };
}
