import { css } from 'lit';

export const studyViewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    block-size: calc(100dvh - 3.75rem);
    min-block-size: 36rem;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    align-items: center;
    padding: var(--space-1) var(--space-4);
    border-block-end: 1px solid var(--line);
    background: var(--panel);
  }

  .bar h1 {
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    overflow: hidden;
    font-size: var(--text-lead);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .layout {
    display: grid;
    flex: 1;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(20rem, 26rem);
    min-block-size: 0;
  }

  .layout.bare {
    grid-template-columns: minmax(0, 44rem);
    justify-content: center;
  }

  .panel {
    display: grid;
    gap: var(--space-5);
    align-content: start;
    overflow-y: auto;
    padding: var(--space-4) var(--space-5) var(--space-6);
    background: var(--panel);
  }

  section {
    margin: 0;
  }

  h2 {
    font-size: var(--text-lead);
  }

  .todo {
    font-size: var(--text-title);
    font-weight: 700;
  }

  .todo.refer {
    color: var(--trouble);
  }

  .todo.uncertain,
  .todo.refused,
  .todo.not-read {
    color: var(--caution);
  }

  .against {
    margin-block-start: var(--space-3);
    color: var(--caution);
    font-size: var(--text-note);
  }

  .others {
    padding: 0;
    list-style: none;
  }

  .others li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 var(--space-3);
    align-items: center;
    padding-block: var(--space-2);
    border-block-end: 1px solid var(--line);
  }

  .others a {
    display: inline-flex;
    align-items: center;
    min-block-size: var(--touch);
  }

  .others .hint {
    grid-column: 1;
  }

  .others .button {
    grid-row: 1;
    grid-column: 2;
  }

  summary {
    display: flex;
    align-items: center;
    min-block-size: var(--touch);
    cursor: pointer;
  }

  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--space-1) var(--space-4);
    font-size: var(--text-note);
    overflow-wrap: anywhere;
  }

  dt {
    color: var(--ink-quiet);
  }

  @media (max-width: 54rem) {
    :host {
      display: block;
      block-size: auto;
    }

    .layout {
      display: block;
    }

    fr-picture-pair {
      block-size: 60dvh;
    }

    .panel {
      overflow: visible;
    }
  }
`;
