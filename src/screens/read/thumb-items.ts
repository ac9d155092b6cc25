import type { ThumbItem } from '../../elements/thumb-list.ts';
import type { Case } from '../../study/types.ts';
import { figureOf } from './verdict.ts';
import { caseLine } from '../words.ts';

const TONES = { queued: 'waiting', reading: 'busy', done: 'plain', failed: 'trouble' } as const;

/** One opened picture as a row of the list. */
export function thumbItem(entry: Case): ThumbItem {
  const { state } = entry;
  return {
    id: entry.id,
    name: entry.name,
    line: caseLine(entry),
    figure: figureOf(entry),
    note: state.phase === 'failed' ? state.fault.remedy : '',
    tone: TONES[state.phase],
    thumbnail: state.phase === 'done' ? state.reading.thumbnail : null,
    canRetry: state.phase === 'failed' && entry.source !== null,
  };
}
