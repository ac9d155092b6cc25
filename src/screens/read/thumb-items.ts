import { msg } from '@lit/localize';
import type { ThumbItem } from '../../elements/thumb-list.ts';
import type { Case } from '../../session/types.ts';
import { figureOf } from '../../words/verdict.ts';
import { caseLine } from '../../words/words.ts';

const TONES = { queued: 'waiting', reading: 'busy', done: 'plain', failed: 'trouble' } as const;

/** One opened picture as a row of the list. */
export function thumbItem(entry: Case): ThumbItem {
  const { state } = entry;
  return {
    id: entry.id,
    name: entry.name,
    line: caseLine(entry),
    figure: figureOf(entry),
    note: noteOf(entry),
    tone: TONES[state.phase],
    thumbnail: entry.thumbnail,
    canRetry: state.phase === 'failed' && entry.source !== null,
  };
}

/** What to do, or that the answer beside it is not to be used. */
function noteOf({ state }: Case): string {
  if (state.phase === 'failed') return state.fault.remedy;
  if (state.phase !== 'done' || state.assurance.refusal) return '';
  const serious = state.assurance.cautions.some(({ severity }) => severity === 'serious');
  return serious ? msg('Do not rely on it') : '';
}
