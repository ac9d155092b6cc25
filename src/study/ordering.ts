/** The list's order. Unfinished, failed and refused pictures have no class: they stay at the end, as opened. */
import type { Assessment } from '../assurance/index.ts';
import type { Case, SortOrder } from './types.ts';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function topShare(assessment: Assessment): number {
  return assessment.probabilities[assessment.top] ?? 0;
}

function compareDone(a: Case, b: Case, key: 'class' | 'probability'): number {
  if (a.state.phase !== 'done' || b.state.phase !== 'done') return 0;
  const one = a.state.assessment;
  const two = b.state.assessment;
  const byProbability = topShare(one) - topShare(two);
  if (key === 'probability') return byProbability;
  // Within a class the surest first, in both directions of the class itself.
  return one.top - two.top || -byProbability;
}

/** Of a refused picture no class is named, in a list as little as beside it. */
function hasAnswer({ state }: Case): boolean {
  return state.phase === 'done' && state.assurance.refusal === null;
}

/** A new array in the order asked for; ties keep the order in which the pictures were opened. */
export function sortCases(cases: readonly Case[], order: SortOrder): Case[] {
  const direction = order.descending ? -1 : 1;
  return [...cases].sort((a, b) => {
    if (order.key === 'order') return direction * (a.order - b.order);
    if (order.key === 'name') {
      return direction * byName.compare(a.name, b.name) || a.order - b.order;
    }
    const aDone = hasAnswer(a);
    const bDone = hasAnswer(b);
    if (aDone !== bDone) return aDone ? -1 : 1;
    return direction * compareDone(a, b, order.key) || a.order - b.order;
  });
}
