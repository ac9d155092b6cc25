import { msg } from '@lit/localize';
import type { WorkRow } from '../../elements/work-list.ts';
import { flagsOf } from '../../session/index.ts';
import type { Selection } from '../../session/index.ts';
import type { Case } from '../../session/types.ts';
import { todoPrefix } from '../../words/todo-words.ts';
import { caseLine } from '../../words/words.ts';
import { flagWords } from '../../words/flag-words.ts';
import { figureOf } from '../../words/verdict.ts';

const TONES = { queued: 'waiting', reading: 'busy', done: 'plain', failed: 'trouble' } as const;

/** One opened picture as a row of the work list. */
export function workRow(entry: Case, selection: Selection, label = '', blind = false): WorkRow {
  const { state } = entry;
  const cut = entry.name.lastIndexOf('/');
  return {
    id: entry.id,
    name: [label, entry.name.slice(cut + 1)].filter((part) => part !== '').join(' · '),
    folder: cut > 0 ? entry.name.slice(0, cut) : '',
    todo: blind ? '' : todoPrefix(entry),
    words: blind
      ? msg('Your reading first')
      : state.phase === 'failed'
        ? `${state.fault.message} ${state.fault.remedy}`
        : caseLine(entry),
    figure: blind ? '' : figureOf(entry),
    flags: blind ? [] : flagsOf(entry).map(flagWords),
    tone: TONES[state.phase],
    thumbnail: entry.thumbnail,
    marked: selection.has(entry.id),
  };
}
