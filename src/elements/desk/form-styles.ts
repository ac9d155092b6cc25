import { css } from 'lit';

/** Fields with their labels above them, in one column. */
export const formStyles = css`
  form,
  .fields {
    display: grid;
    gap: var(--space-4);
    max-inline-size: var(--measure);
  }

  .field {
    display: grid;
    gap: var(--space-1);
  }

  .field > span:not(.hint, .meter),
  legend {
    padding: 0;
    font-weight: 550;
  }

  legend {
    margin-block-end: var(--space-2);
  }

  .hint {
    color: var(--ink-quiet);
    font-size: var(--text-note);
    line-height: 1.45;
  }

  input:not([type='radio'], [type='checkbox']),
  textarea {
    inline-size: 100%;
    min-block-size: var(--touch);
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--panel);
    color: var(--ink);
    font: inherit;
  }

  input.short {
    max-inline-size: 8rem;
  }

  textarea {
    min-block-size: 5rem;
    resize: vertical;
  }

  fieldset {
    display: grid;
    gap: var(--space-2);
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  .choice {
    display: flex;
    gap: var(--space-3);
    align-items: flex-start;
    min-block-size: var(--touch);
    padding: var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    cursor: pointer;
  }

  .choice:has(:checked) {
    border-color: var(--accent);
    background: var(--accent-soft);
  }

  .choice:has(:focus-visible) {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  .choice input {
    flex: none;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin: 0.1rem 0 0;
    accent-color: var(--accent);
  }

  .choice span {
    display: grid;
    gap: var(--space-1);
  }

  .choice strong {
    font-weight: 550;
  }

  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
    gap: var(--space-4);
    align-items: end;
  }

  .note {
    max-inline-size: var(--measure);
    color: var(--ink-quiet);
    font-size: var(--text-note);
    line-height: 1.5;
  }
`;
