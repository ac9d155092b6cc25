import { css } from 'lit';

/** What the parts of the adaptation's screen share. */
export const adaptationStyles = css`
  .lead {
    margin-block-end: var(--space-5);
  }

  section {
    margin-block-start: var(--space-6);
  }

  h2 {
    margin-block-end: var(--space-3);
  }

  h3 {
    margin-block: var(--space-4) var(--space-2);
  }

  .note {
    margin-block-start: var(--space-2);
    max-inline-size: var(--measure);
    color: var(--ink-quiet);
    font-size: var(--text-note);
    line-height: 1.5;
  }

  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(13.5rem, 100%), 1fr));
    gap: var(--space-4);
    align-items: end;
    margin-block: var(--space-4);
  }

  .field {
    display: grid;
    gap: var(--space-1);
    font-size: var(--text-note);
  }

  .field > span {
    font-weight: 550;
  }

  .field input,
  .field select {
    min-block-size: var(--touch);
    inline-size: 100%;
    padding-inline: var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--panel);
    color: var(--ink);
    font: inherit;
  }

  summary {
    display: inline-flex;
    align-items: center;
    min-block-size: var(--touch);
    color: var(--accent);
    cursor: pointer;
  }

  /* Without it the words look like a way to another page. */
  summary::before {
    content: '';
    flex: none;
    inline-size: 0.45em;
    block-size: 0.45em;
    margin-inline: 0.15em 0.6em;
    border-block-end: 2px solid;
    border-inline-end: 2px solid;
    transform: rotate(-45deg);
    transition: transform var(--quick);
  }

  summary:dir(rtl)::before {
    transform: rotate(45deg);
  }

  details[open] > summary::before {
    transform: rotate(45deg) translate(-0.1em, -0.1em);
  }

  .panel {
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--panel);
  }

  .panel + .panel {
    margin-block-start: var(--space-3);
  }

  .panel > h3 {
    margin-block-start: 0;
    overflow-wrap: anywhere;
  }

  fr-data-table + .note {
    margin-block-start: var(--space-3);
  }

  .in-use {
    display: flex;
    gap: var(--space-2);
    align-items: center;
    color: var(--good);
    font-weight: 620;
  }

  .in-use svg {
    flex: none;
  }

  .row {
    margin-block-start: var(--space-4);
  }

  fr-notice,
  fr-data-table,
  fr-confusion-matrix {
    margin-block-start: var(--space-4);
  }

  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
    gap: var(--space-5);
    margin-block-start: var(--space-4);
  }
`;
