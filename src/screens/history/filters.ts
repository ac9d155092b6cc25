import { msg } from '@lit/localize';
import { html } from 'lit';
import type { StudyQuery } from '../../records/types.ts';
import { flagWords } from '../../words/flag-words.ts';
import { todoWords } from '../../words/patient-words.ts';
import { className } from '../../words/words.ts';

const CLASSES = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'];
const TODOS = ['refer', 'uncertain', 'not-flagged', 'refused', 'not-read'] as const;
const FLAGS = [
  'not-a-frontal-chest',
  'rotated',
  'inverted',
  'lungs-cut-off',
  'too-dark',
  'too-bright',
  'blurred',
  'evidence-outside-lungs',
  'unstable',
  'several-classes',
  'photograph-of-film',
];

/** What the history is searched by. An empty choice asks for everything. */
export function renderFilters(
  query: StudyQuery,
  change: (part: Partial<StudyQuery>) => void,
): unknown {
  const choose = (
    name: string,
    value: string | undefined,
    options: readonly (readonly [string, string])[],
    take: (value: string) => void,
  ): unknown =>
    html`<label class="field"
      ><span>${name}</span>
      <select @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}>
        <option value="">${msg('All')}</option>
        ${options.map(
          ([each, words]) =>
            html`<option value=${each} ?selected=${each === value}>${words}</option>`,
        )}
      </select></label
    >`;
  const day = (name: string, key: 'from' | 'to'): unknown =>
    html`<label class="field"
      ><span>${name}</span>
      <input
        type="date"
        .value=${query[key] ?? ''}
        @change=${(event: Event) => change(given(key, (event.target as HTMLInputElement).value))}
      />
    </label>`;
  return html`<form
    class="filters"
    role="search"
    @submit=${(event: Event) => event.preventDefault()}
  >
    <label class="field wide"
      ><span>${msg('Name or number')}</span>
      <input
        type="search"
        autocomplete="off"
        .value=${query.text ?? ''}
        @input=${(event: Event) => change({ text: (event.target as HTMLInputElement).value })}
      />
    </label>
    ${day(msg('From'), 'from')} ${day(msg('To'), 'to')}
    ${choose(
      msg('What to do'),
      query.triage,
      TODOS.map((todo) => [todo, todo === 'not-read' ? msg('Not read yet') : todoWords(todo)]),
      (value) => change(given('triage', value)),
    )}
    ${choose(
      msg('Class'),
      query.label,
      CLASSES.map((label) => [label, className(label)]),
      (value) => change(given('label', value)),
    )}
    ${choose(
      msg('Flag'),
      query.flag,
      FLAGS.map((flag) => [flag, flagWords(flag)]),
      (value) => change(given('flag', value)),
    )}
    <label class="field"
      ><span>${msg('Reader (initials)')}</span>
      <input
        autocomplete="off"
        maxlength="8"
        .value=${query.reader ?? ''}
        @change=${(event: Event) =>
          change(given('reader', (event.target as HTMLInputElement).value.trim()))}
      />
    </label>
  </form>`;
}

/** Empty: not asked for any more. */
function given(key: keyof StudyQuery, value: string): Partial<StudyQuery> {
  return { [key]: value === '' ? undefined : value };
}
