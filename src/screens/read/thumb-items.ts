import { msg } from '@lit/localize';
import type { ThumbItem } from '../../elements/thumb-list.ts';
import type { Case } from '../../session/types.ts';
import { shortName } from '../../words/file-words.ts';
import { todoOf, todoPrefix } from '../../words/todo-words.ts';
import { figureOf } from '../../words/verdict.ts';
import { caseLine } from '../../words/words.ts';

const TONES = { queued: 'waiting', reading: 'busy', done: 'plain', failed: 'trouble' } as const;

/**
 * One opened picture as a row of the list.
 * @param label whose it is; empty where patients are not told apart
 * @param blind nothing of the network's answer is said: the reader speaks first
 */
export function thumbItem(entry: Case, label = '', blind = false): ThumbItem {
  const { state } = entry;
  if (blind && state.phase === 'done') return blindItem(entry, label);
  const todo = todoOf(entry);
  return {
    id: entry.id,
    name: [label, shortName(entry.name)].filter((part) => part !== '').join(' · '),
    todo: todo === 'refer' || todo === 'uncertain' || todo === 'not-flagged' ? todo : '',
    todoWords: todoPrefix(entry),
    line: caseLine(entry),
    figure: figureOf(entry),
    note: noteOf(entry),
    tone: TONES[state.phase],
    thumbnail: entry.thumbnail,
    canRetry: state.phase === 'failed' && entry.source !== null,
  };
}

function blindItem({ id, name, thumbnail }: Case, label: string): ThumbItem {
  return {
    id,
    name: [label, shortName(name)].filter((part) => part !== '').join(' · '),
    line: msg('Your reading first'),
    figure: '',
    note: '',
    tone: 'plain',
    thumbnail,
    canRetry: false,
  };
}

/** What to do, or that the answer beside it is not to be used. */
function noteOf({ state }: Case): string {
  if (state.phase === 'failed') return state.fault.remedy;
  if (state.phase !== 'done' || state.assurance.refusal) return '';
  const serious = state.assurance.cautions.some(({ severity }) => severity === 'serious');
  return serious ? msg('Do not rely on it') : '';
}
