/**
 * The list's order. Unfinished, failed and refused pictures have no class: they stay at the end, as
 * opened; but first where the list says what to look at first.
 */
import type { Assessment, Assurance } from '../assurance/index.ts';
import { flagsOf } from './flags.ts';
import type { Case, SortKey, SortOrder } from './types.ts';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function topShare(assessment: Assessment): number {
  return assessment.probabilities[assessment.top] ?? 0;
}

/** What is compared, worked out once for each and not once for each comparison. */
interface Ranked {
  readonly entry: Case;
  readonly first: number;
  readonly second: number;
}

/** Both ascending; null for a picture without an answer. */
function rank(entry: Case, key: SortKey): [first: number, second: number] | null {
  const { state } = entry;
  if (state.phase !== 'done' || !hasAnswer(entry)) return null;
  const { assessment } = state;
  switch (key) {
    case 'class':
      return [assessment.top, 0];
    case 'look-first': {
      // In whole percents, as they are shown: of equals the least sure comes first.
      // Of a site's own classes none is known to be the normal one: the least sure come first.
      const place = state.assurance.labels.indexOf('Normal');
      const normal = assessment.probabilities[place] ?? topShare(assessment);
      return [
        1000 * gravityOf(state.assurance) - Math.round(100 * (1 - normal)),
        -assessment.entropy,
      ];
    }
    case 'flags':
      return [flagsOf(entry).length, 0];
    default:
      return [topShare(assessment), 0];
  }
}

/** By what is to be done: refer, read by a person, nobody said, not flagged. */
function gravityOf({ triage, cautions }: Assurance): number {
  // An answer that is not to be relied on has to be read by a person, whatever it says.
  if (cautions.some(({ severity }) => severity === 'serious')) return triage === 'refer' ? 0 : 1;
  return { refer: 0, uncertain: 1, none: 2, 'not-flagged': 3 }[triage ?? 'none'];
}

/** Whether a result changes the place of its picture. */
export function followsResults(key: SortKey): boolean {
  return key !== 'order' && key !== 'name';
}

/** Of a refused picture no class is named, in a list as little as beside it. */
function hasAnswer({ state }: Case): boolean {
  return state.phase === 'done' && state.assurance.refusal === null;
}

/** A new array in the order asked for; ties keep the order in which the pictures were opened. */
export function sortCases(cases: readonly Case[], order: SortOrder): Case[] {
  const direction = order.descending ? -1 : 1;
  const { key } = order;
  if (key === 'order') return [...cases].sort((a, b) => direction * (a.order - b.order));
  if (key === 'name') {
    return [...cases].sort(
      (a, b) => direction * byName.compare(a.name, b.name) || a.order - b.order,
    );
  }
  const ranked: Ranked[] = [];
  const rest: Case[] = [];
  for (const entry of cases) {
    const places = rank(entry, key);
    if (places) ranked.push({ entry, first: places[0], second: places[1] });
    else rest.push(entry);
  }
  ranked.sort(
    (a, b) =>
      direction * (a.first - b.first || a.second - b.second) ||
      tie(a.entry, b.entry, key) ||
      a.entry.order - b.entry.order,
  );
  rest.sort((a, b) => a.order - b.order);
  const answered = ranked.map(({ entry }) => entry);
  if (key !== 'look-first') return [...answered, ...rest];
  // What was not read needs a hand; what waits needs none.
  const isOver = ({ state }: Case): boolean => state.phase === 'done' || state.phase === 'failed';
  const unread = rest.filter(isOver);
  const waiting = rest.filter((entry) => !isOver(entry));
  return order.descending
    ? [...answered, ...unread, ...waiting]
    : [...unread, ...answered, ...waiting];
}

/** Within a class the surest first, in both directions of the class itself. */
function tie(a: Case, b: Case, key: SortKey): number {
  if (key !== 'class' || a.state.phase !== 'done' || b.state.phase !== 'done') return 0;
  return topShare(b.state.assessment) - topShare(a.state.assessment);
}
