/** What is to be done with an opened picture: the first thing that a list says of it. */
import type { Case } from '../session/types.ts';
import { todoWords } from './patient-words.ts';
import type { Todo } from './patient-words.ts';

/** Empty while it waits, and where the line beside it says that it was not read. */
export function todoPrefix(entry: Case): string {
  const todo = todoOf(entry);
  return todo === null || todo === 'answered' || todo === 'refused' ? '' : todoWords(todo);
}

/** Null while it waits or is being read. */
export function todoOf({ state }: Case): Todo | null {
  switch (state.phase) {
    case 'queued':
    case 'reading':
      return null;
    case 'failed':
      return 'not-read';
    case 'done': {
      const { refusal, cautions, triage } = state.assurance;
      if (refusal) return 'refused';
      // Its answer is not to be relied on, whatever it says.
      if (cautions.some(({ severity }) => severity === 'serious')) return 'uncertain';
      return triage ?? 'answered';
    }
  }
}
