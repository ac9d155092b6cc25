/** How many labelled pictures a class are worth a site's work, by hospitals that were left out. */
import { LEAST_OF_A_CLASS } from '../assurance/index.ts';
import type { FewLabels } from '../model/index.ts';

/** A gain below this is within the scatter of the draws. */
const LEAST_GAIN = 0.02;

export interface FewestLabels {
  /** Labelled pictures a class. */
  readonly labels: number;
  readonly hospitals: number;
  /** Mean of the hospitals: share of right answers before and after. */
  readonly before: number;
  readonly after: number;
  /** Labelled pictures a class from which on an adapted model's answers may be called sure. */
  readonly sureFrom: number;
}

/**
 * The smallest number after which the model was right more often on average, and nowhere less often.
 * @returns null where none was measured to help
 */
export function fewestThatHelp({ rows }: FewLabels): FewestLabels | null {
  const numbers = [...new Set(rows.map(({ labels }) => labels))].sort((a, b) => a - b);
  for (const labels of numbers) {
    const measured = rows.filter((row) => row.labels === labels);
    const mean = (part: 'before' | 'after'): number =>
      measured.reduce((sum, row) => sum + row[part].accuracy, 0) / measured.length;
    const [before, after] = [mean('before'), mean('after')];
    const nowhereWorse = measured.every((row) => row.after.accuracy >= row.before.accuracy);
    if (nowhereWorse && after - before >= LEAST_GAIN) {
      return { labels, hospitals: measured.length, before, after, sureFrom: LEAST_OF_A_CLASS };
    }
  }
  return null;
}
